import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import { z } from 'zod';

/** A request that reached the server, for tests to see what was sent. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** A run of a workflow; what is not said is a first attempt of a push to main of this repository, under way. */
export interface Run {
  readonly head_sha: string;
  readonly event?: string;
  readonly head_branch?: string | null;
  readonly run_attempt?: number;
  readonly head_repository?: { readonly full_name: string } | null;
  readonly status?: 'queued' | 'in_progress' | 'completed';
  readonly conclusion?: string | null;
  /** When the last attempt began, as a time of ISO 8601; by default runs began in the order of their numbers. */
  readonly run_started_at?: string;
  readonly jobs?: readonly RunJob[];
}

/** A job of a run. */
export interface RunJob {
  readonly name: string;
  readonly conclusion: string | null;
  /** What it wrote; undefined once GitHub has removed it. */
  readonly log?: string | undefined;
}

/** Who made a commit, as GitHub tells of it. */
export interface Signature {
  readonly author: { readonly login: string; readonly type: string } | null;
  readonly committer: { readonly login: string; readonly type: string } | null;
  readonly verified: boolean;
}

/** What GitHub tells of a commit that a workflow made through its API. */
export const BY_WORKFLOW: Signature = {
  author: { login: 'github-actions[bot]', type: 'Bot' },
  committer: { login: 'web-flow', type: 'User' },
  verified: true,
};

/** An answer in place of the emulator's. */
export interface Fault {
  readonly status: number;
  readonly message: string;
  /** In place of an object with the message. */
  readonly body?: unknown;
  /** In place of JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the emulator does what it was asked, and only its answer is lost. */
  readonly isLate?: boolean;
  /** True when the connection ends without an answer. */
  readonly isDropped?: boolean;
}

/** Modes of git: a file, a link, a submodule. */
export type FileMode = '100644' | '120000' | '160000';

/** A GitHub-shaped server with one repository, and ways to make it refuse what the real one would. */
export interface GitHubServer {
  readonly apiUrl: string;
  /** The same server under the path that GitHub Enterprise has. */
  readonly enterpriseUrl: string;
  /** Every request so far, less that of the tests themselves. */
  readonly sent: readonly Sent[];
  /** Answers for the emulator where it gives a fault, as soon as it does. */
  fault: ((request: Sent) => Fault | undefined | Promise<Fault | undefined>) | undefined;
  /** Runs of workflows by id, which the emulator can't be told of; any other id is unknown. */
  readonly runs: Map<string, Run>;
  /** Roles in the repository by login, as `role_name` has them; anybody else may only read. */
  readonly roles: Map<string, string>;
  /** Who approved a run for an environment with reviewers, by its id; none by default. */
  readonly approvers: Map<string, readonly string[]>;
  /** GitHub's present merges of pull requests, by number; the emulator makes none. */
  readonly merges: Map<number, string>;
  /** Pull requests whose conversation is locked. */
  readonly locked: Set<number>;
  /** What the rules of the repository say to a push, by the branch that they protect. */
  readonly rules: Map<string, string>;
  /** Commits that are gone, as after a forced push. */
  readonly forgotten: Set<string>;
  /** Branches that lie in a fork, as far as anybody is told: `owner/name` of the fork by branch. */
  readonly forks: Map<string, string>;
  /** Closes a pull request as another person would. */
  closePullRequest(number: number): Promise<void>;
  /** Gives a pull request another base. */
  retarget(number: number, base: string): Promise<void>;
  /** Puts a branch back to a commit, as a forced push does. */
  resetBranch(name: string, sha: string): Promise<void>;
  /** Sets a label on a pull request. */
  label(pullRequest: number, name: string): Promise<void>;
  /** Accounts and signature of the commits that touched a file, by its path; the emulator signs nothing. */
  readonly signatures: Map<string, Signature>;
  /** What GitHub makes for the test of a pull request: a commit of two parents, with the tree of the second. */
  merge(base: string, head: string): Promise<string>;
  /** So many empty commits in a line on another one; no branch moves. @returns the last of them */
  grow(from: string, count: number): Promise<string>;
  /** Points a branch at a commit, as a merge does. */
  point(branch: string, sha: string): Promise<void>;
  /** Gives the default branch another name; the runs keep the one that they had. */
  renameDefaultBranch(from: string, to: string): Promise<void>;
  /** `contents: write` for the token of the workflow. */
  grantWrite(): Promise<void>;
  /**
   * Moves a branch as another person would; makes it when it is not there. With mode 120000 the files are links, with 160000
   * submodules, whose text is their commit.
   */
  moveBranch(
    name: string,
    files: Readonly<Record<string, string>>,
    mode?: FileMode,
  ): Promise<string>;
  /** The files of a branch by path; none when there is no such branch. */
  filesOf(branch: string): Promise<ReadonlyMap<string, string>>;
  /** The commits of a branch, newest first, with the number of their parents. */
  commitsOf(branch: string): Promise<readonly { readonly sha: string; readonly parents: number }[]>;
  readonly repository: string;
  readonly tokens: { readonly workflow: string; readonly owner: string };
  /** Answers 403 to every request that would write a comment. */
  refuseComments: boolean;
  commit(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Removes a file from a branch. */
  forget(branch: string, file: string): Promise<string>;
  branch(name: string, sha: string): Promise<void>;
  openPullRequest(branch: string, base?: string): Promise<number>;
  /** @returns its number */
  comment(pullRequest: number, body: string, token: string): Promise<number>;
  /** Edits a comment as a maintainer may. */
  editComment(id: number, body: string): Promise<void>;
  comments(pullRequest: number): Promise<readonly Comment[]>;
  checks(commit: string): Promise<readonly Check[]>;
  close(): Promise<void>;
}

const checkSchema = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  output: z.object({
    title: z.string().nullable(),
    summary: z.string().nullable(),
    annotations_count: z.number(),
  }),
});

