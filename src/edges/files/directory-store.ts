import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Commits } from '../../gate/records/line.js';
import type { BaselinePort } from '../../ports.js';
import { writeWhole } from './files.js';
import { checkedRecord, createRecordStore } from './record-store.js';

/**
 * Records in a local folder.
 *
 * @param commits the commit to look for, then its first-parent ancestors, nearest first
 */
export function createDirectoryStore(folder: string, commits: Commits): BaselinePort {
  const pathOf = (file: string): string => path.join(folder, ...file.split('/'));
  return createRecordStore(commits, {
    open: () =>
      Promise.resolve({
        list: (name) => readdir(pathOf(name)).catch((): string[] => []),
        read: (file) => readFile(pathOf(file), 'utf8'),
      }),
    write: async (file, record) => {
      await writeWhole(pathOf(file), checkedRecord(record));
      return pathOf(file);
    },
    nameOf: pathOf,
  });
}
