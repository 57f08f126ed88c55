import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Cache, openCache } from '../../src/edges/cache.js';
import { useTempFolder } from './temp.js';

const KEY = 'ab'.repeat(32);
const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_BEFORE = new Date('2026-11-19T12:00:00Z');

const temp = useTempFolder();

function open(): Cache<{ readonly side: string }> {
  return openCache({
    folder: temp.path,
    schema: z.strictObject({ side: z.string() }),
    notBefore: DAY_BEFORE,
    now: () => NOW,
  });
}

const place = (): string => path.join(temp.path, KEY.slice(0, 2), `${KEY.slice(2)}.json`);

test('what was kept is found, in one file and no draft beside it', async () => {
  await open().put(KEY, { side: 'A' });
  expect(await open().get(KEY)).toEqual({ side: 'A' });
  expect(await readdir(path.dirname(place()))).toEqual([path.basename(place())]);
});

describe('a planted entry does not count where it', () => {
  const at = NOW.toISOString();

  test.each([
    ['is cut', `{"at":"${at}","value":{"side":"A`],
    ['has another shape', JSON.stringify({ at, value: { side: 1 } })],
    ['says more than it may', JSON.stringify({ at, value: { side: 'A', prompt: 'x' } })],
    ['has no time', JSON.stringify({ value: { side: 'A' } })],
    ['is too old', JSON.stringify({ at: '2026-11-19T11:59:59Z', value: { side: 'A' } })],
    ['is nothing', ''],
  ])('%s', async (_, text) => {
    await mkdir(path.dirname(place()));
    await writeFile(place(), text);
    expect(await open().get(KEY)).toBeUndefined();
  });

  test('is a folder or a link to nothing', async () => {
    await mkdir(place(), { recursive: true });
    expect(await open().get(KEY)).toBeUndefined();
    await symlink('nowhere', path.join(path.dirname(place()), 'other.json'));
    expect(await open().get(`abother`)).toBeUndefined();
  });
});
