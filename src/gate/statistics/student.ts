import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** The value below which Student's t with `df` degrees of freedom lies with probability `p`, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  return quantile(p, df);
}

/** P(T > t) for Student's t with `df` degrees of freedom. */
export function studentTail(t: number, df: number): number {
  return studentCdf(-t, df);
}
