import { studentQuantile, studentTail } from './distributions.js';

/** One example on both sides: by how much a share differs, and over how many replies each share was taken. */
export interface PairedDifference {
  /** Share in the run minus share at the baseline, -1 to 1. */
  readonly difference: number;
  /** Measured replies behind each share, at least 1. */
  readonly baselineSamples: number;
  readonly runSamples: number;
  /** Pairs with the same key are not independent of each other: they share a proposition. */
  readonly cluster: string;
}

/** A mean paired difference with its interval. All numbers are finite, for any number of pairs. */
export interface Estimate {
  readonly pairs: number;
  /** The mean difference, -1 to 1; 0 without pairs. It is what is printed and held against limits. */
  readonly estimate: number;
  /** The centre of the interval: the mean with two pseudo-pairs, drawn towards 0. */
  readonly centre: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Bounds at one-sided level `alpha` each, so that together they hold 1 - 2 alpha. May reach beyond -1 and 1. */
  readonly lower: number;
  readonly upper: number;
  readonly alpha: number;
  /** One-sided p value of "no rise": P(T > centre / standardError). */
  readonly pValue: number;
}

/**
 * Generalised Bonett-Price interval for the mean of paired differences, with a t quantile.
 *
 * With one reply on each side this is the adjusted Wald interval of Bonett and Price (2012, J. Educ. Behav. Stat.
 * 37:479-488): two pseudo-pairs, one a rise and one a fall, which keep the width positive when no pair differs. For
 * shares over several replies the pseudo-pairs are drawn in to sqrt(c2), c2 = (1/k_b + 1/k_c)/2 with k the harmonic
 * means of the numbers of replies, as the noise of a mean of k replies is. Pairs of one cluster add up before they
 * are squared (cluster-robust standard error: Miller 2024, arXiv 2411.00640) where that makes the interval wider, and
 * the degrees of freedom count clusters: with few clusters, or with changes that cancel within them, the clustered
 * sum alone would claim too much.
 *
 * @param alpha one-sided level of each bound, such as 0.05
 */
export function estimateRise(pairs: readonly PairedDifference[], alpha: number): Estimate {
  const c2 = pseudoVariance(pairs);
  const size = pairs.length + 2;
  const sum = pairs.reduce((total, { difference }) => total + difference, 0);
  const centre = sum / size;
  const alone = pairs.map(({ difference }) => difference - centre);
  const together = sumsByCluster(pairs, centre);
  const squares = Math.max(sumOfSquares(alone), sumOfSquares(together)) + 2 * (c2 + centre ** 2);
  const standardError = Math.sqrt(squares) / size;
  const degreesOfFreedom = together.length + 1;
  const reach = studentQuantile(1 - alpha, degreesOfFreedom) * standardError;
  return {
    pairs: pairs.length,
    estimate: pairs.length === 0 ? 0 : sum / pairs.length,
    centre,
    standardError,
    degreesOfFreedom,
    lower: centre - reach,
    upper: centre + reach,
    alpha,
    pValue: studentTail(centre / standardError, degreesOfFreedom),
  };
}

/** c2 of the formula above; 1 when each share rests on one reply. */
function pseudoVariance(pairs: readonly PairedDifference[]): number {
  if (pairs.length === 0) return 1;
  const meanInverse = (samples: (pair: PairedDifference) => number): number =>
    pairs.reduce((total, pair) => total + 1 / samples(pair), 0) / pairs.length;
  return (meanInverse((pair) => pair.baselineSamples) + meanInverse((pair) => pair.runSamples)) / 2;
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((total, value) => total + value ** 2, 0);
}

function sumsByCluster(pairs: readonly PairedDifference[], centre: number): readonly number[] {
  const sums = new Map<string, number>();
  for (const { cluster, difference } of pairs) {
    sums.set(cluster, (sums.get(cluster) ?? 0) + difference - centre);
  }
  return [...sums.values()];
}

/** Whether a difference reaches a limit. Means of thirds and fifths carry rounding noise, so exactly the limit does. */
export function reaches(difference: number, limit: number): boolean {
  return difference >= limit - 1e-12;
}
