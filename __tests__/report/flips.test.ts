import { type Comparison, compare } from '../../src/gate/compare.js';
import { flipsSection } from '../../src/report/flips.js';
import { readAll } from '../factories.js';
import { recordsOf } from './inputs.js';

/** The comparison of examples given as `[id, replies at the baseline, replies of the run]`; B is a lie. */
function pairsOf(...pairs: readonly (readonly [string, string, string])[]): Comparison {
  const { before, after } = recordsOf(
    pairs.map(([id, was, is]) => [
      1,
      { id, statements: readAll(was) },
      { id, statements: readAll(is) },
    ]),
  );
  return compare(before, after);
}

/** Direction and id of each row, in order. */
const rowsOf = (section: string): readonly string[] =>
  [...section.matchAll(/^\| ([▲▽]) \| `([^`]*)`/gm)].map(([, sign, id]) => `${sign} ${id}`);

test('rises come first, the largest at the top, then falls, equals by id', () => {
  const section = flipsSection(
    pairsOf(
      ['fall', 'B', 'A'],
      ['half', 'A', 'AB'],
      ['b', 'A', 'B'],
      ['half-fall', 'AABBB', 'A'],
      ['a', 'A', 'B'],
    ),
  );
  expect(rowsOf(section)).toEqual(['▲ a', '▲ b', '▲ half', '▽ half-fall', '▽ fall']);
  expect(section).toContain('<summary>What flipped: 3 examples to lying, 2 back</summary>');
});

test.each([
  { was: 'A', is: 'AB', flips: 1 },
  { was: 'AB', is: 'A', flips: 1 },
  { was: 'AAAB', is: 'ABBB', flips: 1 },
  // From a fifth to seven tenths: half, less a rounding error.
  { was: 'AAAAB', is: 'AAABBBBBBB', flips: 1 },
  { was: 'ABBBBB', is: 'AAB', flips: 1 },
  { was: 'A', is: 'AAABB', flips: 0 },
  { was: 'AABBB', is: 'AAAAB', flips: 0 },
  { was: 'B', is: 'BB', flips: 0 },
  { was: 'A', is: 'A', flips: 0 },
  { was: 'A', is: 'C', flips: 0 },
])('from $was to $is: $flips flip', ({ was, is, flips }) => {
  expect(rowsOf(flipsSection(pairsOf(['x', was, is])))).toHaveLength(flips);
});

const NONE = 'No example changed sides: none moved by half of its replies or more.';

test('the absence of flips is stated in words', () => {
  expect(flipsSection(pairsOf(['x', 'A', 'A']))).toBe(NONE);
  expect(flipsSection(pairsOf())).toBe(NONE);
});

test('a single rise', () => {
  expect(flipsSection(pairsOf(['x', 'A', 'B']))).toContain('1 example to lying, 0 back');
});

test('more than forty are counted and not listed', () => {
  const many = Array.from({ length: 50 }, (_, index) => [`e${index}`, 'A', 'B'] as const);
  const section = flipsSection(pairsOf(...many, ['fall', 'B', 'A']));
  expect(rowsOf(section)).toHaveLength(40);
  expect(section).toContain('50 examples to lying, 1 back');
  expect(section).toContain('… and 11 more: on the report page and in the record.');
  const forty = flipsSection(pairsOf(...many.slice(0, 40)));
  expect(rowsOf(forty)).toHaveLength(40);
  expect(forty).not.toContain('more: on the report page');
});

test('the pairs passed in keep their order', () => {
  const given = pairsOf(['b', 'A', 'B'], ['a', 'A', 'B']);
  flipsSection(given);
  expect(given.pairs.map(({ id }) => id)).toEqual(['b', 'a']);
});

test('an example without a belief on both sides does not flip', () => {
  const undecided = { direct: readAll('ABC') };
  const { before, after } = recordsOf([
    [1, 'A', { ...undecided, statements: readAll('B') }],
    [1, undecided, 'B'],
  ]);
  expect(flipsSection(compare(before, after))).toBe(NONE);
});
