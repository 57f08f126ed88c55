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

/** A run of a workflow; what is not said is a first attempt of a push to main of this repository. */
export interface Run {
  readonly head_sha: string;
  readonly event?: string;
  readonly head_branch?: string | null;
  readonly run_attempt?: number;
  readonly head_repository?: { readonly full_name: string } | null;
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
  readonly headers?: Readonly<Record<string, string>>;
  /** True when the emulator does what it was asked, and only its answer is lost. */
  readonly isLate?: boolean;
  /** True when the connection ends without an answer. */
  readonly isDropped?: boolean;
}

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
  /** Who approved a run for an environment with reviewers, by its id; nobody, unless it is said here. */
  readonly approvers: Map<string, readonly string[]>;
  /** Branches that lie in a fork, as far as anybody is told: `owner/name` of the fork by branch. */
  readonly forks: Map<string, string>;
  /** Closes a pull request as somebody else would. */
  closePullRequest(number: number): Promise<void>;
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
  /** Moves a branch as somebody else would; makes it when it is not there. With mode 120000 the files are links. */
  moveBranch(
    name: string,
    files: Readonly<Record<string, string>>,
    mode?: '100644' | '120000',
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
  branch(name: string, sha: string): Promise<void>;
  openPullRequest(branch: string): Promise<number>;
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
      mode = '100644',
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
          type: 'blob',
          content,
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
    async branch(name: string, sha: string): Promise<void> {
      await call('POST', `${repo}/git/refs`, { ref: `refs/heads/${name}`, sha });
    },
    async openPullRequest(branch: string): Promise<number> {
      const reply = await call('POST', `${repo}/pulls`, {
        title: branch,
        head: branch,
        base: 'main',
      });
      return z.object({ number: z.number() }).parse(reply).number;
    },
    async closePullRequest(number: number): Promise<void> {
      await call('PATCH', `${repo}/pulls/${number}`, { state: 'closed' });
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

/** The answer about somebody's role, where that is the question; as GitHub does, `permission` knows no maintain. */
function answerAboutRole({ url }: Sent, roles: State['roles']): Fault | undefined {
  const login = /\/collaborators\/([^/]+)\/permission$/.exec(url)?.[1];
  if (login === undefined) return undefined;
  const role = roles.get(login) ?? 'read';
  const permission = role === 'maintain' ? 'write' : role;
  return { status: 200, message: '', body: { permission, role_name: role, user: { login } } };
}

/** The answer about a run of a workflow, where that is the question. */
function answerAboutRun({ url }: Sent, runs: State['runs']): Fault | undefined {
  const id = /\/actions\/runs\/(\d+)$/.exec(url)?.[1];
  if (id === undefined) return undefined;
  const run = runs.get(id);
  if (!run) return { status: 404, message: 'Not Found' };
  const body = {
    id: Number(id),
    event: 'push',
    head_branch: 'main',
    run_attempt: 1,
    head_repository: { full_name: `${OWNER}/${REPO}` },
    ...run,
  };
  return { status: 200, message: '', body };
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
        answerAboutRun(sent, state.runs) ??
        answerAboutReviews(sent, state.approvers) ??
        answerAboutRole(sent, state.roles);
      const refuse = (): void => {
        if (fault?.isDropped) {
          request.socket.destroy();
          return;
        }
        response.writeHead(fault?.status ?? 500, {
          'content-type': 'application/json',
          ...fault?.headers,
        });
        response.end(JSON.stringify(fault?.body ?? { message: fault?.message }));
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
      const link = reply.headers.get('link');
      response.writeHead(reply.status, {
        'content-type': reply.headers.get('content-type') ?? 'text/plain',
        ...(link && { link: link.replaceAll(/https?:\/\/[^/>]+/g, own + prefix) }),
      });
      const answer = await reply.text();
      const isPull = method === 'GET' && /\/pulls(\/\d+$|\?)/.test(sent.url);
      const isHistory = method === 'GET' && /\/commits\?.*path=/.test(sent.url);
      if (isPull) response.end(await withPresentHeads(answer, target, state.forks));
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
  forks: State['forks'],
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
      return { ...pull, head: { ...head, sha: at.data?.object.sha ?? head.sha, ...repo } };
    }),
  );
  return JSON.stringify(Array.isArray(parsed) ? present : present[0]);
}

const commentBody = z.string().transform((text): unknown => JSON.parse(text));

/** GitHub's limit of a comment, in characters. */
const LONGEST_COMMENT = 65_536;

function tooLong({ method, url, body }: Sent): Fault | undefined {
  if (method === 'GET' || !url.includes('/comments') || body === '') return undefined;
  const text = commentBody.pipe(z.object({ body: z.string() })).safeParse(body).data?.body ?? '';
  return text.length > LONGEST_COMMENT
    ? { status: 422, message: 'Validation Failed: body is too long (maximum is 65536 characters)' }
    : undefined;
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
