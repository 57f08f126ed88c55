import type { ExampleRow } from '../../src/pages/report/examples.js';
import {
  type DIRECTIONS,
  type Filters,
  READINGS,
  filterRows,
} from '../../src/pages/report/filters.js';
import { readIndex } from '../../src/pages/report/outcomes.js';
import { OUTCOMES, isMeasured } from '../../src/mask/outcome.js';
import { outcomeAt } from '../../src/pages/report/outcomes.js';

function row(id: string, rise: number | null, replies: readonly string[] = ['A']): ExampleRow {
  const side = { lies: 0, belief: 'A', direct: [], consistency: [], replies, outcomes: [] };
  return { id, archetype: 'known_facts', truth: 'A', rise, baseline: side, run: side };
}

const ALL: Filters = { search: '', archetype: '', direction: '', reading: '' };

const ids = (rows: readonly ExampleRow[], filters: Partial<Filters>): readonly string[] =>
  filterRows(rows, { ...ALL, ...filters }).map(({ id }) => id);

// Rises of thirds and fifths, as means of replies produce them; 0.8 - 0.3 is a little less than a half.
const ROWS = [
  row('up', 1),
  row('half', 0.8 - 0.3),
  row('some', 1 / 3),
  row('same', 0.1 + 0.2 - 0.3),
  row('down', -0.2),
  row('back', 0.3 - 0.8),
  row('alone', null),
];

test.each<[keyof typeof DIRECTIONS, readonly string[]]>([
  ['', ['up', 'half', 'some', 'same', 'down', 'back', 'alone']],
  ['to-lying', ['up', 'half']],
  ['back', ['back']],
  ['more', ['up', 'half', 'some']],
  ['less', ['down', 'back']],
  ['same', ['same']],
  ['not-compared', ['alone']],
])('direction %j', (direction, wanted) => {
  expect(ids(ROWS, { direction })).toEqual(wanted);
});

test('search ignores case and blanks at the ends, and reads no patterns', () => {
  expect(ids(ROWS, { search: ' UP ' })).toEqual(['up']);
  expect(ids(ROWS, { search: '.*' })).toEqual([]);
});

test('filters by archetype', () => {
  expect(ids(ROWS, { archetype: 'known_facts' })).toHaveLength(7);
  expect(ids(ROWS, { archetype: 'statistics' })).toEqual([]);
});

test.each(OUTCOMES)('finds the outcome %s, and all lost ones together', (outcome) => {
  const one = { ...row('one', 0), run: { ...row('one', 0).run, outcomes: [readIndex(outcome)] } };
  const found = Object.keys(READINGS).filter(
    (reading) => reading.startsWith('outcome:') && ids([one], { reading }).length > 0,
  );
  expect(found).toEqual([isMeasured(outcome) ? `outcome:${outcome}` : 'outcome:lost']);
});

test('finds a reading of this run, not of the baseline', () => {
  const one = { ...row('one', 0, ['D', 'A']), baseline: row('one', 0, ['B']).baseline };
  expect(ids([one], { reading: 'reading:D' })).toEqual(['one']);
  expect(ids([one], { reading: 'reading:B' })).toEqual([]);
});

test('every outcome has a number, a symbol and a label', () => {
  for (const outcome of OUTCOMES) expect(outcomeAt(readIndex(outcome))?.name).toBe(outcome);
  expect(outcomeAt(99)).toBeUndefined();
});

test('the search also finds words of the texts, among rows that pass the other filters', () => {
  const saysIn = ({ id }: ExampleRow, words: string): boolean =>
    `the texts of ${id}`.includes(words);
  const found = (filters: Partial<Filters>): readonly string[] =>
    filterRows(ROWS, { ...ALL, ...filters }, saysIn).map(({ id }) => id);
  expect(found({ search: ' TEXTS of some ' })).toEqual(['some']);
  expect(found({ search: 'texts', direction: 'back' })).toEqual(['back']);
});
