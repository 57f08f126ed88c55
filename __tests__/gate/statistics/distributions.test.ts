import fc from 'fast-check';
import {
  normalCdf,
  studentQuantile,
  studentTail,
} from '../../../src/gate/statistics/distributions.js';

const finite = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

const z = finite(-37, 37);
const t = fc.oneof(finite(-1e6, 1e6), finite(-40, 40), finite(-2.5, 2.5));
/** Near each power of ten as often as between them, whole or not. */
const degrees = fc.oneof(
  finite(0, 9).map((power) => 10 ** power),
  fc.integer({ min: 1, max: 1500 }),
);
/** Probabilities from 1e-12 to 1/2, half of them near 0. */
const lower = fc.oneof(
  finite(-12, Math.log10(0.5)).map((power) => 10 ** power),
  finite(1e-12, 0.5),
);
/** Rounding may reverse neighbours, but only within this share. */
const ROUNDING = 1 + 1e-12;

describe('the normal distribution', () => {
  test('rises', () => {
    fc.assert(
      fc.property(z, z, (one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(normalCdf(low)).toBeLessThanOrEqual(normalCdf(high) * ROUNDING);
      }),
    );
  });

  test('is symmetric', () => {
    fc.assert(
      fc.property(z, (at) => {
        expect(normalCdf(at) + normalCdf(-at)).toBeCloseTo(1, 14);
      }),
    );
  });

  test.each([
    [0, 0.5],
    [-40, 0],
    [40, 1],
    [-Infinity, 0],
    [Infinity, 1],
    [NaN, NaN],
  ])('at %p is %p', (at, expected) => {
    expect(normalCdf(at)).toBe(expected);
  });

  test.each([0.67448975, Math.sqrt(32)])(
    'does not jump at %p, where its formula changes',
    (border) => {
      const [below, above] = [border * (1 - 1e-15), border * (1 + 1e-15)];
      expect(normalCdf(-below) / normalCdf(-above) - 1).toBeLessThan(1e-13);
      expect(normalCdf(-below)).toBeGreaterThanOrEqual(normalCdf(-above));
    },
  );
});

describe("the tail of Student's t", () => {
  test('falls', () => {
    fc.assert(
      fc.property(t, t, degrees, (one, other, df) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(studentTail(high, df)).toBeLessThanOrEqual(studentTail(low, df) * ROUNDING);
      }),
    );
  });

  test('is symmetric', () => {
    fc.assert(
      fc.property(t, degrees, (at, df) => {
        expect(studentTail(at, df) + studentTail(-at, df)).toBeCloseTo(1, 14);
      }),
    );
  });

  test('is lighter with more degrees of freedom, and never lighter than that of the normal distribution', () => {
    fc.assert(
      fc.property(finite(0, 37), degrees, degrees, (at, one, other) => {
        const [few, many] = one < other ? [one, other] : [other, one];
        expect(studentTail(at, many)).toBeLessThanOrEqual(studentTail(at, few) * ROUNDING);
        expect(normalCdf(-at)).toBeLessThanOrEqual(studentTail(at, many) * ROUNDING);
      }),
    );
  });

  test('with one degree equals that of Cauchy, with two an algebraic one', () => {
    fc.assert(
      fc.property(finite(1e-6, 1e6), (at) => {
        expect((studentTail(at, 1) * Math.PI) / Math.atan2(1, at)).toBeCloseTo(1, 12);
        const root = Math.sqrt(2 + at * at);
        expect(studentTail(at, 2) * root * (root + at)).toBeCloseTo(1, 12);
      }),
    );
  });

  test.each([1, 2.5, 4, 100, 1e9])(
    'does not jump where its formula changes, with %p degrees',
    (df) => {
      const border = Math.sqrt(Math.min(4, df));
      const [below, above] = [border * (1 - 1e-15), border * (1 + 1e-15)];
      expect(Math.abs(studentTail(below, df) / studentTail(above, df) - 1)).toBeLessThan(5e-14);
    },
  );

  test('is NaN for NaN', () => {
    expect(studentTail(NaN, 3)).toBeNaN();
  });
});

describe("the quantile of Student's t", () => {
  test('inverts the tail, on both sides', () => {
    fc.assert(
      fc.property(lower, degrees, (p, df) => {
        const at = studentQuantile(p, df);
        expect(studentTail(-at, df) / p).toBeCloseTo(1, 11);
        const upper = studentQuantile(1 - p, df);
        expect(studentTail(upper, df) / (1 - (1 - p))).toBeCloseTo(1, 11);
      }),
    );
  });

  test('rises', () => {
    fc.assert(
      fc.property(lower, lower, degrees, (one, other, df) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(studentQuantile(low, df) * ROUNDING).toBeLessThanOrEqual(studentQuantile(high, df));
      }),
    );
  });

  test('is 0 in the middle, and NaN outside its domain', () => {
    expect(studentQuantile(0.5, 7)).toBe(0);
    for (const p of [0, 1, -0.1, 1.1, NaN]) expect(studentQuantile(p, 7)).toBeNaN();
  });
});
