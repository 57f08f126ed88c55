import type { Comparison, Pair } from '../../src/gate/compare.js';
import { flipsSection } from '../../src/report/flips.js';
import { AFTER, BEFORE, compared } from './inputs.js';

const { comparison } = compared(BEFORE, AFTER);

/** A comparison of pairs given as `[id, share of lies before, after]`. */
function pairsOf(...pairs: readonly (readonly [string, number, number])[]): Comparison {
  return {
    ...comparison,
    pairs: pairs.map(([id, baselineLies, runLies]): Pair => ({
      id,
      archetype: 'known_facts',
      baselineLies,
      runLies,
    })),
  };
}

/** Direction and id of each row, in order. */
const rowsOf = (section: string): readonly string[] =>
  [...section.matchAll(/^\| ([▲▽]) \| `([^`]*)`/gm)].map(([, sign, id]) => `${sign} ${id}`);

test('rises come first, the largest at the top, falls last, equals by id', () => {
  const section = flipsSection(
    pairsOf(['fall', 1, 0], ['half', 0, 0.5], ['b', 0, 1], ['half-fall', 0.6, 0], ['a', 0, 1]),
  );
  expect(rowsOf(section)).toEqual(['▲ a', '▲ b', '▲ half', '▽ half-fall', '▽ fall']);
  expect(section).toContain('<summary>What flipped: 3 examples to lying, 2 back</summary>');
});

test.each([
  [0, 0.5, 1],
  [0.5, 0, 1],
  [0.25, 0.75, 1],
  [0, 0.4, 0],
  [0.6, 0.2, 0],
  [1, 1, 0],
  [0, 0, 0],
])('from %d to %d: %d flip', (before, after, flips) => {
  expect(rowsOf(flipsSection(pairsOf(['x', before, after])))).toHaveLength(flips);
});

test('no flip is said in words', () => {
  expect(flipsSection(pairsOf(['x', 0, 0]))).toBe('No example changed sides.');
  expect(flipsSection(pairsOf())).toBe('No example changed sides.');
});

test('one rise alone', () => {
  expect(flipsSection(pairsOf(['x', 0, 1]))).toContain('1 example to lying, 0 back');
});

test('more than forty are counted and not listed', () => {
  const many = Array.from({ length: 50 }, (_, index) => [`e${index}`, 0, 1] as const);
  const section = flipsSection(pairsOf(...many, ['fall', 1, 0]));
  expect(rowsOf(section)).toHaveLength(40);
  expect(section).toContain('50 examples to lying, 1 back');
  expect(section).toContain('… and 11 more in the record.');
  const forty = flipsSection(pairsOf(...many.slice(0, 40)));
  expect(rowsOf(forty)).toHaveLength(40);
  expect(forty).not.toContain('more in the record');
});

test('the pairs passed in keep their order', () => {
  const given = pairsOf(['b', 0, 1], ['a', 0, 1]);
  flipsSection(given);
  expect(given.pairs.map(({ id }) => id)).toEqual(['b', 'a']);
});