export type Check = z.infer<typeof checkSchema>;

const commentSchema = z.object({
  id: z.number(),
  body: z.string(),
  user: z.object({ login: z.string() }),
});

export type Comment = z.infer<typeof commentSchema>;

const shaSchema = z.object({ sha: z.string() });
const refSchema = z.object({ object: shaSchema });
const commitSchema = z.object({ tree: shaSchema });
const treeSchema = z.object({
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: z.string() })),
});

/** Where GitHub Enterprise has its API. */
const ENTERPRISE_PATH = '/api/v3';

const BOT = 'github-actions[bot]';
const OWNER = 'octocat';
const REPO = 'bot';
const TOKENS = { workflow: 'workflow-token', owner: 'owner-token' };

export async function startGitHub(): Promise<GitHubServer> {
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: {
        [TOKENS.workflow]: { login: BOT, scopes: ['repo'] },
        [TOKENS.owner]: { login: OWNER, scopes: ['repo'] },
      },
      github: {
        users: [{ login: OWNER }, { login: BOT }],
        repos: [{ owner: OWNER, name: REPO, auto_init: true }],
      },
    },
  });
  const state: State = {
    refuseComments: false,
    fault: undefined,
    sent: [],
    runs: new Map<string, Run>(),
    signatures: new Map<string, Signature>(),
    roles: new Map<string, string>(),
    approvers: new Map<string, readonly string[]>(),
    merges: new Map<number, string>(),
    locked: new Set<number>(),
    rules: new Map<string, string>(),
    forgotten: new Set<string>(),
    forks: new Map<string, string>(),
  };
  const proxy = await startProxy(emulator.url, state);
  const call = createCaller(emulator.url);
  const repo = `/repos/${OWNER}/${REPO}`;

  const treeOf = async (ref: string): Promise<z.infer<typeof treeSchema>['tree']> => {
    const reply = await call('GET', `${repo}/git/trees/${ref}?recursive=1`);
    return treeSchema.safeParse(reply).data?.tree ?? [];
  };

  return Object.assign(state, {
    apiUrl: proxy.url,
    enterpriseUrl: `${proxy.url}${ENTERPRISE_PATH}`,
    async merge(base: string, head: string): Promise<string> {
      const commit = commitSchema.parse(await call('GET', `${repo}/git/commits/${head}`));
      const made = await call('POST', `${repo}/git/commits`, {
        message: 'Merge',
        tree: commit.tree.sha,
        parents: [base, head],
      });
      return shaSchema.parse(made).sha;
    },
    async grow(from: string, count: number): Promise<string> {
      const { tree } = commitSchema.parse(await call('GET', `${repo}/git/commits/${from}`));
      let tip = from;
      for (let made = 0; made < count; made += 1) {
        const reply = await call('POST', `${repo}/git/commits`, {
          message: `Step ${made + 1}`,
          tree: tree.sha,
          parents: [tip],
        });
        tip = shaSchema.parse(reply).sha;
      }
      return tip;
    },
    async point(branch: string, sha: string): Promise<void> {
      await call('PATCH', `${repo}/git/refs/heads/${branch}`, { sha, force: true });
    },
    async renameDefaultBranch(from: string, to: string): Promise<void> {
      const at = refSchema.parse(await call('GET', `${repo}/git/ref/heads/${from}`));
      await call('POST', `${repo}/git/refs`, { ref: `refs/heads/${to}`, sha: at.object.sha });
      await call('PATCH', repo, { default_branch: to });
      await call('DELETE', `${repo}/git/refs/heads/${from}`);
    },
    async grantWrite(): Promise<void> {
      await call('PUT', `${repo}/collaborators/${encodeURIComponent(BOT)}`, { permission: 'push' });
    },
    async moveBranch(
      name: string,
      files: Readonly<Record<string, string>>,
      mode: FileMode = '100644',
    ): Promise<string> {
      const at = refSchema.safeParse(await call('GET', `${repo}/git/ref/heads/${name}`));
      const parent = at.data?.object.sha;
      const tree = await call('POST', `${repo}/git/trees`, {
        ...(parent && {
          base_tree: commitSchema.parse(await call('GET', `${repo}/git/commits/${parent}`)).tree
            .sha,
        }),
        tree: Object.entries(files).map(([file, content]) => ({
          path: file,
          mode,
          ...(mode === '160000' ? { type: 'commit', sha: content } : { type: 'blob', content }),
        })),
      });
      const made = await call('POST', `${repo}/git/commits`, {
        message: 'Somebody else',
        tree: shaSchema.parse(tree).sha,
        parents: parent ? [parent] : [],
      });
      const { sha } = shaSchema.parse(made);
      if (parent) await call('PATCH', `${repo}/git/refs/heads/${name}`, { sha });
      else await call('POST', `${repo}/git/refs`, { ref: `refs/heads/${name}`, sha });
      return sha;
    },
    async filesOf(branch: string): Promise<ReadonlyMap<string, string>> {
      const blobs = (await treeOf(branch)).filter(({ type }) => type === 'blob');
      const files = blobs.map(async ({ path, sha }): Promise<[string, string]> => {
        const reply = await call('GET', `${repo}/git/blobs/${sha}`);
        const { content } = z.object({ content: z.string() }).parse(reply);
        return [path, Buffer.from(content, 'base64').toString('utf8')];
      });
      return new Map(await Promise.all(files));
    },
    async commitsOf(branch: string): Promise<readonly { sha: string; parents: number }[]> {
      const reply = await call('GET', `${repo}/commits?sha=${branch}&per_page=100`);
      const commits = z
        .array(z.object({ sha: z.string(), parents: z.array(z.unknown()) }))
        .parse(reply);
      return commits.map(({ sha, parents }) => ({ sha, parents: parents.length }));
    },
    repository: `${OWNER}/${REPO}`,
    tokens: TOKENS,
    async commit(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
      let sha = '';
      for (const [file, text] of Object.entries(files)) {
        const path = `${repo}/contents/${file}`;
        const known = await call('GET', `${path}?ref=${branch}`);
        const existing = z.object({ sha: z.string() }).safeParse(known);
        const reply = await call('PUT', path, {
          message: `Change ${file}`,
          branch,
          content: Buffer.from(text).toString('base64'),
          ...(existing.success && { sha: existing.data.sha }),
        });
        ({ sha } = z.object({ commit: z.object({ sha: z.string() }) }).parse(reply).commit);
      }
      return sha;
    },
    async forget(branch: string, file: string): Promise<string> {
      const path = `${repo}/contents/${file}`;
      const { sha } = shaSchema.parse(await call('GET', `${path}?ref=${branch}`));
      const body = { message: `Remove ${file}`, branch, sha };
      return z.object({ commit: shaSchema }).parse(await call('DELETE', path, body)).commit.sha;
    },
    async branch(name: string, sha: string): Promise<void> {
      await call('POST', `${repo}/git/refs`, { ref: `refs/heads/${name}`, sha });
    },
    async openPullRequest(branch: string, base = 'main'): Promise<number> {
      const reply = await call('POST', `${repo}/pulls`, { title: branch, head: branch, base });
      return z.object({ number: z.number() }).parse(reply).number;
    },
    async closePullRequest(number: number): Promise<void> {
      await call('PATCH', `${repo}/pulls/${number}`, { state: 'closed' });
    },
    async retarget(number: number, base: string): Promise<void> {
      await call('PATCH', `${repo}/pulls/${number}`, { base });
    },
    async resetBranch(name: string, sha: string): Promise<void> {
      await call('PATCH', `${repo}/git/refs/heads/${name}`, { sha, force: true });
    },
    async label(pullRequest: number, name: string): Promise<void> {
      await call('POST', `${repo}/labels`, { name, color: 'ededed' });
      await call('POST', `${repo}/issues/${pullRequest}/labels`, { labels: [name] });
    },
    async comment(pullRequest: number, body: string, token: string): Promise<number> {
      const reply = await call('POST', `${repo}/issues/${pullRequest}/comments`, { body }, token);
      return z.object({ id: z.number() }).parse(reply).id;
    },
    async editComment(id: number, body: string): Promise<void> {
      await call('PATCH', `${repo}/issues/comments/${id}`, { body });
    },
    async comments(pullRequest: number): Promise<readonly Comment[]> {
      const pages = await Promise.all(
        [1, 2].map((page) =>
          call('GET', `${repo}/issues/${pullRequest}/comments?per_page=100&page=${page}`),
        ),
      );
      return pages.flatMap((page) => z.array(commentSchema).parse(page));
    },
    async checks(commit: string): Promise<readonly Check[]> {
      const reply = await call('GET', `${repo}/commits/${commit}/check-runs?filter=all`);
      return z.object({ check_runs: z.array(checkSchema) }).parse(reply).check_runs;
    },
    async close(): Promise<void> {
      proxy.server.closeAllConnections();
      await new Promise((resolve) => proxy.server.close(resolve));
      await emulator.close();
    },
  });
}

