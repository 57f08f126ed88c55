import { z } from 'zod';
import { type Api, orUnknownCommit } from './api.js';

const commitSchema = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
});

/** The parents of a commit, first parent first; undefined when GitHub does not know it. */
export async function parentsOf(
  { octokit, repository }: Api,
  sha: string,
): Promise<readonly string[] | undefined> {
  const response = await orUnknownCommit(octokit.rest.repos.getCommit({ ...repository, ref: sha }));
  return response && commitSchema.parse(response.data).parents.map((parent) => parent.sha);
}

/** The last commit that two have in common; undefined where they have none, or GitHub knows only one of them. */
export async function mergeBase(
  { octokit, repository }: Api,
  base: string,
  head: string,
): Promise<string | undefined> {
  const response = await orUnknownCommit(
    octokit.rest.repos.compareCommitsWithBasehead({
      ...repository,
      basehead: `${base}...${head}`,
      per_page: 1,
    }),
  );
  return (
    response &&
    z.object({ merge_base_commit: z.object({ sha: z.string() }) }).parse(response.data)
      .merge_base_commit.sha
  );
}

/** Pages of history that are read, a hundred commits each, merged branches included. */
const MOST_PAGES = 3;

/** A commit and its first-parent ancestors, nearest first, as far as three pages of history reach. */
export async function firstParents(
  { octokit, repository }: Api,
  sha: string,
): Promise<readonly string[]> {
  const parents = new Map<string, string | undefined>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const response = await orUnknownCommit(
      octokit.rest.repos.listCommits({ ...repository, sha, per_page: 100, page }),
    );
    const commits = z.array(commitSchema).parse(response?.data ?? []);
    for (const commit of commits) parents.set(commit.sha, commit.parents[0]?.sha);
    if (commits.length < 100) break;
  }
  const line = [sha];
  for (
    let next = parents.get(sha);
    next !== undefined && !line.includes(next);
    next = parents.get(next)
  ) {
    line.push(next);
  }
  return line;
}
