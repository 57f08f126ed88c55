import { z } from 'zod';
import { RunError } from '../../base/errors.js';
import { type Api, refusalText } from './api.js';
import type { Head } from './people.js';

/** Where a pull request leads from and to, as it is now. */
export interface FileDiff {
  readonly isOpen: boolean;
  /** Undefined when the repository of the head is gone. */
  readonly head: Head | undefined;
  /** The commit of the head, which GitHub knows longer than its repository. */
  readonly headCommit: string;
  readonly base: {
    /** `owner/name`. */
    readonly repository: string;
    /** Name of the branch. */
    readonly ref: string;
    readonly commit: string;
  };
  /** GitHub's present merge of head and base; undefined where there is none. */
  readonly mergeCommit: string | undefined;
}

const named = z.object({ full_name: z.string() });

const changeSchema = z.object({
  state: z.string(),
  head: z.object({ sha: z.string(), ref: z.string(), repo: named.nullable() }),
  // A name that is missing equals no other one.
  base: z.object({ sha: z.string(), ref: z.string().default(''), repo: named }),
  merge_commit_sha: z.string().nullish(),
});

/** How long GitHub is given to catch up with an event that it has sent already. */
const LAG_MS = 3000;

/**
 * Where a pull request is now: open or not, from where, to where. An event may arrive before GitHub's own answer knows
 * of the push that it tells of, so an unexpected head is asked for once more.
 *
 * @param expectedHead the commit that the head should be
 * @throws RunError when the token may not ask
 */
export async function readChange(
  api: Api,
  number: number,
  expectedHead: string,
): Promise<FileDiff> {
  const first = await askForChange(api, number);
  if (first.headCommit === expectedHead) return first;
  await api.clock.sleep(LAG_MS);
  return askForChange(api, number);
}

async function askForChange({ octokit, repository }: Api, number: number): Promise<FileDiff> {
  try {
    const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
    const { state, head, base, merge_commit_sha: merge } = changeSchema.parse(data);
    return {
      isOpen: state === 'open',
      head: head.repo
        ? { repository: head.repo.full_name, branch: head.ref, commit: head.sha }
        : undefined,
      headCommit: head.sha,
      base: { repository: base.repo.full_name, ref: base.ref, commit: base.sha },
      mergeCommit: merge ?? undefined,
    };
  } catch (error) {
    const subject = `to say which base and head pull request ${number} has`;
    throw new RunError(refusalText(error, { subject, permission: 'pull-requests: read' }));
  }
}
