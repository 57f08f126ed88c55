import { jest } from '@jest/globals';
import { listenForSignals } from '../src/session/interrupt.js';

/** GitHub's runner sends SIGINT, SIGTERM after this time, and then SIGKILL. Milliseconds. */
const RUNNER_WAITS_MS = 7500;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s no call is sent, and all waits end before the runner kills the process',
  (signal) => {
    const { stop, giveUp, release } = listenForSignals();
    process.emit(signal, signal);
    expect([stop.aborted, giveUp.aborted]).toEqual([true, false]);
    // The remaining time is for the measured part and the report.
    jest.advanceTimersByTime((RUNNER_WAITS_MS * 3) / 4);
    expect(giveUp.aborted).toBe(true);
    release();
  },
);

test('after the first signal no handler is left: the second one ends the process', () => {
  const before = process.listenerCount('SIGINT');
  const { release } = listenForSignals();
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  process.emit('SIGINT', 'SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(before);
  expect(process.listenerCount('SIGTERM')).toBe(before);
  release();
});
