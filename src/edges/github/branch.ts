import { z } from 'zod';
import { RunError } from '../../errors.js';
import { type Api, orUndefined, readRefusal, refusalText } from './api.js';
import { readBlob, readFile } from './contents.js';

/** Files on a branch of their own, without a checkout: read at one commit, added one by one, never changed. */
export interface DataBranch {
  /** The files at the tip of the branch; none while it does not exist. */
  snapshot(): Promise<Snapshot>;
  /**
   * Adds one file in a commit of its own, however many others do the same.
   *
   * @returns where it is, for the log
   * @throws RunError when GitHub does not let it through, or the file is there with another text
   */
  add(file: NewFile): Promise<string>;
  /** @throws RunError when the token may not write, found out without leaving a trace */
  checkWritable(): Promise<void>;
}

export interface Snapshot {
  /** Names of the entries of a folder; none when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** @throws RunError when there is no such file */
  read(file: string): Promise<string>;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Message of the commit. */
  readonly message: string;
}

/** The folder by which a data branch is known: nothing is ever written to a branch without it. */
const RECORDS = 'records';

const README = `# MASK Gate data

Records of the honesty of this repository's model, written by MASK Gate. Each file is written once and never
changed. Nothing here is meant to be edited or merged.
`;

/** How long a race for the branch is stayed in. */
const RACE_MS = 180_000;
const LONGEST_PAUSE_MS = 8000;

const shaSchema = z.object({ sha: z.string() });
const refSchema = z.object({ object: shaSchema });
const commitSchema = z.object({ sha: z.string(), tree: shaSchema });
const treeSchema = z.object({
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string() })),
  truncated: z.boolean().optional(),
});

type Entries = z.infer<typeof treeSchema>['tree'];
type Tip = z.infer<typeof commitSchema>;

/** The data branch of a name, through the Git Data API. The ref only ever moves forward, from a tip that was read. */
export function openDataBranch(api: Api, branch: string): DataBranch {
  return {
    snapshot: async () => openSnapshot(api, await readTip(api, branch)),
    add: (file) => add(api, branch, file),
    checkWritable: () =>
      explained(branch, async () => {
        const content = 'MASK Gate may write here';
        await api.octokit.rest.git.createBlob({ ...api.repository, content });
      }),
  };
}

