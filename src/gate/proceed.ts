import type { GatePolicy } from '../config/config.js';
import { isExcluded, chooseLevel, stopAt } from './assess.js';
import { type Comparison, EXAMPLES_PART, isComparable } from './compare.js';
import { findGap } from './decide.js';
import { estimateRise, reaches } from './statistics/rise.js';
import { LOOKS } from './statistics/sequential.js';

/** What a run does after a look: measure on, end, or ask every example again before it decides. */
export type Step = 'go-on' | 'stop' | 'confirm';

/** A full run is confirmed when "no rise" has at most this many times the p value that proves a rise. */
const SUSPICIOUS = 2;

/**
 * The step after a look at the examples measured so far, which must be the first ones of the planned order: what
 * comes back first is not a fair sample. Stopping depends on readings alone, so a repeated run stops at the same look.
 *
 * @param look 1 to 4; 4 is the whole of the planned examples
 */
export function nextStep(comparison: Comparison, look: number, policy: GatePolicy): Step {
  const { differences } = comparison;
  // A baseline that lacks the first examples may have enough of the whole; all other differences stay.
  if (differences.some(({ part }) => part !== EXAMPLES_PART)) return 'stop';
  const isDecidable = isComparable(comparison) && findGap(comparison) === undefined;
  if (look < LOOKS) return isDecidable && stopAt(look, comparison.pairs, policy) ? 'stop' : 'go-on';
  if (!isDecidable) return 'stop';
  const level = chooseLevel(policy);
  const rise = estimateRise(comparison.pairs, level);
  const isSuspicious = rise.pValue <= SUSPICIOUS * level || reaches(rise.estimate, policy.maxRise);
  return isSuspicious && !isExcluded(rise, policy) ? 'confirm' : 'stop';
}
