import type { Debit } from './token-bucket.js';
import { MINUTE_MS } from '../../base/units.js';

/** The rate of a provider that refuses without saying what its limit is. Times are in milliseconds. */
export interface LearnedRate {
  /** Milliseconds until a call may be sent; 0 or less when it may, and always before the first refusal. */
  wait(now: number): number;
  start(now: number): Debit;
  /**
   * @param sent the mark of the refused call
   * @param retryAfter what the provider asked for, in milliseconds
   */
  refuse(sent: Debit, now: number, retryAfter?: number): void;
}

/** Limits are usually per minute, and allow the calls of a minute at once. */
/** A first guess is not slower than a call in this time, and doubles in it. */
const GUESS_MS = 1000;

/** A measured rate that is this much above what was taken for it has been held down by it, and is a guess still. */
const SURPRISE = 1.25;

/** The share by which a measured rate is exceeded doubles in the time that it was measured in, but in this at most. */
const PROBE_DOUBLES_MS = { least: 1000, most: 6000 };

/** Only this much of the past is measured, so that a rate that changes is followed. */
const WINDOW_MS = 60_000;

/** What may come together while nothing is sent, as time. */
const IDLE_MS = 50;

/** A moment at which the provider's bucket was empty, and the calls it had let through until then. */
interface Empty {
  readonly at: number;
  readonly accepted: number;
}

/** A rate in calls a millisecond, and how it is to be exceeded until the next refusal: a share that doubles. */
interface RateEstimate {
  readonly rate: number;
  readonly share: number;
  readonly doublesIn: number;
}

/**
 * Learns a rate from refusals: at each refusal the provider's bucket is empty, so the calls that it admitted between two
 * refusals are what was refilled in between, for any size of the bucket. Calls are spaced by a little more than that
 * rate, so that an estimate from few calls improves and a limit that rises is noticed; each probe costs a refused call.
 *
 * @param maxPause the rate is never taken to be lower than one call in this time
 */
export function createLearnedRate(maxPause: number): LearnedRate {
  const lowest = 1 / maxPause;
  let firstAt: number | undefined;
  let started = 0;
  let refused = 0;
  let knownAt = -Infinity;
  let empties: readonly Empty[] = [];
  let estimate: RateEstimate | undefined;
  let paced: Paced | undefined;

  return {
    wait: (now) => paced?.wait(now) ?? 0,
    start: (now) => {
      firstAt ??= now;
      started += 1;
      paced?.take(now);
      return { at: now, taken: started };
    },
    refuse: (sent, now, retryAfter) => {
      refused += 1;
      // Sent before the last refusal was known: it says the same once more.
      if (sent.at <= knownAt) return;
      knownAt = now;
      const empty = { at: sent.at, accepted: Math.max(0, sent.taken - refused) };
      estimate = estimate
        ? measure(empties, empty, estimate.rate)
        : estimateRate(empty.accepted, sent.at - (firstAt ?? sent.at), retryAfter);
      empties = [...empties, empty].filter(({ at }) => at > now - WINDOW_MS);
      paced = createPaced({ ...estimate, rate: Math.max(lowest, estimate.rate) }, now);
    },
  };
}

/** A pause says when the next call may come, which may be at once; it makes the guess this many times as fast at most. */
const PAUSE_WEIGHT = 5;

/** A minute's worth that is used up, or half of what the pause promises; but no more than was let through so far. */
function estimateRate(
  accepted: number,
  elapsed: number,
  retryAfter: number | undefined,
): RateEstimate {
  const least = 1 / GUESS_MS;
  const fromMinute = Math.max(accepted / (MINUTE_MS + elapsed), least);
  const fromPause = Math.min(retryAfter ? 0.5 / retryAfter : 0, PAUSE_WEIGHT * fromMinute);
  const seen = elapsed > 0 ? accepted / elapsed : 0;
  return guessed(Math.max(Math.min(Math.max(fromPause, fromMinute), seen), least));
}

function guessed(rate: number): RateEstimate {
  return { rate, share: 1, doublesIn: GUESS_MS };
}

/**
 * The rate between earlier moments and this one. A bucket that was full in between has lost what came back, so a time
 * can show too low a rate but hardly too high a one: the highest is right. One call may have been let through for
 * what had come together before.
 */
function measure(earlier: readonly Empty[], now: Empty, before: number): RateEstimate {
  const spans = earlier.map(({ at, accepted }) => {
    const calls = now.accepted - accepted;
    const time = Math.max(1, now.at - at);
    return { calls, time, rate: Math.max(calls - 1, calls / 2) / time };
  });
  const best = spans.reduce((one, other) => (other.rate > one.rate ? other : one), {
    calls: 1,
    time: GUESS_MS,
    rate: before / 2,
  });
  if (best.rate > SURPRISE * before) return guessed(best.rate);
  const { least, most } = PROBE_DOUBLES_MS;
  const doublesIn = Math.min(most, Math.max(least, best.time));
  return { rate: best.rate, share: 1 / Math.max(2, best.calls), doublesIn };
}

interface Paced {
  wait(now: number): number;
  take(now: number): void;
}

/** Calls spaced by a rate that grows until the next refusal. */
function createPaced({ rate, share, doublesIn }: RateEstimate, start: number): Paced {
  let left = 0;
  let at = start;
  const rateAt = (now: number): number =>
    rate * (1 + share * (2 ** ((now - start) / doublesIn) - 1));
  const advance = (now: number): void => {
    const current = rateAt(now);
    left = Math.min(Math.max(1, IDLE_MS * current), left + (now - at) * current);
    at = now;
  };
  return {
    wait: (now) => {
      advance(now);
      return (1 - left) / rateAt(now);
    },
    take: (now) => {
      advance(now);
      left -= 1;
    },
  };
}
