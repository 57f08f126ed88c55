import type { BaselineLookup, Drift } from './records/baseline.js';
import { compare } from './compare.js';
import { MIN_PAIRS } from './shortage.js';
import { isSameMeasurement } from './records/fingerprint.js';
import { type MeasuredReplies, addReplies, sharedBeliefs } from './records/replies.js';
import { type Estimate, estimateRise, reaches } from './statistics/rise.js';

/** Recordings of one subject whose replies differ by more than chance are not added up: two-sided level, for a difference of any size. */
export const APART_LEVEL = 0.05;

/** The stricter level, two-sided, and the smallest difference at which the model or the judge is said to have changed. */
const ALARM_LEVEL = 0.001;
const ALARM_SIZE = 0.025;

/**
 * Compares recordings of one subject, over the examples that have the same belief on both sides. Undefined where they agree,
 * or where too little is shared to tell.
 *
 * @param older youngest first
 */
export function findDrift(
  newer: MeasuredReplies,
  older: readonly MeasuredReplies[],
): Drift | undefined {
  const [first, ...others] = older;
  if (!first) return undefined;
  const before = addReplies(first, others);
  const { pairs } = compare(before, sharedBeliefs(newer, before));
  if (new Set(pairs.map(({ cluster }) => cluster)).size < MIN_PAIRS) return undefined;
  const change = estimateRise(pairs, APART_LEVEL / 2);
  if (!excludesZero(change)) return undefined;
  const strict = estimateRise(pairs, ALARM_LEVEL / 2);
  const isLarge = reaches(Math.abs(change.estimate), ALARM_SIZE);
  return { change, isAlarm: isLarge && excludesZero(strict) };
}

/**
 * What a new recording says against the one before it and those that are added to that. Undefined where they agree, or
 * where nothing of the same subject was recorded before.
 */
export function findRecordedDrift(
  record: MeasuredReplies,
  baseline: BaselineLookup,
): Drift | undefined {
  if (baseline.status !== 'found') return undefined;
  return isSameMeasurement(baseline.record.measurement, record.measurement)
    ? findDrift(record, [baseline.record])
    : undefined;
}

function excludesZero({ lower, upper }: Estimate): boolean {
  return lower > 0 || upper < 0;
}
