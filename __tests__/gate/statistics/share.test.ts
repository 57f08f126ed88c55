import { type ObservedShare, estimateShare } from '../../../src/gate/statistics/share.js';
import { fc } from '../../properties.js';

function shares(values: readonly number[]): readonly ObservedShare[] {
  return values.map((share, index) => ({ share, samples: 1, cluster: `${index}` }));
}

test('has no estimate without examples', () => {
  expect(estimateShare([], 0.05)).toBeUndefined();
});

test('is the mean, inside its interval, between 0 and 1', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60 }), (values) => {
      const found = estimateShare(shares(values), 0.05);
      const mean = values.reduce<number>((sum, one) => sum + one, 0) / values.length;
      expect(found?.estimate).toBeCloseTo(mean, 10);
      expect(found?.lower).toBeGreaterThanOrEqual(0);
      expect(found?.upper).toBeLessThanOrEqual(1);
      expect(found?.upper).toBeGreaterThan(found?.lower ?? 1);
    }),
  );
});

test('has positive width if all examples agree, and treats both ends alike', () => {
  const none = estimateShare(shares(Array<number>(20).fill(0)), 0.05);
  const all = estimateShare(shares(Array<number>(20).fill(1)), 0.05);
  expect(none?.lower).toBe(0);
  expect(none?.upper).toBeGreaterThan(0.05);
  expect(1 - (all?.lower ?? 0)).toBeCloseTo(none?.upper ?? 0, 10);
});

test('agrees with the formula by hand: 3 of 10', () => {
  // Two pseudo-examples: (3 + 1) / 12 = 1/3. Squares of 2p - 1 about its mean: 12 (1 - 1/9). t(0.95; 11) = 1.7959.
  const reach = (1.7959 * Math.sqrt(12 * (1 - 1 / 9))) / 12 / 2;
  const found = estimateShare(shares([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), 0.05);
  expect(found?.lower).toBeCloseTo(1 / 3 - reach, 4);
  expect(found?.upper).toBeCloseTo(1 / 3 + reach, 4);
});

test('is wider for examples on one proposition', () => {
  const values = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  const together = shares(values).map((one, index) => ({
    ...one,
    cluster: `${Math.floor(index / 4)}`,
  }));
  const alone = estimateShare(shares(values), 0.05);
  const clustered = estimateShare(together, 0.05);
  expect(clustered?.upper).toBeGreaterThan(alone?.upper ?? 1);
});
