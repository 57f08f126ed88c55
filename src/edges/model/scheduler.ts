import TinyQueue from 'tinyqueue';
import { createConcurrency } from './concurrency.js';
import { type LearnedRate, createLearnedRate } from './learned-rate.js';
import { type Mark, type Mirror, createMirror } from './token-bucket.js';
import type { RateHeaders } from './rate-headers.js';
import { whenAborted } from './abort.js';

/** Time as the pace sees it, so that tests can turn the clock. */
export interface Clock {
  readonly now: () => number;
  /** Calls back after some milliseconds. @returns what cancels it */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** How one attempt ended, as far as the pace has to know. */
export interface Attempt {
  readonly result: 'answered' | 'refused' | 'failed';
  readonly pass: Pass;
  readonly headers: RateHeaders;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfter?: number;
}

/** What a call was let in with. */
export interface Pass {
  readonly tokens: number;
  readonly marks: Readonly<Record<'requests' | 'tokens' | 'learned', Mark>>;
}

export interface Pace {
  /**
   * Resolves when a call may be sent; the lowest `order` goes first.
   *
   * @param tokens what the provider will count for the call, as far as one can tell
   * @throws the reason of the signal when that ends the waiting; `leave` is not called then
   */
  enter(order: number, tokens: number, signal: AbortSignal): Promise<Pass>;
  /** To be called once for each `enter`, when the attempt has ended. */
  leave(attempt: Attempt): void;
}

/** How long everybody waits after a refusal that does not say how long, in milliseconds. */
const DEFAULT_PAUSE_MS = 250;

interface Waiting {
  readonly order: number;
  readonly tokens: number;
  readonly admit: (pass: Pass) => void;
  readonly signal: AbortSignal;
}

/**
 * The pace of calls to one provider with one key and model: as fast as its limits allow, without running into them.
 * Concurrency adapts to refusals. Where the provider tells how much is left of its limits, its buckets are mirrored
 * here, so that a call is held back that would be refused; where it does not, its rate is learned from refusals.
 *
 * @param ceiling most calls in flight, whatever happens
 * @param longestPause the longest that refusals without a word on the limit keep calls apart, in milliseconds
 */
export function createPace(ceiling: number, clock: Clock, longestPause: number): Pace {
  const queue = new TinyQueue<Waiting>([], (one, other) => one.order - other.order);
  const concurrency = createConcurrency(ceiling);
  const inFlight = { requests: 0, tokens: 0 };
  const limits = createLimits(longestPause);
  let pausedUntil = -Infinity;
  const alarm = createAlarm(clock);
  /** Calls in the queue that no signal has ended. */
  let inLine = 0;

  const admitAll = (): void => {
    for (
      let next = queue.peek();
      next && inFlight.requests < concurrency.limit();
      next = queue.peek()
    ) {
      if (next.signal.aborted) {
        queue.pop();
        continue;
      }
      const now = clock.now();
      const wait = Math.max(pausedUntil - now, limits.wait(next.tokens, now));
      if (wait > 0) {
        alarm.set(wait, admitAll);
        return;
      }
      inFlight.requests += 1;
      inFlight.tokens += next.tokens;
      concurrency.started(inFlight.requests);
      queue.pop()?.admit(limits.take(next.tokens, now));
    }
  };
  const endLine = (): void => {
    inLine -= 1;
    // An alarm that nobody waits for would keep the process from its end.
    if (inLine === 0) alarm.cancel();
  };

  return {
    enter: async (order, tokens, signal) => {
      signal.throwIfAborted();
      const admitted = standInLine(queue, { order, tokens, signal });
      inLine += 1;
      admitAll();
      return admitted.finally(endLine);
    },
    leave: (attempt) => {
      const { result, pass, retryAfter = DEFAULT_PAUSE_MS } = attempt;
      const now = clock.now();
      inFlight.requests -= 1;
      inFlight.tokens -= pass.tokens;
      concurrency.ended(result, inFlight.requests, now);
      if (result === 'refused') pausedUntil = Math.max(pausedUntil, now + retryAfter);
      limits.learn(attempt, inFlight, now);
      admitAll();
    },
  };
}

/** Far below what timers can count; who has to wait longer is looked at again. */
const LONGEST_ALARM_MS = 60_000;

/** One alarm at a time: while one is set, another is not. */
function createAlarm(clock: Clock): {
  set: (wait: number, ring: () => void) => void;
  cancel: () => void;
} {
  let cancel: (() => void) | undefined;
  return {
    set: (wait, ring) => {
      cancel ??= clock.after(Math.min(Math.ceil(wait), LONGEST_ALARM_MS), () => {
        cancel = undefined;
        ring();
      });
    },
    cancel: () => {
      cancel?.();
      cancel = undefined;
    },
  };
}

/** Resolves when the place in the queue is reached; rejects when the signal ends the waiting. */
function standInLine(
  queue: TinyQueue<Waiting>,
  place: Pick<Waiting, 'order' | 'tokens' | 'signal'>,
): Promise<Pass> {
  const { signal } = place;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      // Whatever ended it is passed on as it is.
      reject(signal.reason as Error);
    };
    const forget = whenAborted(signal, giveUp);
    const admit = (pass: Pass): void => {
      forget();
      resolve(pass);
    };
    queue.push({ ...place, admit });
  });
}

/** All limits of a provider that can be known. */
interface Limits {
  wait(tokens: number, now: number): number;
  take(tokens: number, now: number): Pass;
  learn(
    attempt: Attempt,
    inFlight: Readonly<Record<'requests' | 'tokens', number>>,
    now: number,
  ): void;
}

function createLimits(longestPause: number): Limits {
  const requests: Mirror = createMirror();
  const tokens: Mirror = createMirror();
  const learned: LearnedRate = createLearnedRate(longestPause);
  return {
    wait: (size, now) => Math.max(requests.wait(1, now), tokens.wait(size, now), learned.wait(now)),
    take: (size, now) => ({
      tokens: size,
      marks: {
        requests: requests.take(1, now),
        tokens: tokens.take(size, now),
        learned: learned.start(now),
      },
    }),
    learn: ({ result, pass, headers, retryAfter }, inFlight, now) => {
      if (headers.requests) {
        const place = { inFlight: inFlight.requests, now };
        requests.correct(headers.requests, pass.marks.requests, place);
      }
      if (headers.tokens) {
        const place = { inFlight: inFlight.tokens, now };
        tokens.correct(headers.tokens, pass.marks.tokens, place);
      }
      if (result === 'refused' && !explains(headers, pass)) {
        learned.refuse(pass.marks.learned, now, retryAfter);
      }
    },
  };
}

/** Whether what the provider says of its limits tells why it has refused a call. */
function explains({ requests, tokens }: RateHeaders, pass: Pass): boolean {
  return (requests?.remaining ?? 1) < 1 || (tokens?.remaining ?? Infinity) < pass.tokens;
}