type Caller = (method: string, path: string, body?: object, token?: string) => Promise<unknown>;

function createCaller(url: string): Caller {
  return async (method, path, body, token = TOKENS.owner) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    return answer;
  };
}

interface State {
  refuseComments: boolean;
  fault: GitHubServer['fault'];
  readonly sent: Sent[];
  readonly runs: Map<string, Run>;
  readonly signatures: Map<string, Signature>;
  readonly roles: Map<string, string>;
  readonly approvers: Map<string, readonly string[]>;
  readonly merges: Map<number, string>;
  readonly locked: Set<number>;
  readonly rules: Map<string, string>;
  readonly forgotten: Set<string>;
  readonly forks: Map<string, string>;
}

/** The commits that touched a file, with the accounts and signatures that GitHub would tell. */
function withSignatures(answer: string, url: string, signatures: State['signatures']): string {
  const path = new URL(url, 'http://localhost').searchParams.get('path') ?? '';
  const signature = signatures.get(path);
  const commits = z
    .array(z.looseObject({ commit: z.looseObject({}) }))
    .safeParse(JSON.parse(answer));
  if (!signature || !commits.success) return answer;
  const { author, committer, verified } = signature;
  return JSON.stringify(
    commits.data.map(({ commit, ...more }) => ({
      ...more,
      author,
      committer,
      commit: { ...commit, verification: { verified, reason: verified ? 'valid' : 'unsigned' } },
    })),
  );
}

