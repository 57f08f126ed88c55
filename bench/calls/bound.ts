import { type ModelCounts, sumCounts, type Counts } from './counters.js';
import type { Limit } from './bucket.js';
import { type Leg, EXCHANGES_PER_EXAMPLE, MAX_TOKENS } from './legs.js';

/** Maximum number of calls in flight per model: the product's default, and what the peers are given at their best. */
export const CEILING = 100;

/**
 * The minimum of seconds that a leg can take with any client:
 *
 *   max over models m of
 *     (calls_m          - burst_requests) / (requests per minute) * 60
 *     (calls_m * size_m - burst_tokens)   / (tokens per minute)   * 60
 *     (sum of latencies_m) / ceiling
 *   and two latencies in a row: the answer and its judgement.
 *
 * `size` is what the provider counts for a call before it answers, here the allowed reply. The judge's calls can't
 * start before the first answer is there, which adds one latency to its line and is left out: the bound is to be a
 * bound. Start-up, reading and reporting are not in it either.
 *
 * @param latencyMs mean latency of a complete call, as drawn by the server
 */
export function boundOf(leg: Leg, latencyMs: number): number {
  const { behaviour } = leg;
  const calls = leg.examples * EXCHANGES_PER_EXAMPLE;
  const sizes = [MAX_TOKENS.target, MAX_TOKENS.judge];
  return Math.max(
    ...sizes.map((size) => drain(behaviour.tokens, calls * size)),
    drain(behaviour.requests, calls),
    (calls * latencyMs) / CEILING / 1000,
    (2 * behaviour.latency.medianMs) / 1000,
  );
}

/** Seconds until a bucket that starts full has let so much through. */
function drain(limit: Limit | undefined, amount: number): number {
  if (!limit) return 0;
  return Math.max(0, ((amount - (limit.burst ?? limit.perMinute)) / limit.perMinute) * 60);
}

/** Mean latency of the complete calls of a leg, in milliseconds. */
export function meanLatency(counts: Counts): number {
  const { latencyMs, complete }: ModelCounts = sumCounts(counts);
  return complete === 0 ? 0 : latencyMs / complete;
}
