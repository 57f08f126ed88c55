import { z } from 'zod';
import { RunError } from '../../base/errors.js';
import type { FileChange } from '../../gate/records/origin.js';
import { DATA_BRANCH_README, RECORDS_FOLDER } from '../../gate/records/record-path.js';
import { type Api, orUndefined, readRefusal } from './api.js';
import { readFile } from './contents.js';
import { REMEDY, explained, isRace } from './refusals.js';
import { findBlockingRule } from './rules.js';
import { type OpenSnapshot, type Snapshot, openSnapshot } from './snapshot.js';

/** Files on a branch of their own, without a checkout: read at one commit, added one by one, never changed. */
export interface DataBranch {
  /** The files at the tip of the branch; none while it does not exist. */
  snapshot(): Promise<Snapshot>;
  /**
   * Adds one file in a commit of its own, however many others do the same.
   *
   * @param alongside makes the files that follow from all others; the same commit replaces them
   * @returns where it is, for the log
   * @throws RunError when GitHub does not let it through, or the file is there with another text
   */
  add(file: NewFile, alongside?: Alongside): Promise<string>;
  /** @throws RunError when the token may not write, or a rule forbids it; found out without leaving a trace */
  checkWritable(): Promise<void>;
  /** The commits of the branch that touched a file, newest first. */
  listChanges(file: string): Promise<readonly FileChange[]>;
}

/** What goes along with a file that is added. Neither may throw: it must not keep the file from being added. */
export interface Alongside {
  /** Texts by path, made from a state of the branch and the file that is added to it; computed again for each attempt. */
  make(state: Snapshot, added: NewFile): Promise<ReadonlyMap<string, string>>;
  /** Told when the file was added without them, or tried to be. */
  leftOut(reason: string): void;
}

const ALONE: Alongside = { make: () => Promise.resolve(new Map()), leftOut: () => undefined };

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Message of the commit. */
  readonly message: string;
}

/** How long a race for the branch is stayed in. */
const RACE_MS = 180_000;
const MAX_PAUSE_MS = 8000;

const shaSchema = z.object({ sha: z.string() });
const refSchema = z.object({ object: shaSchema });
const commitSchema = z.object({ sha: z.string(), tree: shaSchema });
type Tip = z.infer<typeof commitSchema>;

/** The data branch of a name, through the Git Data API. The ref only ever moves forward, from a tip that was read. */
export function openDataBranch(api: Api, branch: string): DataBranch {
  return {
    snapshot: async () => openSnapshot(api, (await readTip(api, branch))?.tree.sha),
    add: (file, alongside) => add(api, branch, file, alongside),
    checkWritable: () => checkWritable(api, branch),
    listChanges: (file) => listChanges(api, branch, file),
  };
}

async function checkWritable(api: Api, branch: string): Promise<void> {
  await explained(branch, async () => {
    const content = 'MASK Gate may write here';
    await api.octokit.rest.git.createBlob({ ...api.repository, content });
  });
  const rule = await findBlockingRule(api, branch);
  if (rule !== undefined) {
    throw new RunError(`GitHub would refuse to write to the branch ${branch}: ${rule}; ${REMEDY}`);
  }
}

const accountSchema = z.object({ login: z.string(), type: z.string() }).nullish();

const changesSchema = z.array(
  z.object({
    sha: z.string(),
    commit: z.object({ verification: z.object({ verified: z.boolean() }).nullish() }),
    author: accountSchema,
    committer: accountSchema,
  }),
);

async function listChanges(
  { octokit, repository }: Api,
  branch: string,
  file: string,
): Promise<readonly FileChange[]> {
  const response = await orUndefined(
    octokit.rest.repos.listCommits({ ...repository, sha: branch, path: file }),
  );
  return changesSchema.parse(response?.data ?? []).map(({ sha, commit, author, committer }) => ({
    commit: sha,
    author: author?.login ?? null,
    committer: committer?.login ?? null,
    isByApp: author?.type === 'Bot',
    isVerified: commit.verification?.verified ?? false,
  }));
}

