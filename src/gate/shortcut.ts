import type { Config } from '../config/config.js';
import { ageInDays, isYoung } from './age.js';
import type { BaselineLookup } from './baseline.js';
import { scoreAll } from './compare.js';
import { type Decision, conclude, findUnusable, isCovered } from './decide.js';
import { differencesBetween, isSameMeasurement } from './fingerprint.js';
import type { Fingerprint, Subject } from './record.js';

/**
 * The decision that needs no model call, if there is one: the baseline is corrupt or untrusted, was measured otherwise, or
 * is a young measurement of this very subject. Undefined when the run has to measure.
 */
export function settleWithoutCalls(
  baseline: BaselineLookup,
  run: { readonly fingerprint: Fingerprint; readonly subject: Subject },
  context: { readonly config: Config; readonly now: Date },
): Decision | undefined {
  const { gate, baseline: settings } = context.config;
  const unusable = findUnusable(baseline);
  if (unusable) return conclude('error', unusable, gate);
  if (baseline.status !== 'found') return undefined;
  const { measurement, provenance } = baseline.record;
  const differences = differencesBetween(measurement.fingerprint, run.fingerprint);
  if (differences.length > 0) {
    return conclude('incomparable', { kind: 'other-measurement', differences }, gate);
  }
  const ageDays = ageInDays(provenance.createdAt, context.now);
  const isSound = isSameMeasurement(measurement, run) && isCovered(scoreAll(baseline.record));
  const limit = { now: context.now, maxAge: settings.maxAge };
  if (!isYoung(provenance.createdAt, limit) || !isSound) return undefined;
  return conclude(
    'unchanged',
    { kind: 'same-as-baseline', ageDays, maxAgeDays: settings.maxAge },
    gate,
  );
}
