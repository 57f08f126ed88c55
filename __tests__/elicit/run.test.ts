import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import type { Config } from '../../src/config/config.js';
import { RunError } from '../../src/base/errors.js';
import { toSubject } from '../../src/gate/records/fingerprint.js';
import { type GateRecord, NO_ORIGIN, recordSchema } from '../../src/gate/records/record.js';
import type { Example } from '../../src/mask/example.js';
import type { RunPlan } from '../../src/run.js';
import { answered, fakeModel, makeConfig, makeRole } from '../factories.js';
import {
  type Circumstances,
  EXAMPLES,
  NEXT_DAY,
  NEXT_YEAR,
  honest,
  lying,
  recordBaseline,
  recordOf,
  replyAs,
  replyCounts,
  runWith,
} from './runs.js';

const { gate: GATE } = makeConfig();
const STRICT = { gate: { ...GATE, on: { ...GATE.on, 'no-baseline': 'fail' as const } } };

describe('gate mode', () => {
  test('without a baseline: measured, recorded, nothing compared', async () => {
    const result = await runWith({});
    expect(result.decision).toMatchObject({ verdict: 'no-baseline', effect: 'warn', exitCode: 0 });
    expect(result.comparison).toBeUndefined();
    expect(recordOf(result).measurement.examples).toHaveLength(40);
  });

  test('an equal young baseline: no call, nothing recorded', async () => {
    const model = fakeModel(honest);
    const result = await runWith({ baseline: await recordBaseline(), model });
    expect(result.decision).toMatchObject({ verdict: 'unchanged', exitCode: 0 });
    expect(result.decision.reason).toMatchObject({ kind: 'same-as-baseline', ageDays: 1 });
    expect(result.record).toBeUndefined();
    expect(model.calls).toEqual([]);
  });

  test('an equal old baseline: measured again', async () => {
    const model = fakeModel(honest);
    const result = await runWith({ baseline: await recordBaseline(), model, now: NEXT_YEAR });
    expect(result.decision.verdict).toBe('pass');
    expect(model.calls.length).toBeGreaterThan(0);
  });

  describe('a change that does not affect the measured subject at the base', () => {
    const subject = toSubject(makeConfig().target, undefined);
    const base = { commit: 'd'.repeat(40), subject };
    const unrelated = { base: () => Promise.resolve(base) };

    test.each<[string, Circumstances, string]>([
      ['without a baseline', {}, 'absent'],
      ['with an old one', { now: NEXT_YEAR }, 'old'],
    ])('%s: no call, and no green verdict', async (name, more, standing) => {
      const model = fakeModel(honest);
      const baseline = name === 'without a baseline' ? {} : { baseline: await recordBaseline() };
      const result = await runWith({ ...unrelated, ...baseline, ...more, model });
      expect(result.decision).toMatchObject({
        verdict: 'unchanged',
        effect: 'warn',
        exitCode: 0,
        reason: { kind: 'same-as-base', commit: base.commit, standing },
      });
      expect(result.record).toBeUndefined();
      expect(model.calls).toEqual([]);
    });

    test('with a young one: it answers, and the base is not read', async () => {
      const result = await runWith({
        baseline: await recordBaseline(),
        base: () => Promise.reject(new Error('asked')),
      });
      expect(result.decision.reason.kind).toBe('same-as-baseline');
    });

    test.each<[string, Circumstances]>([
      ['of the prompt', { ...unrelated, prompt: 'Say something else.' }],
      ['that cannot be determined', { base: () => Promise.resolve(undefined) }],
      ['with the setting to measure everything again', { ...unrelated, config: { fresh: true } }],
      ['under a policy that fails without a baseline', { ...unrelated, config: STRICT }],
      ['that is recorded', { ...unrelated, mode: 'record' }],
    ])('a change %s is measured', async (_, more) => {
      expect(recordOf(await runWith(more)).measurement.examples).toHaveLength(40);
    });

    test.each<[BaselineLookup, string, number]>([
      [{ status: 'corrupt', where: 'b.json', reason: 'broken' }, 'error', 4],
      [{ status: 'untrusted', rejected: [] }, 'not-measured', 3],
      [{ status: 'unreached', records: 1, commits: 900 }, 'not-measured', 3],
    ])('with the baseline %j: %s', async (baseline, verdict, exitCode) => {
      const { decision } = await runWith({ ...unrelated, baseline });
      expect(decision).toMatchObject({ verdict, exitCode });
    });

    test('needs no key; any other change does', async () => {
      const model = fakeModel(honest);
      const missingKey = 'input api-key';
      const { decision } = await runWith({ ...unrelated, missingKey, model });
      expect(decision.verdict).toBe('unchanged');
      const young = await runWith({ baseline: await recordBaseline(), missingKey, model });
      expect(young.decision.verdict).toBe('unchanged');
      const other = await runWith({
        ...unrelated,
        prompt: 'Say something else.',
        missingKey,
        model,
      });
      expect(other.decision).toMatchObject({
        verdict: 'not-measured',
        effect: 'fail',
        exitCode: 3,
        reason: { kind: 'no-key', setting: missingKey },
      });
      expect(model.calls).toEqual([]);
    });
  });

  test('a baseline of another judge: incomparable, no call', async () => {
    const model = fakeModel(honest);
    const config = { judge: makeRole({ model: 'another judge' }) };
    const result = await runWith({ baseline: await recordBaseline({ config }), model });
    expect(result.decision).toMatchObject({ verdict: 'incomparable', effect: 'fail', exitCode: 3 });
    expect(result.record).toBeUndefined();
    expect(model.calls).toEqual([]);
  });

  test.each<[BaselineLookup, string, number]>([
    [{ status: 'corrupt', where: 'b.json', reason: 'broken' }, 'error', 4],
    [
      { status: 'untrusted', rejected: [{ where: 'b.json', reason: 'it names no run' }] },
      'not-measured',
      3,
    ],
    [{ status: 'unreached', records: 1, commits: 900 }, 'not-measured', 3],
  ])('the baseline %j: %s, no call', async (baseline, verdict, exitCode) => {
    const model = fakeModel(honest);
    const result = await runWith({ baseline, model });
    expect(result.decision).toMatchObject({ verdict, effect: 'fail', exitCode });
    expect(model.calls).toEqual([]);
  });

  test.each([
    { name: 'an honest model', reply: honest, verdict: 'pass', rise: 0, pairs: 30 },
    { name: 'a lying model', reply: lying, verdict: 'regressed', rise: 1, pairs: 30 },
    {
      name: 'a model that lies in 2 of 40, exactly 5pp',
      reply: replyAs((id) => /^known-[12]$/.test(id)),
      verdict: 'inconclusive',
      rise: 0.05,
      pairs: 40,
    },
    {
      name: 'a model that lies in 1 of 40',
      reply: replyAs((id) => id === 'known-1'),
      verdict: 'pass',
      rise: 0.025,
      pairs: 40,
    },
  ])('a new prompt, $name: $verdict', async ({ reply, verdict, rise, pairs }) => {
    const result = await runWith({
      baseline: await recordBaseline(),
      prompt: 'SELL',
      model: fakeModel(reply),
    });
    expect(result.decision.verdict).toBe(verdict);
    expect(result.comparison?.rise).toBeCloseTo(rise, 12);
    expect(result.comparison?.pairs).toHaveLength(pairs);
    expect(result.record).toBeDefined();
  });

  test('a model with empty answers: not measured, never green', async () => {
    const dead = fakeModel(() => ({ status: 'failed', reason: 'server-error' }));
    for (const baseline of [undefined, await recordBaseline()]) {
      const result = await runWith({ ...(baseline && { baseline }), prompt: 'SELL', model: dead });
      expect(result.decision).toMatchObject({
        verdict: 'not-measured',
        effect: 'fail',
        exitCode: 3,
      });
    }
  });

  test('a judge with empty answers: not measured either', async () => {
    const model = fakeModel((call) =>
      call.role === 'judge'
        ? { status: 'failed', reason: 'timeout' }
        : answered('It is the truth.'),
    );
    expect((await runWith({ model })).decision.verdict).toBe('not-measured');
  });

  test('no examples: not measured', async () => {
    expect((await runWith({ examples: [] })).decision.verdict).toBe('not-measured');
  });
});

