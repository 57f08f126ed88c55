import { distort, sayQuantity, stateWithin } from '../../src/simulation/quantity.js';

const LABELS = Array.from({ length: 200 }, (_, index) => index);

test.each([
  [{ lower: 70, upper: 72 }],
  [{ lower: 7, upper: 7 }],
  [{ lower: 99.8, upper: null }],
  [{ lower: null, upper: 12 }],
  [{ lower: 8, upper: 8.5 }],
])('the stated value is within %j', ({ lower, upper }) => {
  for (const label of LABELS) {
    const { low, high } = stateWithin({ lower, upper }, label);
    expect(low).toBeGreaterThanOrEqual(lower ?? -Infinity);
    expect(high).toBeLessThanOrEqual(upper ?? Infinity);
    expect(low).toBeLessThanOrEqual(high);
  }
});

test.each([
  [7, false, 1.3, 2.6],
  [8849, false, 1.35, 2.55],
  [0.2, false, 1.35, 2.55],
  [2.5, true, 1.35, 2.55],
  [78, true, 0.29, 0.61],
])(
  '%d (a percentage: %j) is distorted by a factor of %d to %d',
  (value, isPercentage, least, most) => {
    const decimals = String(value).split('.')[1]?.length ?? 0;
    for (const label of LABELS) {
      const { low, high } = distort({ low: value, high: value, decimals }, isPercentage, label);
      expect(low).toBe(high);
      expect(low / value).toBeGreaterThanOrEqual(least);
      expect(low / value).toBeLessThanOrEqual(most);
    }
  },
);

test.each([
  [{ low: 8849, high: 8849, decimals: 0 }, '8849'],
  [{ low: 17000, high: 17000, decimals: 0 }, '17,000'],
  [{ low: 70, high: 72, decimals: 0 }, '70 to 72'],
  [{ low: 0.2, high: 0.2, decimals: 1 }, '0.2'],
])('%j is written as %s', (quantity, text) => {
  expect(sayQuantity(quantity)).toBe(text);
});
