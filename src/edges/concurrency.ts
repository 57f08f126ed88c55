/** Calls in flight at the start; doubled after each clean round until the first refusal. */
const FIRST_LIMIT = 20;

/** After the first refusal a clean round adds this share, and a refusal takes a fifth. */
const GROWTH = 1.05;
const CUT = 0.8;

/** Refusals within this time of a cut belong to it, in milliseconds. */
const COOLDOWN_MS = 1000;

/** A round that did not use most of its room says nothing about whether there could be more. */
const BUSY = 0.8;

export interface Concurrency {
  /** Most calls that may be in flight now, at least 1. */
  limit(): number;
  started(inFlight: number): void;
  ended(result: 'answered' | 'refused' | 'failed', inFlight: number, now: number): void;
}

/**
 * How many calls may be in flight: additive increase, multiplicative decrease, with a slow start that doubles. A
 * refusal (429) cuts, a failure only keeps the limit from growing.
 *
 * @param ceiling most calls in flight, whatever happens
 */
export function createConcurrency(ceiling: number): Concurrency {
  let limit = Math.min(FIRST_LIMIT, ceiling);
  let isSlowStart = true;
  let cutAt = -Infinity;
  let round = { left: limit, isClean: true, peak: 0 };

  const cut = (now: number): void => {
    isSlowStart = false;
    if (now - cutAt < COOLDOWN_MS) return;
    cutAt = now;
    limit = Math.max(1, limit * CUT);
  };
  const endRound = (inFlight: number): void => {
    const isBusy = round.peak >= BUSY * Math.floor(limit);
    if (round.isClean && isBusy) limit = Math.min(ceiling, limit * (isSlowStart ? 2 : GROWTH));
    round = { left: Math.ceil(limit), isClean: true, peak: inFlight };
  };

  return {
    limit: () => Math.floor(limit),
    started: (inFlight) => {
      round.peak = Math.max(round.peak, inFlight);
    },
    ended: (result, inFlight, now) => {
      if (result === 'refused') cut(now);
      if (result !== 'answered') round.isClean = false;
      round.left -= 1;
      if (round.left <= 0) endRound(inFlight);
    },
  };
}