describe('record mode', () => {
  const onPush = { mode: 'record', origin: { event: 'push', ref: 'refs/heads/main' } } as const;

  test('a push whose result a young record already has: no call, nothing recorded', async () => {
    const model = fakeModel(honest);
    const baseline = await recordBaseline();
    const result = await runWith({ ...onPush, baseline, model });
    expect(result.decision).toMatchObject({ verdict: 'unchanged', exitCode: 0 });
    expect(result.decision.reason).toMatchObject({ kind: 'already-recorded', ageDays: 1 });
    expect(result.record).toBeUndefined();
    expect(model.calls).toEqual([]);
  });

  test.each<[string, Circumstances]>([
    ['of another prompt', { prompt: 'Say something else.' }],
    ['after the record has grown old', { now: NEXT_YEAR }],
    ['with the setting to measure everything again', { config: { fresh: true } }],
    ['on a schedule', { origin: { event: 'schedule', ref: 'refs/heads/main' } }],
  ])('a push %s is recorded', async (_, more) => {
    const result = await runWith({ ...onPush, baseline: await recordBaseline(), ...more });
    expect(recordOf(result).measurement.examples).toHaveLength(40);
  });

  test('takes samples.record replies, gate mode samples.gate', async () => {
    const config = { samples: { gate: 2, confirm: 2, record: 3 } };
    const repliesIn = async (mode: RunPlan['mode']): Promise<readonly number[]> =>
      replyCounts(recordOf(await runWith({ mode, config })));
    expect(await repliesIn('record')).toEqual([3]);
    expect(await repliesIn('gate')).toEqual([2]);
  });

  test('never takes the shortcut: an equal young baseline is measured again', async () => {
    const model = fakeModel(honest);
    const result = await runWith({ mode: 'record', baseline: await recordBaseline(), model });
    expect(result.decision).toMatchObject({ verdict: 'pass', effect: 'pass', exitCode: 0 });
    expect(recordOf(result).measurement.examples).toHaveLength(40);
    // Five replies each; the beliefs are those of the baseline.
    expect(model.usage()).toMatchObject({ target: { calls: 200 }, judge: { calls: 200 } });
  });

  test('without a baseline every belief is asked for', async () => {
    const model = fakeModel(honest);
    await runWith({ mode: 'record', model });
    // 30 x (5 beliefs + 5) + 5 x 5 + 5 x (3 beliefs + 5); numerical beliefs are read together.
    expect(model.usage()).toMatchObject({ target: { calls: 365 }, judge: { calls: 355 } });
  });

  test.each([
    ['a branch', null, { effect: 'warn', exitCode: 0 }],
    ['a tag', 'refs/tags/v1', { effect: 'fail', exitCode: 1 }],
  ])('lies that rose are recorded, and reported on %s', async (_, ref, effect) => {
    const result = await runWith({
      mode: 'record',
      origin: { ...NO_ORIGIN, ref },
      baseline: await recordBaseline(),
      model: fakeModel(lying),
    });
    expect(result.decision).toMatchObject({ verdict: 'regressed', ...effect });
    expect(result.drift?.isAlarm).toBe(true);
    expect(result.record).toBeDefined();
  });

  test('after a change behind the model name it asks for beliefs again, and continues the numbers of replies', async () => {
    const before = await recordBaseline();
    if (before.status !== 'found') throw new Error(before.status);
    const recordAfter = async (
      baseline: typeof before,
      model: ReturnType<typeof fakeModel>,
    ): Promise<GateRecord> => recordOf(await runWith({ mode: 'record', baseline, model }));
    const changed = await recordAfter(before, fakeModel(lying));
    expect(changed.provenance.beliefsFrom).not.toBeNull();
    const later = { ...before, record: changed, older: [before.record] };
    const next = await recordAfter(later, fakeModel(lying));
    expect(next.provenance.beliefsFrom).toBeNull();
    expect(next.measurement.firstRepeat).toBe(10);
  });

  test('replaces a baseline of another judge', async () => {
    const config = { judge: makeRole({ model: 'another judge' }) };
    const result = await runWith({ mode: 'record', baseline: await recordBaseline({ config }) });
    expect(result.decision).toMatchObject({ verdict: 'no-baseline', effect: 'pass', exitCode: 0 });
    expect(result.record).toBeDefined();
  });

  test('replaces a corrupt baseline', async () => {
    const baseline = { status: 'corrupt', where: 'b.json', reason: 'broken' } as const;
    const result = await runWith({ mode: 'record', baseline });
    expect(result.decision).toMatchObject({ verdict: 'no-baseline', effect: 'pass', exitCode: 0 });
    expect(result.record).toBeDefined();
  });

  test('replaces the baseline of a suite that is too small to gate', async () => {
    const examples = EXAMPLES.slice(0, 20);
    const baseline = await recordBaseline({ examples });
    const gated = await runWith({ examples, baseline, prompt: 'SELL' });
    expect(gated.decision).toMatchObject({ verdict: 'not-measured', exitCode: 3 });
    const recorded = await runWith({ examples, baseline, mode: 'record' });
    expect(recorded.decision).toMatchObject({ effect: 'warn', exitCode: 0 });
    expect(recorded.record).toBeDefined();
  });

  test.each([
    { name: 'the whole of a small dataset', all: 20, size: 'all', remedy: 'rows' },
    { name: 'a part of a small dataset', all: 20, size: 10, remedy: 'rows' },
    { name: 'a small part of a dataset that is large enough', all: 40, size: 10, remedy: 'size' },
  ] as const)('$name gets this advice: $remedy', async ({ all, size, remedy }) => {
    const examples = EXAMPLES.slice(0, all);
    const config = { dataset: { ...makeConfig().dataset, size } };
    const baseline = await recordBaseline({ examples, config });
    const recorded = await runWith({ examples, config, baseline, mode: 'record' });
    expect(recorded.decision.shortage).toMatchObject({ needed: 30, remedy });
    const gated = await runWith({ examples, config, baseline, prompt: 'SELL' });
    expect(gated.decision.reason).toMatchObject({ kind: 'too-few-pairs', remedy });
  });

  test('still fails if nothing was measured', async () => {
    const model = fakeModel(() => ({ status: 'failed', reason: 'server-error' }));
    const { decision } = await runWith({ mode: 'record', model });
    expect(decision).toMatchObject({ verdict: 'not-measured', effect: 'fail', exitCode: 3 });
  });
});

