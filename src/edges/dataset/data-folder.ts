import { type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findDvcPointers } from '../../base/pointer.js';

/** What is in a folder of data. */
export interface DataFolder {
  /** The files to read, in the order of their names. */
  readonly files: readonly string[];
  /** What is left out, each with the reason. */
  readonly leftOut: readonly string[];
  /** The files that DVC has left in place of others which are not there. */
  readonly dvcPointers: readonly string[];
}

const FORMATS = ['.parquet', '.csv', '.jsonl'] as const;

/** The format of a file by its name, in any case; undefined for files that are not data. */
export function detectFormat(file: string): (typeof FORMATS)[number] | undefined {
  const extension = path.extname(file).toLowerCase();
  return FORMATS.find((format) => format === extension);
}

/** Whether a folder's file of this name, folders included, is read: of a known type and not hidden. */
export function isDataFile(name: string): boolean {
  return detectFormat(name) !== undefined && findHiddenPart(name) === undefined;
}

/**
 * Lists a folder and the folders within. Everything is read or left out with a reason: links, which could lead anywhere,
 * hidden files and folders, and files of other types.
 */
export async function listDataFolder(folder: string): Promise<DataFolder> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const names: string[] = [];
  const files: string[] = [];
  const reasons = new Map<string, string>();
  for (const entry of entries) {
    const name = path.relative(folder, path.join(entry.parentPath, entry.name));
    const hidden = findHiddenPart(name);
    if (hidden === undefined) names.push(name);
    const reason = hidden === undefined ? reasonAgainst(entry) : 'hidden';
    if (reason === undefined) files.push(name);
    else if (reason !== 'a folder') reasons.set(hidden ?? name, reason);
  }
  return {
    files: files.sort(),
    dvcPointers: findDvcPointers(names).filter(isOfData),
    leftOut: [...reasons].sort().map(([name, reason]) => `${name} (${reason})`),
  };
}

/** Whether DVC keeps data there: a file of a known type, or a folder. */
function isOfData(dvcFile: string): boolean {
  const name = dvcFile.replace(/\.dvc$/, '');
  return detectFormat(name) !== undefined || path.extname(name) === '';
}

/** A hidden folder is named as a whole. `..` is not hidden: where it comes from outside, it has to be refused. */
function findHiddenPart(name: string): string | undefined {
  const parts = name.split(path.sep);
  const index = parts.findIndex((part) => /^\.(?!\.?$)/.test(part));
  return index < 0 ? undefined : parts.slice(0, index + 1).join(path.sep);
}

function reasonAgainst(entry: Dirent): string | undefined {
  if (entry.isDirectory()) return 'a folder';
  if (entry.isSymbolicLink()) return 'a link';
  if (!entry.isFile()) return 'not a file';
  return detectFormat(entry.name) ? undefined : `not ${FORMATS.join(', ')}`;
}
