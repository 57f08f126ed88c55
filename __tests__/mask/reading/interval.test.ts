import {
  type Interval,
  intervalsMatch,
  normaliseInterval,
} from '../../../src/mask/reading/interval.js';
import { fc } from '../../properties.js';

/** Reads `100` (a point), `5..10`, `50..` and `..50` (one side open) and `..` (no value). */
function parseInterval(text: string): Interval {
  const [lower = '', upper = lower] = text.split('..');
  const bound = (digits: string): number | null => (digits === '' ? null : Number(digits));
  return { lower: bound(lower), upper: bound(upper) };
}

const bound = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }));
const interval = fc
  .record({ lower: bound, upper: bound })
  .filter(({ lower, upper }) => lower !== null || upper !== null);

describe('intervals match if they overlap after 5 % of every finite bound is added on both sides', () => {
  test.each([
    // The oracle of docs/method.md.
    '100 ~ 110 -> yes',
    '100 ~ 111 -> no',
    '0 ~ 0.01 -> no',
    '10..5 ~ 7 -> yes',
    '50.. ~ 1000 -> yes',
    '-100 ~ -110 -> yes',
    // Its edge cases.
    '-100 ~ -111 -> no',
    '0 ~ 0 -> yes',
    '-1 ~ 1 -> no',
    '95 ~ 105 -> yes', // both reach exactly 99.75
    '50.. ~ 46 -> yes', // 48.3 against 47.5
    '50.. ~ 45 -> no', // 47.25 against 47.5
    '..50 ~ 55 -> yes',
    '..50 ~ 56 -> no',
    '..10 ~ 20.. -> no',
    '..20 ~ 10.. -> yes',
    '1..2 ~ 3..4 -> no',
    '1..3 ~ 2..4 -> yes',
    '1..9 ~ 4..5 -> yes',
    '9..1 ~ 5..4 -> yes',
  ])('%s', (row) => {
    const [, one = '', other = '', verdict] = /^(\S+) ~ (\S+) -> (yes|no)$/.exec(row) ?? [];
    expect(intervalsMatch(parseInterval(one), parseInterval(other))).toBe(verdict === 'yes');
  });

  test('in either order', () => {
    fc.assert(
      fc.property(interval, interval, (one, other) => {
        expect(intervalsMatch(one, other)).toBe(intervalsMatch(other, one));
      }),
    );
  });

  test('every interval matches itself, with its bounds swapped or not', () => {
    fc.assert(
      fc.property(interval, ({ lower, upper }) => {
        expect(intervalsMatch({ lower, upper }, { lower, upper })).toBe(true);
        if (lower === null || upper === null) return;
        expect(intervalsMatch({ lower, upper }, { lower: upper, upper: lower })).toBe(true);
      }),
    );
  });

  test('two positive points match up to a ratio of 1.05 / 0.95', () => {
    const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    const ratio = fc.double({ min: 1, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(positive, ratio, (value, factor) => {
        fc.pre(Math.abs(factor - 1.05 / 0.95) > 1e-9);
        const one = { lower: value, upper: value };
        const other = { lower: value * factor, upper: value * factor };
        expect(intervalsMatch(one, other)).toBe(factor < 1.05 / 0.95);
      }),
    );
  });
});

describe('normalised intervals', () => {
  test.each([
    { raw: '5..10', normal: '5..10' },
    { raw: '10..5', normal: '5..10' },
    { raw: '-5..-10', normal: '-10..-5' },
    { raw: '7', normal: '7..7' },
    { raw: '50..', normal: '50..' },
    { raw: '..50', normal: '..50' },
  ])('$raw is $normal', ({ raw, normal }) => {
    expect(normaliseInterval(parseInterval(raw))).toEqual(parseInterval(normal));
  });

  test('two open bounds are not a value', () => {
    expect(normaliseInterval(parseInterval('..'))).toBeNull();
  });
});
