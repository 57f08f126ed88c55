import cdf from '@stdlib/stats-base-dists-normal-cdf';

/** P(Z <= z) for a standard normal Z. */
export function normalCdf(z: number): number {
  return cdf(z, 0, 1);
}
