import { createAdmissionLimiter } from '../../src/elicit/admission-limiter.js';

/** Tasks that end on request. */
function heldTasks(): {
  begun: number[];
  task: (id: number) => () => Promise<number>;
  end: (id: number) => Promise<void>;
} {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  return {
    begun,
    task: (id) => () => {
      begun.push(id);
      return new Promise((resolve) => {
        ends.set(id, () => {
          resolve(id);
        });
      });
    },
    end: async (id) => {
      ends.get(id)?.();
      await new Promise(setImmediate);
    },
  };
}

describe('the window', () => {
  test('opens tasks only while there is room, in order', async () => {
    const { begun, task, end } = heldTasks();
    const window = createAdmissionLimiter(10);
    for (const id of [1, 2, 3, 4]) void window.run(id === 3 ? 8 : 4, task(id));
    await new Promise(setImmediate);
    expect(begun).toEqual([1, 2]);
    await end(1);
    // The third is heavy and waits; the fourth, which would fit, does not overtake it.
    expect(begun).toEqual([1, 2]);
    await end(2);
    expect(begun).toEqual([1, 2, 3]);
    await end(3);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  test('opens a task larger than the whole room on its own', async () => {
    const { begun, task, end } = heldTasks();
    const window = createAdmissionLimiter(10);
    for (const id of [1, 2]) void window.run(50, task(id));
    await new Promise(setImmediate);
    expect(begun).toEqual([1]);
    await end(1);
    expect(begun).toEqual([1, 2]);
  });

  test('a task that fails frees its room and reports the failure', async () => {
    const window = createAdmissionLimiter(1);
    const failed = window.run(1, () => Promise.reject(new Error('broken')));
    await expect(failed).rejects.toThrow('broken');
    expect(await window.run(1, () => Promise.resolve('next'))).toBe('next');
  });
});
