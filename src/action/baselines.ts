import path from 'node:path';
import type { Config } from '../config/config.js';
import type { BaselinePlace } from '../config/place.js';
import { workflowRepository } from '../edges/address.js';
import type { GitHub } from '../edges/github.js';
import { locate } from '../edges/files.js';
import { runner } from '../edges/runner.js';
import {
  type DoubtsOf,
  createBranchStore,
  createCommittedStore,
  createDirectoryStore,
} from '../edges/store.js';
import { UsageError } from '../errors.js';
import { type WorkflowRun, findOriginFault, findPromotionFault } from '../gate/origin.js';
import type { BaselinePort } from '../ports.js';
import type { Search } from '../report/provenance.js';
import { findAnchor } from './anchor.js';
import { branchPage } from './branch-page.js';
import type { Occasion } from './event.js';

/** The store, and where in history it is looked into. */
export interface OpenBaselines {
  readonly baselines: BaselinePort;
  readonly search: Search;
}

/**
 * Opens the store that the configuration names, such that a pull request can't bring its own baseline: a committed
 * file is read at the commit that the tested tree departs from, a folder must not be part of the pull request's tree,
 * and of a branch only records count that GitHub confirms.
 *
 * @throws UsageError when the place can't be used
 * @throws RunError when a recording could not be written: found out before money is spent
 */
export async function openBaselines(
  { baseline }: Config,
  occasion: Occasion,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<OpenBaselines> {
  const anchor = await findAnchor(occasion, { root, github });
  if (baseline.store !== 'committed') {
    const line = await github.firstParents(anchor.commit);
    const search = { ...anchor, commits: line.length };
    if (baseline.store === 'branch') {
      return { baselines: await openBranch(baseline, occasion, { github, line }), search };
    }
    const folder = await checkFolder(baseline.path, occasion, { root, github });
    return { baselines: createDirectoryStore(folder, line), search };
  }
  const file = await locateInside(baseline.path, root);
  const readAtBase = (): Promise<string | undefined> =>
    github.readFile(baseline.path, anchor.commit);
  return {
    baselines: createCommittedStore({ file: file.place, name: baseline.path, readAtBase }),
    search: { ...anchor, commits: 1 },
  };
}

async function locateInside(
  name: string,
  root: string,
): Promise<{ readonly place: string; readonly isDirect: boolean }> {
  const located = await locate({ setting: 'baseline.path', path: name, root });
  if ('problem' in located) throw new UsageError([located.problem]);
  const isDirect = !('found' in located) || located.found.isDirect;
  return { place: path.resolve(root, name), isDirect };
}

async function checkFolder(
  name: string,
  { mode, headCommit }: Occasion,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<string> {
  const { place, isDirect } = await locateInside(name, root);
  const where = 'baseline.path';
  if (!isDirect) {
    const message = `"${name}" lies behind a symbolic link; name the folder itself`;
    throw new UsageError([{ where, message }]);
  }
  if (mode === 'gate' && (await github.exists(name, headCommit))) {
    const message = `"${name}" is part of the pull request's own files, which could plant a baseline; use store: committed, or a folder that git ignores`;
    throw new UsageError([{ where, message }]);
  }
  return place;
}

async function openBranch(
  { branch: name, page }: Extract<BaselinePlace, { readonly store: 'branch' }>,
  { mode, origin }: Occasion,
  { github, line }: { readonly github: GitHub; readonly line: readonly string[] },
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
  const alongside = page ? branchPage(workflowRepository(), runner.warn) : undefined;
  return createBranchStore({ name, branch, alongside }, line, await createOriginCheck(github));
}

/** Asks GitHub for the run that each record claims to come from, once for each run. */
async function createOriginCheck(github: GitHub): Promise<DoubtsOf> {
  const home = { repository: github.repository, defaultBranch: await github.defaultBranch() };
  const runs = new Map<string, Promise<WorkflowRun | undefined>>();
  const runOf = (id: string): Promise<WorkflowRun | undefined> => {
    const run = runs.get(id) ?? github.workflowRun(id);
    runs.set(id, run);
    return run;
  };
  return async (record, commit, promotion) => {
    const { runId } = record.provenance;
    const run = runId === null ? undefined : await runOf(runId);
    if (promotion) return findPromotionFault(record, run, home);
    return findOriginFault(record, commit, run, home);
  };
}
