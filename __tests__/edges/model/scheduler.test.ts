import { RETRY_POLICY } from '../../../src/edges/model/call-limits.js';
import { createConcurrency } from '../../../src/edges/model/concurrency.js';
import {
  type EndedAttempt,
  type Clock,
  type Scheduler,
  type Permit,
  createScheduler,
} from '../../../src/edges/model/scheduler.js';
import { retry } from '../../../src/edges/model/retries.js';

/** A clock that only the test moves. */
function stoppedClock(): Clock & {
  turn: (milliseconds: number) => Promise<void>;
  alarmsSet: () => number;
} {
  let now = 0;
  let alarms: { readonly at: number; readonly ring: () => void }[] = [];
  return {
    now: () => now,
    after: (milliseconds, ring) => {
      const alarm = { at: now + milliseconds, ring };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((one) => one !== alarm);
      };
    },
    alarmsSet: () => alarms.length,
    turn: async (milliseconds) => {
      now += milliseconds;
      const due = alarms.filter(({ at }) => at <= now);
      alarms = alarms.filter(({ at }) => at > now);
      for (const { ring } of due) ring();
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

const UNENDED = new AbortController().signal;

const permitOf = (tokens: number): Permit => {
  const mark = { at: 0, taken: tokens };
  return { tokens, debits: { requests: { at: 0, taken: 1 }, tokens: mark, learned: mark } };
};
const ANSWERED: EndedAttempt = { result: 'answered', permit: permitOf(1), headers: {} };
const REFUSED: EndedAttempt = { result: 'rate-limited', permit: permitOf(1), headers: {} };

/** Enters calls and records the order in which they were admitted. */
function queueUp(scheduler: Scheduler, orders: readonly number[], tokens = 1): readonly number[] {
  const admitted: number[] = [];
  for (const order of orders)
    void scheduler.acquire(order, tokens, UNENDED).then(() => admitted.push(order));
  return admitted;
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe('the scheduler', () => {
  test('admits as many calls as the ceiling allows, the lowest order first', async () => {
    const scheduler = createScheduler(2, stoppedClock(), 60_000);
    const admitted = queueUp(scheduler, [5, 4, 9, 1, 3]);
    await settle();
    expect(admitted).toEqual([5, 4]);
    scheduler.release(ANSWERED);
    await settle();
    expect(admitted).toEqual([5, 4, 1]);
  });

  test('starts with 20, doubles with each clean round, and never exceeds the ceiling', async () => {
    const scheduler = createScheduler(50, stoppedClock(), 60_000);
    const admitted = queueUp(scheduler, numbers(400));
    await settle();
    expect(admitted).toHaveLength(20);
    for (let done = 0; done < 20; done += 1) scheduler.release(ANSWERED);
    await settle();
    expect(admitted).toHaveLength(20 + 40);
    for (let done = 0; done < 40; done += 1) scheduler.release(ANSWERED);
    await settle();
    expect(admitted).toHaveLength(60 + 50);
  });

  test('applies the pause that a provider asks for to all calls', async () => {
    const clock = stoppedClock();
    const scheduler = createScheduler(4, clock, 60_000);
    const admitted = queueUp(scheduler, numbers(8));
    await settle();
    scheduler.release({ ...REFUSED, retryAfter: 3000 });
    await clock.turn(2999);
    expect(admitted).toHaveLength(4);
    await clock.turn(1);
    expect(admitted.length).toBeGreaterThan(3);
  });

  test("holds back calls that the provider would refuse: it mirrors the provider's bucket", async () => {
    const clock = stoppedClock();
    const scheduler = createScheduler(20, clock, 60_000);
    const admitted = queueUp(scheduler, numbers(30));
    await settle();
    for (let left = 19; left > 0; left -= 1) scheduler.release(ANSWERED);
    // Two are left, and one per second is added.
    scheduler.release({ ...ANSWERED, headers: { requests: { remaining: 2, rate: 0.001 } } });
    await settle();
    const before = admitted.length;
    await clock.turn(1000);
    expect(admitted.length - before).toBeLessThanOrEqual(1);
  });

  test.each([
    ['far away', { remaining: 0, rate: 1e-12 }],
    ['never', { remaining: 0, rate: Number.MIN_VALUE }],
  ])('a limit that resets %s is not trusted for more than five minutes', async (_, all) => {
    const clock = stoppedClock();
    const scheduler = createScheduler(20, clock, 60_000);
    await scheduler.acquire(0, 1, UNENDED);
    await scheduler.acquire(0, 1, UNENDED);
    scheduler.release({ ...ANSWERED, headers: { requests: all, tokens: all } });
    scheduler.release(ANSWERED);
    const admitted = queueUp(scheduler, [1]);
    for (let minute = 1; minute < 5; minute += 1) await clock.turn(60_000);
    expect(admitted).toEqual([]);
    await clock.turn(60_000);
    expect(admitted).toEqual([1]);
  });

  test('a call that is larger than a minute of tokens is still sent, later', async () => {
    const clock = stoppedClock();
    const scheduler = createScheduler(20, clock, 60_000);
    const first = queueUp(scheduler, [0], 10);
    await settle();
    scheduler.release({
      ...ANSWERED,
      permit: permitOf(10),
      headers: { tokens: { remaining: 0, rate: 0.1 } },
    });
    const huge = queueUp(scheduler, [1], 1_000_000);
    await settle();
    expect([first.length, huge.length]).toEqual([1, 0]);
    await clock.turn(50_000);
    expect(huge).toEqual([1]);
  });
});

describe('a call whose signal ends while it waits', () => {
  const STOP = new Error('the call is no longer needed');

  /** Enters calls that wait for a pause of the provider to end. */
  async function pausedPace() {
    const clock = stoppedClock();
    const scheduler = createScheduler(4, clock, 60_000);
    await scheduler.acquire(0, 1, UNENDED);
    scheduler.release({ ...REFUSED, retryAfter: 60_000 });
    return { clock, scheduler };
  }

  test('rejects with the reason of the signal, and its place is skipped', async () => {
    const { clock, scheduler } = await pausedPace();
    const stop = new AbortController();
    const ended = [1, 2, 3].map((order) => scheduler.acquire(order, 1, stop.signal));
    const admitted = queueUp(scheduler, [4, 5]);
    stop.abort(STOP);
    for (const one of ended) await expect(one).rejects.toBe(STOP);
    await clock.turn(60_000);
    expect(admitted).toEqual([4, 5]);
  });

  test('rejects immediately if the signal has ended before', async () => {
    const scheduler = createScheduler(4, stoppedClock(), 60_000);
    await expect(scheduler.acquire(0, 1, AbortSignal.abort(STOP))).rejects.toBe(STOP);
    expect(queueUp(scheduler, [1, 2, 3, 4])).toEqual([]);
    await settle();
  });

  test('takes no place under the ceiling', async () => {
    const scheduler = createScheduler(1, stoppedClock(), 60_000);
    await scheduler.acquire(0, 1, UNENDED);
    const stop = new AbortController();
    const ended = scheduler.acquire(1, 1, stop.signal);
    const admitted = queueUp(scheduler, [2, 3]);
    stop.abort(STOP);
    await expect(ended).rejects.toBe(STOP);
    scheduler.release(ANSWERED);
    await settle();
    expect(admitted).toEqual([2]);
  });

  test('removes the alarm if it was the last one, and otherwise keeps it', async () => {
    const { clock, scheduler } = await pausedPace();
    const [first, second] = [new AbortController(), new AbortController()];
    const ended = [first, second].map(({ signal }) => scheduler.acquire(1, 1, signal));
    for (const one of ended) one.catch(() => undefined);
    await settle();
    expect(clock.alarmsSet()).toBe(1);
    first.abort(STOP);
    await settle();
    expect(clock.alarmsSet()).toBe(1);
    second.abort(STOP);
    await settle();
    expect(clock.alarmsSet()).toBe(0);
    // Later calls still wait for the rest of the pause.
    const admitted = queueUp(scheduler, [9]);
    await clock.turn(59_999);
    expect(admitted).toEqual([]);
    await clock.turn(1);
    expect(admitted).toEqual([9]);
    expect(clock.alarmsSet()).toBe(0);
  });
});

describe('concurrency', () => {
  test('a refusal reduces it by a fifth, once per second', () => {
    const concurrency = createConcurrency(100);
    concurrency.ended('rate-limited', 10, 0);
    expect(concurrency.limit()).toBe(16);
    concurrency.ended('rate-limited', 10, 500);
    expect(concurrency.limit()).toBe(16);
    concurrency.ended('rate-limited', 10, 1500);
    expect(concurrency.limit()).toBe(12);
  });

  test('never falls below one', () => {
    const concurrency = createConcurrency(1);
    for (let second = 0; second < 50; second += 1)
      concurrency.ended('rate-limited', 0, second * 2000);
    expect(concurrency.limit()).toBe(1);
  });

  test.each([
    ['one refusal', 'rate-limited', 1, 16],
    ['three failures', 'failed', 3, 20],
    ['two failures, a tenth', 'failed', 2, 40],
  ] as const)('a round of twenty with %s', (_, result, count, limit) => {
    const concurrency = createConcurrency(100);
    concurrency.started(20);
    for (let done = 0; done < 20; done += 1) {
      concurrency.ended(done < count ? result : 'answered', 0, 1);
    }
    expect(concurrency.limit()).toBe(limit);
  });
});

describe('attempts', () => {
  const policy = {
    deadline: { 'rate-limited': 10_000, transient: 10_000 },
    now: () => 0,
    date: () => 0,
    maxPause: 60_000,
    backoff: { initial: 500, max: 8000 },
    sleep: () => Promise.resolve(),
    jitter: () => 0.5,
  };
  const place = () => ({
    scheduler: createScheduler(5, stoppedClock(), 60_000),
    order: 3,
    tokens: 1,
    signal: UNENDED,
  });

  test('continue after faults until one is answered', async () => {
    let tries = 0;
    const done = await retry<string, string>(
      () => {
        tries += 1;
        return Promise.resolve(
          tries < 4
            ? { fault: 'busy', headers: undefined, decision: 'transient' as const }
            : { value: 'yes', headers: new Headers() },
        );
      },
      place(),
      policy,
    );
    expect(done).toMatchObject({ value: 'yes' });
    expect(tries).toBe(4);
  });

  test('end immediately if no further attempt can succeed', async () => {
    let tries = 0;
    const done = await retry<string, string>(
      () => {
        tries += 1;
        return Promise.resolve({ fault: 'no', headers: undefined, decision: 'permanent' as const });
      },
      place(),
      policy,
    );
    expect([done, tries]).toMatchObject([{ fault: 'no' }, 1]);
  });

  test.each([
    { said: '5', waits: 5000 },
    { said: String(365 * 24 * 3600), waits: 60_000 },
    { said: '9'.repeat(40), waits: 60_000 },
    { said: 'Wed, 01 Jan 2031 00:00:00 GMT', waits: 60_000 },
    // An impossible value is ignored: then one call per second is tried, which is more than the usual pause.
    { said: '-5', waits: 1000 },
    { said: 'Thu, 01 Jan 1970 00:00:00 GMT', waits: 1000 },
    { said: 'soon', waits: 1000 },
    { said: '', waits: 1000 },
  ])('keep the pause that a provider asks for, within reason: "$said"', async (row) => {
    const clock = stoppedClock();
    const scheduler = createScheduler(5, clock, 60_000);
    let tries = 0;
    void retry<string, string>(
      () => {
        tries += 1;
        const headers = new Headers({ 'retry-after': row.said });
        return Promise.resolve({ fault: 'limit', headers, decision: 'rate-limited' as const });
      },
      { ...place(), scheduler },
      { ...policy, deadline: { 'rate-limited': 200_000, transient: 1 }, date: () => 86_400_000 },
    );
    await clock.turn(0);
    await clock.turn(row.waits - 1);
    expect(tries).toBe(1);
    await clock.turn(1);
    expect(tries).toBe(2);
  });

  test.each(['rate-limited', 'transient'] as const)(
    'end with the reason of the signal while they wait after a call that was %s',
    async (decision) => {
      const stop = new AbortController();
      const clock = stoppedClock();
      let tries = 0;
      const done = retry<string, string>(
        () => {
          tries += 1;
          return Promise.resolve({ fault: 'busy', headers: undefined, decision });
        },
        { ...place(), scheduler: createScheduler(5, clock, 60_000), signal: stop.signal },
        { ...policy, sleep: RETRY_POLICY.sleep },
      );
      await settle();
      stop.abort(new Error('the call is no longer needed'));
      await expect(done).rejects.toThrow('the call is no longer needed');
      expect([tries, clock.alarmsSet()]).toEqual([1, 0]);
    },
  );

  test('after faults end when the waits have added up, not counting the attempts', async () => {
    let now = 0;
    const waits: number[] = [];
    const done = await retry<string, string>(
      () => {
        now += 60_000;
        return Promise.resolve({
          fault: 'busy',
          headers: undefined,
          decision: 'transient' as const,
        });
      },
      place(),
      {
        ...policy,
        now: () => now,
        sleep: (wait) => {
          waits.push(wait);
          return Promise.resolve();
        },
      },
    );
    expect(done).toMatchObject({ fault: 'busy' });
    expect(waits).toEqual([500, 1000, 2000, 4000]);
  });

  test('at the limit end at a fixed time after the first refusal, not after the start of the call', async () => {
    const clock = stoppedClock();
    let now = 0;
    const at: number[] = [];
    const done = retry<string, string>(
      () => {
        now += 4000;
        at.push(now);
        const headers = new Headers({ 'retry-after-ms': '1' });
        return Promise.resolve({ fault: 'limit', headers, decision: 'rate-limited' as const });
      },
      { ...place(), scheduler: createScheduler(5, clock, 1) },
      { ...policy, now: () => now },
    );
    for (let turns = 0; turns < 6; turns += 1) await clock.turn(10_000);
    expect(await done).toMatchObject({ fault: 'limit' });
    expect(at).toEqual([4000, 8000, 12_000, 16_000]);
  });
});
