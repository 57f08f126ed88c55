import { z } from 'zod';
import { RunError } from '../../base/errors.js';
import { type Api, orUndefined, refusalText } from './api.js';

const reviewsSchema = z.array(
  z.object({ state: z.string(), user: z.object({ login: z.string() }).nullish() }),
);

/**
 * The reviewers who approved a run of a workflow for an environment; empty where none of its jobs had reviewers.
 *
 * @throws RunError when the token may not ask
 */
export async function listApprovers(api: Api, runId: string): Promise<readonly string[]> {
  const { octokit, repository } = api;
  try {
    const response = await orUndefined(
      octokit.rest.actions.getReviewsForRun({ ...repository, run_id: Number(runId) }),
    );
    return reviewsSchema
      .parse(response?.data ?? [])
      .filter(({ state }) => state === 'approved')
      .map(({ user }) => user?.login ?? 'a deleted user');
  } catch (error) {
    const subject = 'to say who approved this run';
    throw new RunError(refusalText(error, { subject, permission: 'actions: read' }));
  }
}
