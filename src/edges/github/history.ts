import { z } from 'zod';
import { type Api, orUndefined } from './api.js';

const commitsSchema = z.array(
  z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) }),
);

/** Whether a commit can be seen with this token. */
export async function hasCommit({ octokit, repository }: Api, sha: string): Promise<boolean> {
  const found = await orUndefined(octokit.rest.repos.getCommit({ ...repository, ref: sha }));
  return found !== undefined;
}

/** A commit and its first-parent ancestors, nearest first, as far as one page of history reaches. */
export async function firstParents(
  { octokit, repository }: Api,
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
