import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFault, isOfAnother } from './drafts.js';

/** How long to wait for another process, in milliseconds: it has a few files to rename. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/**
 * Does something while no other process does it under the same lock. The lock of a process that is gone is taken over.
 * Where no lock can be made, or another process keeps it for too long, it is done without: two runs that end at the same
 * moment are less likely than a folder of that kind.
 */
export async function withLock<Value>(file: string, action: () => Promise<Value>): Promise<Value> {
  const isHeld = await takeLock(file);
  try {
    return await action();
  } finally {
    if (isHeld) await rm(file, { force: true }).catch(() => undefined);
  }
}

async function takeLock(file: string): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if (!isFault(error, 'EEXIST')) return false;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    // It is empty for a moment, until its owner has written its id.
    if (owner > 0 && !isOfAnother(owner)) await rm(file, { force: true }).catch(() => undefined);
    else await sleep(PAUSE_MS);
  }
  // Its owner was killed before it wrote its id, or does not go on.
  await rm(file, { force: true }).catch(() => undefined);
  return false;
}
