import { type Decision, isRecordedRise } from './decide.js';
import type { RunResult } from './result.js';
import type { Waiver } from './verdict.js';

/** Lets a failing decision through, with a warning; any other one stays as it is. The verdict stays in any case. */
export function waive(decision: Decision, waiver: Waiver): Decision {
  if (decision.effect !== 'fail') return decision;
  return { ...decision, effect: 'warn', exitCode: 0, waiver };
}

/**
 * The result under `enforce`: where it is false no gate fails, and no rise that a recording found. A recording that fails for
 * another reason left no baseline, and is told.
 */
export function underEnforcement<T extends Pick<RunResult, 'mode' | 'decision'>>(
  result: T,
  enforce: boolean,
): T {
  const isWaived = result.mode === 'gate' || isRecordedRise(result.decision);
  if (enforce || !isWaived) return result;
  return { ...result, decision: waive(result.decision, { kind: 'not-enforced' }) };
}
