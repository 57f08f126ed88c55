import { draw, type Label } from '../../src/simulation/draw.js';

/** How long answers take: log-normal, as response times of hosted models roughly are. */
export interface Latency {
  readonly medianMs: number;
  /** Standard deviation of the logarithm. */
  readonly spread: number;
}

/** One latency in milliseconds that depends on nothing but its labels, so that every tool waits the same. */
export function drawLatency({ medianMs, spread }: Latency, ...labels: readonly Label[]): number {
  if (medianMs === 0) return 0;
  // Box-Muller; 1 - u keeps the logarithm finite.
  const radius = Math.sqrt(-2 * Math.log(1 - draw('radius', ...labels)));
  const normal = radius * Math.cos(2 * Math.PI * draw('angle', ...labels));
  return medianMs * Math.exp(spread * normal);
}
