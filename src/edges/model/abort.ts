import { setMaxListeners } from 'node:events';

const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal ends. A signal has one listener for all who watch it here: each further one costs a search
 * through those that are there, and hundreds of calls share a signal.
 *
 * @returns what ends the watch
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const known = watchers.get(signal);
  const watching = known ?? new Set<() => void>();
  if (!known) {
    watchers.set(signal, watching);
    const tellAll = (): void => {
      for (const tell of watching) tell();
    };
    signal.addEventListener('abort', tellAll, { once: true });
  }
  watching.add(act);
  return () => void watching.delete(act);
}

/**
 * Joins signals with one that ends everything: the same joined signal for the same signal, as one made for each call
 * would pile up on those that it listens to.
 */
export function createJoin(all: AbortSignal): (signal: AbortSignal | undefined) => AbortSignal {
  const joined = new WeakMap<AbortSignal, AbortSignal>();
  // One listener for each call that sleeps is what is meant here, not a leak.
  setMaxListeners(0, all);
  return (signal) => {
    if (!signal) return all;
    const known = joined.get(signal);
    if (known) return known;
    const end = AbortSignal.any([all, signal]);
    setMaxListeners(0, end);
    joined.set(signal, end);
    return end;
  };
}

/** A task was ended by its time limit. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';
}

/** What ends a task: a signal, or the time that it may take. */
export interface AbortLimit {
  readonly signal: AbortSignal;
  readonly milliseconds: number;
}

/**
 * Gives a task its own signal, which ends with another signal or after some time, and cleans up: a timeout signal would
 * keep its listeners in memory until its time, even after the answer.
 *
 * @throws TimeIsUp when the time ended it, else what the task throws
 */
export async function withLimit<Value>(
  { signal, milliseconds }: AbortLimit,
  task: (limit: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const limit = new AbortController();
  const alarm = setTimeout(() => {
    limit.abort(new TimeIsUp('time is up'));
  }, milliseconds);
  const forget = whenAborted(signal, () => {
    limit.abort();
  });
  try {
    signal.throwIfAborted();
    return await task(limit.signal);
  } catch (error) {
    throw limit.signal.reason instanceof TimeIsUp ? limit.signal.reason : error;
  } finally {
    clearTimeout(alarm);
    forget();
  }
}