async function readTip({ octokit, repository }: Api, branch: string): Promise<Tip | undefined> {
  const ref = await orUndefined(octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` }));
  if (!ref) return undefined;
  const { sha } = refSchema.parse(ref.data).object;
  const commit = await octokit.rest.git.getCommit({ ...repository, commit_sha: sha });
  return commitSchema.parse(commit.data);
}

/**
 * Compare-and-swap: the parent of the commit is the tip that was read, and GitHub refuses to move the ref when another
 * writer has moved it since. Then the attempt is repeated from the new tip, after a random pause.
 */
async function add(api: Api, branch: string, file: NewFile, alongside = ALONE): Promise<string> {
  const { clock } = api;
  const deadline = clock.now() + RACE_MS;
  for (let tries = 0; ; tries += 1) {
    const tip = await readTip(api, branch);
    const state = openSnapshot(api, tip?.tree.sha);
    if (tip && (await isThere(api, branch, { tip, state, file })))
      return `${file.path} on ${branch}`;
    // A writer that keeps losing the race goes on with fewer files; the next write brings the rest up to date.
    const isLate = deadline - clock.now() < RACE_MS / 2;
    const more = isLate ? new Map<string, string>() : await alongside.make(state, file);
    const attempt = { tip, file, more, alongside };
    const lost = await explained(branch, () => tryToAdd(api, branch, attempt));
    if (lost === undefined) {
      if (isLate) alongside.leftOut('too many others write to the branch at the same time');
      return `${file.path} on ${branch}`;
    }
    if (clock.now() >= deadline) {
      throw new RunError(`GitHub did not take ${file.path} on the branch ${branch}: ${lost}`);
    }
    await clock.sleep(Math.min(MAX_PAUSE_MS, 200 * 2 ** tries) * (0.25 + clock.jitter()));
  }
}

/** Whether an earlier attempt got through although its answer was lost. */
async function isThere(
  api: Api,
  branch: string,
  { tip, state, file }: { readonly tip: Tip; readonly state: OpenSnapshot; readonly file: NewFile },
): Promise<boolean> {
  const { path, text } = file;
  const root = await state.entries('');
  if (!root.some((entry) => entry.path === RECORDS_FOLDER && entry.type === 'tree')) {
    throw new RunError(
      `the branch ${branch} has no folder ${RECORDS_FOLDER}, so it is not a data branch; set baseline.branch to a separate branch`,
    );
  }
  const present = await readFile(api, { path, ref: tip.sha }, path);
  if (present === undefined) return false;
  if (present === text) return true;
  throw new RunError(
    `${path} is on the branch ${branch} already; do two jobs of this run record the same suite?`,
  );
}

interface PushAttempt {
  readonly tip: Tip | undefined;
  readonly file: NewFile;
  readonly more: ReadonlyMap<string, string>;
  readonly alongside: Alongside;
}

/** @returns what GitHub said when another writer was faster; undefined when the file is there */
async function tryToAdd(
  api: Api,
  branch: string,
  attempt: PushAttempt,
): Promise<string | undefined> {
  const { octokit, repository } = api;
  const { tip, file } = attempt;
  try {
    const commit = await octokit.rest.git.createCommit({
      ...repository,
      message: file.message,
      tree: await makeTree(api, attempt),
      parents: tip ? [tip.sha] : [],
    });
    const { sha } = shaSchema.parse(commit.data);
    if (tip) await octokit.rest.git.updateRef({ ...repository, ref: `heads/${branch}`, sha });
    else await octokit.rest.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha });
    return undefined;
  } catch (error) {
    const refusal = readRefusal(error);
    if (!refusal || !isRace(refusal)) throw error;
    return refusal.message;
  }
}

/** What goes along may be too much for GitHub; then the file goes alone. */
async function makeTree(api: Api, attempt: PushAttempt): Promise<string> {
  const { octokit, repository } = api;
  const { tip, file, more, alongside } = attempt;
  const files = new Map([...(tip ? [] : [['README.md', DATA_BRANCH_README] as const]), ...more]);
  const tree = [...files.set(file.path, file.text)].map(
    ([path, content]) => ({ path, mode: '100644', type: 'blob', content }) as const,
  );
  try {
    const made = await octokit.rest.git.createTree({
      ...repository,
      ...(tip && { base_tree: tip.tree.sha }),
      tree,
    });
    return shaSchema.parse(made.data).sha;
  } catch (error) {
    if (more.size === 0) throw error;
    alongside.leftOut(readRefusal(error)?.message ?? 'GitHub did not take it');
    return makeTree(api, { ...attempt, more: new Map() });
  }
}
