import path from 'node:path';
import type { Config } from '../config/config.js';
import type { BaselinePlace } from '../config/place.js';
import type { Deferred } from '../config/policy.js';
import { workflowRepository } from '../edges/github/address.js';
import type { GitHub } from '../edges/github/client.js';
import { locate } from '../edges/files/files.js';
import { runner } from '../edges/github/runner.js';
import type { Line } from '../gate/records/line.js';
import { UsageError } from '../base/errors.js';
import type { Anchor } from '../gate/records/anchor.js';
import type { Replacement } from '../gate/records/replacement.js';
import type { BaselinePort } from '../ports.js';
import type { Search } from '../report/comment/provenance.js';
import { findAnchor } from './anchor.js';
import { branchPage } from './branch-page.js';
import type { RunTrigger } from './context/event.js';
import { createOriginCheck } from './origin.js';
import { findReplacement } from './replacement.js';
import { createBranchStore } from '../edges/github/branch-store.js';
import { createCommittedStore } from '../edges/files/committed-store.js';
import { createDirectoryStore } from '../edges/files/directory-store.js';
import { readBranchName } from '../base/refs.js';

/** The store, and where in history it is looked into. */
export interface OpenBaselines {
  readonly baselines: BaselinePort;
  readonly anchor: Anchor;
  /** Where the last look-up looked. */
  readonly search: () => Search;
  /** The committed baseline that the change under test replaces. */
  readonly replacement?: Replacement;
}

/**
 * Opens the store that the configuration names, such that a pull request can't bring its own baseline: a committed
 * file is read at the commit that the tested tree is based on, a folder must not be part of the pull request's tree,
 * and of a file or a branch only records count that GitHub confirms.
 *
 * @throws UsageError when the place can't be used
 * @throws RunError when a recording could not be written: found out before money is spent
 */
export async function openBaselines(
  config: Config,
  trigger: RunTrigger,
  {
    root,
    github,
    deferred = [],
  }: {
    readonly root: string;
    readonly github: GitHub;
    /** The settings of the head that are not in force. */
    readonly deferred?: readonly Deferred[];
  },
): Promise<OpenBaselines> {
  const { baseline } = config;
  const anchor = await findAnchor(trigger, { root, github });
  if (baseline.store === 'committed') {
    const withRejections = createOriginCheck(github);
    const file = await locateInside(baseline.path, root);
    // What is recorded has to be readable after it: where the present file is a pointer, the next one would be, too.
    if (trigger.mode === 'record') {
      await github.readFile(baseline.path, trigger.headCommit, 'baseline.path');
    }
    const readAtBase = (): Promise<string | undefined> =>
      github.readFile(baseline.path, anchor.commit, 'baseline.path');
    const about = { config, trigger, anchor, github, findRejection: withRejections, deferred };
    const replacement = await findReplacement({ ...about, warn: runner.warn });
    return {
      baselines: createCommittedStore({
        file: file.place,
        name: baseline.path,
        readAtBase,
        findRejection: withRejections,
      }),
      anchor,
      search: () => ({ ...anchor, commits: 1 }),
      ...(replacement && { replacement }),
    };
  }
  const line = github.line(anchor.commit);
  const baselines =
    baseline.store === 'branch'
      ? await openBranch(baseline, trigger, { github, line })
      : createDirectoryStore(await checkFolder(baseline.path, trigger, { root, github }), line);
  return { baselines, anchor, search: () => ({ ...anchor, commits: line.extent().commits }) };
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
  { mode, headCommit }: RunTrigger,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<string> {
  const { place, isDirect } = await locateInside(name, root);
  const where = 'baseline.path';
  if (!isDirect) {
    const message = `"${name}" is behind a symbolic link; name the folder itself`;
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
  { mode, origin }: RunTrigger,
  { github, line }: { readonly github: GitHub; readonly line: Line },
): Promise<BaselinePort> {
  const branch = github.dataBranch(name);
  if (mode === 'record') {
    if (readBranchName(origin.ref) === name) {
      throw new UsageError([
        {
          where: 'baseline.branch',
          message: `"${name}" is the branch that is recorded; name a separate branch`,
        },
      ]);
    }
    await branch.checkWritable();
  }
  const alongside = page ? branchPage(workflowRepository(), runner.warn) : undefined;
  const findRejection = createOriginCheck(github, (file) => branch.listChanges(file));
  return createBranchStore({ name, branch, alongside }, line, findRejection);
}
