import { getEventListeners } from 'node:events';
import { TimeIsUp, createJoin, whenAborted, withLimit } from '../../../src/edges/model/abort.js';

const never = (end: AbortSignal): Promise<string> =>
  new Promise((_, reject) => {
    end.addEventListener('abort', () => {
      reject(new Error('ended'));
    });
  });

describe('a watched signal', () => {
  test('has one listener, and notifies the tasks that still listen', () => {
    const stop = new AbortController();
    const told: string[] = [];
    const forget = whenAborted(stop.signal, () => told.push('one'));
    whenAborted(stop.signal, () => told.push('other'));
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    forget();
    stop.abort();
    expect(told).toEqual(['other']);
  });
});

describe('joined signals', () => {
  test('are the same for the same signal, and end with either', () => {
    const all = new AbortController();
    const join = createJoin(all.signal);
    const [one, other] = [new AbortController(), new AbortController()];
    const joined = join(one.signal);
    expect(join(one.signal)).toBe(joined);
    expect(join(undefined)).toBe(all.signal);
    one.abort();
    expect([joined.aborted, join(other.signal).aborted]).toEqual([true, false]);
    all.abort();
    expect(join(other.signal).aborted).toBe(true);
  });
});

describe('a limit', () => {
  test('stops listening to the signal when the task has ended', async () => {
    const stop = new AbortController();
    const ends: AbortSignal[] = [];
    await withLimit({ signal: stop.signal, milliseconds: 60_000 }, (end) => {
      ends.push(end);
      return Promise.resolve();
    });
    stop.abort();
    expect(ends.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('ends the task with the other signal', async () => {
    const stop = new AbortController();
    const task = withLimit({ signal: stop.signal, milliseconds: 60_000 }, never);
    stop.abort();
    await expect(task).rejects.toThrow('ended');
  });

  test('ends the task after its time', async () => {
    const { signal } = new AbortController();
    await expect(withLimit({ signal, milliseconds: 1 }, never)).rejects.toThrow(TimeIsUp);
  });

  test('does not start a task whose signal has already ended', async () => {
    const begun: AbortSignal[] = [];
    const signal = AbortSignal.abort(new Error('over'));
    const ended = withLimit({ signal, milliseconds: 1 }, (end) => {
      begun.push(end);
      return never(end);
    });
    await expect(ended).rejects.toThrow('over');
    expect(begun).toEqual([]);
  });
});
