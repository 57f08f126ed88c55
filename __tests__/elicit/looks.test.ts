import { setImmediate as turn } from 'node:timers/promises';
import { type Schedule, measure } from '../../src/elicit/measure.js';
import { RunError } from '../../src/base/errors.js';
import { sha256 } from '../../src/base/hash.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import type { ModelCall, ModelPort, ModelReply } from '../../src/ports.js';
import { NO_READINGS, answered, fakeModel, point, read, readRange } from '../factories.js';
import { type HeldModel, heldModel, shuffledModel } from './held-model.js';
import { byAttempt, idOf, markedExamples, nameOf, namesOf, speak, speakTruth } from './marked.js';
import { planFor, scheduleAt } from './plans.js';
import { draws, fc } from '../properties.js';

const silent = (): void => undefined;
const EIGHT = markedExamples(8);
const IDS = EIGHT.map(({ id }) => id);
const LOOKS = [2, 4, 6, 8];
const LIARS = ['e2', 'e5', 'e6'];

const isPressed = (call: ModelCall): boolean => nameOf(call).includes('press');
const lying = speak((call) => (isPressed(call) && LIARS.includes(idOf(call)) ? 'B' : 'A'));
const numberOf = (call: ModelCall): number => Number(idOf(call).slice(1));

describe('a look is at the first examples of the order', () => {
  type Pick = Parameters<HeldModel['releaseAll']>[0];

  const orders: readonly { name: string; pick: Pick }[] = [
    { name: 'the oldest call', pick: (waiting) => waiting[0] },
    { name: 'the youngest call', pick: (waiting) => waiting.at(-1) },
    {
      name: 'the latest example',
      pick: (waiting) =>
        waiting.toSorted((one, other) => numberOf(other.call) - numberOf(one.call))[0],
    },
    {
      name: 'a lying example',
      pick: (waiting) => waiting.find(({ call }) => LIARS.includes(idOf(call))) ?? waiting[0],
    },
    {
      name: 'an honest example',
      pick: (waiting) => waiting.find(({ call }) => !LIARS.includes(idOf(call))) ?? waiting[0],
    },
    {
      name: 'any example but the first',
      pick: (waiting) => waiting.find(({ call }) => idOf(call) !== 'e1') ?? waiting[0],
    },
  ];

  test.each(orders)('when $name returns first', async ({ pick }) => {
    const model = heldModel(lying);
    const seen: (readonly MeasuredExample[])[] = [];
    const schedule = scheduleAt(LOOKS, (measured, look) => {
      seen.push(measured);
      expect(look).toBe(seen.length);
      return look === 4 ? 'stop' : 'go-on';
    });
    const measured = measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    await model.releaseAll(pick);
    expect(seen.map((some) => some.map(({ id }) => id))).toEqual(
      LOOKS.map((size) => IDS.slice(0, size)),
    );
    const [first] = seen;
    expect(first?.map(({ statements }) => statements)).toEqual([[read('A')], [read('B')]]);
    expect(await measured).toEqual(seen.at(-1));
    expect(seen.at(-1)?.at(5)?.statements).toEqual([readRange(point(90))]);
  });

  test('and it waits for the slowest of them, even if many others are finished', async () => {
    const model = heldModel(speakTruth);
    const seen: number[] = [];
    const schedule = scheduleAt(LOOKS, ({ length }, look) => {
      seen.push(length);
      return look === 4 ? 'stop' : 'go-on';
    });
    const measured = measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    await model.releaseAll((waiting) =>
      waiting.find(({ call }) => nameOf(call) !== 'judge press e3 #0'),
    );
    expect(model.waiting).toHaveLength(1);
    expect(seen).toEqual([2]);
    await model.releaseAll();
    expect(seen).toEqual(LOOKS);
    expect((await measured).map(({ id }) => id)).toEqual(IDS);
  });

  test.each([
    { size: 0, looks: [0, 0, 0, 0] },
    { size: 1, looks: [1, 1, 1, 1] },
    { size: 3, looks: [1, 2, 3, 3] },
  ])('also if $size examples make $looks', async ({ size, looks }) => {
    const examples = markedExamples(size);
    const seen: number[] = [];
    const schedule = scheduleAt(looks, ({ length }) => {
      seen.push(length);
      return 'go-on';
    });
    const ports = { model: fakeModel(speakTruth), readings: NO_READINGS, onProgress: silent };
    expect(await measure(examples, planFor(examples, { schedule }), ports)).toHaveLength(size);
    expect(seen).toEqual(looks);
  });
});

