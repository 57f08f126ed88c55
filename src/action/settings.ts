import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_PROVIDER } from '../config/config.js';
import { type Deferred, joinPolicyAndSubject } from '../config/policy.js';
import { type Tree, valueAt } from '../config/tree.js';
import { parseYaml } from '../config/yaml.js';
import { type TextReader, locate } from '../edges/files.js';
import type { GitHub } from '../edges/github.js';
import { placeDownload } from '../edges/github/contents.js';
import { type Problem, UsageError } from '../errors.js';
import { readConfigFile } from '../prepare.js';
import type { Occasion } from './event.js';

/** The settings of the configuration file that are in force, and what the pull request would change. */
export interface FileSettings {
  readonly settings: Tree;
  /** Those of them that are policy: the file of the base, or that of the checkout where it is trusted. */
  readonly policy: Tree;
  readonly origin: string;
  /** The provider of the target as policy names it: the one that the input api-key is for. */
  readonly targetProvider: string;
  readonly deferred: readonly Deferred[];
  readonly problems: readonly Problem[];
  /** What explains problems, should there be any. */
  readonly hints: readonly Problem[];
}

/**
 * Reads the configuration: on a pull request policy comes from the file at the base commit, through the API, and
 * only the subject from the checkout, or from where `read` reads. Elsewhere the checkout is trusted.
 */
export async function readSettings(
  where: { readonly configPath: string; readonly root: string; readonly read?: TextReader },
  occasion: Pick<Occasion, 'policyCommit'>,
  github: GitHub,
): Promise<FileSettings> {
  const { configPath, root, read } = where;
  const head = await readConfigFile({ setting: 'config', path: configPath, root }, read);
  if (occasion.policyCommit === undefined) {
    return {
      settings: head.settings,
      policy: head.settings,
      problems: head.problems,
      origin: configPath,
      targetProvider: targetProvider(head.settings),
      deferred: [],
      hints: [],
    };
  }
  const text = await github.readFile(configPath, occasion.policyCommit);
  const base = text === undefined ? { settings: {} } : parseYaml(text, `${configPath} at the base`);
  const policy = 'problem' in base ? {} : base.settings;
  return {
    ...joinPolicyAndSubject(policy, head.settings),
    policy,
    origin: `${configPath}, policy from the base`,
    targetProvider: targetProvider(policy),
    problems: [...head.problems, ...('problem' in base ? [base.problem] : [])],
    hints: text === undefined ? [notMerged(configPath)] : [],
  };
}

function notMerged(configPath: string): Problem {
  return {
    where: configPath,
    message:
      'is not at the base yet, so that inputs and defaults are policy until it is merged; set what is missing as inputs, or merge it first',
  };
}

function targetProvider(settings: Tree): string {
  const name = valueAt(settings, ['target', 'provider']);
  return typeof name === 'string' ? name : DEFAULT_PROVIDER;
}

/**
 * Where the dataset of a pull request's run lies: examples are policy, so files that git tracks come from the
 * base commit. Files that git does not know, fetched by an earlier step, stay where they are.
 *
 * @throws UsageError when only the pull request's head has them
 */
export async function fetchBaseDataset(
  source: string,
  occasion: Occasion,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<string> {
  if (source === 'sample' || occasion.policyCommit === undefined) return root;
  const files = await github.download(source, occasion.policyCommit);
  if (files.length > 0) {
    const folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-dataset-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    await Promise.all(files.map((file) => placeDownload(folder, file)));
    return folder;
  }
  if (await github.exists(source, occasion.headCommit)) {
    throw new UsageError([
      {
        where: 'dataset.source',
        message: `"${source}" is not at the base; examples that a pull request adds take effect after the merge`,
      },
    ]);
  }
  await refuseDetour(source, root);
  return root;
}

/** A file that git does not know must lie where its path says: the head could put a link in the way. */
async function refuseDetour(source: string, root: string): Promise<void> {
  const located = await locate({ setting: 'dataset.source', path: source, root });
  if (!('found' in located) || located.found.isDirect) return;
  throw new UsageError([
    {
      where: 'dataset.source',
      message: `"${source}" is an absolute path or lies behind a symbolic link; name the file itself, inside the repository`,
    },
  ]);
}
