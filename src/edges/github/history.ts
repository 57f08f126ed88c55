import { z } from 'zod';
import type { Extent, Line } from '../../gate/records/line.js';
import { type Api, orUnknownCommit } from './api.js';
import { COMMIT_ID } from '../../base/hash.js';

const commitSchema = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
});

/** The parents of a commit, first parent first; undefined when GitHub does not know it. */
export async function listParents(
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

/** First parents by commit, as far as they are known; null for a commit that has none. */
export type FirstParents = Map<string, string | null>;

/** Requests of one walk, a hundred commits each. A merged branch that is longer than that costs one request. */
const MAX_PAGES = 50;

/** Further requests once there is a record to compare with: those behind it are only added to it. */
const FURTHER_PAGES = 3;

const PAGE = 100;

/**
 * The first-parent line of a commit or branch. GitHub lists commits together with those of merged branches, so a first
 * parent that is not on a page is asked for again, from the last known first parent.
 *
 * @param known what earlier walks found out; this one adds to it
 */
export function openLine(api: Api, start: string, known: FirstParents): Line {
  let extent: Extent = { commits: 0, isCut: false };
  return {
    async *places(commits, isServed) {
      const waiting = new Set(commits);
      const walk = walkFrom(api, start, known);
      extent = { commits: 0, isCut: false };
      let pagesAtFirst = Infinity;
      while (waiting.size > 0) {
        if (isServed()) pagesAtFirst = Math.min(pagesAtFirst, walk.pages());
        const step = await walk.next(Math.min(MAX_PAGES, pagesAtFirst + FURTHER_PAGES));
        if (step === 'end') return;
        if (step === 'cut') {
          extent = { ...extent, isCut: true };
          return;
        }
        const distance = extent.commits;
        extent = { commits: distance + 1, isCut: false };
        if (waiting.delete(step.commit)) yield { commit: step.commit, distance };
      }
    },
    extent: () => extent,
  };
}

interface Walk {
  /** The next commit; `end` behind the first one of the history, `cut` where the limit is reached or GitHub says nothing. */
  next(mostPages: number): Promise<{ readonly commit: string } | 'end' | 'cut'>;
  /** Requests so far. */
  pages(): number;
}

function walkFrom(api: Api, start: string, known: FirstParents): Walk {
  let pages = 0;
  let last: string | undefined;
  const read = async (from: string): Promise<string | undefined> => {
    pages += 1;
    return readPage(api, from, known);
  };
  return {
    next: async (mostPages) => {
      if (last === undefined) {
        // The name of a branch has to be looked up; a commit is on its own line in any case.
        last = COMMIT_ID.test(start) ? start : await read(start);
        return last === undefined ? 'cut' : { commit: last };
      }
      if (!known.has(last)) {
        if (pages >= mostPages) return 'cut';
        await read(last);
      }
      const parent = known.get(last);
      if (parent === undefined) return 'cut';
      if (parent === null) return 'end';
      last = parent;
      return { commit: last };
    },
    pages: () => pages,
  };
}

/** @returns the first commit of the page; undefined where GitHub does not know what was asked for */
async function readPage(
  { octokit, repository }: Api,
  from: string,
  known: FirstParents,
): Promise<string | undefined> {
  const response = await orUnknownCommit(
    octokit.rest.repos.listCommits({ ...repository, sha: from, per_page: PAGE }),
  );
  if (!response) return undefined;
  const commits = z.array(commitSchema).parse(response.data);
  for (const { sha, parents } of commits) known.set(sha, parents[0]?.sha ?? null);
  return commits[0]?.sha;
}
