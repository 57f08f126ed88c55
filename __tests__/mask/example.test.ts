import type { Archetype } from '../../src/mask/archetype.js';
import { type Example, parseExample } from '../../src/mask/example.js';

type Row = Readonly<Record<string, unknown>>;

/** A word in every text of the rows below; a reason that contains it has quoted private text. */
const PRIVATE = 'zebra';

function makeRow(overrides: Row = {}): Row {
  return {
    task_id: 'row-1',
    system_prompt: `system ${PRIVATE}`,
    user_prompt: `user ${PRIVATE}`,
    belief_elicit_1: `direct ${PRIVATE}`,
    belief_elicit_2: `indirect ${PRIVATE}`,
    belief_elicit_3: `leading ${PRIVATE}`,
    proposition: `The ${PRIVATE} <pivotal>is/is not</pivotal> asleep.`,
    formatted_ground_truth: 'B',
    ...overrides,
  };
}

const NUMERICAL: Row = {
  belief_elicit_2: null,
  belief_elicit_3: null,
  proposition: `The ${PRIVATE} weighs <pivotal><value></pivotal> kg.`,
  formatted_ground_truth: '[350, 450]',
};

const FIRST_EXCHANGE: Row = {
  dd_turn_1_prompt: `first ${PRIVATE}`,
  dd_turn_1_response: `forced ${PRIVATE}`,
};

function parse(overrides: Row, archetype: Archetype = 'known_facts'): Example {
  const parsed = parseExample(makeRow(overrides), archetype);
  if ('example' in parsed) return parsed.example;
  throw new Error(parsed.reasons.join('; '));
}

function reasonsFor(row: unknown, archetype: Archetype = 'known_facts'): readonly string[] {
  const parsed = parseExample(row, archetype);
  return 'reasons' in parsed ? parsed.reasons : [];
}

describe('a row in the MASK columns', () => {
  test('becomes an example', () => {
    const { hash, ...content } = parse({});
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(content).toEqual({
      id: 'row-1',
      archetype: 'known_facts',
      systemPrompt: `system ${PRIVATE}`,
      userPrompt: `user ${PRIVATE}`,
      beliefPrompts: [`direct ${PRIVATE}`, `indirect ${PRIVATE}`, `leading ${PRIVATE}`],
      proposition: {
        kind: 'binary',
        statements: { A: `The ${PRIVATE} is asleep.`, B: `The ${PRIVATE} is not asleep.` },
      },
      groundTruth: { kind: 'binary', side: 'B' },
    });
  });

  test.each<{ archetype: Archetype; row: Row; prompts: number; priorTurn: boolean }>([
    { archetype: 'known_facts', row: {}, prompts: 3, priorTurn: false },
    { archetype: 'continuations', row: {}, prompts: 3, priorTurn: false },
    { archetype: 'disinformation', row: {}, prompts: 3, priorTurn: false },
    { archetype: 'doubling_down_known_facts', row: FIRST_EXCHANGE, prompts: 3, priorTurn: true },
    { archetype: 'statistics', row: NUMERICAL, prompts: 1, priorTurn: false },
    { archetype: 'provided_facts', row: {}, prompts: 0, priorTurn: false },
    {
      archetype: 'provided_facts',
      row: { belief_elicit_1: null, belief_elicit_2: null, belief_elicit_3: null },
      prompts: 0,
      priorTurn: false,
    },
  ])('$archetype has $prompts belief prompts, first exchange: $priorTurn', (expected) => {
    const example = parse(expected.row, expected.archetype);
    expect(example.beliefPrompts).toHaveLength(expected.prompts);
    expect(example.priorTurn !== undefined).toBe(expected.priorTurn);
  });

  test('the kind of proposition decides for each row, not for each archetype', () => {
    expect(parse(NUMERICAL, 'known_facts').proposition.kind).toBe('numerical');
    expect(parse({}, 'statistics').proposition.kind).toBe('binary');
  });
});

describe('absent cells', () => {
  const absent = {
    'Parquet null': null,
    'empty CSV cell': '',
    blank: ' \n',
    'no column': undefined,
  };

  test.each(Object.entries(absent))('%s: the same example, with the same hash', (_, nothing) => {
    const optional = {
      belief_elicit_2: nothing,
      belief_elicit_3: nothing,
      dd_turn_1_prompt: nothing,
      dd_turn_1_response: nothing,
    };
    const example = parse({ ...NUMERICAL, ...optional }, 'statistics');
    expect(example).toEqual(parse(NUMERICAL, 'statistics'));
    expect(example.priorTurn).toBeUndefined();
  });

  test.each(Object.entries(absent))(
    '%s is reported as missing if the column is needed',
    (_, nothing) => {
      for (const column of ['task_id', 'system_prompt', 'user_prompt', 'proposition']) {
        const [reason, ...others] = reasonsFor(makeRow({ [column]: nothing }));
        expect(reason).toMatch(new RegExp(`^${column} is (missing|empty)$`));
        expect(others).toEqual([]);
      }
    },
  );
});

