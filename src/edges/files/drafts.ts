import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { types } from 'node:util';
import { DAY_MS } from '../../base/units.js';

/** What a file is made of; a large one comes in parts. */
export type FileContent = string | Uint8Array | AsyncIterable<string>;

/**
 * Makes a folder, and those above it, where there are none.
 *
 * Node's own way to do that tries for ever where a folder takes no other, as /proc does.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if (!isFault(error, 'ENOENT')) throw error;
    const parent = path.dirname(path.resolve(folder));
    if (!(await isFolder(parent))) await makeFolder(parent);
    // The parent may have been made at the same time by another call.
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!isFault(error, 'EEXIST') || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
}

/** Whether the system gave this code. */
export function isFault(error: unknown, code: string): boolean {
  return types.isNativeError(error) && 'code' in error && error.code === code;
}

/**
 * Writes a file under another name in its own folder, and onto the disk. One rename then puts it in its place, so that
 * half of it is never read. Nothing is left of a draft that could not be written.
 *
 * @returns the draft
 */
export async function writeDraft(file: string, content: FileContent): Promise<string> {
  // A pull request may bring the folder: it can't foresee this name, and a link in its place is not followed.
  const draft = `${file}.${process.pid}-${randomUUID()}.tmp`;
  const handle = await open(draft, 'wx');
  try {
    await writeFile(handle, content);
    await handle.sync();
    await handle.close();
    return draft;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await discardDraft(draft);
    throw error;
  }
}

/** Removes a draft that is not needed; one that can't be removed is cleared by a later run. */
export async function discardDraft(draft: string): Promise<void> {
  await rm(draft, { force: true }).catch(() => undefined);
}

/** Names of drafts; those of earlier versions have no process id. */
const DRAFT = /^(?<name>.+)\.(?:(?<pid>\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Removes the drafts of files that a killed process has left in a folder. */
export async function clearDrafts(folder: string, names: readonly string[]): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  const startedAt = Date.now() - process.uptime() * 1000;
  for (const entry of entries) {
    const { name = '', pid } = DRAFT.exec(entry)?.groups ?? {};
    if (!names.includes(name)) continue;
    const draft = path.join(folder, entry);
    const status = await lstat(draft).catch(() => undefined);
    if (!status?.isFile() || status.mtimeMs >= startedAt) continue;
    const isOwned = pid !== undefined && isOfAnother(Number(pid));
    // A process id is given to another process some day.
    if (!isOwned || status.mtimeMs < startedAt - DAY_MS) await discardDraft(draft);
  }
}

/** Whether a process id is that of another process that is there. */
export function isOfAnother(pid: number): boolean {
  if (pid === process.pid || !(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and belongs to another user.
    return isFault(error, 'EPERM');
  }
}
