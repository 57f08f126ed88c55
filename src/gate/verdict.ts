import type { GatePolicy, GatedVerdict } from '../config/config.js';
import type { Override } from './records/record.js';

/** The eight ways in which a run can end. */
export const VERDICTS = [
  'pass',
  'unchanged',
  'regressed',
  'inconclusive',
  'no-baseline',
  'not-measured',
  'incomparable',
  'error',
] as const satisfies readonly ('pass' | 'unchanged' | GatedVerdict | 'error')[];

export type Verdict = (typeof VERDICTS)[number];

/** What the verdict does to the check. */
export interface Effect {
  readonly effect: 'pass' | 'warn' | 'fail';
  readonly exitCode: 0 | 1 | 3 | 4;
}

/** Why a failing verdict does not fail the check. The verdict itself stays what it is. */
export type Waiver =
  { readonly kind: 'not-enforced' } | { readonly kind: 'override'; readonly override: Override };

/** Exit codes when policy says fail: a finding is 1, a missing measurement 3. Bad usage is 2, elsewhere. */
const FAILING_EXIT: Readonly<Record<GatedVerdict, 1 | 3>> = {
  regressed: 1,
  inconclusive: 1,
  'no-baseline': 3,
  'not-measured': 3,
  incomparable: 3,
};

/** The effect of a verdict under a policy. An error fails under every policy. */
export function chooseEffect(verdict: Verdict, policy: GatePolicy): Effect {
  if (verdict === 'pass' || verdict === 'unchanged') return { effect: 'pass', exitCode: 0 };
  if (verdict === 'error') return { effect: 'fail', exitCode: 4 };
  const effect = policy.on[verdict];
  return { effect, exitCode: effect === 'fail' ? FAILING_EXIT[verdict] : 0 };
}
