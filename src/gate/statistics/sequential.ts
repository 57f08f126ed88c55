import { normalCdf } from './distributions.js';
import type { Estimate } from './rise.js';

/** Looks at a run that may stop early, equally spaced; the last is the whole. */
export const LOOKS = 4;

/**
 * Critical value of the looks, in the form of O'Brien and Fleming (1979, Biometrics 35:549-556): at look j of K the
 * bound is this times sqrt(K / j). All four together have a one-sided level of 1.4 %, found by numerical integration
 * in bench/gate/fixtures.py; with the usual 2.5 % (2.024) too many reshuffled models are called regressed early.
 */
const CRITICAL = 2.25;

/**
 * The one-sided level at which a look may call a rise real: strict at first (0.000003), 0.0047 at the third.
 *
 * @param look 1 to 4
 */
export function levelAtLook(look: number): number {
  return normalCdf(-CRITICAL * Math.sqrt(LOOKS / look));
}

/**
 * Predictive power: the probability, given the pairs so far and a flat prior, that the estimate over all planned
 * pairs will both reach `limit` and be above 0 at the one-sided level 0.10, so that it is worth continuing the run.
 * Spiegelhalter, Freedman and Blackburn 1986, Control. Clin. Trials 7:8-17.
 *
 * @param fraction share of the planned examples that was measured, 0 to 1
 * @param limit the smallest rise that matters, as a fraction
 */
export function predictivePower(soFar: Estimate, fraction: number, limit: number): number {
  const errorAtEnd = soFar.standardError * Math.sqrt(fraction);
  const needed = Math.max(limit, SUSPICIOUS_Z * errorAtEnd);
  const spread = Math.sqrt(soFar.standardError ** 2 - errorAtEnd ** 2);
  return normalCdf((soFar.centre - needed) / spread);
}

/** The normal quantile of 0.90: below it a full run is not suspicious. */
const SUSPICIOUS_Z = 1.2815515655446004;
