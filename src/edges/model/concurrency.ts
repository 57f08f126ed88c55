/** Calls in flight at the start; doubled after each round without refusals until the first refusal. */
const INITIAL_LIMIT = 20;

/** After the first refusal, a round without refusals multiplies the limit by the first factor, a refusal by the second. */
const INCREASE_FACTOR = 1.05;
const DECREASE_FACTOR = 0.8;

/** Refusals within this time of a decrease belong to the same episode and do not decrease again. In milliseconds. */
const COOLDOWN_MS = 1000;

/** A round that used less than this share of its limit does not show whether a higher limit would work. */
const MIN_UTILIZATION = 0.8;

/** A round with a refusal, or with a larger share of failures than this, does not increase the limit. */
const MAX_FAILURE_RATE = 0.1;

export interface Concurrency {
  /** Maximum number of calls in flight now, at least 1. */
  limit(): number;
  started(inFlight: number): void;
  ended(result: 'answered' | 'rate-limited' | 'failed', inFlight: number, now: number): void;
}

/**
 * How many calls may be in flight: additive increase, multiplicative decrease, with a slow start that doubles. A
 * refusal (429) decreases the limit. Failures only keep it from growing, and a few among many answers do not.
 *
 * @param ceiling maximum number of calls in flight
 */
export function createConcurrency(ceiling: number): Concurrency {
  let limit = Math.min(INITIAL_LIMIT, ceiling);
  let isSlowStart = true;
  let decreasedAt = -Infinity;
  let round = openRound(limit, 0);

  const decrease = (now: number): void => {
    isSlowStart = false;
    if (now - decreasedAt < COOLDOWN_MS) return;
    decreasedAt = now;
    limit = Math.max(1, limit * DECREASE_FACTOR);
  };
  const endRound = (inFlight: number): void => {
    const isBusy = round.peak >= MIN_UTILIZATION * Math.floor(limit);
    const isClean = !round.isRateLimited && round.failed <= MAX_FAILURE_RATE * round.size;
    if (isClean && isBusy) limit = Math.min(ceiling, limit * (isSlowStart ? 2 : INCREASE_FACTOR));
    round = openRound(Math.ceil(limit), inFlight);
  };

  return {
    limit: () => Math.floor(limit),
    started: (inFlight) => {
      round.peak = Math.max(round.peak, inFlight);
    },
    ended: (result, inFlight, now) => {
      if (result === 'rate-limited') decrease(now);
      if (result === 'rate-limited') round.isRateLimited = true;
      if (result === 'failed') round.failed += 1;
      round.left -= 1;
      if (round.left <= 0) endRound(inFlight);
    },
  };
}

/** A round: as many calls as may be in flight, and their results. */
interface Round {
  readonly size: number;
  left: number;
  failed: number;
  isRateLimited: boolean;
  peak: number;
}

function openRound(size: number, inFlight: number): Round {
  return { size, left: size, failed: 0, isRateLimited: false, peak: inFlight };
}
