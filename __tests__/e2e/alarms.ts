import { jest } from '@jest/globals';

/** The time limits of attempts, which ring when the test says so and not after a time. */
export interface Alarms {
  /** Says that a request is never answered: with headers and half of a body, or with nothing. */
  hang(answer: 'begun' | 'none'): void;
  restore(): void;
}

/** Alarms that hold one request: that of the attempt, and until there are headers that of the client. */
const ALARMS = { begun: 1, none: 2 };

/**
 * Takes every timer of so many milliseconds, which no other timer may have, and lets all of them ring as soon as each
 * attempt under way is one that hangs. So no attempt that is answered runs out of time, however slow the machine is,
 * and no test waits.
 */
export function takeAlarms(milliseconds: number): Alarms {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const pending = new Map<unknown, () => void>();
  let hanging = 0;
  const settle = (): void => {
    if (hanging === 0 || pending.size !== hanging) return;
    const all = [...pending.values()];
    pending.clear();
    hanging = 0;
    for (const ring of all) ring();
  };
  const spies = [
    jest.spyOn(globalThis, 'setTimeout').mockImplementation((act, pause) => {
      if (pause !== milliseconds) return set(act, pause);
      // A timer that does not ring by itself, to be cleared as any other.
      const timer = set(() => undefined, 0);
      pending.set(timer, act);
      return timer;
    }),
    jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      clear(timer);
      if (pending.delete(timer)) settle();
    }),
  ];
  return {
    hang: (answer) => {
      hanging += ALARMS[answer];
      settle();
    },
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
