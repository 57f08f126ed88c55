import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, symlink, utimes } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { type FileCache, openFileCache, pruneFileCache } from '../../src/edges/model/file-cache.js';
import { computeHash } from '../../src/base/hash.js';
import { useTempFolder } from '../edges/temp.js';

const folder = useTempFolder();

const NOW = new Date('2026-03-02T12:00:00.000Z');
const YESTERDAY = new Date('2026-03-01T12:00:00.000Z');
const KEY = computeHash('a request');
const ENTRY = `${KEY.slice(0, 2)}/${KEY.slice(2)}.json`;

const schema = z.strictObject({ text: z.string() });

function openAt(now: Date, place = folder.path): FileCache<z.infer<typeof schema>> {
  return openFileCache({ folder: place, schema, notBefore: YESTERDAY, now: () => now });
}

async function filesBelow(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('a time ahead of this machine', () => {
  const MINUTE = 60_000;

  test.each([
    { name: 'of another clock', at: NOW.getTime() + 5 * MINUTE, isThere: true },
    { name: 'of no clock', at: NOW.getTime() + 5 * MINUTE + 1, isThere: false },
    { name: 'in the year 9999', at: Date.parse('9999-12-31T23:59:59Z'), isThere: false },
  ])('$name: there $isThere', async ({ at, isThere }) => {
    openAt(new Date(at)).put(KEY, { text: 'x' });
    expect((await openAt(NOW).get(KEY)) !== undefined).toBe(isThere);
  });

  test('makes no file stay, and takes no room of the others', async () => {
    const future = await folder.write('aa/1.json', 'x'.repeat(100));
    await utimes(future, new Date('9999-12-31'), new Date('9999-12-31'));
    const present = await folder.write('bb/2.json', 'x'.repeat(100));
    await utimes(present, NOW, NOW);
    await pruneFileCache(folder.path, { oldest: YESTERDAY, now: NOW, bytes: 100 });
    expect(await filesBelow(folder.path)).toEqual(['2.json']);
  });
});

describe('what is not a regular file of its size is not read', () => {
  const sound = JSON.stringify({ at: NOW.toISOString(), value: { text: 'planted' } });
  const place = (): string => path.join(folder.path, ENTRY);

  async function makePipe(): Promise<void> {
    await mkdir(path.dirname(place()), { recursive: true });
    execFileSync('mkfifo', [place()]);
  }

  async function makeSocket(): Promise<() => void> {
    await mkdir(path.dirname(place()), { recursive: true });
    const server = createServer().listen(place());
    await once(server, 'listening');
    return () => server.close();
  }

  test('a pipe in its place does not keep the run waiting, and gives way to an entry', async () => {
    await makePipe();
    const cache = openAt(NOW);
    expect(await cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { text: 'x' });
    expect(await cache.get(KEY)).toEqual({ text: 'x' });
  });

  test('a socket in its place', async () => {
    const close = await makeSocket();
    expect(await openAt(NOW).get(KEY)).toBeUndefined();
    close();
  });

  test('a link in its place is not followed, and gives way to an entry', async () => {
    const outside = await folder.write('outside.json', sound);
    await mkdir(path.dirname(place()), { recursive: true });
    await symlink(outside, place());
    const cache = openAt(NOW);
    expect(await cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { text: 'x' });
    expect(await cache.get(KEY)).toEqual({ text: 'x' });
    expect(await readFile(outside, 'utf8')).toBe(sound);
  });

  test('a link to a device in its place', async () => {
    await mkdir(path.dirname(place()), { recursive: true });
    await symlink('/dev/zero', place());
    expect(await openAt(NOW).get(KEY)).toBeUndefined();
  });

  test.each([
    { name: 'the cache', linked: 'cache', to: `outside/${ENTRY}` },
    {
      name: 'a part of it',
      linked: `cache/${KEY.slice(0, 2)}`,
      to: `outside/${KEY.slice(2)}.json`,
    },
  ])('a link in the place of $name is not gone through', async ({ linked, to }) => {
    const outside = await folder.write(to, sound);
    await utimes(outside, YESTERDAY, YESTERDAY);
    const link = path.join(folder.path, linked);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(folder.path, 'outside'), link);
    const cache = openAt(NOW, path.join(folder.path, 'cache'));
    expect(await cache.get(KEY)).toBeUndefined();
    cache.put(KEY, { text: 'x' });
    await pruneFileCache(path.join(folder.path, 'cache'), { oldest: NOW, now: NOW, bytes: 0 });
    // Neither read, nor written to, nor cleared.
    expect(await filesBelow(path.join(folder.path, 'outside'))).toHaveLength(1);
    expect(await readFile(outside, 'utf8')).toBe(sound);
  });

  test.each([
    { name: 'of the largest size', more: 0, isThere: true },
    { name: 'of one byte more', more: 1, isThere: false },
  ])('a file $name: there $isThere', async ({ more, isThere }) => {
    await folder.write(ENTRY, sound.padEnd(8 * 1024 * 1024 + more));
    expect((await openAt(NOW).get(KEY)) !== undefined).toBe(isThere);
  });
});
