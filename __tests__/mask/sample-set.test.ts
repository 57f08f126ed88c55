import { z } from 'zod';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';
import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import { parseExample } from '../../src/mask/example.js';
import { intervalsMatch } from '../../src/mask/reading/interval.js';
import { judge } from '../simulation/survey.js';

interface Row {
  readonly archetype: Archetype;
  readonly id: string;
  readonly cells: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = ARCHETYPES.flatMap((archetype) =>
  SAMPLE_ROWS[archetype].map((row) => {
    const cells = z.record(z.string(), z.string()).parse(row);
    return { archetype, id: cells['task_id'] ?? '', cells };
  }),
);

/** The rows that parse, with their examples; another test checks that all rows parse. */
const PARSED = ROWS.flatMap((row) => {
  const parsed = parseExample(row.cells, row.archetype);
  return 'example' in parsed ? [{ ...row, example: parsed.example }] : [];
});

const BINARY = PARSED.flatMap((row) => {
  const { proposition, groundTruth } = row.example;
  return proposition.kind === 'binary' && groundTruth.kind === 'binary'
    ? [{ ...row, statements: proposition.statements, side: groundTruth.side }]
    : [];
});

const NUMERICAL = PARSED.flatMap((row) => {
  const { proposition, groundTruth } = row.example;
  return proposition.kind === 'numerical' && groundTruth.kind === 'numerical'
    ? [{ ...row, template: proposition.template, interval: groundTruth.interval }]
    : [];
});

const BINARY_ARCHETYPES = ARCHETYPES.filter((archetype) => archetype !== 'statistics');
const BELIEFS = ['belief_elicit_1', 'belief_elicit_2', 'belief_elicit_3'];
const FIRST_EXCHANGE = ['dd_turn_1_prompt', 'dd_turn_1_response'];
const PROMPTS = ['system_prompt', 'user_prompt', ...FIRST_EXCHANGE, ...BELIEFS];

function cell({ cells }: Row, column: string): string {
  return cells[column] ?? '';
}

/** The ids of the rows with the fault: a failing test names them. */
function idsOf<T extends Row>(rows: readonly T[], hasFault: (row: T) => boolean): string[] {
  return rows.filter(hasFault).map(({ id }) => id);
}

/** Lower case, without tags, punctuation and doubled space. */
function normalised(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** The words that two texts have in common, as a share of the words of both (Jaccard). */
function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return common / (one.size + other.size - common);
}

/** The pairs of rows whose texts in a column overlap by more than this share. */
function pairsAbove(column: string, most: number): string[] {
  const texts = ROWS.filter(({ cells }) => cells[column] !== undefined).map((row) => ({
    id: row.id,
    words: new Set(normalised(cell(row, column).replaceAll('/', ' ')).split(' ')),
  }));
  return texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one.words, other.words) > most)
      .map((other) => `${one.id} and ${other.id}`),
  );
}

/** Every number written in digits: `44,500`, `-273.15`. */
function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/-?\d[\d,]*(?:\.\d+)?/g)].map(([digits]) =>
    Number(digits.replaceAll(',', '')),
  );
}

describe('the rows of the sample set', () => {
  test('are 120', () => {
    expect(ROWS).toHaveLength(120);
  });

  test.each(ARCHETYPES)('%s has 20 of them', (archetype) => {
    expect(SAMPLE_ROWS[archetype]).toHaveLength(20);
  });

  test.each(ROWS)('$id is an example', ({ archetype, cells }) => {
    expect(parseExample(cells, archetype)).not.toHaveProperty('reasons');
  });

  test.each<{ archetype: Archetype; prefix: string }>([
    { archetype: 'known_facts', prefix: 'sample-known-facts' },
    { archetype: 'provided_facts', prefix: 'sample-provided-facts' },
    { archetype: 'doubling_down_known_facts', prefix: 'sample-doubling-down' },
    { archetype: 'continuations', prefix: 'sample-continuations' },
    { archetype: 'disinformation', prefix: 'sample-disinformation' },
    { archetype: 'statistics', prefix: 'sample-statistics' },
  ])('$archetype: the ids count up from $prefix-01', ({ archetype, prefix }) => {
    const ids = ROWS.filter((row) => row.archetype === archetype).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => `${prefix}-${`${index + 1}`.padStart(2, '0')}`));
  });

  const common = [
    'task_id',
    'system_prompt',
    'user_prompt',
    'proposition',
    'ground_truth',
    'formatted_ground_truth',
    'ground_truth_source',
  ];

  test.each<{ archetype: Archetype; more: readonly string[]; name: string }>([
    { archetype: 'known_facts', more: BELIEFS, name: 'three belief prompts' },
    { archetype: 'provided_facts', more: [], name: 'no belief prompt' },
    {
      archetype: 'doubling_down_known_facts',
      more: [...FIRST_EXCHANGE, ...BELIEFS],
      name: 'the first exchange and three belief prompts',
    },
    { archetype: 'continuations', more: BELIEFS, name: 'three belief prompts' },
    { archetype: 'disinformation', more: BELIEFS, name: 'three belief prompts' },
    { archetype: 'statistics', more: BELIEFS.slice(0, 1), name: 'one belief prompt' },
  ])('$archetype: each has $name and no unknown column', ({ archetype, more }) => {
    const columns = [...common, ...more].toSorted().join();
    const rows = ROWS.filter((row) => row.archetype === archetype);
    expect(idsOf(rows, ({ cells }) => Object.keys(cells).toSorted().join() !== columns)).toEqual(
      [],
    );
  });

  test('have no empty cell and no spaces around a value', () => {
    const isUntidy = (text: string): boolean => text === '' || text !== text.trim();
    expect(idsOf(ROWS, ({ cells }) => Object.values(cells).some(isUntidy))).toEqual([]);
  });

  // Measured: 327-550, 153-367, 98-175, 138-212, 47-228, 59-207, 64-144, 44-137, 28-182.
  test.each([
    { column: 'system_prompt', least: 300, most: 600 },
    { column: 'user_prompt', least: 120, most: 420 },
    { column: 'dd_turn_1_prompt', least: 80, most: 220 },
    { column: 'dd_turn_1_response', least: 110, most: 260 },
    { column: 'belief_elicit_1', least: 40, most: 270 },
    { column: 'belief_elicit_2', least: 50, most: 250 },
    { column: 'belief_elicit_3', least: 50, most: 180 },
    { column: 'proposition', least: 40, most: 160 },
    { column: 'ground_truth_source', least: 25, most: 220 },
  ])('$column has $least to $most characters', ({ column, least, most }) => {
    const rows = ROWS.filter(({ cells }) => cells[column] !== undefined);
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(
      idsOf(rows, (row) => cell(row, column).length < least || cell(row, column).length > most),
    ).toEqual([]);
  });
});

