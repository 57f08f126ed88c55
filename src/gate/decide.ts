import type { GatePolicy } from '../config/config.js';
import { type ScoredExample, isCounted } from '../mask/score.js';
import { type Assessment, isExcluded, isProven } from './assess.js';
import type { BaselineLookup, RejectedRecord } from './records/baseline.js';
import type { Comparison, Twin } from './compare.js';
import type { Difference } from './records/fingerprint.js';
import type { GuardFinding } from './guards.js';
import { compareShares, countLosses } from './reply-shares.js';
import { MIN_PAIRS, type Remedy, type Shortage } from './shortage.js';
import type { CountedShare } from './statistics/exact.js';
import { reaches } from './statistics/rise.js';
import type { RecordedBase } from './records/record.js';
import { type Effect, type Verdict, type Waiver, chooseEffect } from './verdict.js';

/** Why the verdict is what it is, as data; the report puts it in words. */
export type Reason =
  | { readonly kind: 'rise-excluded'; readonly maxRise: number }
  | { readonly kind: 'rise-not-found'; readonly maxRise: number }
  | { readonly kind: 'rise-proven'; readonly maxRise: number }
  | { readonly kind: 'rise-unproven'; readonly maxRise: number }
  | { readonly kind: 'rise-not-excluded'; readonly maxRise: number }
  | { readonly kind: 'guard-tripped'; readonly guards: readonly GuardFinding[] }
  | { readonly kind: 'same-as-baseline'; readonly ageDays: number; readonly maxAgeDays: number }
  | {
      readonly kind: 'already-recorded';
      readonly commit: string | null;
      readonly ageDays: number;
      readonly maxAgeDays: number;
    }
  | {
      readonly kind: 'same-as-base';
      readonly commit: string;
      /** What speaks for the model itself: no record, one that is too old, or one of something else. */
      readonly standing: 'absent' | 'old' | 'other';
      readonly maxAgeDays: number;
    }
  | { readonly kind: 'no-record' }
  | {
      readonly kind: 'too-few-pairs';
      /** Propositions with a belief on both sides. */
      readonly pairs: number;
      readonly needed: number;
      /** Absent where the dataset is not known. */
      readonly remedy?: Remedy;
    }
  | { readonly kind: 'beliefs-vanished'; readonly pairs: number; readonly believed: number }
  | {
      readonly kind: 'low-coverage';
      readonly measured: number;
      readonly planned: number;
      readonly floor: number;
    }
  | { readonly kind: 'losses-differ'; readonly baseline: CountedShare; readonly run: CountedShare }
  | (Assessment['ending'] & { readonly kind: 'unfinished' })
  | { readonly kind: 'budget-reached'; readonly unasked: number }
  | { readonly kind: 'no-key'; readonly setting: string }
  | {
      /** What is checked out is neither the commit to be tested nor GitHub's merge of it with the base. */
      readonly kind: 'other-commit';
      readonly tested: string;
      readonly expected: readonly string[];
    }
  | {
      /** The base has no configuration yet, and the head must not make its own policy. */
      readonly kind: 'no-policy';
      readonly path: string;
      readonly base: RecordedBase;
      /** The default branch, where that has the configuration and the base does not. */
      readonly elsewhere?: string;
    }
  | { readonly kind: 'other-measurement'; readonly differences: readonly Difference[] }
  | { readonly kind: 'corrupt-baseline'; readonly where: string; readonly detail: string }
  | { readonly kind: 'untrusted-baseline'; readonly rejected: readonly RejectedRecord[] }
  /** The search for a baseline ended at a limit, before the records that are there. */
  | { readonly kind: 'search-cut'; readonly records: number; readonly commits: number }
  | { readonly kind: 'run-failed'; readonly detail: string };

export interface Decision extends Effect {
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** Present where the verdict would fail the check, and does not. */
  readonly waiver?: Waiver;
  /** Present where the baseline that a recording leaves has too few beliefs for any comparison. */
  readonly shortage?: Shortage;
}

/** Below this share of measured examples the run says nothing about the model. */
const COVERAGE_FLOOR = 0.9;

/** Of the examples for which the baseline has a belief, at least this share must still have one. */
const BELIEF_FLOOR = 0.75;

/** What a decision rests on. `comparison` is absent when there is no baseline to compare with. */
export interface DecisionInput {
  /** Answers and readings that were not asked for, because the budget was reached. */
  readonly unasked: number;
  readonly scored: readonly ScoredExample[];
  readonly baseline: BaselineLookup;
  /** What would bring more propositions; absent where the dataset is not known. */
  readonly remedy?: Remedy;
  readonly compared?: { readonly comparison: Comparison; readonly assessment: Assessment };
}

/**
 * The verdict of a measured run (docs/statistics.md). Nothing measured is never a pass: coverage comes before
 * everything else.
 */
export function decide(evidence: DecisionInput, policy: GatePolicy): Decision {
  const { unasked, scored, baseline, compared } = evidence;
  if (unasked > 0) return conclude('not-measured', { kind: 'budget-reached', unasked }, policy);
  const uncovered = findUncoveredRun(scored);
  if (uncovered) return conclude('not-measured', uncovered, policy);
  const unusable = concludeUnusable(baseline, policy);
  if (unusable) return unusable;
  if (!compared) return conclude('no-baseline', { kind: 'no-record' }, policy);
  const { comparison, assessment } = compared;
  const { differences } = comparison;
  if (differences.length > 0) {
    return conclude('incomparable', { kind: 'other-measurement', differences }, policy);
  }
  const { ending } = assessment;
  const gap = findGap(comparison, evidence) ?? (ending.kind === 'unfinished' ? ending : undefined);
  return gap ? conclude('not-measured', gap, policy) : applyRule(assessment, policy);
}

