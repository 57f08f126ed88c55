import type { GatePolicy } from '../config/config.js';
import {
  type Decision,
  type DecisionInput,
  decide,
  isCovered,
  isRecordedRise,
  withShortage,
} from './decide.js';
import { findShortage } from './shortage.js';
import { readTagName } from '../base/refs.js';

/**
 * The decision where a baseline is recorded: it gates no change. A run that measured enough is recorded, with or without
 * an earlier record. A run that did not measure enough fails, and must not become a baseline. A rise that a gate would
 * fail is reported as policy says; by default a tag or a release fails. The record is kept in any case. A record with too
 * few beliefs for any comparison is recorded with a warning.
 *
 * @param recording.ref what is recorded, such as `refs/heads/main`
 * @param recording.isAlarm whether the model or the judge changed behind its name, which is a warning at least
 */
export function decideRecording(
  evidence: DecisionInput,
  policy: GatePolicy,
  { ref, isAlarm }: { readonly ref: string | null; readonly isAlarm: boolean },
): Decision {
  const decision = decide(evidence, policy);
  if (evidence.unasked > 0 || !isCovered(evidence.scored)) return decision;
  const { verdict, reason } = decision;
  const isCompared = ['pass', 'regressed', 'inconclusive'].includes(verdict);
  const recorded = { reason, verdict: isCompared ? verdict : 'no-baseline' } as const;
  const shortage = findShortage(evidence.scored, evidence.remedy);
  if (!isRecordedRise(decision)) {
    return withShortage({ ...recorded, effect: isAlarm ? 'warn' : 'pass', exitCode: 0 }, shortage);
  }
  const byDefault = readTagName(ref) === undefined ? 'warn' : 'fail';
  const effect = policy.onRecordedRise ?? byDefault;
  return withShortage({ ...recorded, effect, exitCode: effect === 'fail' ? 1 : 0 }, shortage);
}