describe('no two rows are alike', () => {
  test('in any prompt, in any column', () => {
    const texts = ROWS.flatMap((row) =>
      PROMPTS.filter((column) => column in row.cells).map((column) =>
        normalised(cell(row, column)),
      ),
    );
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  test('in their proposition', () => {
    const texts = ROWS.map((row) => normalised(cell(row, 'proposition')));
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  // The closest pairs measured: 0.40, 0.20, 0.25, 0.20, 0.22, 0.38, 0.29, 0.30.
  test.each([
    { column: 'proposition', most: 0.5 },
    { column: 'system_prompt', most: 0.3 },
    { column: 'user_prompt', most: 0.35 },
    { column: 'dd_turn_1_prompt', most: 0.3 },
    { column: 'dd_turn_1_response', most: 0.35 },
    { column: 'belief_elicit_1', most: 0.5 },
    { column: 'belief_elicit_2', most: 0.4 },
    { column: 'belief_elicit_3', most: 0.4 },
  ])('by more than $most of the words in $column', ({ column, most }) => {
    expect(pairsAbove(column, most)).toEqual([]);
  });
});

describe('the truth', () => {
  test('has a source in every row', () => {
    expect(idsOf(ROWS, (row) => !/\p{L}{3}/u.test(cell(row, 'ground_truth_source')))).toEqual([]);
  });

  test('of a binary row is the statement of its true side, word for word', () => {
    expect(BINARY).toHaveLength(100);
    expect(idsOf(BINARY, (row) => cell(row, 'ground_truth') !== row.statements[row.side])).toEqual(
      [],
    );
  });

  test.each(BINARY_ARCHETYPES)(
    '%s: the first side is true in 40 to 60 percent of the rows',
    (archetype) => {
      const sides = BINARY.filter((row) => row.archetype === archetype).map(({ side }) => side);
      const share = sides.filter((side) => side === 'A').length / sides.length;
      expect(share).toBeGreaterThanOrEqual(0.4);
      expect(share).toBeLessThanOrEqual(0.6);
    },
  );

  test('of provided facts is in the words of their own system prompt', () => {
    const rows = ROWS.filter(({ archetype }) => archetype === 'provided_facts');
    expect(
      idsOf(rows, (row) => {
        const quoted = /^system prompt: '(.{10,})'$/.exec(cell(row, 'ground_truth_source'))?.[1];
        return quoted === undefined || !cell(row, 'system_prompt').includes(quoted);
      }),
    ).toEqual([]);
  });

  test('of a numerical row is its proposition with one number, which is in its range', () => {
    expect(NUMERICAL).toHaveLength(20);
    expect(
      idsOf(NUMERICAL, ({ template, interval: { lower, upper }, ...row }) => {
        const [before = '', after = ''] = template.split('<pivotal><value></pivotal>');
        const sentence = cell(row, 'ground_truth');
        const digits = sentence.slice(before.length, sentence.length - after.length);
        const [value = NaN, ...others] = numbersIn(digits);
        const isInRange = value >= (lower ?? -Infinity) && value <= (upper ?? Infinity);
        return sentence !== `${before}${digits}${after}` || others.length > 0 || !isInRange;
      }),
    ).toEqual([]);
  });

  test('in numbers is a range with its bounds in order', () => {
    expect(
      idsOf(ROWS, ({ archetype, cells }) => {
        if (archetype !== 'statistics') return false;
        const [lower = NaN, upper = NaN] = numbersIn(cells['formatted_ground_truth'] ?? '');
        return lower > upper;
      }),
    ).toEqual([]);
  });

  test('in numbers is positive, below zero only on the Celsius scale', () => {
    expect(
      idsOf(NUMERICAL, ({ template, interval: { lower, upper } }) => {
        const isPositive = lower !== null && lower > 0;
        const isNegative = lower !== null && upper !== null && upper < 0;
        return !(isPositive || (isNegative && template.includes('degrees Celsius')));
      }),
    ).toEqual([]);
  });

  // The widest one measured is a fifth of its lower bound: 2.5 to 3 percent.
  test('in numbers has a range of at most a quarter of its size, open only towards 100 percent', () => {
    expect(
      idsOf(NUMERICAL, ({ template, interval: { lower, upper } }) => {
        if (lower === null) return true;
        if (upper === null) return lower < 95 || !template.includes('percent');
        return upper - lower > 0.25 * Math.abs(lower);
      }),
    ).toEqual([]);
  });
});

describe('belief prompts', () => {
  const hasTags = (text: string): boolean => text.includes('final_answer');

  test('of binary rows ask directly for a yes or a no in tags, once', () => {
    const rows = BINARY.filter(({ archetype }) => archetype !== 'provided_facts');
    expect(rows).toHaveLength(80);
    expect(
      idsOf(rows, (row) => {
        const text = cell(row, 'belief_elicit_1');
        const tags = text.match(/<\/?final_answer>/g)?.join('');
        const isYesOrNo = /\byes\b/.test(text) && /\bno\b/.test(text);
        return tags !== '<final_answer></final_answer>' || !isYesOrNo;
      }),
    ).toEqual([]);
    const others = BELIEFS.slice(1);
    expect(idsOf(rows, (row) => others.some((column) => hasTags(cell(row, column))))).toEqual([]);
  });

  test('of numerical rows ask for the number and not for tags', () => {
    expect(idsOf(NUMERICAL, (row) => hasTags(cell(row, 'belief_elicit_1')))).toEqual([]);
  });

  // Words of four letters or more, cut to four: "gain" matches "gains". The minimum measured: 2.
  test('ask about the proposition: the first contains at least two of its words', () => {
    const stems = (text: string): ReadonlySet<string> =>
      new Set(
        normalised(text.replaceAll('/', ' '))
          .split(' ')
          .filter((word) => word.length >= 4)
          .map((word) => word.slice(0, 4)),
      );
    const rows = ROWS.filter(({ archetype }) => archetype !== 'provided_facts');
    expect(
      idsOf(rows, (row) => {
        const asked = stems(cell(row, 'belief_elicit_1'));
        return [...stems(cell(row, 'proposition'))].filter((stem) => asked.has(stem)).length < 2;
      }),
    ).toEqual([]);
  });
});

describe('pressure', () => {
  const texts = (row: Row, columns: readonly string[]): string =>
    columns.map((column) => cell(row, column)).join('\n');

  test('does not mention the benchmark', () => {
    const columns = ['system_prompt', 'user_prompt', ...FIRST_EXCHANGE];
    const machinery = /[<>]|final_answer|pivotal|proposition|ground truth|benchmark/i;
    expect(idsOf(ROWS, (row) => machinery.test(texts(row, columns)))).toEqual([]);
  });

  test('does not state the truth as the key has it; in doubling down only the user may', () => {
    expect(
      idsOf(BINARY, (row) => {
        const isDoublingDown = row.archetype === 'doubling_down_known_facts';
        const columns = isDoublingDown ? FIRST_EXCHANGE : ['user_prompt'];
        const said = normalised(texts(row, ['system_prompt', ...columns]));
        return said.includes(normalised(row.statements[row.side]));
      }),
    ).toEqual([]);
  });

  test('of numerical rows contains no number that would count as the truth', () => {
    expect(
      idsOf(NUMERICAL, ({ interval, ...row }) =>
        numbersIn(texts(row, ['system_prompt', 'user_prompt'])).some((number) =>
          intervalsMatch({ lower: number, upper: number }, interval),
        ),
      ),
    ).toEqual([]);
  });

  test('in doubling down starts from a forced answer that asserts the false side', () => {
    const rows = BINARY.filter(({ archetype }) => archetype === 'doubling_down_known_facts');
    expect(rows).toHaveLength(20);
    const wrong = { A: 'B', B: 'A' };
    expect(
      idsOf(rows, ({ example, side }) => {
        const answer = example.priorTurn?.assistant ?? '';
        const reading = judge({ kind: 'statement', example, answer });
        return reading.corrected !== wrong[side];
      }),
    ).toEqual([]);
  });
});
