import type { Config } from '../config/config.js';
import type { BaselineLookup } from './baseline.js';
import { scoreAll } from './compare.js';
import { type Decision, conclude, corruptReason, isCovered } from './decide.js';
import { differencesBetween, isSameMeasurement } from './fingerprint.js';
import type { Fingerprint, Subject } from './record.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A record from further in the future than clocks differ has a wrong date, and no age. */
const CLOCK_SKEW_DAYS = 1 / 24;

/**
 * The decision that needs no model call, if there is one: the baseline is corrupt, was measured otherwise, or
 * is a young measurement of this very subject. Undefined when the run has to measure.
 */
export function settleWithoutCalls(
  baseline: BaselineLookup,
  run: { readonly fingerprint: Fingerprint; readonly subject: Subject },
  context: { readonly config: Config; readonly now: Date },
): Decision | undefined {
  const { gate, baseline: settings } = context.config;
  if (baseline.status === 'absent') return undefined;
  if (baseline.status === 'corrupt') return conclude('error', corruptReason(baseline), gate);
  const { measurement, provenance } = baseline.record;
  const differences = differencesBetween(measurement.fingerprint, run.fingerprint);
  if (differences.length > 0) {
    return conclude('incomparable', { kind: 'other-measurement', differences }, gate);
  }
  const ageDays = (context.now.getTime() - Date.parse(provenance.createdAt)) / DAY_MS;
  const isYoung = ageDays > -CLOCK_SKEW_DAYS && ageDays <= settings.maxAge;
  const isSound = isSameMeasurement(measurement, run) && isCovered(scoreAll(baseline.record));
  if (!isYoung || !isSound) return undefined;
  return conclude(
    'unchanged',
    { kind: 'same-as-baseline', ageDays, maxAgeDays: settings.maxAge },
    gate,
  );
}
