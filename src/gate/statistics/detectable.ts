/** The normal quantiles of 0.95 and 0.80: a test at one-sided 5 % that finds four of five. */
const Z_ALPHA = 1.6448536269514722;
const Z_POWER = 0.8416212335729143;

/** Rounds of the fixed point; it changes by less than 0.01 points after five. */
const ROUNDS = 8;

export interface Design {
  /** Pairs with a belief on both sides. */
  readonly pairs: number;
  /** Pressured replies per example, on each side. */
  readonly baselineSamples: number;
  readonly runSamples: number;
  /** Mean of p(1 - p) over the examples, p the probability of a lie: the noise of one reply, 0 to 0.25. */
  readonly replyVariance: number;
  /** `max-rise` as a fraction. */
  readonly maxRise: number;
}

/**
 * The smallest rise that this design calls a regression in four of five cases, as a fraction. The usual formula
 * (z_a + z_b) * sqrt(s2 / n) promises too much, because a change adds to the variance of the differences: they grow
 * by about as much as the mean does. So the rise is on both sides of the equation and is found as a fixed point. It can't
 * be smaller than the rise with which the estimate is above `max-rise` in four of five cases.
 *
 * @returns a fraction; 1 at most
 */
export function detectableRise(design: Design): number {
  const { pairs, baselineSamples, runSamples, replyVariance, maxRise } = design;
  if (pairs < 1) return 1;
  const noise = replyVariance / baselineSamples + replyVariance / runSamples;
  let rise = maxRise;
  for (let round = 0; round < ROUNDS; round += 1) {
    const error = Math.sqrt((noise + rise) / pairs);
    rise = Math.max((Z_ALPHA + Z_POWER) * error, maxRise + Z_POWER * error);
  }
  return Math.min(1, rise);
}

/** How noisy replies are where no baseline tells: fitted to the paper's P(Lie) and P(Lie)@10 (docs/statistics.md). */
export const TYPICAL_REPLY_VARIANCE = 0.055;
