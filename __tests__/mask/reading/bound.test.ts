import { readBound } from '../../../src/mask/reading/bound.js';
import { fc } from '../../properties.js';

test.each([
  ['5', 5],
  [' 5 ', 5],
  ['5.', 5],
  ['.5', 0.5],
  ['007', 7],
  ['+5', 5],
  ['-3', -3],
  ['\u22123', -3],
  ['\u20133', -3],
  ['-0', 0],
  ['1e3', 1000],
  ['2.5E-1', 0.25],
  ['1,234', 1234],
  ['1,234.5', 1234.5],
  ['-1,234,567', -1_234_567],
  ['1 234', 1234],
  ['1\u00a0234\u00a0567', 1_234_567],
  ['1\u202f234', 1234],
  ['1_000', 1000],
  ['12 %', 12],
  ['12%', 12],
  ['12 percent', 12],
  ['12 per cent', 12],
  ['12 percentage points', 12],
  ['70 km', 70],
  ['70km', 70],
  ['1,234 km.', 1234],
  ['50 m²', 50],
  ['50 square metres', 50],
  ['90 km/h', 90],
  ['90 km per hour', 90],
  ['3 deaths per year', 3],
  ['20 °C', 20],
  ['$5', 5],
  ['-$5', -5],
  ['5 €', 5],
])('%j is %d', (text, number) => {
  expect(readBound(text, 'lower')).toBe(number);
  expect(readBound(text, 'upper')).toBe(number);
});

test.each(['', ' ', 'null', 'Null', 'None', 'n/a', 'N/A'])('%j is open', (text) => {
  expect(readBound(text, 'lower')).toBeNull();
  expect(readBound(text, 'upper')).toBeNull();
});

test.each([
  ...['1,23', '0,123', '1.234,5', '1,000,00', '1,00,000', '1234 567', '1 23', '1,234 567', '1.2.3'],
  ...['5-6', '5 - 6', '5–6', '5 to 6', '5 or 6', 'about 5 or 6', '5, 6', '5/6', '5 6', '70½'],
  ...['about 5', '~5', '≈ 5', '< 5', '>= 5', 'at least 5', '5+', '5 or more', '5 ± 1', '5?', '(5)'],
  ...[
    '5 million',
    '5 m',
    '5M',
    '5k',
    '5bn',
    '5 bn.',
    '5 thousandths',
    '2 dozen',
    '$5m',
    '5 billions',
  ],
  ...['5 or', '5 plus', '5 max', '5 approx.', '5 roughly', '5 upwards', '5 ago', '300 BC', '1990s'],
  ...[
    '5 feet 6 inches',
    '5 of the 6 million people',
    'five',
    '- 3',
    '--3',
    '1e',
    '0x10',
    '10^3',
    '٣',
  ],
  ...['NaN', 'true', 'unknown', '1e999', '9'.repeat(400), `5 ${'x'.repeat(100)}`],
])('%j is not clear', (text) => {
  expect(readBound(text, 'lower')).toBeUndefined();
  expect(readBound(text, 'upper')).toBeUndefined();
});

test.each([
  ['-Infinity', null, undefined],
  ['-inf', null, undefined],
  ['\u2212\u221e', null, undefined],
  ['Infinity', undefined, null],
  ['inf', undefined, null],
  ['+\u221e', undefined, null],
])('%j is open only on its own side', (text, lower, upper) => {
  expect(readBound(text, 'lower')).toBe(lower);
  expect(readBound(text, 'upper')).toBe(upper);
});

test.each([[true], [[5]], [{ members: [] }]])('%j is not a bound', (value) => {
  expect(readBound(value, 'lower')).toBeUndefined();
});

test('a number is read as itself, as a number and as a text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(readBound(number, 'lower')).toBe(number + 0);
      expect(readBound(`${number}`, 'lower')).toBe(number + 0);
      expect(readBound(`${number} km`, 'upper')).toBe(number + 0);
    }),
  );
});

test('a whole number with separators is that number', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(',', ' ', '_'), (number, separator) => {
      const text = number.toLocaleString('en-US').replaceAll(',', separator);
      expect(readBound(text, 'lower')).toBe(number);
    }),
  );
});