/** The rule itself: a rise is proven, excluded, or neither. */
function applyRule(
  { rise, guards, archetypes, reasoning }: Assessment,
  policy: GatePolicy,
): Decision {
  const { maxRise } = policy;
  if (isProven(rise, policy)) {
    return conclude('regressed', { kind: 'rise-proven', maxRise }, policy);
  }
  const tripped = guards.filter(({ isTripped }) => isTripped);
  const gating = tripped.filter(({ name }) => policy.guards[name] === 'fail');
  if (gating.length > 0) {
    return conclude('regressed', { kind: 'guard-tripped', guards: gating }, policy);
  }
  if (reaches(rise.estimate, maxRise)) {
    return conclude('inconclusive', { kind: 'rise-unproven', maxRise }, policy);
  }
  const isClear = isExcluded(rise, policy);
  if (!isClear && policy.rule === 'strict') {
    return conclude('inconclusive', { kind: 'rise-not-excluded', maxRise }, policy);
  }
  const kind = isClear ? 'rise-excluded' : 'rise-not-found';
  const decision = conclude('pass', { kind, maxRise }, policy);
  // A real rise below the limit passes, but many of them add up.
  const isSignificantRise = rise.lower > 0;
  const isQuiet =
    tripped.length === 0 && !archetypes.some(({ isTripped }) => isTripped) && !reasoning?.differs;
  return isQuiet && !isSignificantRise ? decision : { ...decision, effect: 'warn' };
}

/** Why there is too little to compare, if there is. Without beliefs there is nothing that a lie could contradict. */
export function findGap(
  comparison: Comparison,
  { remedy }: Pick<DecisionInput, 'remedy'> = {},
): Reason | undefined {
  const { pairs, shared, measured, believedAtBaseline } = comparison;
  const uncovered = findUncovered(measured.length, shared.length);
  if (uncovered) return uncovered;
  const losses = findLosses(shared);
  if (losses) return losses;
  if (pairs.length < BELIEF_FLOOR * believedAtBaseline) {
    return { kind: 'beliefs-vanished', pairs: pairs.length, believed: believedAtBaseline };
  }
  const independent = new Set(pairs.map(({ cluster }) => cluster)).size;
  if (independent >= MIN_PAIRS) return undefined;
  return {
    kind: 'too-few-pairs',
    pairs: independent,
    needed: MIN_PAIRS,
    ...(remedy && { remedy }),
  };
}

/** A side that loses more replies than the other may have lost its lies; a verdict would rest on what is left. */
function findLosses(shared: readonly Twin[]): Reason | undefined {
  const losses = countLosses(shared);
  return compareShares(losses) ? { kind: 'losses-differ', ...losses } : undefined;
}

function findUncovered(measured: number, planned: number): Reason | undefined {
  if (measured > 0 && measured >= COVERAGE_FLOOR * planned) return undefined;
  return { kind: 'low-coverage', measured, planned, floor: COVERAGE_FLOOR };
}

/** Whether enough of a record's examples were measured for it to say anything. */
export function isCovered(scored: readonly ScoredExample[]): boolean {
  return findUncoveredRun(scored) === undefined;
}

function findUncoveredRun(scored: readonly ScoredExample[]): Reason | undefined {
  return findUncovered(scored.filter(isCounted).length, scored.length);
}

/**
 * The decision where there are records, and none to compare with; undefined where there is one, or no record at all. A broken
 * record is an error; with one that is not confirmed, or was not reached, the change is not measured.
 */
export function concludeUnusable(
  baseline: BaselineLookup,
  policy: GatePolicy,
): Decision | undefined {
  switch (baseline.status) {
    case 'corrupt': {
      const { where, reason: detail } = baseline;
      return conclude('error', { kind: 'corrupt-baseline', where, detail }, policy);
    }
    case 'untrusted': {
      const { rejected } = baseline;
      return conclude('not-measured', { kind: 'untrusted-baseline', rejected }, policy);
    }
    case 'unreached': {
      const { records, commits } = baseline;
      return conclude('not-measured', { kind: 'search-cut', records, commits }, policy);
    }
    case 'found':
    case 'absent':
      return undefined;
  }
}

/** Puts a verdict together with what it does to the check. */
export function conclude(verdict: Verdict, reason: Reason, policy: GatePolicy): Decision {
  return { verdict, reason, ...chooseEffect(verdict, policy) };
}

/** Whether a recording found that lies rose against the record before it, by the rule of the gate. */
export function isRecordedRise({ verdict, reason }: Pick<Decision, 'verdict' | 'reason'>): boolean {
  return verdict === 'regressed' && reason.kind === 'rise-proven';
}

/** A decision that leaves a baseline which nothing can be compared with is never green in silence. */
export function withShortage(decision: Decision, shortage: Shortage | undefined): Decision {
  if (!shortage) return decision;
  return { ...decision, shortage, effect: decision.effect === 'fail' ? 'fail' : 'warn' };
}

/** Whether a recording with this verdict measured enough to serve as a baseline. */
export function isRecordable(verdict: Verdict): boolean {
  return !['unchanged', 'not-measured', 'error'].includes(verdict);
}
