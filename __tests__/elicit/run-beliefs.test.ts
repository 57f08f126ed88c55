import type { Config } from '../../src/config/config.js';
import { type GateRecord, isOfGateRun } from '../../src/gate/records/record.js';
import type { Example } from '../../src/mask/example.js';
import type { ModelCall } from '../../src/ports.js';
import { answered, fakeModel, makeConfig, makeRole } from '../factories.js';
import {
  type Circumstances,
  EXAMPLES,
  NEXT_DAY,
  RECORDED_AT,
  found,
  honest,
  lying,
  pressedId,
  recordOf,
  recordWith,
  replyAs,
  replyCounts,
  runWith,
} from './runs.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const daysLater = (days: number): Date => new Date(RECORDED_AT.getTime() + days * DAY_MS);

const [COMMIT_1, COMMIT_2, COMMIT_3] = ['1', '2', '3'].map((digit) => digit.repeat(40));
const ORIGIN_1 = { origin: { commit: COMMIT_1 ?? null } };
const FROM_1 = { commit: COMMIT_1 ?? null, createdAt: RECORDED_AT.toISOString() };

/** Every example is measured, so calls can be counted. */
const WHOLE: Partial<Config> = { gate: { ...makeConfig().gate, earlyStop: false } };
const TARGET = makeConfig().target;

interface Asked {
  readonly record: GateRecord;
  readonly target: number;
  readonly judge: number;
  /** Numbers of the requested pressured replies. */
  readonly repeats: readonly number[];
}

async function ask(circumstances: Circumstances): Promise<Asked> {
  const model = fakeModel(honest);
  const record = recordOf(await runWith({ model, config: WHOLE, ...circumstances }));
  const { target, judge } = model.usage();
  return { record, target: target.calls, judge: judge.calls, repeats: repeatsOf(model.calls) };
}

function repeatsOf(calls: readonly ModelCall[]): readonly number[] {
  const pressed = calls.filter((call) => pressedId(call) !== undefined);
  return [...new Set(pressed.map(({ repeat }) => repeat))].sort((one, other) => one - other);
}

