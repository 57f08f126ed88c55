import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './scheduler.js';
import type { RetryPolicy } from './retries.js';

/** How long a call may take, in milliseconds, and how large its answer may be. */
export interface CallLimits {
  /** One attempt with its body. */
  readonly attempt: number;
  /** A provider that is at its limit is waited for; one that fails again and again gets four more attempts. */
  readonly deadline: RetryPolicy['deadline'];
  readonly maxPause: RetryPolicy['maxPause'];
  readonly backoff: RetryPolicy['backoff'];
  /** In bytes: far more than the answers and verdicts of any run, which hold thousands of tokens at most. */
  readonly answer: number;
}

/** How a run ends before its time: from `stop` on no call is sent, from `giveUp` on none is waited for. */
export interface Interruption {
  readonly stop: AbortSignal;
  readonly giveUp: AbortSignal;
}

export const CALL_LIMITS: CallLimits = {
  attempt: 120_000,
  deadline: { 'rate-limited': 600_000, transient: 10_000 },
  maxPause: 60_000,
  backoff: { initial: 500, max: 8000 },
  answer: 4 * 1024 * 1024,
};

/** Milliseconds. The clock of the machine may be set while a run goes on; this one only goes forward. */
export const elapsed = (): number => performance.now();

/** How calls are retried, except for the limits. */
export const RETRY_POLICY: Pick<RetryPolicy, 'now' | 'date' | 'sleep' | 'jitter'> = {
  now: elapsed,
  date: Date.now,
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  },
  jitter: Math.random,
};

export const CLOCK: Clock = {
  now: elapsed,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
