/** Calls in flight at the start; doubled after each clean round until the first refusal. */
const INITIAL_LIMIT = 20;

/** After the first refusal a clean round adds this share, and a refusal takes a fifth. */
const INCREASE_FACTOR = 1.05;
const DECREASE_FACTOR = 0.8;

/** Refusals within this time of a cut belong to it, in milliseconds. */
const COOLDOWN_MS = 1000;

/** A round that did not use most of its room says nothing about whether there could be more. */
const MIN_UTILIZATION = 0.8;

/** A refusal, or more failures than this share of a round, and the round does not grow. */
const MAX_FAILURE_RATE = 0.1;

export interface Concurrency {
  /** Most calls that may be in flight now, at least 1. */
  limit(): number;
  started(inFlight: number): void;
  ended(result: 'answered' | 'rate-limited' | 'failed', inFlight: number, now: number): void;
}

/**
 * How many calls may be in flight: additive increase, multiplicative decrease, with a slow start that doubles. A
 * refusal (429) cuts, failures only keep the limit from growing, and a few of them among many answers not even that.
 *
 * @param ceiling most calls in flight, whatever happens
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

/** As many calls as may be in flight, and what became of them. */
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
