/** Calls in flight at the start; doubled after each clean round until the first refusal. */
const FIRST_LIMIT = 20;

/** After the first refusal a clean round adds this share, and a refusal takes a fifth. */
const GROWTH = 1.05;
const CUT = 0.8;

/** Refusals within this time of a cut belong to it, in milliseconds. */
const COOLDOWN_MS = 1000;

/** A round that did not use most of its room says nothing about whether there could be more. */
const BUSY = 0.8;

/** A refusal, or more failures than this share of a round, and the round does not grow. */
const FAILURES = 0.1;

export interface Concurrency {
  /** Most calls that may be in flight now, at least 1. */
  limit(): number;
  started(inFlight: number): void;
  ended(result: 'answered' | 'refused' | 'failed', inFlight: number, now: number): void;
}

/**
 * How many calls may be in flight: additive increase, multiplicative decrease, with a slow start that doubles. A
 * refusal (429) cuts, failures only keep the limit from growing, and a few of them among many answers not even that.
 *
 * @param ceiling most calls in flight, whatever happens
 */
export function createConcurrency(ceiling: number): Concurrency {
  let limit = Math.min(FIRST_LIMIT, ceiling);
  let isSlowStart = true;
  let cutAt = -Infinity;
  let round = openRound(limit, 0);

  const cut = (now: number): void => {
    isSlowStart = false;
    if (now - cutAt < COOLDOWN_MS) return;
    cutAt = now;
    limit = Math.max(1, limit * CUT);
  };
  const endRound = (inFlight: number): void => {
    const isBusy = round.peak >= BUSY * Math.floor(limit);
    const isClean = !round.isRefused && round.failed <= FAILURES * round.size;
    if (isClean && isBusy) limit = Math.min(ceiling, limit * (isSlowStart ? 2 : GROWTH));
    round = openRound(Math.ceil(limit), inFlight);
  };

  return {
    limit: () => Math.floor(limit),
    started: (inFlight) => {
      round.peak = Math.max(round.peak, inFlight);
    },
    ended: (result, inFlight, now) => {
      if (result === 'refused') cut(now);
      if (result === 'refused') round.isRefused = true;
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
  isRefused: boolean;
  peak: number;
}

function openRound(size: number, inFlight: number): Round {
  return { size, left: size, failed: 0, isRefused: false, peak: inFlight };
}
