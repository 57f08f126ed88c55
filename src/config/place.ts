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

/** A folder of MASK Gate alone, with a name that is not used for anything else. */
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

/** A dated model name (`gpt-5-mini-2025-08-07`, `...-20241022`) stays what it is; an undated one may change. */
const DATED_MODEL = /\d{4}-?\d{2}-?\d{2}/;

/** How old a baseline of a model may be where nothing is configured, in days. */
export function chooseMaxAge(model: string): number {
  return DATED_MODEL.test(model) ? 14 : 3;
}