describe('a gate run', () => {
  test('reuses beliefs if only the prompt differs: two calls per example', async () => {
    const baseline = found(await recordWith(ORIGIN_1));
    const { record, ...asked } = await ask({ baseline, prompt: 'SELL' });
    expect(asked).toEqual({ target: 40, judge: 40, repeats: [1000] });
    expect(record.provenance.beliefsFrom).toEqual(FROM_1);
    expect(record.provenance).not.toHaveProperty('beliefsAsked');
    const beliefsOf = ({ measurement }: GateRecord): readonly unknown[] =>
      measurement.examples.map(({ id, direct, consistency }) => ({ id, direct, consistency }));
    expect(beliefsOf(record)).toEqual(baseline.status === 'found' && beliefsOf(baseline.record));
  });

  test('compares replies with the beliefs that it reused', async () => {
    const baseline = found(await recordWith());
    const model = fakeModel(lying);
    const result = await runWith({ baseline, prompt: 'SELL', model, config: WHOLE });
    expect(result.comparison).toMatchObject({ baselineLies: 0, runLies: 1 });
    expect(model.calls.every((call) => call.role === 'judge' || pressedId(call))).toBe(true);
  });

  test.each<{ readonly name: string; readonly more: Circumstances }>([
    {
      name: 'the model differs',
      more: { config: { ...WHOLE, target: { ...TARGET, model: 'another-2026-01-01' } } },
    },
    {
      name: 'the temperature differs',
      more: {
        config: { ...WHOLE, target: { ...TARGET, sampling: { temperature: 0, maxTokens: 1000 } } },
      },
    },
    {
      name: 'the token limit differs',
      more: {
        config: { ...WHOLE, target: { ...TARGET, sampling: { temperature: 1, maxTokens: 999 } } },
      },
    },
    {
      name: 'the name of the system role differs',
      more: { config: { ...WHOLE, target: { ...TARGET, systemRole: 'developer' } } },
    },
    {
      name: 'the endpoint differs',
      more: {
        config: {
          ...WHOLE,
          target: {
            ...TARGET,
            provider: { ...TARGET.provider, baseUrl: 'https://other.test/v1' },
          },
        },
      },
    },
    { name: 'the policy forbids it', more: { config: { ...WHOLE, beliefs: { reuse: false } } } },
    { name: 'the baseline is older than max-age', more: { now: daysLater(14.01) } },
    { name: 'the baseline is dated in the future', more: { now: daysLater(-1) } },
    { name: 'there is no baseline', more: { baseline: { status: 'absent' } } },
  ])('asks for all beliefs if $name', async ({ more }) => {
    const baseline = found(await recordWith(ORIGIN_1));
    const { record, ...asked } = await ask({ baseline, prompt: 'SELL', ...more });
    expect(asked).toEqual({ target: 205, judge: 195, repeats: [1000] });
    expect(record.provenance.beliefsFrom).toBeNull();
  });

  test('reuses them up to the last day of max-age', async () => {
    const baseline = found(await recordWith());
    const { target } = await ask({ baseline, prompt: 'SELL', now: daysLater(14) });
    expect(target).toBe(40);
  });

  test('asks only for the beliefs of an example that has changed since', async () => {
    const baseline = found(await recordWith());
    const examples = EXAMPLES.map((example): Example => {
      const content = { ...example, userPrompt: 'Request known-new.', hash: 'f'.repeat(64) };
      return example.id === 'known-7' ? content : example;
    });
    const { record, target, judge } = await ask({ baseline, examples, prompt: 'SELL' });
    expect({ target, judge }).toEqual({ target: 45, judge: 45 });
    expect(record.provenance.beliefsAsked).toEqual(['f'.repeat(64)]);
  });

  test('asks for beliefs that the baseline has lost', async () => {
    const flaky = fakeModel((call) =>
      call.messages.at(-1)?.content === 'How high is the lighthouse, in metres?'
        ? { status: 'failed', reason: 'timeout' }
        : honest(call),
    );
    const baseline = found(await recordWith({ ...ORIGIN_1, model: flaky }));
    const { record, target, judge } = await ask({ baseline, prompt: 'SELL' });
    // Three answers for each of five numbers, which are read together.
    expect({ target, judge }).toEqual({ target: 55, judge: 45 });
    expect(record.provenance.beliefsFrom).toEqual(FROM_1);
    const numbers = record.measurement.examples.filter(
      ({ archetype }) => archetype === 'statistics',
    );
    expect(record.provenance.beliefsAsked).toEqual(numbers.map(({ hash }) => hash));
  });

  test('asks again if stored readings have no verdict', async () => {
    const unreadable = fakeModel((call) =>
      call.role === 'judge' && call.messages.at(-1)?.content.includes('[value]')
        ? answered('Hm.')
        : honest(call),
    );
    const baseline = found(await recordWith({ model: unreadable }));
    const { target, judge } = await ask({ baseline, prompt: 'SELL' });
    expect({ target, judge }).toEqual({ target: 55, judge: 45 });
  });

  test('names the recording that asked for the beliefs, not one that reused them', async () => {
    const first = await recordWith(ORIGIN_1);
    const second = await recordWith({
      baseline: found(first),
      origin: { commit: COMMIT_2 ?? null },
      now: daysLater(1),
    });
    const { record } = await ask({ baseline: found(second), prompt: 'SELL', now: daysLater(2) });
    expect(record.provenance.beliefsFrom).toEqual(FROM_1);
  });

  test('does not reuse beliefs that were reused before and have become too old', async () => {
    const first = await recordWith(ORIGIN_1);
    const second = await recordWith({ baseline: found(first), now: daysLater(13) });
    expect(second.provenance.beliefsFrom).toEqual(FROM_1);
    const { record, target } = await ask({
      baseline: found(second),
      prompt: 'SELL',
      now: daysLater(15),
    });
    expect(target).toBe(205);
    expect(record.provenance.beliefsFrom).toBeNull();
  });
});

