import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Problem, UsageError } from '../../base/errors.js';
import { parseBaseline } from '../../gate/records/baseline.js';
import type { GateRecord } from '../../gate/records/record.js';
import { RECORDS_FOLDER, isPromotionPath } from '../../gate/records/record-path.js';

/** Maximum number of files that are read, and of bytes in one: a folder with more is not a folder of records. */
const MAX_FILES = 5000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads the records in files and in folders, nested ones included. Files that are not records are left out and named.
 *
 * @throws UsageError when a place does not exist, or there are too many files
 */
export async function readRecords(
  places: readonly string[],
): Promise<{ readonly records: readonly GateRecord[]; readonly leftOut: readonly Problem[] }> {
  const files = [...new Set((await Promise.all(places.map(filesIn))).flat())];
  if (files.length > MAX_FILES) {
    throw refuse(places.join(', '), `holds ${files.length} files, more than ${MAX_FILES}`);
  }
  const records: GateRecord[] = [];
  const leftOut: Problem[] = [];
  for (const file of files) {
    const read = await readOne(file);
    if ('schema' in read) records.push(read);
    else leftOut.push(read);
  }
  return { records, leftOut };
}

async function filesIn(place: string): Promise<readonly string[]> {
  const entry = await stat(place).catch(() => undefined);
  if (!entry) throw refuse(place, 'does not exist');
  if (!entry.isDirectory()) return [place];
  const records = path.join(place, RECORDS_FOLDER);
  // A checkout of a data branch has pages and badges in addition to its records.
  if (await isFolder(records)) return filesIn(records);
  const names = await readdir(place, { recursive: true });
  return names
    .filter((name) => name.endsWith('.json') && !name.split(path.sep).includes('.git'))
    .filter((name) => !isPromotionPath(path.basename(name)))
    .sort()
    .map((name) => path.join(place, name));
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
}

async function readOne(file: string): Promise<GateRecord | Problem> {
  const entry = await stat(file);
  if (!entry.isFile()) return { where: file, message: 'is not a file' };
  if (entry.size > MAX_FILE_BYTES) return { where: file, message: 'is too large for a record' };
  const lookup = parseBaseline(await readFile(file, 'utf8'), { where: file, distance: null });
  if (lookup.status === 'found') return lookup.record;
  const reason = lookup.status === 'corrupt' ? lookup.reason : 'empty';
  return { where: file, message: `is not a record of this version (${reason})` };
}

function refuse(where: string, message: string): UsageError {
  return new UsageError([{ where, message }]);
}
