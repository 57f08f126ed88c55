import { chmod, mkdir, readFile, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  type FileCache,
  openFileCache,
  pruneFileCache,
} from '../../../src/edges/model/file-cache.js';
import { computeHash } from '../../../src/base/hash.js';
import { useTempFolder } from '../temp.js';

const folder = useTempFolder();

const NOW = new Date('2026-03-02T12:00:00.000Z');
const YESTERDAY = new Date('2026-03-01T12:00:00.000Z');
const KEY = computeHash('a request');

const valueSchema = z.strictObject({ text: z.string() });

function openAt(now: Date, notBefore = YESTERDAY): FileCache<z.infer<typeof valueSchema>> {
  return openFileCache({ folder: folder.path, schema: valueSchema, notBefore, now: () => now });
}

async function filesBelow(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

const placeOf = (key: string): string => `${key.slice(0, 2)}/${key.slice(2)}.json`;

describe('an entry', () => {
  test('is found when the folder is opened again', async () => {
    openAt(NOW).put(KEY, { text: 'An answer.\n\u2028 \u{1f30a}' });
    expect(await openAt(NOW).get(KEY)).toEqual({ text: 'An answer.\n\u2028 \u{1f30a}' });
    expect(await openAt(NOW).get(computeHash('another'))).toBeUndefined();
  });

  test('is replaced by a newer one', async () => {
    const cache = openAt(NOW);
    cache.put(KEY, { text: 'first' });
    cache.put(KEY, { text: 'second' });
    expect(await cache.get(KEY)).toEqual({ text: 'second' });
    expect(await filesBelow(folder.path)).toHaveLength(1);
  });

  test.each([
    { name: 'at the maximum age', notBefore: NOW, isThere: true },
    { name: 'older than it', notBefore: new Date(NOW.getTime() + 1), isThere: false },
  ])('$name: found $isThere', async ({ notBefore, isThere }) => {
    openAt(NOW).put(KEY, { text: 'x' });
    expect((await openAt(NOW, notBefore).get(KEY)) !== undefined).toBe(isThere);
  });
});

describe('a damaged entry is not found, and the next one replaces it', () => {
  const sound = JSON.stringify({ at: NOW.toISOString(), value: { text: 'x' } });

  test.each([
    ['nothing', ''],
    ['a cut one', sound.slice(0, -3)],
    ['one with a tail', `${sound}${sound}`],
    ['no JSON', 'text: x'],
    ['null', 'null'],
    ['a list', `[${sound}]`],
    ['one without a time', JSON.stringify({ value: { text: 'x' } })],
    ['one whose time is not valid', JSON.stringify({ at: 'always', value: { text: 'x' } })],
    ['one whose time is a number', JSON.stringify({ at: 9e15, value: { text: 'x' } })],
    ['one without a value', JSON.stringify({ at: NOW.toISOString() })],
    ['one of another schema', JSON.stringify({ at: NOW.toISOString(), value: { text: 1 } })],
    [
      'one with an extra field in the value',
      JSON.stringify({ at: NOW.toISOString(), value: { text: 'x', y: 1 } }),
    ],
    ['one with an extra field', JSON.stringify({ ...JSON.parse(sound), trusted: true })],
    ['a prototype', `{"at":"${NOW.toISOString()}","value":{"__proto__":{"text":"x"}}}`],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('%s', async (_, content) => {
    await folder.write(placeOf(KEY), content);
    const cache = openAt(NOW);
    expect(await cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { text: 'sound' });
    expect(await cache.get(KEY)).toEqual({ text: 'sound' });
  });

  test('bytes that are not UTF-8', async () => {
    await folder.write(placeOf(KEY), new Uint8Array([0xff, 0xfe, 0x00, 0x80]));
    expect(await openAt(NOW).get(KEY)).toBeUndefined();
  });

  test('a folder in its place', async () => {
    await mkdir(path.join(folder.path, placeOf(KEY)), { recursive: true });
    const cache = openAt(NOW);
    expect(await cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { text: 'x' });
    expect(await cache.get(KEY)).toBeUndefined();
    expect(await filesBelow(folder.path)).toEqual([]);
  });
});

describe('two writers', () => {
  test('of one key leave one whole entry, and no draft', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `${index} `.repeat(5000));
    const [one, other] = [openAt(NOW), openAt(NOW)];
    const seen: unknown[] = [];
    await Promise.all(
      texts.map(async (text, index) => {
        (index % 2 ? one : other).put(KEY, { text });
        seen.push(await one.get(KEY));
      }),
    );
    // A process that reads during the writes sees one of the entries, never a part or a mixture.
    for (const value of seen) expect(texts).toContain(valueSchema.parse(value).text);
    expect(await filesBelow(folder.path)).toEqual([path.basename(placeOf(KEY))]);
  });
});

test('a draft that a killed process left is not an entry', async () => {
  const whole = JSON.stringify({ at: NOW.toISOString(), value: { text: 'x' } });
  await folder.write(`${placeOf(KEY)}.4f1c.tmp`, whole);
  expect(await openAt(NOW).get(KEY)).toBeUndefined();
});

describe('a folder that cannot be written', () => {
  const closed = (): string => path.join(folder.path, 'closed');

  test.each([
    {
      name: 'because a file is in its place',
      make: () => writeFile(closed(), 'a file'),
    },
    {
      name: 'because a file is in the place of the first part of the key',
      make: () => folder.write(`closed/${KEY.slice(0, 2)}`, 'a file'),
    },
    {
      name: 'because its rights forbid it',
      make: async () => {
        await mkdir(closed());
        await chmod(closed(), 0o500);
      },
    },
  ])('stores nothing, and nothing fails: $name', async ({ make }) => {
    await make();
    const cache = openFileCache({
      folder: closed(),
      schema: valueSchema,
      notBefore: YESTERDAY,
      now: () => NOW,
    });
    expect(() => {
      cache.put(KEY, { text: 'x' });
    }).not.toThrow();
    // Root may write everywhere, so the test does not apply to root.
    if (process.getuid?.() !== 0) expect(await cache.get(KEY)).toBeUndefined();
    await expect(
      pruneFileCache(closed(), { oldest: YESTERDAY, now: NOW, bytes: 0 }),
    ).resolves.toBeUndefined();
  });
});

describe('pruning', () => {
  /** Files of a hundred bytes each, with their age in hours. */
  async function fill(ages: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, hours] of Object.entries(ages)) {
      const file = await folder.write(name, 'x'.repeat(100));
      const at = new Date(NOW.getTime() - hours * 3_600_000);
      await utimes(file, at, at);
    }
  }

  const AGES = { 'aa/1.json': 1, 'bb/2.json': 2, 'cc/3.json': 3, 'cc/4.json': 30 };
  const NAMES = ['1.json', '2.json', '3.json', '4.json'];

  test.each([
    { hours: 100, bytes: 1000, left: 4 },
    { hours: 24, bytes: 1000, left: 3 },
    { hours: 100, bytes: 400, left: 4 },
    { hours: 100, bytes: 399, left: 3 },
    { hours: 100, bytes: 250, left: 2 },
    { hours: 24, bytes: 100, left: 1 },
    { hours: 24, bytes: 0, left: 0 },
    { hours: 0, bytes: 1000, left: 0 },
  ])('entries of $hours hours and $bytes bytes: $left remain, the newest ones', async (row) => {
    await fill(AGES);
    const oldest = new Date(NOW.getTime() - row.hours * 3_600_000);
    await pruneFileCache(folder.path, { oldest, now: NOW, bytes: row.bytes });
    expect([...(await filesBelow(folder.path))].sort()).toEqual(NAMES.slice(0, row.left));
  });

  test('also removes files that killed processes left', async () => {
    await fill({ 'aa/1.json.7c.tmp': 30, 'aa/2.json': 1 });
    await pruneFileCache(folder.path, { oldest: YESTERDAY, now: NOW, bytes: 1000 });
    expect(await filesBelow(folder.path)).toEqual(['2.json']);
  });

  test('of a missing folder does nothing', async () => {
    await pruneFileCache(path.join(folder.path, 'absent'), { oldest: NOW, now: NOW, bytes: 0 });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('keeps links and their targets', async () => {
    const outside = await folder.write('outside.txt', 'not ours');
    await mkdir(path.join(folder.path, 'cache'));
    await symlink(outside, path.join(folder.path, 'cache/link.json'));
    await pruneFileCache(path.join(folder.path, 'cache'), {
      oldest: new Date(8e15),
      now: NOW,
      bytes: 0,
    });
    expect(await readFile(outside, 'utf8')).toBe('not ours');
  });
});
