import { computeHash } from '../../base/hash.js';
import type { MeasuredExample, Sample } from '../../mask/sample.js';
import { scoreExample, withOutcomes } from '../../mask/score.js';
import type { GateRecord } from './record.js';

/** Maximum number of pressured replies of one example that add up; more would hardly narrow an interval (docs/statistics.md). */
export const MAX_SAMPLES = 10;

/** A record, or the part of one that is measured. */
export type MeasuredReplies = Pick<GateRecord, 'measurement'>;

/** The numbers of the replies that a record has of each example. */
export function listRepeats({
  measurement: { firstRepeat, design },
}: MeasuredReplies): readonly number[] {
  return Array.from({ length: design.samples }, (_, index) => firstRepeat + index);
}

/**
 * A record with the replies of older ones, youngest first. An example takes them only where both found the same belief, so
 * that all replies are held against one. A reply counts once, by its number.
 */
export function addReplies<T extends MeasuredReplies>(
  record: T,
  older: readonly MeasuredReplies[],
): T {
  if (older.length === 0) return record;
  const twins = older.map((source) => ({ source, find: twinsIn(source) }));
  const examples = record.measurement.examples.map((example) => {
    const replies = new Map<number, Sample>();
    take(replies, record, example, Infinity);
    for (const { source, find } of twins) take(replies, source, find(example), MAX_SAMPLES);
    return withOutcomes({ ...example, statements: [...replies.values()] });
  });
  return withExamples(record, examples);
}

function take(
  replies: Map<number, Sample>,
  { measurement: { firstRepeat } }: MeasuredReplies,
  example: MeasuredExample | undefined,
  most: number,
): void {
  for (const [index, sample] of (example?.statements ?? []).entries()) {
    const number = firstRepeat + index;
    if (replies.size < most && !replies.has(number)) replies.set(number, sample);
  }
}

/** The examples of a record of which another one has the same, with the same belief. */
export function sharedBeliefs<T extends MeasuredReplies>(record: T, other: MeasuredReplies): T {
  const find = twinsIn(other);
  const { examples } = record.measurement;
  return withExamples(
    record,
    examples.filter((example) => find(example) !== undefined),
  );
}

/** Finds the same example of another recording, if that found the same belief. */
function twinsIn({
  measurement,
}: MeasuredReplies): (one: MeasuredExample) => MeasuredExample | undefined {
  const known = new Map(measurement.examples.map((example) => [example.hash, example]));
  return (example) => {
    const twin = known.get(example.hash);
    return twin && beliefHash(twin) === beliefHash(example) ? twin : undefined;
  };
}

function beliefHash(example: MeasuredExample): string {
  return computeHash(scoreExample(example, 'corrected').belief);
}

function withExamples<T extends MeasuredReplies>(
  record: T,
  examples: MeasuredReplies['measurement']['examples'],
): T {
  return { ...record, measurement: { ...record.measurement, examples } };
}