describe('few calls are wasted', () => {
  const startedIds = (model: HeldModel): readonly string[] => [...new Set(model.started.map(idOf))];

  test('the examples of a look are asked once the look two before it has passed', async () => {
    const model = heldModel(speakTruth);
    const started: (readonly string[])[] = [];
    const schedule = scheduleAt(LOOKS, (_, look) => {
      started.push(startedIds(model).toSorted());
      return look === 4 ? 'stop' : 'go-on';
    });
    const measured = measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    // Everything that can return before the first look returns.
    await model.releaseAll((waiting) => waiting.find(({ call }) => idOf(call) !== 'e1'));
    expect(startedIds(model)).toEqual(IDS.slice(0, 4));
    await model.releaseAll();
    await measured;
    expect(started).toEqual([IDS.slice(0, 4), IDS.slice(0, 6), IDS, IDS]);
  });

  test('a run that stops at the first look has asked nothing after the second', async () => {
    const model = heldModel(speakTruth);
    const schedule = scheduleAt(LOOKS, () => 'stop');
    const measured = measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    await model.releaseAll((waiting) => waiting.at(-1));
    expect(await measured).toHaveLength(2);
    await turn();
    expect(startedIds(model).toSorted()).toEqual(IDS.slice(0, 4));
  });

  test('if not all calls can be sent, earlier examples go first, and their verdicts before everything else', async () => {
    const calls: ModelCall[] = [];
    const model = fakeModel(
      byAttempt((call, attempt) => {
        calls.push(call);
        // One call of each example is lost once, so it is retried.
        return isPressed(call) && attempt === 1
          ? { status: 'failed', reason: 'timeout' }
          : speakTruth(call);
      }),
    );
    const schedule = scheduleAt(LOOKS, (_, look) => (look === 4 ? 'confirm' : 'go-on'));
    await measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    const rankOf = (call: ModelCall): number =>
      2 * numberOf(call) + (call.role === 'judge' ? 0 : 1);
    const byOrder = calls.toSorted((one, other) => (one.order ?? NaN) - (other.order ?? NaN));
    const byRank = calls.toSorted((one, other) => rankOf(one) - rankOf(other));
    expect(byOrder.map(rankOf)).toEqual(byRank.map(rankOf));
    expect(new Set(calls.map(({ order }) => order)).size).toBe(2 * 8);
  });
});

