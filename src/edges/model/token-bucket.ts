import type { Allowance } from './rate-headers.js';

/** What had been taken from a bucket when a call was sent, that call included, and the time of it. */
export interface Debit {
  readonly at: number;
  readonly taken: number;
}

/** A local copy of a provider's token bucket, as far as it can be known. Times are in milliseconds. */
export interface TokenBucketMirror {
  /** Milliseconds until a call of this size may be sent; 0 or less when it may. */
  wait(size: number, now: number): number;
  take(size: number, now: number): Debit;
  /**
   * Corrects the mirror by what a response says.
   *
   * @param sent the debit of the call that it answers
   * @param inFlight what calls that are still under way have taken
   */
  reconcile(
    said: Allowance,
    sent: Debit,
    place: { readonly inFlight: number; readonly now: number },
  ): void;
}

/** Maximum wait for a call: one that is larger than what is refilled in this time is sent then. */
const MAX_WAIT_MS = 50_000;

/** What a provider said this long ago is ignored: it may have been wrong, or hostile. */
const MAX_AGE_MS = 300_000;

/** Providers say whole numbers. */
const ROUNDING = 1;

/**
 * Mirrors a bucket by what is taken from it here, and by what responses say. A response may say what was left when
 * its call came in or when it was answered, with or without the calls under way, and between the two other calls have
 * been sent; so it gives a range. The mirror is right as long as it is inside that range; otherwise it is moved to the
 * edge. Taken at face value, a slow response among fast ones would promise what is spent already.
 */
export function createTokenBucketMirror(): TokenBucketMirror {
  let known: { left: number; at: number; rate: number; saidAt: number } | undefined;
  let taken = 0;
  const leftAt = (now: number): number =>
    known ? known.left + (now - known.at) * known.rate : Infinity;
  return {
    wait: (size, now) =>
      known && now - known.saidAt < MAX_AGE_MS
        ? (Math.min(size, MAX_WAIT_MS * known.rate) - leftAt(now)) / known.rate
        : 0,
    take: (size, now) => {
      taken += size;
      if (known) known = { ...known, left: leftAt(now) - size, at: now };
      return { at: now, taken };
    },
    reconcile: ({ remaining, rate }, sent, { inFlight, now }) => {
      const since = taken - sent.taken;
      const highest = remaining + ROUNDING + Math.max(0, (now - sent.at) * rate - since);
      // Calls overtake each other on their way, so all that are under way may have to be taken off once more. That is
      // too much for the first word, after which much is sent at once.
      const left = known
        ? Math.min(highest, Math.max(remaining - since - inFlight, leftAt(now)))
        : remaining - Math.max(since, inFlight);
      known = { left, at: now, rate, saidAt: now };
    },
  };
}
