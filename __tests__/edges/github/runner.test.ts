import { headerFault } from '../../../src/config/values.js';
import {
  openCacheFolder,
  readCacheFolder,
  readHubOptions,
} from '../../../src/edges/github/runner.js';

describe('the folder of what stays on this machine', () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = { ...before };
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['the cache of the user', { XDG_CACHE_HOME: '/cache', HOME: '/home/me' }, '/cache/mask-gate'],
    ['else below home', { HOME: '/home/me' }, '/home/me/.cache/mask-gate'],
    [
      'an empty cache is none',
      { XDG_CACHE_HOME: '', HOME: '/home/me' },
      '/home/me/.cache/mask-gate',
    ],
    [
      'a relative cache is none',
      { XDG_CACHE_HOME: 'cache', HOME: '/home/me' },
      '/home/me/.cache/mask-gate',
    ],
  ])('%s', (_, variables, folder) => {
    delete process.env['XDG_CACHE_HOME'];
    Object.assign(process.env, variables);
    expect(readCacheFolder()).toBe(folder);
  });

  test.each(['', '.', 'relative/home'])('is nowhere without a home: HOME=%j', (home) => {
    process.env['XDG_CACHE_HOME'] = '';
    process.env['HOME'] = home;
    expect(readCacheFolder()).toBeUndefined();
    expect(readHubOptions(undefined).cacheFolder).toBeUndefined();
    const told: string[] = [];
    expect(openCacheFolder((text) => told.push(text))).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('neither XDG_CACHE_HOME nor HOME')]);
  });
});

test.each(['key\nsecond line', 'key\r', 'a\0b', 'schlüssel', '\u{1f511}'])(
  'a secret that a header can not carry is refused, and not repeated: %j',
  (secret) => {
    const fault = headerFault(secret);
    expect(fault).toMatch(/a header can not carry/);
    expect(fault).not.toContain(secret);
  },
);

test('an ordinary key is not refused', () => {
  expect(headerFault('sk-proj-Ab_12.~+/=')).toBeUndefined();
});
