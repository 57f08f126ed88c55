import { RunError } from '../../base/errors.js';
import type { Api } from './api.js';
import { readBlob } from './contents.js';
import { type TreeEntry, readTree } from './tree.js';

/** Files of a branch at one commit, however it moves meanwhile. */
export interface Snapshot {
  /** Names of the entries of a folder; none when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Paths of all files in a folder and the folders within; none when it is not there. */
  files(folder: string): Promise<readonly string[]>;
  /** @throws RunError when the file does not exist */
  read(file: string): Promise<string>;
}

/** The same with what is known of each entry of a folder. */
export interface OpenSnapshot extends Snapshot {
  entries(folder: string): Promise<readonly TreeEntry[]>;
}

const NAME = 'a folder of the data branch';

/** @param root the tree of the commit; undefined while the branch does not exist */
export function openSnapshot(api: Api, root: string | undefined): OpenSnapshot {
  const known = new Map<string, Promise<readonly TreeEntry[]>>();
  const blobs = new Map<string, string>();
  const entriesOf = (folder: string): Promise<readonly TreeEntry[]> => {
    const entries = known.get(folder) ?? readFolder(folder);
    known.set(folder, entries);
    return entries;
  };
  const find = async (path: string, type: string): Promise<string | undefined> => {
    const cut = path.lastIndexOf('/');
    const siblings = await entriesOf(path.slice(0, Math.max(0, cut)));
    return siblings.find((entry) => entry.path === path.slice(cut + 1) && entry.type === type)?.sha;
  };
  const readFolder = async (folder: string): Promise<readonly TreeEntry[]> => {
    const sha = folder === '' ? root : await find(folder, 'tree');
    return sha === undefined ? [] : readTree(api, { sha, name: NAME });
  };
  return {
    entries: entriesOf,
    list: async (folder) => (await entriesOf(folder)).map(({ path }) => path),
    files: async (folder) => {
      const sha = await find(folder, 'tree');
      const entries =
        sha === undefined ? [] : await readTree(api, { sha, name: NAME, isDeep: true });
      for (const { path, type, sha: own } of entries) {
        if (type === 'blob') blobs.set(`${folder}/${path}`, own);
      }
      return entries.flatMap(({ path, type }) => (type === 'blob' ? `${folder}/${path}` : []));
    },
    read: async (file) => {
      const sha = blobs.get(file) ?? (await find(file, 'blob'));
      if (sha === undefined) throw new RunError(`the data branch has no file ${file}`);
      return (await readBlob(api, sha)).toString('utf8');
    },
  };
}
