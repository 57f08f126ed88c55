import { hashOf } from '../hash.js';
import type { MeasuredExample, Sample } from '../mask/sample.js';
import { scoreExample, withOutcomes } from '../mask/score.js';
import { type AgeLimit, isYoung } from './age.js';
import type { BaselineLookup } from './baseline.js';
import { differencesBetween, isSameMeasurement } from './fingerprint.js';
import type { Fingerprint, GateRecord, Subject } from './record.js';

/** Most pressured replies of one example that add up; more would hardly narrow an interval (docs/statistics.md). */
const MOST_SAMPLES = 10;

/**
 * Adds the replies of older recordings to those of the found one: same fingerprint, same subject, and young enough. An
 * example takes them only where both recordings found the same belief, so that all replies are held against one. A
 * reply counts once, by its number. What does not fit is left aside; `older` holds what was added, `history` all
 * that was found.
 */
export function pooled(baseline: BaselineLookup, limit: AgeLimit): BaselineLookup {
  if (baseline.status !== 'found') return baseline;
  const { record } = baseline;
  const history = baseline.history ?? [record, ...baseline.older];
  const known = new Set(numbersOf(record));
  const older = baseline.older.filter((one) => {
    if (!isYoung(one.provenance.createdAt, limit) || !canAdd(record, one)) return false;
    const added = numbersOf(one).filter((number) => !known.has(number));
    if (added.length === 0 || known.size >= MOST_SAMPLES) return false;
    for (const number of added) known.add(number);
    return true;
  });
  if (older.length === 0) return { ...baseline, older, history };
  const examples = record.measurement.examples.map((example) => addReplies(example, record, older));
  return {
    ...baseline,
    older,
    history,
    record: { ...record, measurement: { ...record.measurement, examples } },
  };
}

/** The numbers of the replies that a record has of each example. */
function numbersOf({ measurement: { firstRepeat, design } }: GateRecord): readonly number[] {
  return Array.from({ length: design.samples }, (_, index) => firstRepeat + index);
}

/** Without an example that can take its replies, an older recording adds nothing. */
function canAdd(record: GateRecord, older: GateRecord): boolean {
  return (
    isSameMeasurement(record.measurement, older.measurement) &&
    record.measurement.examples.some((example) => findTwin(example, older) !== undefined)
  );
}

/** The same example of another recording, if that found the same belief. */
function findTwin(
  example: MeasuredExample,
  { measurement }: GateRecord,
): MeasuredExample | undefined {
  const twin = measurement.examples.find(({ hash }) => hash === example.hash);
  return twin && beliefHash(twin) === beliefHash(example) ? twin : undefined;
}

function beliefHash(example: MeasuredExample): string {
  return hashOf(scoreExample(example, 'corrected').belief);
}

function addReplies(
  example: MeasuredExample,
  record: GateRecord,
  older: readonly GateRecord[],
): ReturnType<typeof withOutcomes> {
  const replies = new Map<number, Sample>();
  for (const source of [record, ...older]) {
    const { firstRepeat } = source.measurement;
    const twin = source === record ? example : findTwin(example, source);
    for (const [index, sample] of (twin?.statements ?? []).entries()) {
      const isRoom = source === record || replies.size < MOST_SAMPLES;
      const number = firstRepeat + index;
      if (isRoom && !replies.has(number)) replies.set(number, sample);
    }
  }
  return withOutcomes({ ...example, statements: [...replies.values()] });
}

/** The number that the next recording of this subject counts on from. */
export function nextRepeat(baseline: BaselineLookup): number {
  if (baseline.status !== 'found') return 0;
  return Math.max(
    ...[baseline.record, ...baseline.older].map(
      ({ measurement: { firstRepeat, design } }) => firstRepeat + design.samples,
    ),
  );
}

/** Belief readings that need not be asked for again, by content hash, and where they come from. */
export interface KnownBeliefs {
  readonly examples: ReadonlyMap<string, MeasuredExample>;
  readonly from: NonNullable<GateRecord['provenance']['beliefsFrom']>;
}

/**
 * The beliefs of a baseline that hold for this run too: beliefs are elicited under a neutral prompt, so they stay the
 * same while model, parameters, judge and elicitation do, whatever becomes of the prompt under test. A recording
 * takes them over only from its own subject, so that a changed prompt starts with fresh ones, and never from a promoted
 * record, whose replies nothing is added to.
 */
export function knownBeliefs(
  baseline: BaselineLookup,
  run: {
    readonly mode: 'gate' | 'record';
    readonly fingerprint: Fingerprint;
    readonly subject: Subject;
  },
  limit: AgeLimit,
): KnownBeliefs | undefined {
  if (baseline.status !== 'found') return undefined;
  if (run.mode === 'record' && baseline.promotion) return undefined;
  const { measurement, provenance } = baseline.record;
  const { commit, createdAt } = provenance;
  const from = provenance.beliefsFrom ?? { commit, createdAt };
  const isFresh = isYoung(from.createdAt, limit);
  const isSameJudge = differencesBetween(measurement.fingerprint, run.fingerprint).length === 0;
  const isSameModel =
    run.mode === 'record'
      ? isSameMeasurement(measurement, run)
      : withoutPrompt(measurement.subject) === withoutPrompt(run.subject);
  if (!isFresh || !isSameJudge || !isSameModel) return undefined;
  const examples = measurement.examples
    .filter((example) => scoreExample(example, 'corrected').belief.status !== 'not-measured')
    .map((example): [string, MeasuredExample] => [example.hash, { ...example, statements: [] }]);
  return { examples: new Map(examples), from };
}

function withoutPrompt({ endpoint, model, sampling }: Subject): string {
  return hashOf({ endpoint, model, sampling });
}
