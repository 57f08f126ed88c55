import { setMaxListeners } from 'node:events';
import type { Interruption } from '../edges/model/call-limits.js';
import { Interrupted } from '../base/errors.js';

/** What is in flight is paid for and has this long to arrive, in milliseconds; a runner kills after 7,500. */
const GRACE_MS = 5000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Turns the first SIGINT or SIGTERM into an orderly end: no more calls are sent, and the answers of calls in flight are
 * kept. A second signal ends the process at once, as it does without a handler.
 *
 * @returns the interruption, and `release` to stop listening
 */
export function listenForSignals(): Interruption & { readonly release: () => void } {
  const [stop, giveUp] = [new AbortController(), new AbortController()];
  // One listener for each call is what is meant here, not a leak.
  setMaxListeners(0, stop.signal, giveUp.signal);
  const interrupt = (signal: NodeJS.Signals): void => {
    release();
    const reason = new Interrupted(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    stop.abort(reason);
    setTimeout(() => {
      giveUp.abort(reason);
    }, GRACE_MS).unref();
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return { stop: stop.signal, giveUp: giveUp.signal, release };
}
