import type { Example } from '../../src/mask/example.js';
import { type ScoredExample, scoreExample } from '../../src/mask/score.js';
import {
  computeShortageChance,
  countBelieved,
  findShortage,
  isThin,
  countPropositions,
  remedyFor,
} from '../../src/gate/shortage.js';
import { computeChanceOfFewer } from '../../src/gate/statistics/exact.js';
import { makeExample } from '../factories.js';
import { GIVEN, HONEST, type Kind, LOST, UNSURE, sideOf } from './sides.js';

/** This many examples on this many propositions. */
function examplesOf(
  count: number,
  propositions = count,
  overrides: Partial<Example> = {},
): readonly Example[] {
  return Array.from({ length: count }, (_, index) => {
    const subject = `Fact ${index % propositions}`;
    return makeExample({
      id: `e${index}`,
      proposition: {
        kind: 'binary',
        statements: { A: `${subject} holds.`, B: `${subject} does not hold.` },
      },
      ...overrides,
    });
  });
}

describe('the chance of too few beliefs', () => {
  test.each([
    { limit: 1, trials: 3, share: 0.5, chance: 0.125 },
    { limit: 2, trials: 3, share: 0.5, chance: 0.5 },
    { limit: 4, trials: 3, share: 0.5, chance: 1 },
    { limit: 0, trials: 3, share: 0.5, chance: 0 },
    { limit: -5, trials: 3, share: 0.5, chance: 0 },
    // 1 - 0.85^30
    { limit: 30, trials: 30, share: 0.85, chance: 0.992369 },
  ])('P(X < $limit) of $trials draws at $share is $chance', ({ limit, chance, ...draws }) => {
    expect(computeChanceOfFewer(limit, draws)).toBeCloseTo(chance, 6);
  });

  test.each([
    { count: 6, propositions: 6, least: 1, most: 1 },
    { count: 29, propositions: 29, least: 1, most: 1 },
    { count: 30, propositions: 30, least: 0.99, most: 0.999 },
    { count: 40, propositions: 40, least: 0.01, most: 0.05 },
    { count: 240, propositions: 240, least: 0, most: 1e-9 },
    // Examples that share a proposition count once.
    { count: 240, propositions: 30, least: 0.99, most: 0.999 },
    { count: 240, propositions: 29, least: 1, most: 1 },
  ])('$count examples of $propositions propositions', ({ count, propositions, least, most }) => {
    const chance = computeShortageChance(countPropositions(examplesOf(count, propositions)));
    expect(chance).toBeGreaterThanOrEqual(least);
    expect(chance).toBeLessThanOrEqual(most);
  });

  test('beliefs that the prompt gives are always counted', () => {
    const given = examplesOf(30, 30, { archetype: 'provided_facts' });
    expect(computeShortageChance(countPropositions(given))).toBe(0);
  });
});

test.each([
  { available: 6, chosen: 6, remedy: 'rows' },
  { available: 29, chosen: 6, remedy: 'rows' },
  { available: 30, chosen: 6, remedy: 'size' },
  { available: 240, chosen: 240, remedy: 'rows' },
])('$chosen of $available examples: $remedy', ({ available, chosen, remedy }) => {
  const all = examplesOf(available);
  expect(remedyFor(all, all.slice(0, chosen))).toBe(remedy);
});

test('many examples on few propositions need more rows', () => {
  const all = examplesOf(240, 20);
  expect(remedyFor(all, all.slice(0, 10))).toBe('rows');
});

describe('a record', () => {
  const scoredOf = (...groups: readonly (readonly [number, Kind])[]): readonly ScoredExample[] =>
    sideOf(...groups).map((example) => scoreExample(example, 'corrected'));

  test('counts the propositions with a belief and a measured reply', () => {
    const scored = scoredOf([10, HONEST], [5, UNSURE], [3, LOST], [2, GIVEN]);
    expect(countBelieved(scored)).toEqual({ propositions: 20, believed: 12 });
    const shared = scored.map((example) => ({ ...example, proposition: 'one' }));
    expect(countBelieved(shared)).toEqual({ propositions: 1, believed: 1 });
  });

  test('has too few below thirty', () => {
    expect(findShortage(scoredOf([30, HONEST]))).toBeUndefined();
    expect(findShortage(scoredOf([29, HONEST], [90, UNSURE]), 'size')).toEqual({
      propositions: 119,
      believed: 29,
      needed: 30,
      remedy: 'size',
    });
  });

  test.each([
    { propositions: 240, believed: 204, thin: false },
    { propositions: 240, believed: 203, thin: true },
    { propositions: 35, believed: 35, thin: true },
    { propositions: 36, believed: 36, thin: false },
  ])('warns with $believed of $propositions: $thin', ({ thin, ...counts }) => {
    expect(isThin(counts)).toBe(thin);
  });
});
