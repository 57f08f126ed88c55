import { readFile } from 'node:fs/promises';
import { UsageError } from '../base/errors.js';
import { type BaselineLookup, parseBaseline, parseStored } from '../gate/records/baseline.js';
import type { GateRecord } from '../gate/records/record.js';

/** The baseline that a flag names; absent without one. A file that is not there is a mistake of the user. */
export async function readBaselineFile(file: string | undefined): Promise<BaselineLookup> {
  if (file === undefined) return { status: 'absent' };
  return parseStored(await readRecordText(file), { where: file, distance: null });
}

/**
 * Reads a record that the user names.
 *
 * @throws UsageError when it does not exist or is not a record
 */
export async function readRecordFile(file: string): Promise<GateRecord> {
  const lookup = parseBaseline(await readRecordText(file), { where: file, distance: null });
  if (lookup.status === 'found') return lookup.record;
  const reason = lookup.status === 'corrupt' ? lookup.reason : 'empty';
  throw new UsageError([{ where: file, message: `is not a record of this version (${reason})` }]);
}

async function readRecordText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError([
      { where: file, message: 'cannot be read; name a record that a run has written' },
    ]);
  }
}
