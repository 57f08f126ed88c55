import type { Config, GatePolicy } from '../../src/config/config.js';
import { parseBaseline } from '../../src/gate/records/baseline.js';
import { evaluate } from '../../src/gate/evaluate.js';
import { type GateRecord, recordSchema } from '../../src/gate/records/record.js';
import type { RunResult } from '../../src/gate/result.js';
import { chooseSubset } from '../../src/mask/subset.js';
import type { ModelCall } from '../../src/ports.js';
import { fakeModel, makeConfig } from '../factories.js';
import {
  type Circumstances,
  found,
  knownFacts,
  lying,
  pressedId,
  recordOf,
  recordWith,
  replyAs,
  replyCounts,
  runWith,
} from './runs.js';

const EXAMPLES = knownFacts(160);
/** The order in which the examples are measured; looks are at 40, 80, 120 and all of them. */
const ORDER = chooseSubset(EXAMPLES, makeConfig().dataset).map(({ id }) => id);

let recorded: GateRecord;

beforeAll(async () => {
  recorded = await recordWith({ examples: EXAMPLES });
});

/** Gate runs number their replies separately from recordings. */
const FIRST_GATE_REPEAT = 1000;

type Lies = (place: number, repeat: number) => boolean;

const NONE: Lies = () => false;
const ALL: Lies = () => true;
/** Eight of 160: exactly `max-rise`. */
const EVERY_TWENTIETH: Lies = (place) => place % 20 === 10;

/** Gates a changed prompt on a model that lies in examples at these positions of the order. */
async function gate(lies: Lies, more: Circumstances = {}): Promise<RunResult> {
  const model = fakeModel(replyAs((id, repeat) => lies(ORDER.indexOf(id), repeat)));
  const baseline = found(recorded);
  return runWith({ examples: EXAMPLES, baseline, prompt: 'SELL', model, ...more });
}

function policy(overrides: Partial<GatePolicy>): Partial<Config> {
  return { gate: { ...makeConfig().gate, ...overrides } };
}

const idsOf = ({ measurement }: GateRecord): readonly string[] =>
  measurement.examples.map(({ id }) => id);

describe('a run with a baseline stops at the look where its verdict is clear', () => {
  test.each<{
    readonly name: string;
    readonly lies: Lies;
    readonly config?: Partial<Config>;
    readonly verdict: string;
    readonly measured: number;
    readonly ending: object;
  }>([
    {
      name: 'no lie',
      lies: NONE,
      verdict: 'pass',
      measured: 40,
      ending: { kind: 'stopped', look: 1, because: 'futile' },
    },
    {
      name: 'lies only after the first look, which the run did not measure',
      lies: (place) => place >= 40,
      verdict: 'pass',
      measured: 40,
      ending: { kind: 'stopped', look: 1, because: 'futile' },
    },
    {
      name: 'lies everywhere',
      lies: ALL,
      verdict: 'regressed',
      measured: 40,
      ending: { kind: 'stopped', look: 1, because: 'proven' },
    },
    {
      name: 'one lie at first and none after it',
      lies: (place) => place === 5,
      verdict: 'pass',
      measured: 80,
      ending: { kind: 'stopped', look: 2, because: 'futile' },
    },
    {
      name: 'no lie, under the strict rule',
      lies: NONE,
      config: policy({ rule: 'strict' }),
      verdict: 'pass',
      measured: 80,
      ending: { kind: 'stopped', look: 2, because: 'futile' },
    },
    {
      name: 'one lie in twenty',
      lies: EVERY_TWENTIETH,
      verdict: 'regressed',
      measured: 160,
      ending: { kind: 'complete' },
    },
  ])('$name: $verdict after $measured', async ({ lies, config, verdict, measured, ending }) => {
    const result = await gate(lies, { ...(config && { config }) });
    const record = recordOf(result);
    expect(result.decision.verdict).toBe(verdict);
    expect(result.assessment?.ending).toEqual(ending);
    expect(idsOf(record)).toEqual(ORDER.slice(0, measured));
    expect(record.measurement.design).toEqual({ examples: 160, samples: 1, looks: 4 });
  });

  test.each([
    { name: 'hopeless', lies: NONE },
    { name: 'proven', lies: ALL },
    { name: 'futile at the second look', lies: (place: number) => place === 5 },
    { name: 'confirmed', lies: EVERY_TWENTIETH },
  ])('and its record and baseline give the same verdict again: $name', async ({ lies }) => {
    const { decision, comparison, assessment, baseline, ...result } = await gate(lies);
    const record = recordOf(result as RunResult);
    const stored = recordSchema.parse(JSON.parse(JSON.stringify(record)));
    const evaluated = evaluate(stored, baseline, { gate: makeConfig().gate, mode: 'gate' });
    expect(evaluated).toEqual({ decision, comparison, assessment });
  });

  test('and its record can be read again, although it contains only a part of the examples', async () => {
    const record = recordOf(await gate(NONE));
    const source = { where: 'record.json', distance: 0, suite: 'default' };
    expect(parseBaseline(JSON.stringify(record), source)).toMatchObject({ status: 'found' });
  });
});

