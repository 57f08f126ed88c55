import path from 'node:path';
import type { Config } from '../config/config.js';
import type { GitHub } from '../edges/github.js';
import { locate } from '../edges/files.js';
import { createBranchStore, createCommittedStore, createDirectoryStore } from '../edges/store.js';
import { UsageError } from '../errors.js';
import type { BaselinePort } from '../ports.js';
import type { Occasion } from './event.js';

/**
 * Opens the store that the configuration names, such that a pull request can't bring its own baseline: a
 * committed file is read at the base commit, a folder must not be part of the pull request's tree, and a branch
 * is none of the checkout's business.
 *
 * @throws UsageError when the place can't be used
 * @throws RunError when a recording could not be written: found out before money is spent
 */
export async function openBaselines(
  { baseline }: Config,
  occasion: Occasion,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<BaselinePort> {
  if (baseline.store === 'branch') return openBranch(baseline.branch, occasion, github);
  const located = await locate({ setting: 'baseline.path', path: baseline.path, root });
  if ('problem' in located) throw new UsageError([located.problem]);
  const place = path.resolve(root, baseline.path);
  if (baseline.store === 'committed') {
    const readAtBase = (): Promise<string | undefined> =>
      github.readFile(baseline.path, occasion.baselineCommit);
    return createCommittedStore({ file: place, name: baseline.path, readAtBase });
  }
  if ('found' in located && !located.found.isDirect) {
    throw new UsageError([
      {
        where: 'baseline.path',
        message: `"${baseline.path}" lies behind a symbolic link; name the folder itself`,
      },
    ]);
  }
  if (occasion.mode === 'gate' && (await github.exists(baseline.path, occasion.headCommit))) {
    throw new UsageError([
      {
        where: 'baseline.path',
        message: `"${baseline.path}" is part of the pull request's own files, which could plant a baseline; use store: committed, or a folder that git ignores`,
      },
    ]);
  }
  return createDirectoryStore(place, await github.firstParents(occasion.baselineCommit));
}

async function openBranch(
  name: string,
  { mode, origin, baselineCommit }: Occasion,
  github: GitHub,
): Promise<BaselinePort> {
  const branch = github.dataBranch(name);
  if (mode === 'record') {
    if (origin.ref === `refs/heads/${name}`) {
      throw new UsageError([
        {
          where: 'baseline.branch',
          message: `"${name}" is the branch that is recorded; name one of its own`,
        },
      ]);
    }
    await branch.checkWritable();
  }
  return createBranchStore({ name, branch }, await github.firstParents(baselineCommit));
}