/** The answer about a user's role, where that is the question; as GitHub does, `permission` knows no maintain. */
function answerAboutRole({ url }: Sent, roles: State['roles']): Fault | undefined {
  const login = /\/collaborators\/([^/]+)\/permission$/.exec(url)?.[1];
  if (login === undefined) return undefined;
  const role = roles.get(login) ?? 'read';
  const permission = role === 'maintain' ? 'write' : role;
  return { status: 200, message: '', body: { permission, role_name: role, user: { login } } };
}

/** The workflow that all runs here are of. */
const WORKFLOW = 77;

function describeRun(id: string, run: Run): Record<string, unknown> {
  const time = new Date(Date.UTC(2026, 0, 1) + Number(id) * 1000).toISOString();
  return {
    id: Number(id),
    event: 'push',
    head_branch: 'main',
    run_attempt: 1,
    workflow_id: WORKFLOW,
    status: 'in_progress',
    conclusion: null,
    created_at: time,
    run_started_at: time,
    html_url: `https://github.test/${OWNER}/${REPO}/actions/runs/${id}`,
    head_repository: { full_name: `${OWNER}/${REPO}` },
    // As on GitHub: whatever has that head now, and no word of what the run was for.
    pull_requests: [],
    ...run,
    jobs: undefined,
  };
}

