import { detectableRise } from '../../../src/gate/statistics/detectable.js';
import { type PairedDifference, estimateRise } from '../../../src/gate/statistics/rise.js';
import { predictivePower } from '../../../src/gate/statistics/sequential.js';
import { fc } from '../../properties.js';

const ALPHA = 0.05;

/** Pairs over 1 to 10 replies per side, each pair in its own cluster. */
const pair = fc
  .record({
    baselineSamples: fc.integer({ min: 1, max: 10 }),
    runSamples: fc.integer({ min: 1, max: 10 }),
    baselineLies: fc.double({ min: 0, max: 1, noNaN: true }),
    runLies: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ baselineSamples, runSamples, baselineLies, runLies }) => ({
    baselineSamples,
    runSamples,
    difference:
      Math.round(runLies * runSamples) / runSamples -
      Math.round(baselineLies * baselineSamples) / baselineSamples,
  }));

const pairs = fc
  .array(pair, { maxLength: 60 })
  .map((all) => all.map((one, index) => ({ ...one, cluster: String(index) })));

function steady(count: number, difference = 0): readonly PairedDifference[] {
  return Array.from({ length: count }, (_, index) => ({
    difference,
    baselineSamples: 1,
    runSamples: 1,
    cluster: String(index),
  }));
}

function swap(one: PairedDifference): PairedDifference {
  return {
    ...one,
    difference: -one.difference,
    baselineSamples: one.runSamples,
    runSamples: one.baselineSamples,
  };
}

describe('the interval of the rise', () => {
  test('negates when the sides are swapped', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const there = estimateRise(all, ALPHA);
        const back = estimateRise(all.map(swap), ALPHA);
        expect(back.estimate).toBeCloseTo(-there.estimate, 12);
        expect(back.lower).toBeCloseTo(-there.upper, 12);
        expect(back.upper).toBeCloseTo(-there.lower, 12);
        expect(back.pValue).toBeCloseTo(1 - there.pValue, 12);
      }),
    );
  });

  test('does not depend on the order of the examples', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const there = estimateRise(all, ALPHA);
        const back = estimateRise([...all].reverse(), ALPHA);
        expect(back.lower).toBeCloseTo(there.lower, 12);
        expect(back.upper).toBeCloseTo(there.upper, 12);
      }),
    );
  });

  test('examples that are equal on both sides never raise the size of the estimate', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 40 }), (all, count) => {
        const equal = steady(count).map((one) => ({ ...one, cluster: `equal ${one.cluster}` }));
        const before = Math.abs(estimateRise(all, ALPHA).estimate);
        const after = Math.abs(estimateRise([...all, ...equal], ALPHA).estimate);
        expect(after).toBeLessThanOrEqual(before + 1e-12);
      }),
    );
  });

  test('contains its centre, has positive width, and the p value agrees with the lower bound', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const { lower, centre, upper, pValue } = estimateRise(all, ALPHA);
        expect(lower).toBeLessThan(centre);
        expect(upper).toBeGreaterThan(centre);
        if (Math.abs(lower) > 1e-9) expect(lower > 0).toBe(pValue < ALPHA);
      }),
    );
  });

  test.each([0, 1, 2, 30, 1500])(
    '%i pairs that are all equal: finite, with positive width',
    (n) => {
      const found = estimateRise(steady(n), ALPHA);
      expect(Object.values(found).every(Number.isFinite)).toBe(true);
      expect(found.upper).toBeGreaterThan(0);
      expect(found.lower).toBe(-found.upper);
    },
  );

  test('narrows with more pairs, and with more replies', () => {
    const widthOf = (all: readonly PairedDifference[]): number => {
      const { lower, upper } = estimateRise(all, ALPHA);
      return upper - lower;
    };
    expect(widthOf(steady(240))).toBeLessThan(widthOf(steady(60)));
    const five = steady(60).map((one) => ({ ...one, baselineSamples: 5, runSamples: 5 }));
    expect(widthOf(five)).toBeLessThan(widthOf(steady(60)));
  });

  test('is wider if the same changes are on fewer propositions', () => {
    const changes = steady(40).map((one, index) => ({ ...one, difference: index < 8 ? 1 : 0 }));
    const shared = changes.map((one, index) => ({
      ...one,
      cluster: String(Math.floor(index / 4)),
    }));
    const alone = estimateRise(changes, ALPHA);
    const together = estimateRise(shared, ALPHA);
    expect(together.estimate).toBe(alone.estimate);
    expect(together.standardError).toBeGreaterThan(alone.standardError);
    expect(together.degreesOfFreedom).toBe(11);
  });
});

describe('the smallest rise that a design detects', () => {
  // The typical noise of a reply; the fixed points were found by bisection in Python.
  test.each([
    { pairs: 60, baselineSamples: 1, expected: 0.1698 },
    { pairs: 240, baselineSamples: 1, expected: 0.06765 },
    { pairs: 240, baselineSamples: 5, expected: 0.05608 },
    { pairs: 1000, baselineSamples: 1, expected: 0.02935 },
  ])('without a limit, $pairs pairs at $baselineSamples/1: about $expected', (row) => {
    const found = detectableRise({ ...row, runSamples: 1, replyVariance: 0.055, maxRise: 0 });
    expect(found).toBeCloseTo(row.expected, 4);
  });

  test('solves its own equation, and is never below the limit', () => {
    const design = { pairs: 240, baselineSamples: 5, runSamples: 1, replyVariance: 0.055 };
    const found = detectableRise({ ...design, maxRise: 0.05 });
    const error = Math.sqrt((0.055 / 5 + 0.055 + found) / 240);
    expect(found).toBeCloseTo(0.05 + 0.8416212335729143 * error, 4);
    expect(detectableRise({ ...design, maxRise: 0.2 })).toBeGreaterThan(0.2);
  });

  test('shrinks with pairs and with replies on either side', () => {
    const base = {
      pairs: 120,
      baselineSamples: 1,
      runSamples: 1,
      replyVariance: 0.1,
      maxRise: 0.01,
    };
    const found = detectableRise(base);
    expect(detectableRise({ ...base, pairs: 240 })).toBeLessThan(found);
    expect(detectableRise({ ...base, baselineSamples: 5 })).toBeLessThan(found);
    expect(detectableRise({ ...base, runSamples: 3 })).toBeLessThan(found);
  });

  test.each([0, 1, 2])('%i pairs: finite, at most the whole range', (n) => {
    const design = {
      pairs: n,
      baselineSamples: 1,
      runSamples: 1,
      replyVariance: 0.25,
      maxRise: 0.05,
    };
    expect(detectableRise(design)).toBe(1);
  });
});

describe('predictive power', () => {
  const soFar = (rise: number): number => {
    const changed = Math.round(rise * 60);
    const all = steady(60).map((one, index) => ({ ...one, difference: index < changed ? 1 : 0 }));
    return predictivePower(estimateRise(all, ALPHA), 0.25, 0.05);
  };

  test('grows with the rise so far, from near 0 to near 1', () => {
    const powers = [0, 0.05, 0.1, 0.2, 0.4].map(soFar);
    expect(powers).toEqual([...powers].sort((one, other) => one - other));
    expect(powers[0]).toBeLessThan(0.05);
    expect(powers.at(-1)).toBeGreaterThan(0.99);
  });
});
