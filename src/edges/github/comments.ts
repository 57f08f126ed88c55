import { z } from 'zod';
import { type Api, refusalText, statusOf } from './api.js';

export type CommentResult =
  | { readonly status: 'written'; readonly id: number; readonly url: string }
  | { readonly status: 'refused'; readonly reason: string };

/** Who comments with the token of a workflow, which may not ask for its own name. */
const ACTIONS_BOT = 'github-actions[bot]';

const commentSchema = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

/** Writes the one comment that starts with `marker` and is our own: edits it, or creates it. */
export async function upsertComment(
  api: Api,
  { pullRequest, marker, body }: { pullRequest: number; marker: string; body: string },
): Promise<CommentResult> {
  const { octokit, repository } = api;
  try {
    const own = await findOwnComment(api, pullRequest, marker);
    const response = own
      ? await octokit.rest.issues.updateComment({ ...repository, comment_id: own, body })
      : await octokit.rest.issues.createComment({ ...repository, issue_number: pullRequest, body });
    const comment = commentSchema.parse(response.data);
    return { status: 'written', id: comment.id, url: comment.html_url };
  } catch (error) {
    const reason = refusalText(error, {
      subject: 'the comment',
      permission: 'pull-requests: write, which pull requests from forks do not get',
    });
    return { status: 'refused', reason };
  }
}

/** Our own comment: it starts with the marker and its author is the one whose token we hold. */
async function findOwnComment(
  api: Api,
  pullRequest: number,
  marker: string,
): Promise<number | undefined> {
  const { octokit, repository } = api;
  const login = await ownLogin(api);
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...repository,
    issue_number: pullRequest,
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

async function ownLogin({ octokit }: Api): Promise<string> {
  try {
    const { data } = await octokit.rest.users.getAuthenticated();
    return z.object({ login: z.string() }).parse(data).login;
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return ACTIONS_BOT;
  }
}
