import { randomUUID } from 'node:crypto';
import { constants, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { jsonText } from '../../base/json.js';

/** Values by the hash of what they answer, one file each; several processes may share the folder. */
export interface FileCache<Value> {
  /** @returns undefined for what is not there, too old, or not readable */
  get(key: string): Promise<Value | undefined>;
  /** Writes whole or not at all, before it returns; where the disk refuses, the value is only not kept. */
  put(key: string, value: Value): void;
}

export interface CacheOptions<Value> {
  readonly folder: string;
  readonly schema: z.ZodType<Value>;
  /** Entries from before this time do not count. */
  readonly notBefore: Date;
  readonly now: () => Date;
}

/** In bytes. The largest answer of a provider that is read fits, with all that is around it. */
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;

/** Machines that share a folder differ by less, in milliseconds. What is later is from no clock that can be trusted. */
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * A folder of entries by content hash. Only regular files of a size that an entry may have are read, and no link is
 * followed: neither the folder nor what is in it.
 *
 * @param options.schema what an entry must hold; files come from disk and may have been planted or cut
 */
export function openFileCache<Value>(options: CacheOptions<Value>): FileCache<Value> {
  const { folder, schema, notBefore, now } = options;
  const entrySchema = jsonText.pipe(z.strictObject({ at: z.iso.datetime(), value: schema }));
  return {
    async get(key) {
      const text = await readEntry(folder, resolveEntryPath(folder, key));
      if (text === undefined) return undefined;
      const { data } = entrySchema.safeParse(text);
      const at = data ? Date.parse(data.at) : NaN;
      const isValid = at >= notBefore.getTime() && at <= now().getTime() + MAX_AHEAD_MS;
      return isValid ? data?.value : undefined;
    },
    put(key, value) {
      const content = JSON.stringify({ at: now().toISOString(), value });
      writeOrNot(folder, resolveEntryPath(folder, key), content);
    },
  };
}

async function readEntry(folder: string, place: string): Promise<string | undefined> {
  try {
    const folders = await Promise.all([folder, path.dirname(place)].map((one) => lstat(one)));
    if (!folders.every((status) => status.isDirectory())) return undefined;
    // A pipe would keep the process waiting for who writes to it.
    const file = await open(
      place,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    return await readRegular(file).finally(() => file.close());
  } catch {
    return undefined;
  }
}

async function readRegular(file: FileHandle): Promise<string | undefined> {
  const status = await file.stat();
  return status.isFile() && status.size <= MAX_ENTRY_BYTES ? file.readFile('utf8') : undefined;
}

/** Costs no more than without waiting, and leaves no time in which an answer is there and a killed process loses it. */
function writeOrNot(folder: string, place: string, content: string): void {
  const draft = `${place}.${randomUUID()}.tmp`;
  const parent = path.dirname(place);
  try {
    if (![folder, parent].every(makeFolder)) return;
    writeFileSync(draft, content);
    renameSync(draft, place);
  } catch {
    discard(draft);
  }
}

/**
 * Makes a folder where nothing is; to make one that is there costs as much as the entry. What a link leads to is left
 * alone.
 *
 * @returns whether a folder, and no link, is in that place
 */
function makeFolder(place: string): boolean {
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (status) return status.isDirectory();
  mkdirSync(place, { recursive: true });
  return lstatSync(place).isDirectory();
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // The folder lets nothing be removed either; pruning tries again.
  }
}

function resolveEntryPath(folder: string, key: string): string {
  return path.join(folder, key.slice(0, 2), `${key.slice(2)}.json`);
}

/**
 * Removes entries that are too old or from the future, and the oldest ones above the limit of size. Nothing is removed
 * where the folder is a link.
 *
 * @param limits.oldest entries from before this time go
 * @param limits.now the present time
 * @param limits.bytes maximum size of what is kept
 */
export async function pruneFileCache(
  folder: string,
  limits: { readonly oldest: Date; readonly now: Date; readonly bytes: number },
): Promise<void> {
  const newest = limits.now.getTime() + MAX_AHEAD_MS;
  const entries = await listEntries(folder);
  let bytes = 0;
  for (const { file, size, changedAt } of entries.sort((a, b) => b.changedAt - a.changedAt)) {
    const isDated = changedAt >= limits.oldest.getTime() && changedAt <= newest;
    if (isDated) bytes += size;
    if (isDated && bytes <= limits.bytes) continue;
    await rm(file, { force: true }).catch(() => undefined);
  }
}

interface StoredEntry {
  readonly file: string;
  readonly size: number;
  readonly changedAt: number;
}

async function listEntries(folder: string): Promise<StoredEntry[]> {
  const status = await lstat(folder).catch(() => undefined);
  if (!status?.isDirectory()) return [];
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const entries = await Promise.all(
    names
      .filter((name) => name.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        const { size, mtimeMs } = (await lstat(file).catch(() => undefined)) ?? {};
        return size === undefined || mtimeMs === undefined
          ? []
          : [{ file, size, changedAt: mtimeMs }];
      }),
  );
  return entries.flat();
}
