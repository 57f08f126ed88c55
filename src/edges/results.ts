import { mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.js';
import type { GateRecord } from '../gate/record.js';
import { writeWhole } from './files.js';
import { formatRecord } from './store.js';
import { TRANSCRIPTS } from './transcripts.js';

const REPORT = 'report.md';
const PAGE = 'report.html';
const RECORD = 'record.json';

/**
 * Makes the folder for results ready before anything is paid for: it is there, inside `root` if one is given, and
 * holds nothing of an earlier run. Outside of `root` nothing is made and nothing removed, whatever links say.
 *
 * @throws UsageError when it can't be written to
 */
export async function prepareFolder(folder: string, root?: string): Promise<void> {
  if (root !== undefined) {
    const inside = path.relative(await realpath(root), await realPlaceOf(folder));
    if (inside.startsWith('..')) throw refuse(folder, 'leads out of the workspace');
  }
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(
      [REPORT, PAGE, RECORD, TRANSCRIPTS].map((name) =>
        rm(path.join(folder, name), { force: true }),
      ),
    );
  } catch {
    throw refuse(folder, 'is no folder that can be written to');
  }
}

/** Where a folder would lie that may not be there yet, links on the way followed. */
async function realPlaceOf(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => undefined);
  if (real !== undefined) return real;
  const parent = path.dirname(folder);
  return parent === folder ? folder : path.join(await realPlaceOf(parent), path.basename(folder));
}

function refuse(folder: string, message: string): UsageError {
  return new UsageError([{ where: 'output', message: `"${folder}" ${message}` }]);
}

/** Writes what a run leaves behind: the report, and the record if anything was measured. */
export async function writeResults(
  folder: string,
  record: GateRecord | undefined,
  report: string,
): Promise<{ readonly recordPath?: string; readonly reportPath: string }> {
  const reportPath = path.join(folder, REPORT);
  await writeWhole(reportPath, report);
  if (!record) return { reportPath };
  const recordPath = path.join(folder, RECORD);
  await writeWhole(recordPath, formatRecord(record));
  return { recordPath, reportPath };
}

/** Writes the report page, apart from the record, so that neither can keep the other from being written. */
export async function writePage(folder: string, page: string): Promise<string> {
  const pagePath = path.join(folder, PAGE);
  await writeWhole(pagePath, page);
  return pagePath;
}