describe('a malformed row is refused, without quoting its text', () => {
  const lacksFirst = 'belief_elicit_1 is missing, known_facts needs it to elicit the belief';
  const oneOfTwo = 'dd_turn_1_prompt and dd_turn_1_response go together, one is missing';
  const badSide = 'formatted_ground_truth must be A or B for a binary proposition';
  const badBounds =
    'formatted_ground_truth must be a list of two bounds such as [70, 72], one may be null';

  test.each<{ name: string; row: Row; archetype?: Archetype; reasons: readonly string[] }>([
    { name: 'no user prompt', row: { user_prompt: null }, reasons: ['user_prompt is missing'] },
    {
      name: 'a blank system prompt',
      row: { system_prompt: ' ' },
      reasons: ['system_prompt is empty'],
    },
    {
      name: 'two columns missing',
      row: { task_id: undefined, formatted_ground_truth: null },
      reasons: ['task_id is missing', 'formatted_ground_truth is missing'],
    },
    {
      name: 'a proposition without a span',
      row: { proposition: `The ${PRIVATE} is asleep.` },
      reasons: ['the proposition needs one <pivotal>X/Y</pivotal> span, it has 0'],
    },
    { name: 'a side that is not valid', row: { formatted_ground_truth: 'C' }, reasons: [badSide] },
    { name: 'a side spelt out', row: { formatted_ground_truth: PRIVATE }, reasons: [badSide] },
    { name: 'bounds for a side', row: { formatted_ground_truth: '[1, 2]' }, reasons: [badSide] },
    {
      name: 'no direct belief prompt',
      row: { belief_elicit_1: null, belief_elicit_2: null, belief_elicit_3: null },
      reasons: [lacksFirst],
    },
    {
      name: 'a probe without the direct prompt',
      row: { belief_elicit_1: null },
      reasons: [lacksFirst, 'belief_elicit_2 or 3 is set without belief_elicit_1'],
    },
    {
      name: 'a first exchange without its reply',
      row: { dd_turn_1_prompt: PRIVATE },
      reasons: [oneOfTwo],
    },
    {
      name: 'a first exchange without its question',
      row: { dd_turn_1_response: PRIVATE },
      archetype: 'doubling_down_known_facts',
      reasons: [oneOfTwo, 'dd_turn_1_prompt is missing, doubling down needs the first exchange'],
    },
    {
      name: 'doubling down without the first exchange',
      row: {},
      archetype: 'doubling_down_known_facts',
      reasons: ['dd_turn_1_prompt is missing, doubling down needs the first exchange'],
    },
    {
      name: 'everything wrong at once',
      row: { formatted_ground_truth: PRIVATE, belief_elicit_1: '', dd_turn_1_prompt: PRIVATE },
      reasons: [
        badSide,
        lacksFirst,
        'belief_elicit_2 or 3 is set without belief_elicit_1',
        oneOfTwo,
      ],
    },
    ...['[null, null]', '[350]', '[350, 400, 450]', '["350", "450"]', '350', 'A', '', '[350,'].map(
      (bounds) => ({
        name: `statistics bounds ${bounds}`,
        row: { ...NUMERICAL, formatted_ground_truth: bounds },
        archetype: 'statistics' as const,
        reasons: [bounds === '' ? 'formatted_ground_truth is empty' : badBounds],
      }),
    ),
  ])('$name', ({ row, archetype, reasons }) => {
    const found = reasonsFor(makeRow(row), archetype);
    expect(found).toEqual(reasons);
    expect(found.join()).not.toContain(PRIVATE);
  });

  test.each(['task_id', 'user_prompt', 'belief_elicit_1', 'belief_elicit_3', 'dd_turn_1_prompt'])(
    '%s that is not text names the column',
    (column) => {
      const reasons = reasonsFor(makeRow({ [column]: [PRIVATE] }));
      expect(reasons).toHaveLength(1);
      expect(reasons.join()).toContain(column);
      expect(reasons.join()).not.toContain(PRIVATE);
    },
  );

  test.each([null, undefined, 7, PRIVATE, [PRIVATE]])('%j is not a row', (row) => {
    const reasons = reasonsFor(row);
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.join()).not.toContain(PRIVATE);
  });
});

describe('statistics bounds', () => {
  test.each([
    { raw: '[350, 450]', lower: 350, upper: 450 },
    { raw: ' [350.5,450] ', lower: 350.5, upper: 450 },
    { raw: '[450, 350]', lower: 350, upper: 450 },
    { raw: '[400, 400]', lower: 400, upper: 400 },
    { raw: '[-5, 1e3]', lower: -5, upper: 1000 },
    { raw: '[null, 450]', lower: null, upper: 450 },
    { raw: '[350, null]', lower: 350, upper: null },
    { raw: '[None, 450]', lower: null, upper: 450 },
  ])('$raw is $lower to $upper', ({ raw, lower, upper }) => {
    const { groundTruth } = parse({ ...NUMERICAL, formatted_ground_truth: raw }, 'statistics');
    expect(groundTruth).toEqual({ kind: 'numerical', interval: { lower, upper } });
  });
});

describe('content hash', () => {
  test.each<Row>([
    { task_id: 'row-2' },
    { system_prompt: 'other' },
    { user_prompt: 'other' },
    { belief_elicit_1: 'other' },
    { belief_elicit_2: 'other' },
    { belief_elicit_3: null },
    { proposition: 'It <pivotal>is/is not</pivotal> asleep.' },
    { formatted_ground_truth: 'A' },
    FIRST_EXCHANGE,
  ])('changes with %j', (change) => {
    expect(parse(change).hash).not.toBe(parse({}).hash);
  });

  test('changes with the archetype', () => {
    expect(parse({}, 'continuations').hash).not.toBe(parse({}, 'disinformation').hash);
  });

  test.each<Row>([{ canary: 'c' }, { type: 't' }, { ground_truth: 'g' }])(
    'does not change with %j, which is never read',
    (column) => {
      expect(parse(column).hash).toBe(parse({}).hash);
    },
  );
});
