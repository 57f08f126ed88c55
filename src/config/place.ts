import type { ConfigFile } from './schema.js';

/** Where baselines lie: a file or a folder of the workspace, or a branch of the repository. */
export type BaselinePlace =
  | { readonly store: 'committed' | 'directory'; readonly path: string }
  | {
      readonly store: 'branch';
      readonly branch: string;
      /** Whether the branch carries the trend page and the badges of its records. */
      readonly page: boolean;
    };

/** Of its own, and by a name that nobody has for anything else. */
const DATA_BRANCH = 'mask-gate-data';

/** The place that the file names, or the default one of its kind. */
export function resolvePlace(
  { store, path, branch, page }: ConfigFile['baseline'],
  suite: string,
): BaselinePlace {
  if (store === 'branch') {
    return { store, branch: branch ?? DATA_BRANCH, page: page ?? true };
  }
  const byDefault = store === 'committed' ? committedPath(suite) : '.mask-gate';
  return { store, path: path ?? byDefault };
}

/** The committed file of a suite whose configuration names none. */
export function committedPath(suite: string): string {
  return `.github/mask-gate/${suite}.baseline.json`;
}