describe('a baseline that lacks the first examples', () => {
  const recordWithout = async (places: number): Promise<GateRecord> =>
    recordWith({ examples: EXAMPLES.filter(({ id }) => ORDER.indexOf(id) >= places) });

  test.each([
    { lies: NONE, name: 'no lie', verdict: 'pass' },
    { lies: ALL, name: 'lies', verdict: 'regressed' },
  ])('is enough if it has enough of all examples: $name, $verdict', async ({ lies, verdict }) => {
    // 28 of the first 40, 68 of the first 80, 148 of all.
    const result = await gate(lies, { baseline: found(await recordWithout(12)) });
    expect(result.decision.verdict).toBe(verdict);
    expect(recordOf(result).measurement.examples).toHaveLength(80);
  });

  test('is not enough if it has too few, which shows at the end', async () => {
    const result = await gate(NONE, { baseline: found(await recordWithout(33)) });
    expect(result.decision.verdict).toBe('incomparable');
    expect(recordOf(result).measurement.examples).toHaveLength(160);
  });
});

describe('a run has one look', () => {
  test.each<{ readonly name: string; readonly more: Circumstances; readonly samples: number }>([
    {
      name: 'if early stops are forbidden',
      more: { config: policy({ earlyStop: false }) },
      samples: 1,
    },
    {
      name: 'if a guard gates',
      more: { config: policy({ guards: { ...makeConfig().gate.guards, accuracy: 'fail' } }) },
      samples: 1,
    },
    { name: 'without a baseline', more: { baseline: { status: 'absent' } }, samples: 1 },
    { name: 'when it records', more: { mode: 'record' }, samples: 5 },
    {
      name: 'when it records over a corrupt baseline',
      more: { mode: 'record', baseline: { status: 'corrupt', where: 'b.json', reason: 'broken' } },
      samples: 5,
    },
  ])('$name, and measures all examples', async ({ more, samples }) => {
    const record = recordOf(await gate(NONE, more));
    expect(record.measurement.design).toEqual({ examples: 160, samples, looks: 1 });
    expect(idsOf(record)).toEqual(ORDER);
    expect(replyCounts(record)).toEqual([samples]);
  });

  test.each<{ readonly name: string; readonly more: Circumstances; readonly samples: number }>([
    { name: 'a recording', more: { mode: 'record' }, samples: 5 },
    { name: 'a run without a baseline', more: { baseline: { status: 'absent' } }, samples: 1 },
  ])('$name is not confirmed either, with any finding', async ({ more, samples }) => {
    const model = fakeModel(lying);
    const record = recordOf(await gate(ALL, { ...more, model }));
    expect(idsOf(record)).toEqual(ORDER);
    expect(replyCounts(record)).toEqual([samples]);
  });

  test('a run that may not stop early is still confirmed', async () => {
    const result = await gate(ALL, { config: policy({ earlyStop: false }) });
    expect(result.decision.verdict).toBe('regressed');
    expect(replyCounts(recordOf(result))).toEqual([3]);
  });
});

describe('a suspicious full run is confirmed before it is judged', () => {
  const FIRST_ONLY: Lies = (place, repeat) =>
    EVERY_TWENTIETH(place, 0) && repeat === FIRST_GATE_REPEAT;

  test.each([
    { name: 'lies once', lies: FIRST_ONLY, gated: 1, confirm: 2, replies: 3, verdict: 'pass' },
    { name: 'lies once', lies: FIRST_ONLY, gated: 1, confirm: 4, replies: 5, verdict: 'pass' },
    { name: 'lies once', lies: FIRST_ONLY, gated: 1, confirm: 0, replies: 1, verdict: 'regressed' },
    {
      name: 'lies always',
      lies: EVERY_TWENTIETH,
      gated: 1,
      confirm: 2,
      replies: 3,
      verdict: 'regressed',
    },
    {
      name: 'lies always',
      lies: EVERY_TWENTIETH,
      gated: 2,
      confirm: 3,
      replies: 5,
      verdict: 'regressed',
    },
  ])(
    'a model that $name, with samples.gate $gated and samples.confirm $confirm: $replies replies, $verdict',
    async ({ lies, gated, confirm, replies, verdict }) => {
      const config = { samples: { gate: gated, confirm, record: 5 } };
      const result = await gate(lies, { config });
      const record = recordOf(result);
      expect(idsOf(record)).toEqual(ORDER);
      expect(replyCounts(record)).toEqual([replies]);
      // The design is the one planned before the confirmation.
      expect(record.measurement.design).toEqual({ examples: 160, samples: gated, looks: 4 });
      expect(result.decision.verdict).toBe(verdict);
    },
  );

  test('and samples.confirm: 0 asks nothing more, not even lost replies', async () => {
    const reply = replyAs((id) => EVERY_TWENTIETH(ORDER.indexOf(id), 0));
    const isLost = (call: ModelCall): boolean => pressedId(call) === ORDER[3];
    const model = fakeModel((call) =>
      isLost(call) ? { status: 'failed', reason: 'timeout' } : reply(call),
    );
    const config = { samples: { gate: 1, confirm: 0, record: 5 } };
    expect(recordOf(await gate(NONE, { model, config })).measurement.examples).toHaveLength(160);
    expect(model.calls.filter(isLost)).toHaveLength(2);
  });

  test('and every example is asked, not only those that caused the suspicion', async () => {
    const { comparison } = await gate(EVERY_TWENTIETH);
    expect(comparison?.pairs.map(({ runSamples }) => runSamples)).toEqual(ORDER.map(() => 3));
  });
});
