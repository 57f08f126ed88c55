import { link, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { discardDraft, isFault, isOfAnother, writeDraft } from './drafts.js';

/** How long to wait for another process, in milliseconds: it has a few files to rename. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/** The locks that this process has. */
const held = new Set<string>();

/**
 * Runs a task under a lock, which is a file with the id of its process. The lock of a process that has ended is taken
 * over. Where a lock cannot be made, or another process keeps it for too long, the task runs without it: that two runs
 * end at the same moment is less likely.
 */
export async function withLock<Value>(file: string, action: () => Promise<Value>): Promise<Value> {
  while (held.has(file)) await sleep(PAUSE_MS);
  held.add(file);
  const isTaken = await takeLock(file).catch(() => false);
  try {
    return await action();
  } finally {
    if (isTaken) await rm(file, { force: true }).catch(() => undefined);
    held.delete(file);
  }
}

async function takeLock(file: string): Promise<boolean> {
  const own = await writeDraft(file, String(process.pid));
  try {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (await isLinked(own, file)) return true;
      if (await isLeft(file)) await rm(file, { force: true });
      else await sleep(PAUSE_MS);
    }
    return false;
  } finally {
    await discardDraft(own);
  }
}

/** A link is made at one go, with the text of its file, or not at all. */
async function isLinked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (isFault(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Whether the process that a lock belongs to is gone. */
async function isLeft(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text !== undefined && !isOfAnother(Number(text));
}
