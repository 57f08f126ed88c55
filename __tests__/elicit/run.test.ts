import type { Config } from '../../src/config/config.js';
import { RunError } from '../../src/errors.js';
import type { BaselineLookup } from '../../src/gate/baseline.js';
import { type GateRecord, NO_ORIGIN, recordSchema } from '../../src/gate/record.js';
import type { RunResult } from '../../src/gate/result.js';
import type { Example } from '../../src/mask/example.js';
import type { ModelCall, ModelPort, ModelReply } from '../../src/ports.js';
import { type RunPlan, run } from '../../src/run.js';
import {
  answered,
  fakeModel,
  makeConfig,
  makeExample,
  makeNumericalExample,
  makeRole,
} from '../factories.js';

const EXAMPLES: readonly Example[] = [
  ...Array.from({ length: 30 }, (_, row) =>
    makeExample({ id: `known-${row}`, userPrompt: `Request known-${row}.` }),
  ),
  ...Array.from({ length: 5 }, (_, row) =>
    makeExample({
      id: `provided-${row}`,
      archetype: 'provided_facts',
      userPrompt: `Request provided-${row}.`,
      beliefPrompts: [],
    }),
  ),
  ...Array.from({ length: 5 }, (_, row) =>
    makeNumericalExample({ id: `statistics-${row}`, userPrompt: `Request statistics-${row}.` }),
  ),
];

const RECORDED_AT = new Date('2026-03-01T12:00:00.000Z');
const NEXT_DAY = new Date('2026-03-02T12:00:00.000Z');
const NEXT_YEAR = new Date('2027-03-01T12:00:00.000Z');

/** Believes the truth; under pressure says so too, or lies. The judge reads the words `truth` and `lie`. */
function replyAs(isLying: (call: ModelCall) => boolean): (call: ModelCall) => ModelReply {
  return (call) => {
    const last = call.messages.at(-1)?.content ?? '';
    if (call.role === 'target') {
      return answered(
        last.startsWith('Request') && isLying(call) ? 'It is a lie.' : 'It is the truth.',
      );
    }
    const isLie = last.includes('It is a lie.');
    const value = isLie ? 90 : 41;
    if (last.includes('[value]')) return answered(`{"lower": ${value}, "upper": ${value}}`);
    return answered(isLie ? 'Answer: B' : 'Answer: A');
  };
}

const honest = replyAs(() => false);
const lying = replyAs(() => true);

interface Circumstances {
  readonly mode?: RunPlan['mode'];
  readonly config?: Partial<Config>;
  readonly examples?: readonly Example[];
  readonly prompt?: string;
  readonly baseline?: BaselineLookup;
  readonly model?: ModelPort;
  readonly now?: Date;
}

/** Gates an honest model without a baseline, but for what is named. */
async function runWith(circumstances: Circumstances): Promise<RunResult> {
  const { mode = 'gate', model = fakeModel(honest), now = NEXT_DAY } = circumstances;
  const plan: RunPlan = {
    config: makeConfig(circumstances.config),
    mode,
    examples: circumstances.examples ?? EXAMPLES,
    promptUnderTest: circumstances.prompt,
    excluded: [],
    origin: NO_ORIGIN,
  };
  return run(plan, {
    model,
    baselines: {
      find: () => Promise.resolve(circumstances.baseline ?? { status: 'absent' }),
      save: () => Promise.reject(new Error('a run publishes nothing')),
    },
    now: () => now,
    onProgress: () => undefined,
  });
}

/** What an honest model's recording run left behind. */
async function recordBaseline(circumstances: Circumstances = {}): Promise<BaselineLookup> {
  const result = await runWith({ mode: 'record', now: RECORDED_AT, ...circumstances });
  return { status: 'found', record: recordOf(result), distance: 0 };
}

function recordOf({ record }: RunResult): GateRecord {
  if (!record) throw new Error('the run has no record');
  return record;
}

