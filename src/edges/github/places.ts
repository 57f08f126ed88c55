import path from 'node:path';
import { RunError } from '../../base/errors.js';
import { DVC, LINK, type Pointer, SUBMODULE, toDvcFile } from '../../base/pointer.js';
import type { Keeper } from '../files/pointers.js';
import { type Api, orUndefined } from './api.js';
import type { ContentPlace } from './contents.js';
import { type TreeEntry, readTree } from './tree.js';

const FOLDER = '040000';

/** Modes of git under which something else than a file or a folder is. */
const POINTERS: Readonly<Record<string, Pointer>> = { '120000': LINK, '160000': SUBMODULE };

/** Where a path leads in the trees of a commit; nothing is followed on the way. */
export type FoundPlace =
  | { readonly status: 'file' | 'folder'; readonly entry: TreeEntry }
  /** The path itself, or a folder on the way, is something else. */
  | ({ readonly status: 'pointer'; readonly isLast: boolean } & Keeper)
  /** A file is in the place of a folder on the way. */
  | { readonly status: 'blocked' }
  | { readonly status: 'outside' }
  /** It does not exist. `keeper` is the file of DVC that represents it. */
  | { readonly status: 'absent'; readonly keeper?: Keeper };

/**
 * Goes down the trees of git instead of asking for the content, because GitHub follows links there, and says of a path in
 * a submodule only that it is not there.
 *
 * @throws RunError when GitHub can't list a folder on the way
 */
export async function findPlace(api: Api, { path: name, ref }: ContentPlace): Promise<FoundPlace> {
  const steps = path.posix.normalize(name).replace(/\/$/, '').split('/');
  if (steps.some((step) => ['', '..'].includes(step))) return { status: 'outside' };
  let tree = ref;
  let found: FoundPlace = { status: 'absent' };
  for (const [index, step] of steps.entries()) {
    if (found.status === 'file') return { status: 'blocked' };
    const entries = await listEntries(api, tree);
    const entry = entries.find((one) => one.path === step);
    const place = steps.slice(0, index + 1).join('/');
    if (!entry) {
      const isKept = entries.some((one) => one.path === toDvcFile(step));
      return {
        status: 'absent',
        ...(isKept && { keeper: { place: toDvcFile(place), pointer: DVC } }),
      };
    }
    const pointer = POINTERS[entry.mode];
    if (pointer) return { status: 'pointer', place, pointer, isLast: index === steps.length - 1 };
    found = { status: entry.mode === FOLDER ? 'folder' : 'file', entry };
    tree = entry.sha;
  }
  return found;
}

/** What keeps the content of a path at a commit elsewhere; undefined where it is there, or simply is not. */
export async function findKeeperAt(api: Api, place: ContentPlace): Promise<Keeper | undefined> {
  const found = await findPlace(api, place);
  if (found.status === 'pointer') return found;
  return found.status === 'absent' ? found.keeper : undefined;
}

async function listEntries(api: Api, sha: string): Promise<readonly TreeEntry[]> {
  const entries = await orUndefined(readTree(api, { sha, name: `the tree ${sha}` }));
  if (!entries) throw new RunError(`GitHub shows no tree ${sha}`);
  return entries;
}
