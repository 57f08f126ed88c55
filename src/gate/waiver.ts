import { type Decision, isRecordedRise } from './decide.js';
import type { RunResult } from './result.js';
import type { Waiver } from './verdict.js';
import type { Override } from './records/record.js';

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

/** The event that asks for an override: who set the label, on which head, merged into what. */
export interface OverrideClaim {
  readonly actor: string;
  readonly head: string;
  readonly merge: string;
}

/** What GitHub and git say, asked when the verdict is there. */
export interface OverrideFacts {
  /** Of the pull request as it is now. */
  readonly author: string | null;
  readonly head: string;
  readonly isLabeled: boolean;
  /** Whether the actor holds maintain or admin. */
  readonly isMaintainer: boolean;
  /** The commit that was checked out and tested; undefined where git does not say. */
  readonly tested: string | undefined;
}

/** An override that did not count, for the report. */
export type FailedOverride =
  | { readonly kind: 'refused'; readonly actor: string; readonly fault: string }
  /** The pull request has the label, and this run is not the one that it started. */
  | { readonly kind: 'expired'; readonly label: string };

/** Why an override does not count; undefined when it does. */
export function findOverrideFault(claim: OverrideClaim, facts: OverrideFacts): string | undefined {
  const { actor, head, merge } = claim;
  if (facts.author === null || facts.author.toLowerCase() === actor.toLowerCase()) {
    return 'the author of a pull request cannot override its gate';
  }
  if (!facts.isMaintainer) return 'this needs the role maintain or admin';
  if (facts.head !== head) return 'the pull request has a newer commit than the one it was set on';
  if (!facts.isLabeled) return 'the label was taken off again';
  if (facts.tested !== undefined && facts.tested !== head && facts.tested !== merge) {
    return 'what was checked out is not the commit it was set on';
  }
  return undefined;
}

/** The result with an override that counts: the verdict stays, the exit changes, the record says who and why. */
export function withOverride(result: RunResult, override: Override): RunResult {
  const { record } = result;
  const decision: Decision = waive(result.decision, { kind: 'override', override });
  if (!record) return { ...result, decision };
  return {
    ...result,
    decision,
    record: { ...record, provenance: { ...record.provenance, override } },
  };
}
