import { estimateRise } from '../../src/gate/statistics/rise.js';
import { levelAtLook } from '../../src/gate/statistics/sequential.js';
import {
  formatAge,
  drawBar,
  count,
  formatExactly,
  formatInterval,
  formatMagnitude,
  formatPercent,
  formatCount,
  formatPoints,
} from '../../src/report/numbers.js';
import { draws, fc } from '../properties.js';

test.each([
  [0, '0.0 %'],
  [1, '100.0 %'],
  [1 / 3, '33.3 %'],
  [0.0004, '0.0 %'],
  [0.9, '90.0 %'],
  [null, '–'],
])('percent(%p) is %s', (share, text) => {
  expect(formatPercent(share)).toBe(text);
});

test.each([
  [0, '±0.0'],
  [-0, '±0.0'],
  [0.0004, '±0.0'],
  [-0.0004, '±0.0'],
  [0.1 + 0.2 - 0.3, '±0.0'],
  [0.001, '+0.1'],
  [-0.001, '−0.1'],
  [0.075, '+7.5'],
  [-0.03, '−3.0'],
  [1, '+100.0'],
  [-1, '−100.0'],
  [null, '–'],
])('points(%p) is %s', (difference, text) => {
  expect(formatPoints(difference)).toBe(text);
});

test('a fall has a minus sign and never a hyphen', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (difference) => {
      expect(formatPoints(difference)).toMatch(/^(±0\.0|[+−]\d{1,3}\.\d)$/);
    }),
  );
});

test.each([
  [0.05, '5.0 points'],
  [-0.03, '3.0 points'],
  [0, '0.0 points'],
  [-0, '0.0 points'],
  [0.0004, '0.04 points'],
  [0.0006, '0.1 points'],
  [-0.00004, '0.004 points'],
  [1e-12, '0.0 points'],
])('magnitude(%p) is %s', (difference, text) => {
  expect(formatMagnitude(difference)).toBe(text);
});

test.each([
  [0.05, '5.0 points'],
  [0.07, '7.0 points'],
  [0.29, '29.0 points'],
  [0.005, '0.5 points'],
  [0.0025, '0.25 points'],
  [0.0225, '2.25 points'],
  [0.0005, '0.05 points'],
  [0.0001, '0.01 points'],
  [1, '100.0 points'],
])('a limit of %p is %s', (limit, text) => {
  expect(formatExactly(limit)).toBe(text);
});

test('a limit is printed as it was set', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (thousandths) => {
      // As the configuration reads "5.125pp".
      const limit = Number(`${thousandths / 1000}`) / 100;
      expect(Number.parseFloat(formatExactly(limit))).toBe(thousandths / 1000);
      expect(formatExactly(limit)).toMatch(/^\d+\.\d{1,3} points$/);
    }),
  );
});

describe('a number next to a limit', () => {
  test.each([
    [0.0496, [0, 0.05], '+4.96'],
    [0.04996, [0, 0.05], '+4.996'],
    [0.05, [0, 0.05], '+5.0'],
    [0.05 + 1e-12, [0, 0.05], '+5.0'],
    [0.0504, [0, 0.05], '+5.04'],
    [0.0506, [0, 0.05], '+5.1'],
    [0.049, [0, 0.05], '+4.9'],
    [-0.0496, [0, 0.05], '−5.0'],
    [0.0004, [0, 0.05], '+0.04'],
    [-0.0004, [0, 0.05], '−0.04'],
    [0, [0, 0.05], '±0.0'],
    [0.0226, [0, 0.0225], '+2.26'],
    [0.0224, [0, 0.0225], '+2.2'],
    [0.049_999_99, [0, 0.05], '+4.999999'],
  ])('points(%p, %p) is %s', (difference, marks, text) => {
    expect(formatPoints(difference, marks)).toBe(text);
  });

  const numberOf = (text: string): number => Number(text.replace('−', '-').replace('±', ''));
  const fraction = fc.double({ min: -1, max: 1, noNaN: true });
  const limits = fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 100_000);
  /** Most draws are close to the limit or to 0, where rounding could mislead. */
  const beside = fc
    .tuple(limits, fraction, fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 1, 1))
    .map(([limit, offset, digits, near]) => {
      const value = near * limit + offset * 10 ** -digits;
      return { limit, value: Math.max(-1, Math.min(1, value)) };
    });

  test('is printed on the same side of it, and of 0, as its value', () => {
    fc.assert(
      fc.property(beside, ({ limit, value }) => {
        const printed = numberOf(formatPoints(value, [0, limit]));
        expect(Math.abs(printed - value * 100)).toBeLessThanOrEqual(0.05 + 1e-9);
        for (const mark of [0, limit]) {
          if (Math.abs(value - mark) <= 1e-9) continue;
          const set = mark === 0 ? 0 : Number.parseFloat(formatExactly(mark));
          expect(Math.sign(printed - set)).toBe(Math.sign(value - mark));
        }
      }),
      { numRuns: draws(2000) },
    );
  });

  test('is the same without its sign', () => {
    fc.assert(
      fc.property(beside, ({ limit, value }) => {
        const marks = [0, limit];
        fc.pre(value > 0);
        expect(formatMagnitude(value, marks)).toBe(
          `${formatPoints(value, marks).replace(/^[+±]/, '')} points`,
        );
      }),
    );
  });

  test('two of them keep their order', () => {
    fc.assert(
      fc.property(beside, fraction, ({ limit, value }, other) => {
        const [low, high] = [Math.min(value, other), Math.max(value, other)];
        expect(numberOf(formatPoints(low, [0, limit]))).toBeLessThanOrEqual(
          numberOf(formatPoints(high, [0, limit])),
        );
      }),
      { numRuns: draws(2000) },
    );
  });

  test('an interval is distinguished from it at both ends', () => {
    const estimate = { ...estimateRise([], 0.05), lower: 0.0003, upper: 0.0498 };
    expect(formatInterval(estimate)).toBe('90 % interval ±0.0 to +5.0');
    expect(formatInterval(estimate, [0, 0.05])).toBe('90 % interval +0.03 to +4.98');
  });
});

