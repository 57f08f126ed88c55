import { jest } from '@jest/globals';
import { listenForSignals } from '../src/session/interrupt.js';

/** GitHub's runner sends SIGINT, this much later SIGTERM, and then SIGKILL. Milliseconds. */
const RUNNER_WAITS_MS = 7500;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s no call is sent, and none is waited for by the time that a runner ends the process',
  (signal) => {
    const { stop, giveUp, release } = listenForSignals();
    process.emit(signal, signal);
    expect([stop.aborted, giveUp.aborted]).toEqual([true, false]);
    // The rest of the time is for what was measured, and for the report.
    jest.advanceTimersByTime((RUNNER_WAITS_MS * 3) / 4);
    expect(giveUp.aborted).toBe(true);
    release();
  },
);

test('after the first signal nothing listens: the second one ends the process', () => {
  const before = process.listenerCount('SIGINT');
  const { release } = listenForSignals();
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  process.emit('SIGINT', 'SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(before);
  expect(process.listenerCount('SIGTERM')).toBe(before);
  release();
});