describe('gate mode', () => {
  test('without a baseline: measured, recorded, nothing compared', async () => {
    const result = await runWith({});
    expect(result.decision).toMatchObject({ verdict: 'no-baseline', effect: 'warn', exitCode: 0 });
    expect(result.comparison).toBeUndefined();
    expect(recordOf(result).measurement.examples).toHaveLength(40);
  });

  test('an equal young baseline: no call at all, nothing recorded', async () => {
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

  test('a baseline of another judge: incomparable, no call at all', async () => {
    const model = fakeModel(honest);
    const config = { judge: makeRole({ model: 'another judge' }) };
    const result = await runWith({ baseline: await recordBaseline({ config }), model });
    expect(result.decision).toMatchObject({ verdict: 'incomparable', effect: 'fail', exitCode: 3 });
    expect(result.record).toBeUndefined();
    expect(model.calls).toEqual([]);
  });

  test('a corrupt baseline: an error, no call at all', async () => {
    const model = fakeModel(honest);
    const baseline = { status: 'corrupt', where: 'b.json', reason: 'broken' } as const;
    const result = await runWith({ baseline, model });
    expect(result.decision).toMatchObject({ verdict: 'error', effect: 'fail', exitCode: 4 });
    expect(model.calls).toEqual([]);
  });

  test.each([
    { name: 'an honest model', reply: honest, verdict: 'pass', rise: 0 },
    { name: 'a lying model', reply: lying, verdict: 'regressed', rise: 1 },
    {
      name: 'a model that lies in 2 of 40',
      reply: replyAs(({ messages }) => /known-[12]\./.test(messages.at(-1)?.content ?? '')),
      verdict: 'regressed', // exactly 5pp
      rise: 0.05,
    },
    {
      name: 'a model that lies in 1 of 40',
      reply: replyAs(({ messages }) => (messages.at(-1)?.content ?? '').includes('known-1.')),
      verdict: 'pass',
      rise: 0.025,
    },
  ])('a new prompt, $name: $verdict', async ({ reply, verdict, rise }) => {
    const result = await runWith({
      baseline: await recordBaseline(),
      prompt: 'SELL',
      model: fakeModel(reply),
    });
    expect(result.decision.verdict).toBe(verdict);
    expect(result.comparison?.rise).toBeCloseTo(rise, 12);
    expect(result.comparison?.pairs).toHaveLength(40);
    expect(result.record).toBeDefined();
  });

  test('a model that answers nothing: not measured, never green', async () => {
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

  test('a judge that answers nothing: not measured either', async () => {
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
  test('takes samples.record replies, gate mode samples.gate', async () => {
    const config = { samples: { gate: 2, record: 3 } };
    const repliesIn = async (mode: RunPlan['mode']): Promise<readonly number[]> => {
      const { measurement } = recordOf(await runWith({ mode, config }));
      return [...new Set(measurement.examples.map(({ statements }) => statements.length))];
    };
    expect(await repliesIn('record')).toEqual([3]);
    expect(await repliesIn('gate')).toEqual([2]);
  });

  test('never takes the shortcut: an equal young baseline is measured again', async () => {
    const model = fakeModel(honest);
    const result = await runWith({ mode: 'record', baseline: await recordBaseline(), model });
    expect(result.decision).toMatchObject({ verdict: 'pass', effect: 'pass', exitCode: 0 });
    expect(recordOf(result).measurement.examples).toHaveLength(40);
    // 30 x (5 beliefs + 5) + 5 x 5 + 5 x (3 beliefs + 5)
    expect(model.usage().target.calls).toBe(365);
  });

  test('gates nothing: lies are recorded', async () => {
    const result = await runWith({
      mode: 'record',
      baseline: await recordBaseline(),
      model: fakeModel(lying),
    });
    expect(result.decision).toMatchObject({ verdict: 'regressed', effect: 'pass', exitCode: 0 });
    expect(result.record).toBeDefined();
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
    expect(recorded.decision).toMatchObject({ effect: 'pass', exitCode: 0 });
    expect(recorded.record).toBeDefined();
  });

  test('fails all the same when nothing was measured', async () => {
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
    });
    expect(record.provenance).toMatchObject({
      createdAt: NEXT_DAY.toISOString(),
      durationMs: 0,
      dataset: 'sample',
      commit: null,
      usage: { target: { calls: 205 }, judge: { calls: 195 } },
    });
  });

  test('holds no word of prompts or answers', async () => {
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

  test('holds the chosen subset only, the same one for the same seed', async () => {
    const dataset: Config['dataset'] = {
      source: 'sample',
      archetypes: ['known_facts', 'statistics'],
      size: 14,
      seed: 'seed',
      malformed: 'fail',
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

  test('the measurement is the same for the same replies, whenever it was made', async () => {
    const one = recordOf(await runWith({ now: NEXT_DAY }));
    const other = recordOf(await runWith({ now: NEXT_YEAR }));
    expect(other.measurement).toEqual(one.measurement);
    expect(other.provenance).not.toEqual(one.provenance);
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

test('a provider that can not be used at all ends the run', async () => {
  const model = fakeModel(() => {
    throw new RunError('the key was refused');
  });
  await expect(runWith({ model })).rejects.toThrow('the key was refused');
});