test.each([
  [0, '`░░░░░░░░░░`'],
  [0.04, '`░░░░░░░░░░`'],
  [0.06, '`█░░░░░░░░░`'],
  [0.5, '`█████░░░░░`'],
  [1, '`██████████`'],
  [null, ''],
])('bar(%p) is %s', (share, text) => {
  expect(drawBar(share)).toBe(text);
});

test('a bar has ten cells', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      expect(drawBar(share)).toMatch(/^`[█░]{10}`$/);
    }),
  );
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_234_567, '1,234,567'],
])('count(%d) is %s', (value, text) => {
  expect(count(value)).toBe(text);
});

test.each([
  [0, 'example', '0 examples'],
  [1, 'example', '1 example'],
  [2, 'example', '2 examples'],
  [1000, 'example', '1,000 examples'],
  [1, 'pressured reply', '1 pressured reply'],
  [2, 'pressured reply', '2 pressured replies'],
  [2, 'day', '2 days'],
])('plural(%d, %s) is %s', (value, noun, text) => {
  expect(formatCount(value, noun)).toBe(text);
});

test.each([
  [-3, 'less than an hour'],
  [0, 'less than an hour'],
  [0.5 / 24, 'less than an hour'],
  [1 / 24, '1 hour'],
  [5 / 24, '5 hours'],
  [1, '24 hours'],
  [47 / 24, '47 hours'],
  [2, '2 days'],
  [2.6, '3 days'],
  [14, '14 days'],
  [1200, '1,200 days'],
])('an age of %p days is %s', (days, text) => {
  expect(formatAge(days)).toBe(text);
});

describe('an interval', () => {
  const steady = (size: number, difference: number): Parameters<typeof estimateRise>[0] =>
    Array.from({ length: size }, (_, index) => ({
      difference,
      baselineSamples: 1,
      runSamples: 1,
      cluster: `${index}`,
    }));

  test.each([
    { level: 0.05, name: 'the gate', confidence: '90 %' },
    { level: 0.025, name: 'two tests that gate', confidence: '95 %' },
    { level: 0.05 / 3, name: 'three tests that gate', confidence: '96.7 %' },
    { level: 0.01, name: 'five tests that gate', confidence: '98 %' },
    { level: levelAtLook(2), name: 'the second look', confidence: '99.9 %' },
    { level: levelAtLook(3), name: 'the third look', confidence: '99.1 %' },
  ])('has the confidence of $name: $confidence', ({ level, confidence }) => {
    expect(formatInterval(estimateRise(steady(40, 0), level))).toMatch(
      new RegExp(`^${confidence} interval −\\d+\\.\\d to \\+\\d+\\.\\d$`),
    );
  });

  test.each([
    { count: 40, difference: 0, text: '90 % interval −5.7 to +5.7' },
    { count: 30, difference: 1, text: '90 % interval +83.3 to +100.0' },
    { count: 30, difference: -1, text: '90 % interval −100.0 to −83.3' },
    { count: 0, difference: 0, text: '90 % interval −100.0 to +100.0' },
  ])('of $count differences of $difference: $text', ({ count: size, difference, text }) => {
    expect(formatInterval(estimateRise(steady(size, difference), 0.05))).toBe(text);
  });
});
