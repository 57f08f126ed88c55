import { computeHash } from '../base/hash.js';
import type { MeasuredExample } from '../mask/sample.js';
import { scoreExample } from '../mask/score.js';
import { type AgeLimit, isYoung } from './records/age.js';
import type { Apart, BaselineLookup } from './records/baseline.js';
import type { KnownBeliefs } from './records/beliefs.js';
import { findDrift } from './drift.js';
import { differencesBetween, isSameMeasurement } from './records/fingerprint.js';
import type { Fingerprint, GateRecord, Subject } from './records/record.js';
import { MAX_SAMPLES, addReplies, listRepeats, sharedBeliefs } from './records/replies.js';

/**
 * Adds the replies of older recordings to those of the found one: same fingerprint, same subject, young enough, and not
 * apart. What does not fit is left aside; `older` holds what was added, `apart` what newer recordings of the same subject
 * contradict, `history` all that was found.
 */
export function poolReplies(baseline: BaselineLookup, limit: AgeLimit): BaselineLookup {
  if (baseline.status !== 'found') return baseline;
  const { record } = baseline;
  const history = baseline.history ?? [record, ...baseline.older];
  const fitting = baseline.older.filter(
    (one) => isYoung(one.provenance.createdAt, limit) && canAdd(record, one),
  );
  const { segment, apart } = latestSegment([record, ...fitting]);
  const known = new Set(listRepeats(record));
  const older = segment.slice(1).filter((one) => {
    const added = listRepeats(one).filter((number) => !known.has(number));
    if (added.length === 0 || known.size >= MAX_SAMPLES) return false;
    for (const number of added) known.add(number);
    return true;
  });
  return {
    ...baseline,
    older,
    history,
    record: addReplies(record, older),
    ...(apart && { apart }),
  };
}

/** Without an example that can take its replies, an older recording adds nothing. */
function canAdd(record: GateRecord, older: GateRecord): boolean {
  return (
    isSameMeasurement(record.measurement, older.measurement) &&
    sharedBeliefs(record, older).measurement.examples.length > 0
  );
}

/**
 * The recordings that go on from the last one which differs from those before it. Each is held against all that it would be
 * added to, oldest first, as it was when it was recorded: a model that changed behind its name starts a new segment.
 *
 * @param records of one subject, youngest first
 */
function latestSegment(records: readonly GateRecord[]): {
  readonly segment: readonly GateRecord[];
  readonly apart?: Apart;
} {
  let segment: readonly GateRecord[] = [];
  let apart: Apart | undefined;
  for (const record of [...records].reverse()) {
    const drift = findDrift(record, segment);
    if (drift) apart = { records: [...segment, ...(apart?.records ?? [])], drift };
    segment = drift ? [record] : [record, ...segment];
  }
  return { segment, ...(apart && { apart }) };
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

/**
 * The beliefs of a baseline that this run can reuse: beliefs are elicited under a neutral prompt, so they stay the same
 * while model, parameters, judge and elicitation do, even if the prompt under test changes. A recording reuses beliefs
 * of its own subject only, so that a changed prompt starts with new ones; never of a promoted record, to whose replies
 * nothing is added; and never from before the model or the judge changed under its name.
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
  if (run.mode === 'record' && isFromBefore(from.createdAt, baseline)) return undefined;
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

/** Whether beliefs were asked for before a change of the model or the judge that the recordings show. */
function isFromBefore(
  asked: string,
  { record, older, apart }: BaselineLookup & { readonly status: 'found' },
): boolean {
  if (!apart?.drift.isAlarm) return false;
  const times = [record, ...older].map(({ provenance }) => Date.parse(provenance.createdAt));
  return Date.parse(asked) < Math.min(...times);
}

/**
 * The number of the first reply of a recording: it goes on counting where it takes over beliefs, and where it asks for them
 * again because the recordings show a change of the model, whose earlier replies must not be found in the cache.
 */
export function chooseNextRepeat(
  baseline: BaselineLookup,
  run: Pick<GateRecord['measurement'], 'fingerprint' | 'subject'>,
  beliefs: KnownBeliefs | undefined,
): number {
  const isChanged =
    baseline.status === 'found' &&
    baseline.apart?.drift.isAlarm === true &&
    isSameMeasurement(baseline.record.measurement, run);
  return beliefs || isChanged ? nextRepeat(baseline) : 0;
}

function withoutPrompt({ endpoint, model, sampling }: Subject): string {
  return computeHash({ endpoint, model, sampling });
}