async function readTip({ octokit, repository }: Api, branch: string): Promise<Tip | undefined> {
  const ref = await orUndefined(octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` }));
  if (!ref) return undefined;
  const { sha } = refSchema.parse(ref.data).object;
  const commit = await octokit.rest.git.getCommit({ ...repository, commit_sha: sha });
  return commitSchema.parse(commit.data);
}

function openSnapshot(api: Api, tip: Tip | undefined): Snapshot {
  const known = new Map<string, Promise<Entries>>();
  const entriesOf = (folder: string): Promise<Entries> => {
    const entries = known.get(folder) ?? readFolder(folder);
    known.set(folder, entries);
    return entries;
  };
  const find = async (path: string, type: string): Promise<string | undefined> => {
    const cut = path.lastIndexOf('/');
    const siblings = await entriesOf(path.slice(0, Math.max(0, cut)));
    return siblings.find((entry) => entry.path === path.slice(cut + 1) && entry.type === type)?.sha;
  };
  const readFolder = async (folder: string): Promise<Entries> => {
    const sha = folder === '' ? tip?.tree.sha : await find(folder, 'tree');
    return sha === undefined ? [] : readTree(api, sha);
  };
  return {
    list: async (folder) => (await entriesOf(folder)).map(({ path }) => path),
    read: async (file) => {
      const sha = await find(file, 'blob');
      if (sha === undefined) throw new RunError(`the data branch has no file ${file}`);
      return (await readBlob(api, sha)).toString('utf8');
    },
  };
}

/** A listing that is cut would make a record look absent, so it is an error. */
async function readTree({ octokit, repository }: Api, sha: string): Promise<Entries> {
  const response = await octokit.rest.git.getTree({ ...repository, tree_sha: sha });
  const { tree, truncated } = treeSchema.parse(response.data);
  if (truncated) throw new RunError('a folder of the data branch is too large for GitHub to list');
  return tree;
}

/**
 * Compare-and-swap: the commit stands on the tip that was read, and GitHub refuses to move the ref when another
 * writer has moved it meanwhile. Then all of it starts anew from the new tip, after a pause that differs for each.
 */
async function add(api: Api, branch: string, file: NewFile): Promise<string> {
  const { clock } = api;
  const deadline = clock.now() + RACE_MS;
  for (let tries = 0; ; tries += 1) {
    const tip = await readTip(api, branch);
    if (tip && (await isThere(api, branch, tip, file))) return `${file.path} on ${branch}`;
    const lost = await explained(branch, () => tryToAdd(api, branch, tip, file));
    if (lost === undefined) return `${file.path} on ${branch}`;
    if (clock.now() >= deadline) {
      throw new RunError(`GitHub did not take ${file.path} on the branch ${branch}: ${lost}`);
    }
    await clock.sleep(Math.min(LONGEST_PAUSE_MS, 200 * 2 ** tries) * (0.25 + clock.jitter()));
  }
}

/** Whether an earlier attempt got through although its answer was lost. */
async function isThere(
  api: Api,
  branch: string,
  tip: Tip,
  { path, text }: NewFile,
): Promise<boolean> {
  const root = await readTree(api, tip.tree.sha);
  if (!root.some((entry) => entry.path === RECORDS && entry.type === 'tree')) {
    throw new RunError(
      `the branch ${branch} has no folder ${RECORDS}, so it is no data branch; set baseline.branch to a name of its own`,
    );
  }
  const present = await readFile(api, { path, ref: tip.sha });
  if (present === undefined) return false;
  if (present === text) return true;
  throw new RunError(
    `${path} is on the branch ${branch} already; do two jobs of this run record the same suite?`,
  );
}

/** @returns what GitHub said when another writer was faster; undefined when the file is there */
async function tryToAdd(
  { octokit, repository }: Api,
  branch: string,
  tip: Tip | undefined,
  { path, text, message }: NewFile,
): Promise<string | undefined> {
  const entry = (name: string, content: string) =>
    ({ path: name, mode: '100644', type: 'blob', content }) as const;
  try {
    const tree = await octokit.rest.git.createTree({
      ...repository,
      ...(tip && { base_tree: tip.tree.sha }),
      tree: [entry(path, text), ...(tip ? [] : [entry('README.md', README)])],
    });
    const commit = await octokit.rest.git.createCommit({
      ...repository,
      message,
      tree: shaSchema.parse(tree.data).sha,
      parents: tip ? [tip.sha] : [],
    });
    const { sha } = shaSchema.parse(commit.data);
    if (tip) await octokit.rest.git.updateRef({ ...repository, ref: `heads/${branch}`, sha });
    else await octokit.rest.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha });
    return undefined;
  } catch (error) {
    const refusal = readRefusal(error);
    const isRace = refusal?.status === 409 || refusal?.status === 422;
    if (!isRace || RULES.test(refusal.message)) throw error;
    return refusal.message;
  }
}

/** GitHub answers 422 to the loser of a race, and also where a rule forbids the push. */
const RULES = /rule violations|protected branch/i;

/** Puts refusals in words: which permission is missing, or that a rule is in the way. */
async function explained<T>(branch: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const refusal = readRefusal(error);
    if (!refusal) throw error;
    const hint = RULES.test(refusal.message)
      ? '; a rule of the repository protects it, which must let the workflow in'
      : '';
    const subject = `to write to the branch ${branch}`;
    throw new RunError(refusalText(error, { subject, permission: 'contents: write' }) + hint);
  }
}