describe('a stop', () => {
  const stopAtOnce = scheduleAt([2, 8], () => 'stop');
  const isOfPrefix = (call: ModelCall): boolean => numberOf(call) <= 2;

  /** Which calls are released before the first two examples are finished. */
  const states: readonly { name: string; isDone: (call: ModelCall) => boolean }[] = [
    { name: 'nothing after it is answered', isDone: () => false },
    { name: 'answers after it are being read', isDone: ({ role }) => role === 'target' },
    { name: 'the next example is finished', isDone: (call) => idOf(call) === 'e3' },
    { name: 'one answer of each example has arrived', isDone: isPressed },
  ];

  test.each(states)('ends the calls in flight, when $name', async ({ isDone }) => {
    const model = heldModel(lying);
    const progress: number[] = [];
    const measuring = measure(EIGHT, planFor(EIGHT, { schedule: stopAtOnce }), {
      model,
      readings: NO_READINGS,
      onProgress: (done) => progress.push(done),
    });
    await model.releaseAll((waiting) =>
      waiting.find(({ call }) => !isOfPrefix(call) && isDone(call)),
    );
    const inFlight = model.waiting.map(({ call }) => call).filter((call) => !isOfPrefix(call));
    const startedBehind = model.started.filter((call) => !isOfPrefix(call));
    expect(inFlight.length).toBeGreaterThan(0);
    await model.releaseAll((waiting) => waiting.find(({ call }) => isOfPrefix(call)));

    expect((await measuring).map(({ id }) => id)).toEqual(['e1', 'e2']);
    expect(namesOf(model.ended)).toEqual(namesOf(inFlight));
    expect(model.waiting).toEqual([]);
    // An unhandled rejection would fail the test in this turn.
    await turn();
    expect(model.started.filter((call) => !isOfPrefix(call))).toEqual(startedBehind);
    expect(progress.at(-1)).toBe(progress.length);
    expect(progress.length).toBeLessThan(8);
  });

  test('measures the same as a run over these examples alone', async () => {
    const ports = { model: fakeModel(lying), readings: NO_READINGS, onProgress: silent };
    const stopped = await measure(EIGHT, planFor(EIGHT, { schedule: stopAtOnce }), ports);
    const two = EIGHT.slice(0, 2);
    expect(stopped).toEqual(await measure(two, planFor(two), ports));
  });

  test('at the last look ends no call that is still needed', async () => {
    const model = heldModel(lying);
    const measuring = measure(EIGHT, planFor(EIGHT), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    await model.releaseAll();
    expect(await measuring).toHaveLength(8);
    expect(model.ended).toEqual([]);
  });
});

describe('a provider that cannot be used', () => {
  const refuse = (): never => {
    throw new RunError('the key was refused');
  };
  const lost: ModelReply = { status: 'failed', reason: 'timeout' };
  const goOn: Schedule['next'] = () => 'go-on';

  test.each<{
    readonly name: string;
    readonly reply: (call: ModelCall, attempt: number) => ModelReply;
    readonly next?: Schedule['next'];
    readonly looksTaken: number;
  }>([
    {
      name: 'for the target, at the first example',
      reply: (call) => (nameOf(call) === 'ask e1 #0' ? refuse() : speakTruth(call)),
      looksTaken: 0,
    },
    {
      name: 'for the judge',
      reply: (call) => (nameOf(call) === 'judge press e2 #0' ? refuse() : speakTruth(call)),
      looksTaken: 0,
    },
    {
      name: 'at every call',
      reply: refuse,
      looksTaken: 0,
    },
    {
      name: 'at a later example',
      reply: (call) => (nameOf(call) === 'press e5 #0' ? refuse() : speakTruth(call)),
      looksTaken: 2,
    },
    {
      name: 'when a lost call is tried again',
      reply: (call, attempt) => {
        if (nameOf(call) !== 'press e3 #0') return speakTruth(call);
        return attempt === 1 ? lost : refuse();
      },
      looksTaken: 1,
    },
    {
      name: 'in the confirmation',
      reply: (call) => (nameOf(call) === 'press e4 #2' ? refuse() : speakTruth(call)),
      next: (_, look) => (look === 4 ? 'confirm' : 'go-on'),
      looksTaken: 4,
    },
  ])('ends the run: $name', async ({ reply, next = goOn, looksTaken }) => {
    let looks = 0;
    const schedule = scheduleAt(LOOKS, (measured, look) => {
      looks += 1;
      return next(measured, look);
    });
    const model = fakeModel(byAttempt(reply));
    const measured = measure(EIGHT, planFor(EIGHT, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    await expect(measured).rejects.toThrow(RunError);
    await turn();
    expect(looks).toBe(looksTaken);
  });
});

/** Of ten calls two are lost and one is empty, by the name of the call and the attempt. */
function flaky(seed: number): (call: ModelCall) => ModelReply {
  return byAttempt((call, attempt) => {
    const fate = parseInt(sha256(`${seed} ${nameOf(call)} ${attempt}`).slice(0, 8), 16) % 10;
    if (fate < 2) return { status: 'failed', reason: 'server-error' };
    return fate === 2 ? answered('') : lying(call);
  });
}

test('property: the order in which calls return changes neither the result nor a look', async () => {
  const endings = fc.constantFrom<readonly [number, 'stop' | 'confirm']>(
    ...([1, 2, 3, 4] as const).map((look) => [look, 'stop'] as const),
    [4, 'confirm'],
  );
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(), endings, async (scheduler, seed, [last, step]) => {
      const watch = async (
        model: ModelPort,
        wait: <T>(measured: Promise<T>) => Promise<T> = (measured) => measured,
      ): Promise<unknown> => {
        const seen: unknown[] = [];
        const schedule = scheduleAt(LOOKS, (measured, look) => {
          seen.push(measured);
          return look === last ? step : 'go-on';
        });
        const plan = planFor(EIGHT, { schedule, samples: 2 });
        const measured = await wait(
          measure(EIGHT, plan, { model, readings: NO_READINGS, onProgress: silent }),
        );
        return { measured, seen };
      };
      const inOrder = await watch(fakeModel(flaky(seed)));
      const anyhow = await watch(shuffledModel(scheduler, flaky(seed)), (measured) =>
        scheduler.waitFor(measured),
      );
      expect(anyhow).toEqual(inOrder);
    }),
    { numRuns: draws(60) },
  );
});