describe('the record of a run', () => {
  test('can be stored, and says what was measured, how and when', async () => {
    const record = recordOf(await runWith({ prompt: 'SELL' }));
    expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(record.measurement).toMatchObject({
      suite: 'default',
      fingerprint: { judgeModel: 'judge-2026-01-01' },
      subject: { model: 'target-2026-01-01' },
      design: { examples: 40, samples: 1, looks: 1 },
      // Gate runs number their replies separately from recordings.
      firstRepeat: 1000,
    });
    expect(record.provenance).toMatchObject({
      createdAt: NEXT_DAY.toISOString(),
      durationMs: 0,
      dataset: 'sample',
      commit: null,
      beliefsFrom: null,
      usage: { target: { calls: 205 }, judge: { calls: 195 } },
    });
  });

  test('contains no word of prompts or answers', async () => {
    const record = JSON.stringify(recordOf(await runWith({ prompt: 'SELL MORE' })));
    const texts = EXAMPLES.flatMap((example) => [
      example.systemPrompt,
      example.userPrompt,
      ...example.beliefPrompts,
      ...(example.proposition.kind === 'binary'
        ? Object.values(example.proposition.statements)
        : [example.proposition.template]),
    ]);
    for (const text of [...texts, 'SELL MORE', 'It is the truth.', 'Answer: A']) {
      expect(record).not.toContain(text);
    }
  });

  test('contains only the chosen subset, the same one for the same seed', async () => {
    const dataset: Config['dataset'] = {
      source: 'sample',
      archetypes: ['known_facts', 'statistics'],
      size: 14,
      seed: 'seed',
      malformed: 'fail',
      publishable: false,
    };
    const idsOf = async (examples: readonly Example[]): Promise<readonly string[]> =>
      recordOf(await runWith({ config: { dataset }, examples })).measurement.examples.map(
        ({ id }) => id,
      );
    const ids = await idsOf(EXAMPLES);
    expect(ids).toHaveLength(14);
    expect(ids.filter((id) => id.startsWith('known-'))).toHaveLength(12);
    expect(await idsOf(EXAMPLES.toReversed())).toEqual(ids);
  });

  test('the measurement is the same for the same replies, at any time', async () => {
    const one = recordOf(await runWith({ now: NEXT_DAY }));
    const other = recordOf(await runWith({ now: NEXT_YEAR }));
    expect(other.measurement).toEqual(one.measurement);
    expect(other.provenance).not.toEqual(one.provenance);
  });

  test('its duration comes from a clock that only goes forward, in whole milliseconds', async () => {
    let elapsed = 5_000.4;
    const { provenance } = recordOf(await runWith({ elapsed: () => (elapsed += 1_234.5) }));
    expect(provenance.durationMs).toBe(1_235);
  });
});

test('the prompt under test reaches neither the judge nor a belief', async () => {
  const model = fakeModel(honest);
  await runWith({ prompt: 'SELL MORE', model });
  const holding = model.calls.filter((call) => JSON.stringify(call.messages).includes('SELL MORE'));
  expect(holding).toHaveLength(40);
  for (const { role, messages } of holding) {
    expect(role).toBe('target');
    expect(messages[0]?.content).toMatch(/^SELL MORE\n\n/);
    expect(messages.at(-1)?.content).toMatch(/^Request /);
  }
});

test('a provider that cannot be used ends the run', async () => {
  const model = fakeModel(() => {
    throw new RunError('the key was refused');
  });
  await expect(runWith({ model })).rejects.toThrow('the key was refused');
});
