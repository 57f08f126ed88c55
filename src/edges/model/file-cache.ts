import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
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
      const text = await readFile(placeOf(folder, key), 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      const { data } = entrySchema.safeParse(text);
      return data && Date.parse(data.at) >= notBefore.getTime() ? data.value : undefined;
    },
    put(key, value) {
      writeOrNot(placeOf(folder, key), JSON.stringify({ at: now().toISOString(), value }));
    },
  };
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
 * Removes entries that are too old, and the oldest ones above the limit of size.
 *
 * @param limits.oldest entries from before this time go
 * @param limits.bytes the most that may stay
 */
export async function pruneCache(
  folder: string,
  limits: { readonly oldest: Date; readonly bytes: number },
): Promise<void> {
  const entries = await listEntries(folder);
  let bytes = 0;
  for (const { file, size, changedAt } of entries.sort((a, b) => b.changedAt - a.changedAt)) {
    bytes += size;
    if (changedAt >= limits.oldest.getTime() && bytes <= limits.bytes) continue;
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