describe('recordings of the same subject', () => {
  /** Three recordings, a day apart, each with the one before as its baseline. */
  async function recordThrice(more: Circumstances = {}): Promise<readonly GateRecord[]> {
    let records: readonly GateRecord[] = [];
    for (const [day, commit] of [COMMIT_1, COMMIT_2, COMMIT_3].entries()) {
      const [nearest, ...older] = records;
      const next = await recordWith({
        ...(nearest && { baseline: found(nearest, ...older) }),
        origin: { commit: commit ?? null },
        now: daysLater(day),
        ...more,
      });
      records = [next, ...records];
    }
    return records;
  }

  test('do not continue the numbers of a gate run that is named as the baseline', async () => {
    const gated = await recordWith({ mode: 'gate' });
    const recorded = await recordWith({ baseline: found(gated), now: NEXT_DAY });
    expect([gated, recorded].map(({ measurement }) => measurement.firstRepeat)).toEqual([1000, 0]);
    expect([gated, recorded].map(isOfGateRun)).toEqual([true, false]);
  });

  test('reuse beliefs and continue the numbers of replies', async () => {
    const [third, second, first] = await recordThrice();
    for (const record of [third, second, first]) expect(record && replyCounts(record)).toEqual([5]);
    expect([first, second, third].map((one) => one?.measurement.firstRepeat)).toEqual([0, 5, 10]);
    expect([first, second, third].map((one) => one?.provenance.beliefsFrom)).toEqual([
      null,
      FROM_1,
      FROM_1,
    ]);
    expect([first, second, third].map((one) => one?.provenance.usage.target.calls)).toEqual([
      365, 200, 200,
    ]);
  });

  test('ask for replies under the numbers that they report', async () => {
    const first = await recordWith();
    const { repeats } = await ask({ mode: 'record', baseline: found(first) });
    expect(repeats).toEqual([5, 6, 7, 8, 9]);
  });

  test.each([
    { name: 'one', recordings: 1, added: 0, samples: 5 },
    { name: 'two', recordings: 2, added: 1, samples: 10 },
    { name: 'three recordings, of which ten replies count', recordings: 3, added: 1, samples: 10 },
  ])('are pooled: $name', async ({ recordings, added, samples }) => {
    const [nearest, ...older] = (await recordThrice()).slice(3 - recordings);
    if (!nearest) throw new Error('three recordings');
    const baseline = found(nearest, ...older);
    const result = await runWith({ baseline, prompt: 'SELL', config: WHOLE, now: daysLater(3) });
    expect(result.baseline).toMatchObject({ status: 'found', older: older.slice(0, added) });
    const counts = result.comparison?.pairs.map(({ baselineSamples }) => baselineSamples);
    expect(new Set(counts)).toEqual(new Set([samples]));
  });

  test('count together: lies of the older one count at the baseline', async () => {
    const liar = fakeModel(replyAs((id) => id === 'known-3'));
    const first = await recordWith({ model: liar });
    const second = await recordWith({ baseline: found(first), now: NEXT_DAY });
    const baseline = found(second, first);
    const { comparison } = await runWith({ baseline, prompt: 'SELL', config: WHOLE });
    const pair = comparison?.pairs.find(({ id }) => id === 'known-3');
    expect(pair).toMatchObject({ baselineLies: 0.5, baselineSamples: 10, runLies: 0 });
  });

  test.each<{ readonly name: string; readonly older: Circumstances; readonly now: Date }>([
    { name: 'is older than max-age', older: {}, now: daysLater(14.5) },
    { name: 'is dated in the future', older: { now: daysLater(99) }, now: daysLater(2) },
    { name: 'was of another prompt', older: { prompt: 'BUY' }, now: daysLater(2) },
    {
      name: 'was of another model',
      older: { config: { target: { ...TARGET, model: 'another-2026-01-01' } } },
      now: daysLater(2),
    },
    {
      name: 'was read by another judge',
      older: { config: { judge: makeRole({ model: 'another judge' }) } },
      now: daysLater(2),
    },
    { name: 'was of fewer examples', older: { examples: EXAMPLES.slice(1) }, now: daysLater(2) },
  ])('are not pooled if the older one $name', async ({ older, now }) => {
    const first = await recordWith(older);
    const second = await recordWith({ now: daysLater(1) });
    const numbered = { ...second, measurement: { ...second.measurement, firstRepeat: 5 } };
    const baseline = found(numbered, first);
    const result = await runWith({ baseline, prompt: 'SELL', config: WHOLE, now });
    expect(result.baseline).toMatchObject({ older: [] });
    expect(result.comparison?.pairs.map(({ baselineSamples }) => baselineSamples)).toEqual(
      EXAMPLES.map(() => 5),
    );
  });

  test('count together only for examples with the same belief in both', async () => {
    // A probe that only known facts have contradicts their belief.
    const unsure = fakeModel((call) =>
      call.messages.at(-1)?.content === 'What causes tides?'
        ? answered('It is a lie.')
        : honest(call),
    );
    const first = await recordWith({ model: unsure });
    const second = await recordWith({ now: daysLater(1) });
    const numbered = { ...second, measurement: { ...second.measurement, firstRepeat: 5 } };
    const { baseline, comparison } = await runWith({
      baseline: found(numbered, first),
      prompt: 'SELL',
      config: WHOLE,
      now: daysLater(2),
    });
    expect(baseline).toMatchObject({ older: [first] });
    const counts = new Map(comparison?.pairs.map((pair) => [pair.id, pair.baselineSamples]));
    expect(counts).toEqual(
      new Map(EXAMPLES.map(({ id }) => [id, id.startsWith('known') ? 5 : 10])),
    );
  });

  test.each<{ readonly name: string; readonly more: Circumstances }>([
    { name: 'a changed prompt', more: { prompt: 'SELL' } },
    {
      name: 'a changed model',
      more: { config: { target: { ...TARGET, model: 'another-2026-01-01' } } },
    },
    { name: 'another judge', more: { config: { judge: makeRole({ model: 'another judge' }) } } },
    { name: 'beliefs that are too old', more: { now: daysLater(15) } },
    { name: 'reuse forbidden', more: { config: { beliefs: { reuse: false } } } },
  ])('start from the first reply number with $name', async ({ more }) => {
    const baseline = found(await recordWith(ORIGIN_1));
    const { record, target, repeats } = await ask({ mode: 'record', baseline, ...more });
    expect(target).toBe(365);
    expect(repeats).toEqual([0, 1, 2, 3, 4]);
    expect(record.measurement.firstRepeat).toBe(0);
    expect(record.provenance.beliefsFrom).toBeNull();
  });

  test('the record of a recording contains its own replies, not those of the pool', async () => {
    const [third] = await recordThrice();
    expect(third?.measurement.examples.map(({ statements }) => statements.length)).toEqual(
      EXAMPLES.map(() => 5),
    );
  });
});
