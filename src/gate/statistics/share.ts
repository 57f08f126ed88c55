import { estimateRise } from './rise.js';

/** One example: its share of something, over how many replies, and what it is not independent of. */
export interface ObservedShare {
  /** 0 to 1. */
  readonly share: number;
  readonly samples: number;
  readonly cluster: string;
}

/** A mean share with its interval, all between 0 and 1. */
export interface ShareEstimate {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly examples: number;
}

/**
 * The mean of shares over examples, with the interval of the gate's own formula: 2p - 1 is between -1 and 1 as a
 * difference does, and its two pseudo-pairs are then one example that always does and one that never does, as in
 * Agresti and Coull's interval. For looking at one record alone; it decides nothing. Undefined without examples.
 *
 * @param alpha one-sided level of each bound, such as 0.05
 */
export function estimateShare(
  shares: readonly ObservedShare[],
  alpha: number,
): ShareEstimate | undefined {
  if (shares.length === 0) return undefined;
  const doubled = shares.map(({ share, samples, cluster }) => ({
    difference: 2 * share - 1,
    baselineSamples: samples,
    runSamples: samples,
    cluster,
  }));
  const { estimate, lower, upper, pairs } = estimateRise(doubled, alpha);
  const back = (value: number): number => Math.min(1, Math.max(0, (value + 1) / 2));
  return { estimate: back(estimate), lower: back(lower), upper: back(upper), examples: pairs };
}