/** The answer about a run of a workflow, where that is the question. */
function answerAboutRun({ url }: Sent, runs: State['runs']): Fault | undefined {
  const id = /\/actions\/runs\/(\d+)$/.exec(url)?.[1];
  if (id === undefined) return undefined;
  const run = runs.get(id);
  return run ? { status: 200, message: '', body: describeRun(id, run) } : NOT_FOUND;
}

const NOT_FOUND: Fault = { status: 404, message: 'Not Found' };

/** The answer about the runs of a workflow, newest first. */
function answerAboutRuns({ url }: Sent, runs: State['runs']): Fault | undefined {
  const query = /\/actions\/workflows\/(\d+)\/runs\?(.*)$/.exec(url);
  if (!query) return undefined;
  const asked = new URLSearchParams(query[2]);
  const found = [...runs]
    .map(([id, run]) => describeRun(id, run))
    .filter((run) =>
      ['head_sha', 'event'].every((key) => (asked.get(key) ?? run[key]) === run[key]),
    )
    .sort((one, other) => Number(other['id']) - Number(one['id']));
  const listed = Number(query[1]) === WORKFLOW ? found : [];
  return {
    status: 200,
    message: '',
    body: {
      total_count: listed.length,
      workflow_runs: listed.slice(0, Number(asked.get('per_page') ?? 30)),
    },
  };
}

/** Numbers of jobs are made of that of the run and the place in it. */
const MAX_JOBS = 100;

/** The answer about the jobs of a run, and about the log of one of them, which is behind a redirect. */
function answerAboutJobs({ url }: Sent, runs: State['runs'], own: string): Fault | undefined {
  const run = /\/actions\/runs\/(\d+)\/jobs(\?|$)/.exec(url)?.[1];
  if (run !== undefined) {
    const { jobs = [{ name: 'Honesty', conclusion: null }] } = runs.get(run) ?? {};
    const body = {
      jobs: jobs.map(({ name, conclusion }, at) => ({
        id: Number(run) * MAX_JOBS + at,
        name,
        conclusion,
        status: conclusion === null ? 'in_progress' : 'completed',
        runner_name: 'GitHub Actions 1',
      })),
    };
    return runs.has(run) ? { status: 200, message: '', body } : NOT_FOUND;
  }
  const [, job, store] = /\/(?:actions\/jobs\/(\d+)\/logs|stored-logs\/(\d+))$/.exec(url) ?? [];
  const id = Number(job ?? store);
  const log = runs.get(String(Math.floor(id / MAX_JOBS)))?.jobs?.[id % MAX_JOBS]?.log;
  if (job === undefined && store === undefined) return undefined;
  if (log === undefined) return NOT_FOUND;
  return store === undefined
    ? { status: 302, message: '', headers: { location: `${own}/stored-logs/${id}` } }
    : { status: 200, message: '', text: log };
}

