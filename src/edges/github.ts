import { getOctokit } from '@actions/github';
import { z } from 'zod';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

export type CommentResult =
  | { readonly status: 'written'; readonly id: number; readonly url: string }
  | { readonly status: 'refused'; readonly reason: string };

/** What this project asks of GitHub. Built by `connectGitHub`, for github.com and GitHub Enterprise alike. */
export interface GitHub {
  /** The text of a file at a commit; undefined when it is not there. */
  readFile(path: string, ref: string): Promise<string | undefined>;
  /** Whether a file or folder is there at a commit. */
  exists(path: string, ref: string): Promise<boolean>;
  /** A file, or all files of a folder, at a commit; empty when it is not there. */
  download(path: string, ref: string): Promise<readonly DownloadedFile[]>;
  /** Whether a commit can be seen with this token. */
  hasCommit(sha: string): Promise<boolean>;
  /** A commit and its first-parent ancestors, nearest first, as far as one page of history reaches. */
  firstParents(sha: string): Promise<readonly string[]>;
  /** Writes the one comment that starts with `marker` and is our own: edits it, or creates it. */
  upsertComment(comment: {
    pullRequest: number;
    marker: string;
    body: string;
  }): Promise<CommentResult>;
}

export interface DownloadedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

type Octokit = ReturnType<typeof getOctokit>;

/** Who comments with the token of a workflow, which may not ask for its own name. */
const ACTIONS_BOT = 'github-actions[bot]';

const entrySchema = z.object({ type: z.string(), path: z.string(), sha: z.string() });
const fileSchema = entrySchema.extend({
  content: z.string().optional(),
  encoding: z.string().optional(),
});
const blobSchema = z.object({ content: z.string() });
const commitsSchema = z.array(
  z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) }),
);
const commentSchema = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

/** Connects to GitHub's REST API with a token. The only file that knows @actions/github. */
export function connectGitHub(options: {
  readonly token: string;
  readonly repository: Repository;
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string;
}): GitHub {
  const octokit = getOctokit(options.token, { baseUrl: options.apiUrl });
  const { repository } = options;
  return {
    readFile: (path, ref) => readFile(octokit, { ...repository, path, ref }),
    download: (path, ref) => download(octokit, { ...repository, path, ref }),
    exists: async (path, ref) =>
      (await orUndefined(octokit.rest.repos.getContent({ ...repository, path, ref }))) !==
      undefined,
    hasCommit: async (sha) =>
      (await orUndefined(octokit.rest.repos.getCommit({ ...repository, ref: sha }))) !== undefined,
    firstParents: (sha) => firstParents(octokit, repository, sha),
    upsertComment: (comment) => upsertComment(octokit, repository, comment),
  };
}

interface ContentRequest extends Repository {
  readonly path: string;
  readonly ref: string;
}

async function readFile(octokit: Octokit, request: ContentRequest): Promise<string | undefined> {
  const response = await orUndefined(octokit.rest.repos.getContent({ ...request }));
  return (
    response && (await bytesOf(octokit, request, fileSchema.parse(response.data))).toString('utf8')
  );
}

async function download(
  octokit: Octokit,
  request: ContentRequest,
): Promise<readonly DownloadedFile[]> {
  const response = await orUndefined(octokit.rest.repos.getContent({ ...request }));
  if (!response) return [];
  if (!Array.isArray(response.data)) {
    const file = fileSchema.parse(response.data);
    return [{ path: file.path, bytes: await bytesOf(octokit, request, file) }];
  }
  const entries = z.array(entrySchema).parse(response.data);
  const files = await Promise.all(
    entries
      .filter(({ type }) => type === 'file' || type === 'dir')
      .map(({ path }) => download(octokit, { ...request, path })),
  );
  return files.flat();
}

/** Contents above 1 MiB come without a body; the blob has it. */
async function bytesOf(
  octokit: Octokit,
  { owner, repo }: Repository,
  file: z.infer<typeof fileSchema>,
): Promise<Buffer> {
  if (file.encoding === 'base64' && file.content !== undefined)
    return Buffer.from(file.content, 'base64');
  const blob = await octokit.rest.git.getBlob({ owner, repo, file_sha: file.sha });
  return Buffer.from(blobSchema.parse(blob.data).content, 'base64');
}

async function firstParents(
  octokit: Octokit,
  repository: Repository,
  sha: string,
): Promise<readonly string[]> {
  const response = await orUndefined(
    octokit.rest.repos.listCommits({ ...repository, sha, per_page: 100 }),
  );
  const commits = new Map(
    commitsSchema.parse(response?.data ?? []).map((commit) => [commit.sha, commit.parents[0]?.sha]),
  );
  const line = [sha];
  for (
    let next = commits.get(sha);
    next !== undefined && !line.includes(next);
    next = commits.get(next)
  ) {
    line.push(next);
  }
  return line;
}

async function upsertComment(
  octokit: Octokit,
  repository: Repository,
  { pullRequest, marker, body }: { pullRequest: number; marker: string; body: string },
): Promise<CommentResult> {
  try {
    const own = await findOwnComment(octokit, { ...repository, issue_number: pullRequest }, marker);
    const response = own
      ? await octokit.rest.issues.updateComment({ ...repository, comment_id: own, body })
      : await octokit.rest.issues.createComment({ ...repository, issue_number: pullRequest, body });
    const comment = commentSchema.parse(response.data);
    return { status: 'written', id: comment.id, url: comment.html_url };
  } catch (error) {
    return { status: 'refused', reason: refusalText(statusOf(error)) };
  }
}

/** Our own comment: it starts with the marker and its author is the one whose token we hold. */
async function findOwnComment(
  octokit: Octokit,
  issue: Repository & { issue_number: number },
  marker: string,
): Promise<number | undefined> {
  const login = await ownLogin(octokit);
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...issue,
    per_page: 100,
  });
  for await (const page of pages) {
    const own = z
      .array(commentSchema)
      .parse(page.data)
      .find((comment) => comment.user?.login === login && comment.body?.startsWith(marker));
    if (own) return own.id;
  }
  return undefined;
}

async function ownLogin(octokit: Octokit): Promise<string> {
  try {
    const { data } = await octokit.rest.users.getAuthenticated();
    return z.object({ login: z.string() }).parse(data).login;
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return ACTIONS_BOT;
  }
}

/** The response, or undefined where GitHub says that there is no such thing. */
async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status of a refused request; undefined for anything else that was thrown. */
function statusOf(error: unknown): number | undefined {
  const parsed = z.object({ status: z.number() }).safeParse(error);
  return parsed.data?.status;
}

function refusalText(status: number | undefined): string {
  if (status === undefined) return 'GitHub gave no answer that can be read about the comment';
  if (status === 403 || status === 404) {
    return `GitHub refused the comment (${status}); the job needs the permission pull-requests: write, which pull requests from forks do not get`;
  }
  return `GitHub refused the comment (${status})`;
}
