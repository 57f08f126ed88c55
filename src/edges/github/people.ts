import { z } from 'zod';
import { type Api, orUndefined } from './api.js';

/** A pull request as it is now, which may differ from what the event says. */
export interface PullRequestState {
  readonly author: string | null;
  readonly head: string;
  readonly isOpen: boolean;
  readonly labels: readonly string[];
}

const userSchema = z.object({ login: z.string() }).nullish();

const pullSchema = z.object({
  state: z.string(),
  user: userSchema,
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })).default([]),
});

/** The present state of a pull request. */
export async function fetchPullRequest(
  { octokit, repository }: Api,
  number: number,
): Promise<PullRequestState> {
  const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
  const { state, user, head, labels } = pullSchema.parse(data);
  return {
    author: user?.login ?? null,
    head: head.sha,
    isOpen: state === 'open',
    labels: labels.map(({ name }) => name),
  };
}

const listedSchema = z.object({
  number: z.int(),
  head: z.object({
    sha: z.string(),
    ref: z.string(),
    repo: z.object({ full_name: z.string() }).nullable(),
  }),
  base: z.object({ sha: z.string() }),
});

/** Where the head of a pull request lies, and which commit it is. */
export interface Head {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
}

/** The open pull requests that have this very head, with the commits of their bases. */
export async function listPullRequestsFrom(
  { octokit, repository }: Api,
  head: Head,
): Promise<readonly { readonly number: number; readonly base: string }[]> {
  const owner = head.repository.split('/')[0] ?? '';
  const all = await octokit.paginate(octokit.rest.pulls.list, {
    ...repository,
    state: 'open',
    head: `${owner}:${head.branch}`,
    per_page: 100,
  });
  // GitHub takes a filter that it can't read for none.
  return z
    .array(listedSchema)
    .parse(all)
    .filter(
      ({ head: { sha, ref, repo } }) =>
        sha === head.commit && ref === head.branch && repo?.full_name === head.repository,
    )
    .map(({ number, base }) => ({ number, base: base.sha }));
}

const permissionSchema = z.object({
  permission: z.string(),
  role_name: z.string().nullish(),
  user: z
    .object({
      permissions: z.object({ admin: z.boolean(), maintain: z.boolean() }).partial().nullish(),
    })
    .nullish(),
});

/** Whether a user has the role maintain or admin here. `permission` alone calls maintain `write`. */
export async function isMaintainer(
  { octokit, repository }: Api,
  username: string,
): Promise<boolean> {
  const response = await orUndefined(
    octokit.rest.repos.getCollaboratorPermissionLevel({ ...repository, username }),
  );
  if (!response) return false;
  const { permission, role_name: role, user } = permissionSchema.parse(response.data);
  const held = user?.permissions;
  return (
    permission === 'admin' ||
    role === 'admin' ||
    role === 'maintain' ||
    held?.admin === true ||
    held?.maintain === true
  );
}

const commentSchema = z.object({ body: z.string().nullish(), user: userSchema });

/** The last comment of a user on a pull request that starts with a word: the rest of that line. */
export async function readLastNote(
  { octokit, repository }: Api,
  { pullRequest, author, start }: { pullRequest: number; author: string; start: string },
): Promise<string | undefined> {
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...repository,
    issue_number: pullRequest,
    per_page: 100,
  });
  const notes = z
    .array(commentSchema)
    .parse(all)
    .filter(({ body, user }) => user?.login === author && body?.startsWith(start));
  return notes.at(-1)?.body?.slice(start.length).trim().split('\n')[0];
}
