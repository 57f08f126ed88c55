import TinyQueue from 'tinyqueue';
import { createConcurrency } from './concurrency.js';
import { type LearnedRate, createLearnedRate } from './learned-rate.js';
import { type Debit, type TokenBucketMirror, createTokenBucketMirror } from './token-bucket.js';
import type { RateHeaders } from './rate-headers.js';
import { whenAborted } from './abort.js';

/** Time as the scheduler sees it, so that tests can turn the clock. */
export interface Clock {
  readonly now: () => number;
  /** Calls back after some milliseconds. @returns what cancels it */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** How one attempt ended, as far as the scheduler has to know. */
export interface EndedAttempt {
  readonly result: 'answered' | 'rate-limited' | 'failed';
  readonly permit: Permit;
  readonly headers: RateHeaders;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfter?: number;
}

/** What a call was let in with. */
export interface Permit {
  readonly tokens: number;
  readonly debits: Readonly<Record<'requests' | 'tokens' | 'learned', Debit>>;
}

export interface Scheduler {
  /**
   * Resolves when a call may be sent; the lowest `order` goes first.
   *
   * @param tokens what the provider will count for the call, as far as one can tell
   * @throws the reason of the signal when that ends the waiting; `release` is not called then
   */
  acquire(order: number, tokens: number, signal: AbortSignal): Promise<Permit>;
  /** To be called once for each `acquire`, when the attempt has ended. */
  release(attempt: EndedAttempt): void;
}

/** How long all calls wait after a refusal that does not say how long, in milliseconds. */
const DEFAULT_PAUSE_MS = 250;

interface Waiting {
  readonly order: number;
  readonly tokens: number;
  readonly admit: (permit: Permit) => void;
  readonly signal: AbortSignal;
}

/**
 * Admits the calls to one provider with one key and model: as fast as its limits allow, without running into them.
 * Concurrency adapts to refusals. Where the provider tells how much is left of its limits, its buckets are mirrored
 * here, so that a call is held back that would be refused; where it does not, its rate is learned from refusals.
 *
 * @param ceiling maximum number of calls in flight
 * @param maxPause maximum time between calls that is learned from refusals which do not state the limit, in milliseconds
 */
export function createScheduler(ceiling: number, clock: Clock, maxPause: number): Scheduler {
  const queue = new TinyQueue<Waiting>([], (one, other) => one.order - other.order);
  const concurrency = createConcurrency(ceiling);
  const inFlight = { requests: 0, tokens: 0 };
  const limits = createLimits(maxPause);
  let pausedUntil = -Infinity;
  const timer = createTimer(clock);
  /** Calls in the queue that no signal has ended. */
  let waiting = 0;

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
        timer.set(wait, admitAll);
        return;
      }
      inFlight.requests += 1;
      inFlight.tokens += next.tokens;
      concurrency.started(inFlight.requests);
      queue.pop()?.admit(limits.take(next.tokens, now));
    }
  };
  const endWaiting = (): void => {
    waiting -= 1;
    // A timer without a waiting call would keep the process alive.
    if (waiting === 0) timer.cancel();
  };

  return {
    acquire: async (order, tokens, signal) => {
      signal.throwIfAborted();
      const admitted = waitForPermit(queue, { order, tokens, signal });
      waiting += 1;
      admitAll();
      return admitted.finally(endWaiting);
    },
    release: (attempt) => {
      const { result, permit, retryAfter = DEFAULT_PAUSE_MS } = attempt;
      const now = clock.now();
      inFlight.requests -= 1;
      inFlight.tokens -= permit.tokens;
      concurrency.ended(result, inFlight.requests, now);
      if (result === 'rate-limited') pausedUntil = Math.max(pausedUntil, now + retryAfter);
      limits.learn(attempt, inFlight, now);
      admitAll();
    },
  };
}

/** Far below what timers can count; who has to wait longer is looked at again. */
const MAX_TIMER_MS = 60_000;

/** One timer at a time: while one is set, another is not. */
function createTimer(clock: Clock): {
  set: (wait: number, ring: () => void) => void;
  cancel: () => void;
} {
  let cancel: (() => void) | undefined;
  return {
    set: (wait, ring) => {
      cancel ??= clock.after(Math.min(Math.ceil(wait), MAX_TIMER_MS), () => {
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
function waitForPermit(
  queue: TinyQueue<Waiting>,
  place: Pick<Waiting, 'order' | 'tokens' | 'signal'>,
): Promise<Permit> {
  const { signal } = place;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      // The reason of the signal is passed on unchanged.
      reject(signal.reason as Error);
    };
    const forget = whenAborted(signal, giveUp);
    const admit = (permit: Permit): void => {
      forget();
      resolve(permit);
    };
    queue.push({ ...place, admit });
  });
}

/** All limits of a provider that can be known. */
interface ProviderLimits {
  wait(tokens: number, now: number): number;
  take(tokens: number, now: number): Permit;
  learn(
    attempt: EndedAttempt,
    inFlight: Readonly<Record<'requests' | 'tokens', number>>,
    now: number,
  ): void;
}

function createLimits(maxPause: number): ProviderLimits {
  const requests: TokenBucketMirror = createTokenBucketMirror();
  const tokens: TokenBucketMirror = createTokenBucketMirror();
  const learned: LearnedRate = createLearnedRate(maxPause);
  return {
    wait: (size, now) => Math.max(requests.wait(1, now), tokens.wait(size, now), learned.wait(now)),
    take: (size, now) => ({
      tokens: size,
      debits: {
        requests: requests.take(1, now),
        tokens: tokens.take(size, now),
        learned: learned.start(now),
      },
    }),
    learn: ({ result, permit, headers, retryAfter }, inFlight, now) => {
      if (headers.requests) {
        const place = { inFlight: inFlight.requests, now };
        requests.reconcile(headers.requests, permit.debits.requests, place);
      }
      if (headers.tokens) {
        const place = { inFlight: inFlight.tokens, now };
        tokens.reconcile(headers.tokens, permit.debits.tokens, place);
      }
      if (result === 'rate-limited' && !explains(headers, permit)) {
        learned.refuse(permit.debits.learned, now, retryAfter);
      }
    },
  };
}

/** Whether what the provider says of its limits tells why it has refused a call. */
function explains({ requests, tokens }: RateHeaders, permit: Permit): boolean {
  return (requests?.remaining ?? 1) < 1 || (tokens?.remaining ?? Infinity) < permit.tokens;
}
