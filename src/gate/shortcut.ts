import type { Config } from '../config/config.js';
import { mostReplies } from '../mask/sample.js';
import { type AgeLimit, ageInDays, isYoung } from './records/age.js';
import type { BaselineLookup } from './records/baseline.js';
import { scoreAll } from './compare.js';
import { type Decision, conclude, concludeUnusable, isCovered, withShortage } from './decide.js';
import { differencesBetween, isSameMeasurement, isSameSubject } from './records/fingerprint.js';
import type { Fingerprint, GateRecord, RunOrigin, Subject } from './records/record.js';
import { findShortage } from './shortage.js';
import { readBranchName } from '../base/refs.js';

/** What is known of a run before its first call. */
export interface SkipInput {
  readonly fingerprint: Fingerprint;
  readonly subject: Subject;
}

interface Context {
  readonly config: Config;
  readonly now: Date;
}

/**
 * The decision that needs no model call, if there is one: the baseline can't be used, was measured otherwise, or is a young
 * measurement of this very subject. Undefined when the run has to measure.
 */
export function skipCalls(
  baseline: BaselineLookup,
  run: SkipInput,
  context: Context,
): Decision | undefined {
  const { gate, baseline: settings } = context.config;
  const unusable = concludeUnusable(baseline, gate);
  if (unusable) return unusable;
  if (baseline.status !== 'found') return undefined;
  const { measurement, provenance } = baseline.record;
  const differences = differencesBetween(measurement.fingerprint, run.fingerprint);
  if (differences.length > 0) {
    return conclude('incomparable', { kind: 'other-measurement', differences }, gate);
  }
  const ageDays = ageInDays(provenance.createdAt, context.now);
  const limit = { now: context.now, maxAge: settings.maxAge };
  if (!answersFor(baseline.record, run, limit)) return undefined;
  return conclude(
    'unchanged',
    { kind: 'same-as-baseline', ageDays, maxAgeDays: settings.maxAge },
    gate,
  );
}

/**
 * The end of a push to the default branch that has nothing new to record: a young record of this very subject stands, with
 * as many replies as a recording takes. Undefined for everything else: schedules and dispatches are there to add replies,
 * and tags to be recorded.
 */
export function skipUnchangedPush(
  baseline: BaselineLookup,
  run: SkipInput & { readonly origin: Pick<RunOrigin, 'event' | 'ref'> },
  { config: { gate, baseline: settings, samples }, now }: Context,
): Decision | undefined {
  const { event, ref } = run.origin;
  if (event !== 'push' || readBranchName(ref) === undefined) return undefined;
  if (baseline.status !== 'found') return undefined;
  const { measurement, provenance } = baseline.record;
  const { maxAge } = settings;
  if (!answersFor(baseline.record, run, { now, maxAge })) return undefined;
  if (mostReplies(measurement.examples) < samples.record) return undefined;
  const { commit, createdAt } = provenance;
  const ageDays = ageInDays(createdAt, now);
  const reason = { kind: 'already-recorded', commit, ageDays, maxAgeDays: maxAge } as const;
  return withShortage(conclude('unchanged', reason, gate), findShortage(scoreAll(baseline.record)));
}

/** What a run at the commit that the tested tree is based on would measure. */
export interface BaseSubject {
  readonly commit: string;
  readonly subject: Subject;
}

/**
 * The decision on a change that does not touch what is measured, where no recent record exists: no call is made, and the
 * check is not green. Undefined where the change touches what is measured, where that is not known, and where policy
 * fails every run without a baseline.
 */
export function skipUnchangedSubject(
  baseline: BaselineLookup,
  base: BaseSubject | undefined,
  { subject }: Pick<SkipInput, 'subject'>,
  { config: { gate, baseline: settings }, now }: Context,
): Decision | undefined {
  if (!base || !isSameSubject(base.subject, subject)) return undefined;
  if (concludeUnusable(baseline, gate)) return undefined;
  if (baseline.status !== 'found' && gate.on['no-baseline'] === 'fail') return undefined;
  const createdAt = baseline.status === 'found' ? baseline.record.provenance.createdAt : undefined;
  const standing =
    createdAt === undefined
      ? 'absent'
      : isYoung(createdAt, { now, maxAge: settings.maxAge })
        ? 'other'
        : 'old';
  const { commit } = base;
  const reason = { kind: 'same-as-base', commit, standing, maxAgeDays: settings.maxAge } as const;
  return { ...conclude('unchanged', reason, gate), effect: 'warn' };
}

/** Whether a record is as good as a run of its own: of the same subject, measured in the same way, well enough, and young. */
function answersFor(record: GateRecord, run: SkipInput, limit: AgeLimit): boolean {
  return (
    isSameMeasurement(record.measurement, run) &&
    isCovered(scoreAll(record)) &&
    isYoung(record.provenance.createdAt, limit)
  );
}
