import type { Bucket } from './bucket.js';

/** What a provider says: rate headers and retry-after, only the latter, or nothing, so that a 429 is bare. */
export type Headers = 'full' | 'retry-after' | 'none';

/** The buckets of one key and model, where there are limits. */
export interface Buckets {
  readonly requests?: Bucket;
  readonly tokens?: Bucket;
}

/** OpenAI's rate headers for the limits that there are. */
export function rateHeaders(
  headers: Headers,
  buckets: Buckets,
  now: number,
): Record<string, string> {
  if (headers !== 'full') return {};
  return Object.fromEntries(
    (['requests', 'tokens'] as const).flatMap((what) => {
      const bucket = buckets[what];
      if (!bucket) return [];
      return [
        [`x-ratelimit-limit-${what}`, String(bucket.limit.perMinute)],
        [`x-ratelimit-remaining-${what}`, String(Math.max(0, Math.floor(bucket.remaining(now))))],
        [`x-ratelimit-reset-${what}`, `${Math.ceil(bucket.reset(now))}ms`],
      ];
    }),
  );
}

/** Whole seconds for everybody, and milliseconds for those who know OpenAI's way. */
export function retryAfter(headers: Headers, wait: number): Record<string, string> {
  if (headers === 'none') return {};
  return {
    'retry-after': String(Math.ceil(wait / 1000)),
    'retry-after-ms': String(Math.ceil(wait)),
  };
}
