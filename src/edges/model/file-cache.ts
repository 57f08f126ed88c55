import { randomUUID } from 'node:crypto';
import { constants, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { jsonText } from '../../base/json.js';

/** Values by the hash of what they answer, one file each; several processes may share the folder. */
export interface Cache<Value> {
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

/**
 * A folder of entries by content hash.
 *
 * @param options.schema what an entry must hold; files come from disk and may have been planted or cut
 */
export function openCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { folder, schema, notBefore, now } = options;
  const entrySchema = jsonText.pipe(z.strictObject({ at: z.iso.datetime(), value: schema }));
  return {
    async get(key) {
      const text = await readEntry(placeOf(folder, key)).catch(() => undefined);
      if (text === undefined) return undefined;
      const { data } = entrySchema.safeParse(text);
      if (!data) return undefined;
      const time = Date.parse(data.at);
      const isInTime = time >= notBefore.getTime() && time <= now().getTime() + MAX_SKEW_MS;
      return isInTime ? data.value : undefined;
    },
    put(key, value) {
      writeOrNot(placeOf(folder, key), JSON.stringify({ at: now().toISOString(), value }));
    },
  };
}

/** How far the clocks of machines that share a folder may differ. An entry from later than that would never be too old. */
const MAX_SKEW_MS = 5 * 60_000;

/** In bytes: twice the largest answer that a provider may send. */
const MAX_ENTRY = 8 * 1024 * 1024;

/**
 * The text of an entry. Only a file of its own is read: a link could lead anywhere, and a pipe would never end.
 *
 * @returns undefined for anything else, or a file that is too large for an entry
 */
async function readEntry(place: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = await file.stat();
    return status.isFile() && status.size <= MAX_ENTRY ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
}

/** Costs no more than without waiting, and leaves no time in which an answer is there and a killed process loses it. */
function writeOrNot(place: string, content: string): void {
  const draft = `${place}.${randomUUID()}.tmp`;
  try {
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(draft, content);
    renameSync(draft, place);
  } catch {
    discard(draft);
  }
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // The folder lets nothing be removed either; pruning tries again.
  }
}

function placeOf(folder: string, key: string): string {
  return path.join(folder, key.slice(0, 2), `${key.slice(2)}.json`);
}

/**
 * Removes entries that are too old, or of a time to come, and the oldest ones above the limit of size.
 *
 * @param limits.oldest entries from before this time go
 * @param limits.now entries from after this time go as well
 * @param limits.bytes the most that may stay
 */
export async function pruneCache(
  folder: string,
  limits: { readonly oldest: Date; readonly now: Date; readonly bytes: number },
): Promise<void> {
  const entries = await listEntries(folder);
  const latest = limits.now.getTime() + MAX_SKEW_MS;
  let bytes = 0;
  for (const { file, size, changedAt } of entries.sort((a, b) => b.changedAt - a.changedAt)) {
    const isInTime = changedAt >= limits.oldest.getTime() && changedAt <= latest;
    if (isInTime) bytes += size;
    if (isInTime && bytes <= limits.bytes) continue;
    await rm(file, { force: true }).catch(() => undefined);
  }
}

interface Entry {
  readonly file: string;
  readonly size: number;
  readonly changedAt: number;
}

async function listEntries(folder: string): Promise<Entry[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const entries = await Promise.all(
    names
      .filter((name) => name.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        const status = await stat(file).catch(() => undefined);
        return status ? [{ file, size: status.size, changedAt: status.mtimeMs }] : [];
      }),
  );
  return entries.flat();
}
