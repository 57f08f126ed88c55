import { measure } from '../../src/elicit/measure.js';
import type { Example } from '../../src/mask/example.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import type { ModelCall, ModelReply } from '../../src/ports.js';
import { NO_READINGS, EMPTY, failed, fakeModel, read, readAll, readRange } from '../factories.js';
import {
  byAttempt,
  idOf,
  markedExample,
  markedExamples,
  markedProvided,
  markedStatistics,
  nameOf,
  namesOf,
  speakTruth,
} from './marked.js';
import { knownOf, planFor } from './plans.js';

const LOST: ModelReply = { status: 'failed', reason: 'rate-limited' };
const GONE = failed('target', 'timeout');

/** The known readings of an example whose model believes B, without replies. */
function known(example: Example, overrides: Partial<MeasuredExample> = {}): MeasuredExample {
  const { id, archetype, hash, groundTruth } = example;
  const isAsked = example.beliefPrompts.length > 0;
  return {
    id,
    archetype,
    hash,
    groundTruth,
    proposition: 'known before',
    direct: isAsked ? readAll('BBB') : [],
    consistency: isAsked ? readAll('BB') : [],
    statements: [],
    ...overrides,
  };
}

const knownNumber = (example: Example): MeasuredExample =>
  known(example, { direct: [readRange({ lower: 7, upper: 8 })], consistency: [] });

async function measureKnowing(
  examples: readonly Example[],
  before: readonly MeasuredExample[],
  reply: (call: ModelCall) => ModelReply = speakTruth,
): Promise<{ measured: readonly MeasuredExample[]; calls: readonly string[] }> {
  const model = fakeModel(reply);
  const plan = planFor(examples, { known: knownOf(before) });
  const measured = await measure(examples, plan, {
    model,
    readings: NO_READINGS,
    onProgress: () => undefined,
  });
  return { measured, calls: namesOf(model.calls) };
}

const PRESSED = ['judge press e1 #0', 'press e1 #0'];

describe('known beliefs', () => {
  const [binary, provided, statistics] = [
    markedExample('e1'),
    markedProvided('e1'),
    markedStatistics('e1'),
  ];

  test.each([
    { name: 'a binary one', example: binary, before: known(binary) },
    { name: 'a given one', example: provided, before: known(provided) },
    { name: 'a numerical one', example: statistics, before: knownNumber(statistics) },
  ])('are not asked for again: $name takes one call and its verdict', async (row) => {
    const { measured, calls } = await measureKnowing([row.example], [row.before]);
    expect(calls).toEqual(PRESSED);
    const { direct, consistency } = row.before;
    expect(measured).toMatchObject([{ direct, consistency }]);
    expect(measured[0]?.statements).toHaveLength(1);
  });

  test.each<{
    readonly name: string;
    readonly example: Example;
    readonly before: Partial<MeasuredExample>;
    readonly asked: readonly string[];
    readonly after: Partial<MeasuredExample>;
  }>([
    {
      name: 'one direct answer',
      example: binary,
      before: { direct: [read('B'), GONE, read('B')] },
      asked: ['ask e1 #1'],
      after: { direct: readAll('BAB'), consistency: readAll('BB') },
    },
    {
      name: 'a verdict on one',
      example: binary,
      before: { direct: [read('B'), read('B'), failed('judge', 'timeout')] },
      asked: ['ask e1 #2'],
      after: { direct: readAll('BBA'), consistency: readAll('BB') },
    },
    {
      name: 'the second probe',
      example: binary,
      before: { consistency: [read('B'), GONE] },
      asked: ['probe e1 again #0'],
      after: { direct: readAll('BBB'), consistency: readAll('BA') },
    },
    {
      name: 'three of five',
      example: binary,
      before: { direct: [GONE, read('B'), GONE], consistency: [GONE, read('B')] },
      asked: ['ask e1 #0', 'ask e1 #2', 'probe e1 #0'],
      after: { direct: readAll('ABA'), consistency: readAll('AB') },
    },
    {
      name: 'an empty one, and no unreadable one',
      example: binary,
      before: { direct: [EMPTY, read('unreadable'), read('B')] },
      asked: ['ask e1 #0'],
      after: { direct: [read('A'), read('unreadable'), read('B')] },
    },
  ])('that were lost are asked for: $name', async ({ example, before, asked, after }) => {
    const { measured, calls } = await measureKnowing([example], [known(example, before)]);
    const wanted = asked.flatMap((name) => [name, `judge ${name}`]);
    expect(calls).toEqual([...wanted, ...PRESSED].sort());
    expect(measured).toMatchObject([after]);
  });

  test('about a number that were lost are asked for all together', async () => {
    const before = known(statistics, { direct: [GONE], consistency: [] });
    const { measured, calls } = await measureKnowing([statistics], [before]);
    const asked = ['ask e1 #0', 'ask e1 #1', 'ask e1 #2'];
    expect(calls).toEqual([...asked, `judge ${asked.join(', ')}`, ...PRESSED].sort());
    expect(measured).toMatchObject([{ direct: [readRange({ lower: 41, upper: 41 })] }]);
  });

  test('that are lost again are retried only once', async () => {
    const before = known(binary, { direct: [read('B'), GONE, read('B')] });
    const { measured, calls } = await measureKnowing(
      [binary],
      [before],
      byAttempt((call) => (nameOf(call) === 'ask e1 #1' ? LOST : speakTruth(call))),
    );
    expect(calls).toEqual(['ask e1 #1', 'ask e1 #1', ...PRESSED].sort());
    expect(measured[0]?.direct[1]).toEqual(failed('target', 'rate-limited'));
  });

  test('are found by content: an example with the same name and other content is asked everything', async () => {
    const other = markedExample('e1', { systemPrompt: 'You write for the fire brigade.' });
    const { measured, calls } = await measureKnowing([other], [known(binary)]);
    expect(calls).toHaveLength(12);
    expect(measured).toMatchObject([{ direct: readAll('AAA'), consistency: readAll('AA') }]);
  });

  test('of some examples cause calls for the others only', async () => {
    const examples = markedExamples(6);
    const before = examples.filter(({ id }) => id === 'e1' || id === 'e6').map(knownOrNumber);
    const model = fakeModel(speakTruth);
    const plan = planFor(examples, { known: knownOf(before) });
    await measure(examples, plan, { model, readings: NO_READINGS, onProgress: () => undefined });
    const countOf = (id: string): number => model.calls.filter((call) => idOf(call) === id).length;
    expect(examples.map(({ id }) => countOf(id))).toEqual([2, 2, 6, 12, 2, 2]);
  });

  test('take the proposition and the truth from the example, not from the known readings', async () => {
    const { measured } = await measureKnowing([binary], [known(binary)]);
    expect(measured[0]?.proposition).toMatch(/^[0-9a-f]{64}$/);
  });
});

function knownOrNumber(example: Example): MeasuredExample {
  return example.proposition.kind === 'numerical' ? knownNumber(example) : known(example);
}
