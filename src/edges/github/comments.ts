import { z } from 'zod';
import { type Api, orUndefined, readRefusal, refusalText } from './api.js';

/** The one comment of a suite on a pull request, and what it is about. */
export interface CommentRequest {
  readonly pullRequest: number;
  /** How the comment begins, by which it is found again. */
  readonly marker: string;
  /** The head that the text speaks of. It is not written once the pull request has another. */
  readonly headCommit: string;
  /** The branch of the base that the text speaks of, where it is known. It is not written once that is another one. */
  readonly baseRef?: string;
  /** Whether one may be created; one that stands is edited in any case. */
  readonly mayCreate: boolean;
  /** The new text, given the text of the present comment. Pure. */
  readonly render: (present: string | undefined) => string;
  /** The head that a text speaks of; undefined when it does not say. */
  readonly commitOf: (body: string) => string | undefined;
}

export type CommentResult =
  | { readonly status: 'written'; readonly id: number; readonly url: string }
  /** There is none, and none was asked for. */
  | { readonly status: 'none' }
  /** The pull request has a newer head or another base, whose own run speaks for it. */
  | { readonly status: 'outdated' }
  | { readonly status: 'refused'; readonly reason: string };

const commentSchema = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string().optional() }).nullish(),
});
const pullSchema = z.object({
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }).optional(),
});

type IssueComment = z.infer<typeof commentSchema>;

/** Writing, looking again, and putting right what another job did meanwhile; then it is let be. */
const MAX_ROUNDS = 4;

/**
 * Edits or creates the one comment of MASK Gate. Jobs that race need no lock: each keeps the comment with the lowest
 * number, whichever job made it, and removes the others.
 */
export async function upsertComment(api: Api, request: CommentRequest): Promise<CommentResult> {
  try {
    return await settle(api, request, await readOwner(api));
  } catch (error) {
    return { status: 'refused', reason: explainRefusal(error) };
  }
}

/** GitHub says with the same status that a permission is missing and that the conversation is locked. */
function explainRefusal(error: unknown): string {
  if (/\bis locked\b/i.test(readRefusal(error)?.message ?? '')) {
    return 'GitHub refused the comment (403): the conversation is locked; unlock it, or set comment: never';
  }
  return refusalText(error, {
    subject: 'the comment',
    permission: 'pull-requests: write, which pull requests from forks do not get',
  });
}

async function settle(
  api: Api,
  request: CommentRequest,
  isOwn: (comment: IssueComment) => boolean,
): Promise<CommentResult> {
  let written: IssueComment | undefined;
  for (let round = 0; ; round += 1) {
    const [standing, ...others] = await listOwn(api, request, isOwn);
    for (const other of others) await remove(api, other);
    if (written && (round === MAX_ROUNDS || (standing && mentionsHead(standing, request)))) {
      const { id, html_url: url } = standing ?? written;
      return { status: 'written', id, url };
    }
    if (!(await isCurrent(api, request))) return { status: 'outdated' };
    if (!standing && !request.mayCreate) return { status: 'none' };
    written = await write(api, request, standing);
  }
}

function mentionsHead({ body }: IssueComment, { headCommit, commitOf }: CommentRequest): boolean {
  return commitOf(body ?? '') === headCommit;
}

async function write(
  { octokit, repository }: Api,
  { pullRequest, render }: CommentRequest,
  standing: IssueComment | undefined,
): Promise<IssueComment> {
  const body = render(standing?.body ?? undefined);
  const response = standing
    ? await octokit.rest.issues.updateComment({ ...repository, comment_id: standing.id, body })
    : await octokit.rest.issues.createComment({ ...repository, issue_number: pullRequest, body });
  return commentSchema.parse(response.data);
}

/** Two jobs may remove the same one. */
async function remove({ octokit, repository }: Api, { id }: IssueComment): Promise<void> {
  await orUndefined(octokit.rest.issues.deleteComment({ ...repository, comment_id: id }));
}

async function isCurrent(
  { octokit, repository }: Api,
  { pullRequest, headCommit, baseRef }: CommentRequest,
): Promise<boolean> {
  const response = await octokit.rest.pulls.get({ ...repository, pull_number: pullRequest });
  const { head, base } = pullSchema.parse(response.data);
  return head.sha === headCommit && (baseRef === undefined || base?.ref === baseRef);
}

/** Our own comments with the marker, from all pages, the oldest first. */
async function listOwn(
  { octokit, repository }: Api,
  { pullRequest, marker }: CommentRequest,
  isOwn: (comment: IssueComment) => boolean,
): Promise<readonly IssueComment[]> {
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...repository,
    issue_number: pullRequest,
    per_page: 100,
  });
  return z
    .array(commentSchema)
    .parse(all)
    .filter((comment) => comment.body?.startsWith(marker) && isOwn(comment))
    .sort((one, other) => one.id - other.id);
}

/**
 * Whose comments are ours. The token of a workflow or an app may not ask for its own name; then the marker of a bot
 * must do, since no person can be one. That a comment was made through an app says less: people use those, too.
 */
async function readOwner({ octokit }: Api): Promise<(comment: IssueComment) => boolean> {
  try {
    const { data } = await octokit.rest.users.getAuthenticated();
    const { login } = z.object({ login: z.string() }).parse(data);
    return ({ user }) => user?.login === login;
  } catch (error) {
    const refusal = readRefusal(error);
    if (!refusal || refusal.isLimit || refusal.status >= 500) throw error;
    return ({ user }) => user?.type === 'Bot' || user?.login.endsWith('[bot]') === true;
  }
}
