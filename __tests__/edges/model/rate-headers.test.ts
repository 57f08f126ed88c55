import {
  readDuration,
  readRateHeaders,
  readRetryAfter,
} from '../../../src/edges/model/rate-headers.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function reader(headers: Readonly<Record<string, string>>): (name: string) => string | null {
  return (name) => headers[name] ?? null;
}

describe('the wait that a provider asks for', () => {
  test.each<{ headers: Readonly<Record<string, string>>; wait: number | undefined }>([
    { headers: {}, wait: undefined },
    { headers: { 'retry-after': '2' }, wait: 2000 },
    { headers: { 'retry-after': '0.5' }, wait: 500 },
    { headers: { 'retry-after': '0' }, wait: undefined },
    { headers: { 'retry-after-ms': '0', 'retry-after': '1' }, wait: 1000 },
    { headers: { 'retry-after-ms': '120', 'retry-after': '2' }, wait: 120 },
    { headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, wait: 30_000 },
    { headers: { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, wait: undefined },
    { headers: { 'retry-after': '-5' }, wait: undefined },
    { headers: { 'retry-after-ms': '-5' }, wait: undefined },
    { headers: { 'retry-after-ms': 'soon', 'retry-after': '3' }, wait: 3000 },
    { headers: { 'retry-after': 'soon' }, wait: undefined },
    { headers: { 'retry-after': '' }, wait: undefined },
    { headers: { 'retry-after': '31536000' }, wait: 31_536_000_000 },
  ])('$headers: $wait ms', ({ headers, wait }) => {
    expect(readRetryAfter(reader(headers), NOW)).toBe(wait);
  });
});

test.each([
  ['1s', 1000],
  ['6m0s', 360_000],
  ['120ms', 120],
  ['1h2m3.5s', 3_723_500],
  ['', undefined],
  ['60', undefined],
  ['1s later', undefined],
  ['-1s', undefined],
])('a reset of "%s" is %s ms', (text, milliseconds) => {
  expect(readDuration(text)).toBe(milliseconds);
});

describe('the remaining allowance', () => {
  const limitOf = (limit: string, remaining: string, reset?: string): object => ({
    'x-ratelimit-limit-requests': limit,
    'x-ratelimit-remaining-requests': remaining,
    ...(reset !== undefined && { 'x-ratelimit-reset-requests': reset }),
  });

  test.each([
    {
      name: 'per minute',
      headers: limitOf('600', '599'),
      requests: { remaining: 599, rate: 0.01 },
    },
    {
      name: 'with a reset within a minute',
      headers: limitOf('600', '590', '1s'),
      requests: { remaining: 590, rate: 0.01 },
    },
    {
      name: 'of a day: the reset is longer than a minute',
      headers: limitOf('600', '300', '1h'),
      requests: { remaining: 300, rate: 300 / 3_600_000 },
    },
    { name: 'without a number', headers: limitOf('many', '5'), requests: undefined },
    { name: 'of nothing', headers: limitOf('0', '0'), requests: undefined },
    { name: 'below nothing', headers: limitOf('10', '-1'), requests: undefined },
  ])('$name', ({ headers, requests }) => {
    const read = (name: string): string | null => {
      const value: unknown = Reflect.get(headers, name);
      return typeof value === 'string' ? value : null;
    };
    expect(readRateHeaders(read).requests).toEqual(requests);
  });

  test('of tokens is reported next to that of requests', () => {
    const read = reader({
      'x-ratelimit-limit-tokens': '60000',
      'x-ratelimit-remaining-tokens': '1000',
    });
    expect(readRateHeaders(read)).toEqual({ tokens: { remaining: 1000, rate: 1 } });
  });
});