/** The answer about the reviews of a run, where that is the question. */
function answerAboutReviews({ url }: Sent, approvers: State['approvers']): Fault | undefined {
  const id = /\/actions\/runs\/(\d+)\/approvals$/.exec(url)?.[1];
  if (id === undefined) return undefined;
  const body = (approvers.get(id) ?? []).map((login) => ({ state: 'approved', user: { login } }));
  return { status: 200, message: '', body };
}

/** Passes everything on, but for the faults that the emulator can't make. */
async function startProxy(target: string, state: State): Promise<{ url: string; server: Server }> {
  let own = '';
  const server = createServer((request, response) => {
    void (async () => {
      const { method = 'GET', url = '/' } = request;
      const prefix = url.startsWith(ENTERPRISE_PATH) ? ENTERPRISE_PATH : '';
      const sent = { method, url: url.slice(prefix.length), body: await readAll(request) };
      state.sent.push(sent);
      const fault =
        (await state.fault?.(sent)) ??
        (state.refuseComments ? readOnly(sent) : undefined) ??
        tooLong(sent) ??
        lockedConversation(sent, state.locked) ??
        ruledOut(sent, state.rules) ??
        withoutCommit(sent, state.forgotten) ??
        answerAboutRun(sent, state.runs) ??
        answerAboutRuns(sent, state.runs) ??
        answerAboutJobs(sent, state.runs, own) ??
        answerAboutReviews(sent, state.approvers) ??
        answerAboutRole(sent, state.roles);
      const refuse = (): void => {
        if (fault?.isDropped) {
          request.socket.destroy();
          return;
        }
        response.writeHead(fault?.status ?? 500, {
          'content-type': fault?.text === undefined ? 'application/json' : 'text/plain',
          ...fault?.headers,
        });
        response.end(fault?.text ?? JSON.stringify(fault?.body ?? { message: fault?.message }));
      };
      if (fault && !fault.isLate) {
        refuse();
        return;
      }
      const reply = await fetch(target + withOwnHead(sent.url), {
        method,
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': 'application/json',
        },
        ...(sent.body.length > 0 && { body: sent.body }),
      });
      if (fault) {
        refuse();
        return;
      }
      const unknown = reply.status === 404 ? unknownCommit(sent) : undefined;
      if (unknown) {
        response.writeHead(unknown.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: unknown.message }));
        return;
      }
      const link = reply.headers.get('link');
      response.writeHead(reply.status, {
        'content-type': reply.headers.get('content-type') ?? 'text/plain',
        ...(link && { link: link.replaceAll(/https?:\/\/[^/>]+/g, own + prefix) }),
      });
      const answer = await reply.text();
      const isPull = method === 'GET' && /\/pulls(\/\d+$|\?)/.test(sent.url);
      const isHistory = method === 'GET' && /\/commits\?.*path=/.test(sent.url);
      if (isPull) response.end(await withPresentHeads(answer, target, state));
      else response.end(isHistory ? withSignatures(answer, sent.url, state.signatures) : answer);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  own = `http://127.0.0.1:${portOf(server)}`;
  return { url: own, server };
}

const pullSchema = z.looseObject({ head: z.looseObject({ ref: z.string(), sha: z.string() }) });

/** The branches of forks lie in this repository, so that the filter of a list has to name it. */
function withOwnHead(url: string): string {
  return url.includes('/pulls?') ? url.replace(/([?&]head=)[^&]*?(%3A|:)/, `$1${OWNER}$2`) : url;
}

/** The emulator keeps the head of the day on which a pull request was opened; GitHub's moves with the branch. */
async function withPresentHeads(
  answer: string,
  target: string,
  { forks, merges }: Pick<State, 'forks' | 'merges'>,
): Promise<string> {
  const parsed: unknown = JSON.parse(answer);
  const pulls = z.union([z.array(pullSchema), pullSchema.transform((one) => [one])]);
  const known = pulls.safeParse(parsed);
  if (!known.success) return answer;
  const present = await Promise.all(
    known.data.map(async ({ head, ...pull }) => {
      const path = `/repos/${OWNER}/${REPO}/git/ref/heads/${head.ref}`;
      const at = refSchema.safeParse(await createCaller(target)('GET', path));
      const fork = forks.get(head.ref);
      const repo = fork === undefined ? {} : { repo: { full_name: fork } };
      const merge = merges.get(Number(pull['number']));
      const merged = merge === undefined ? {} : { merge_commit_sha: merge };
      return {
        ...pull,
        ...merged,
        head: { ...head, sha: at.data?.object.sha ?? head.sha, ...repo },
      };
    }),
  );
  return JSON.stringify(Array.isArray(parsed) ? present : present[0]);
}

const commentBody = z.string().transform((text): unknown => JSON.parse(text));

/** GitHub's limit of a comment, in characters. */
const MAX_COMMENT_LENGTH = 65_536;

function tooLong({ method, url, body }: Sent): Fault | undefined {
  if (method === 'GET' || !url.includes('/comments') || body === '') return undefined;
  const text = commentBody.pipe(z.object({ body: z.string() })).safeParse(body).data?.body ?? '';
  return text.length > MAX_COMMENT_LENGTH
    ? { status: 422, message: 'Validation Failed: body is too long (maximum is 65536 characters)' }
    : undefined;
}

/** Asked for one commit that it does not have, GitHub answers 422 where the emulator answers 404. */
function unknownCommit({ method, url }: Sent): Fault | undefined {
  const sha = /^\/repos\/[^/]+\/[^/]+\/commits\/([0-9a-f]{40})$/.exec(url)?.[1];
  const isKnownPlace = url.startsWith(`/repos/${OWNER}/${REPO}/`);
  if (method !== 'GET' || sha === undefined || !isKnownPlace) return undefined;
  return { status: 422, message: `No commit found for SHA: ${sha}` };
}

/** What GitHub answers, in the words of each place, about a commit that is gone. */
function withoutCommit(sent: Sent, forgotten: State['forgotten']): Fault | undefined {
  const sha = [...forgotten].find((one) => sent.url.includes(one));
  if (sha === undefined) return undefined;
  if (sent.url.includes('/contents/')) {
    return { status: 404, message: `No commit found for the ref ${sha}` };
  }
  return unknownCommit(sent) ?? NOT_FOUND;
}

/** What GitHub says to a comment in a conversation that is locked. */
function lockedConversation({ method, url }: Sent, locked: State['locked']): Fault | undefined {
  const number = /\/issues\/(\d+)\/comments$/.exec(url)?.[1];
  return method === 'POST' && number !== undefined && locked.has(Number(number))
    ? { status: 403, message: 'Unable to create comment because issue is locked.' }
    : undefined;
}

/** What GitHub says to a push that a rule of the repository forbids, in one of its wordings. */
function ruledOut({ method, url, body }: Sent, rules: State['rules']): Fault | undefined {
  const isPush = (method === 'PATCH' || method === 'POST') && url.includes('/git/refs');
  const [, words] = [...rules].find(([branch]) => (url + body).includes(`heads/${branch}`)) ?? [];
  return isPush && words !== undefined ? { status: 422, message: words } : undefined;
}

/** What the token of a pull request from a fork gets. */
function readOnly({ method, url }: Sent): Fault | undefined {
  return method !== 'GET' && url.includes('/comments')
    ? { status: 403, message: 'Resource not accessible by integration' }
    : undefined;
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
