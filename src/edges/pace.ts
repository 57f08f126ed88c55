import TinyQueue from 'tinyqueue';
import { createConcurrency } from './concurrency.js';
import type { Allowance, RateHeaders } from './rate-headers.js';

/** Time as the pace sees it, so that tests can turn the clock. */
export interface Clock {
  readonly now: () => number;
  /** Calls back after some milliseconds. @returns what cancels it */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** How one attempt ended, as far as the pace has to know. */
export interface Attempt {
  readonly result: 'answered' | 'refused' | 'failed';
  /** The tokens that it entered with. */
  readonly tokens: number;
  readonly headers: RateHeaders;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfter?: number;
}

export interface Pace {
  /**
   * Resolves when a call may be sent; the lowest `order` goes first.
   *
   * @param tokens what the provider will count for the call, as far as one can tell
   * @throws the reason of the signal when that ends the waiting; `leave` is not called then
   */
  enter(order: number, tokens: number, signal: AbortSignal): Promise<void>;
  /** To be called once for each `enter`, when the attempt has ended. */
  leave(attempt: Attempt): void;
}

/** How long everybody waits after a refusal that does not say how long, in milliseconds. */
const DEFAULT_PAUSE_MS = 250;

interface Waiting {
  readonly order: number;
  readonly tokens: number;
  readonly admit: () => void;
  readonly signal: AbortSignal;
}

/**
 * The pace of calls to one provider with one key and model: as fast as its limits allow, without running into them.
 * Concurrency adapts to refusals; and where the provider tells how much is left of its limits, its buckets are
 * mirrored here, so that a call is held back that would be refused.
 *
 * @param ceiling most calls in flight, whatever happens
 */
export function createPace(ceiling: number, clock: Clock): Pace {
  const queue = new TinyQueue<Waiting>([], (one, other) => one.order - other.order);
  const concurrency = createConcurrency(ceiling);
  const inFlight = { requests: 0, tokens: 0 };
  const buckets: Buckets = {};
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
      const wait = Math.max(pausedUntil - clock.now(), waitFor(next, buckets, clock.now()));
      if (wait > 0) {
        alarm.set(wait, admitAll);
        return;
      }
      inFlight.requests += 1;
      inFlight.tokens += next.tokens;
      concurrency.started(inFlight.requests);
      buckets.requests?.take(1);
      buckets.tokens?.take(next.tokens);
      queue.pop()?.admit();
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
    leave: ({ result, tokens, headers, retryAfter = DEFAULT_PAUSE_MS }) => {
      const now = clock.now();
      inFlight.requests -= 1;
      inFlight.tokens -= tokens;
      concurrency.ended(result, inFlight.requests, now);
      if (result === 'refused') pausedUntil = Math.max(pausedUntil, now + retryAfter);
      if (headers.requests) buckets.requests = mirror(headers.requests, inFlight.requests, now);
      if (headers.tokens) buckets.tokens = mirror(headers.tokens, inFlight.tokens, now);
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
): Promise<void> {
  const { signal } = place;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      // Whatever ended it is passed on as it is.
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const admit = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    queue.push({ ...place, admit });
  });
}

interface Buckets {
  requests?: Bucket;
  tokens?: Bucket;
}

/** Milliseconds until the buckets have room for a call; 0 or less when they have. */
function waitFor({ tokens }: Waiting, buckets: Buckets, now: number): number {
  return Math.max(buckets.requests?.wait(1, now) ?? 0, buckets.tokens?.wait(tokens, now) ?? 0);
}

interface Bucket {
  /** Milliseconds until a call of this size may be sent; 0 or less when it may. */
  wait(size: number, now: number): number;
  take(size: number): void;
}

/** A call larger than what this time brings is sent when that much has come together, not waited for forever. */
const LONGEST_WAIT_MS = 50_000;

/** What a provider said this long ago holds no one back any more: it may have been wrong, or hostile. */
const STALE_MS = 300_000;

/** The provider's bucket as of now: calls in flight may not have been counted there yet, so they are here. */
function mirror({ remaining, rate }: Allowance, inFlight: number, start: number): Bucket {
  let taken = inFlight;
  return {
    wait: (size, now) => {
      if (now - start >= STALE_MS) return 0;
      const left = remaining - taken + (now - start) * rate;
      return (Math.min(size, LONGEST_WAIT_MS * rate) - left) / rate;
    },
    take: (size) => {
      taken += size;
    },
  };
}
