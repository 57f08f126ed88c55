import { z } from 'zod';
import { RunError } from '../../errors.js';
import { type Api, orUndefined, refusalText } from './api.js';
import type { Head } from './people.js';

/** Where a pull request leads from and to, as it is now. */
export interface Change {
  readonly isOpen: boolean;
  /** Undefined when the repository of the head is gone. */
  readonly head: Head | undefined;
  readonly base: {
    /** `owner/name`. */
    readonly repository: string;
    readonly commit: string;
  };
}

const named = z.object({ full_name: z.string() });

const changeSchema = z.object({
  state: z.string(),
  head: z.object({ sha: z.string(), ref: z.string(), repo: named.nullable() }),
  base: z.object({ sha: z.string(), repo: named }),
});

/** Where a pull request stands now: open or not, from where, to where. */
export async function readChange({ octokit, repository }: Api, number: number): Promise<Change> {
  const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
  const { state, head, base } = changeSchema.parse(data);
  return {
    isOpen: state === 'open',
    head: head.repo
      ? { repository: head.repo.full_name, branch: head.ref, commit: head.sha }
      : undefined,
    base: { repository: base.repo.full_name, commit: base.sha },
  };
}

const reviewsSchema = z.array(
  z.object({ state: z.string(), user: z.object({ login: z.string() }).nullish() }),
);

/**
 * Who let a run of a workflow go on to an environment with reviewers; nobody where none of its jobs had one.
 *
 * @throws RunError when the token may not ask
 */
export async function approversOf(api: Api, runId: string): Promise<readonly string[]> {
  const { octokit, repository } = api;
  try {
    const response = await orUndefined(
      octokit.rest.actions.getReviewsForRun({ ...repository, run_id: Number(runId) }),
    );
    return reviewsSchema
      .parse(response?.data ?? [])
      .filter(({ state }) => state === 'approved')
      .map(({ user }) => user?.login ?? 'somebody');
  } catch (error) {
    const subject = 'to say who approved this run';
    throw new RunError(refusalText(error, { subject, permission: 'actions: read' }));
  }
}
