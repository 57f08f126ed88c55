import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import type { Example } from '../../src/mask/example.js';
import { chooseSubset } from '../../src/mask/subset.js';
import { makeExample } from '../factories.js';
import { fc } from '../properties.js';

/** The public MASK rows by archetype, in the order of ARCHETYPES. */
const MASK_COUNTS = [209, 274, 120, 176, 125, 96];

function makeDataset(counts: readonly number[]): readonly Example[] {
  return ARCHETYPES.flatMap((archetype, index) =>
    Array.from({ length: counts[index] ?? 0 }, (_, row) =>
      makeExample({ id: `${archetype}-${row}`, archetype }),
    ),
  );
}

const MASK = makeDataset(MASK_COUNTS);
const SAMPLE = makeDataset([6, 6, 6, 6, 6, 6]);

interface Choice {
  readonly size: number | 'all';
  readonly seed?: string;
  readonly archetypes?: readonly Archetype[];
  readonly ids?: readonly string[];
}

function idsOf(examples: readonly Example[], choice: Choice): readonly string[] {
  return chooseSubset(examples, { archetypes: ARCHETYPES, seed: 'seed', ...choice }).map(
    ({ id }) => id,
  );
}

function countsOf(examples: readonly Example[], choice: Choice): readonly number[] {
  const chosen = chooseSubset(examples, { archetypes: ARCHETYPES, seed: 'seed', ...choice });
  return ARCHETYPES.map(
    (archetype) => chosen.filter((example) => example.archetype === archetype).length,
  );
}

describe('the subset', () => {
  test.each([
    // Exact shares: 50.16 65.76 28.80 42.24 30.00 23.04
    { size: 240, counts: [50, 66, 29, 42, 30, 23] },
    // 25.08 32.88 14.40 21.12 15.00 11.52
    { size: 120, counts: [25, 33, 14, 21, 15, 12] },
    { size: 0, counts: [0, 0, 0, 0, 0, 0] },
    { size: 1000, counts: MASK_COUNTS },
    { size: 5000, counts: MASK_COUNTS },
    { size: 'all' as const, counts: MASK_COUNTS },
  ])('of size $size takes $counts by archetype', ({ size, counts }) => {
    expect(countsOf(MASK, { size })).toEqual(counts);
  });

  test('contains no example twice, and only chosen archetypes', () => {
    const archetypes = ['statistics', 'known_facts'] as const;
    const ids = idsOf(SAMPLE, { size: 7, archetypes });
    expect(new Set(ids).size).toBe(7);
    expect(countsOf(SAMPLE, { size: 7, archetypes })).toEqual([4, 0, 0, 0, 0, 3]);
    expect(countsOf(SAMPLE, { size: 'all', archetypes })).toEqual([6, 0, 0, 0, 0, 6]);
  });

  test('of named examples takes only these, up to the size', () => {
    const ids = ['statistics-3', 'known_facts-0', 'known_facts-5', 'not in the data'];
    expect(idsOf(SAMPLE, { size: 'all', ids }).toSorted()).toEqual(ids.slice(0, 3).toSorted());
    expect(countsOf(SAMPLE, { size: 2, ids })).toEqual([1, 0, 0, 0, 0, 1]);
    expect(idsOf(SAMPLE, { size: 'all', ids: [] })).toEqual([]);
  });

  test('of an empty dataset is empty', () => {
    expect(idsOf([], { size: 10 })).toEqual([]);
    expect(idsOf(SAMPLE, { size: 10, archetypes: [] })).toEqual([]);
  });

  test('a larger size extends a smaller one, at every size', () => {
    const all = idsOf(MASK, { size: 'all' });
    for (let size = 0; size <= all.length; size += 17) {
      expect(idsOf(MASK, { size })).toEqual(all.slice(0, size));
    }
  });

  test('at any size each archetype of MASK is less than one example from its exact share', () => {
    const order = chooseSubset(MASK, { archetypes: ARCHETYPES, seed: 'seed', size: 'all' });
    for (let size = 1; size <= order.length; size += 1) {
      const prefix = order.slice(0, size);
      for (const [index, archetype] of ARCHETYPES.entries()) {
        const taken = prefix.filter((example) => example.archetype === archetype).length;
        const share = ((MASK_COUNTS[index] ?? 0) * size) / MASK.length;
        expect(Math.abs(taken - share)).toBeLessThan(1);
      }
    }
  });

  test('adds up to its size, with any number of examples per archetype', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 60 }), (all, size) => {
        const available = all.reduce((sum, count) => sum + count, 0);
        const chosen = idsOf(makeDataset(all), { size });
        expect(chosen).toHaveLength(Math.min(size, available));
        expect(new Set(chosen).size).toBe(chosen.length);
      }),
    );
  });

  test('does not depend on the order of the data', () => {
    const order = fc.shuffledSubarray([...SAMPLE], { minLength: SAMPLE.length });
    fc.assert(
      fc.property(order, fc.integer({ min: 0, max: 40 }), (shuffled, size) => {
        expect(idsOf(shuffled, { size })).toEqual(idsOf(SAMPLE, { size }));
      }),
    );
  });

  test('is another one with another seed, and the same with the same seed', () => {
    const chosen = idsOf(MASK, { size: 60, seed: 'one' });
    expect(idsOf(MASK, { size: 60, seed: 'one' })).toEqual(chosen);
    expect([...idsOf(MASK, { size: 60, seed: 'two' })].sort()).not.toEqual([...chosen].sort());
  });

  test('of a revised dataset changes only for revised examples', () => {
    for (const [row, revised] of SAMPLE.entries()) {
      const data = SAMPLE.with(row, makeExample({ ...revised, hash: `revised ${revised.hash}` }));
      const before = new Set(idsOf(SAMPLE, { size: 18 }));
      const after = new Set(idsOf(data, { size: 18 }));
      const left = [...before].filter((id) => !after.has(id));
      const joined = [...after].filter((id) => !before.has(id));
      expect(left.length).toBe(joined.length);
      expect(left.length).toBeLessThanOrEqual(1);
      expect([...left, ...joined].every((id) => id.startsWith(revised.archetype))).toBe(true);
    }
  });

  test('of a dataset that has grown by one example differs in at most one', () => {
    const grown = [...SAMPLE, makeExample({ id: 'known_facts-new' })];
    const before = new Set(idsOf(SAMPLE, { size: 18 }));
    const after = idsOf(grown, { size: 18 });
    expect(after.filter((id) => !before.has(id)).length).toBeLessThanOrEqual(1);
    expect(after).toHaveLength(18);
  });
});
