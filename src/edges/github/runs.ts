import { z } from 'zod';
import { RunError } from '../../errors.js';
import type { WorkflowRun } from '../../gate/origin.js';
import { type Api, orUndefined, refusalText } from './api.js';

const runSchema = z.object({
  head_sha: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  run_attempt: z.int().nullish(),
  head_repository: z.object({ full_name: z.string() }).nullish(),
});

/**
 * A run of a workflow of this repository; undefined when there is none of that number.
 *
 * @throws RunError when the token may not ask
 */
export async function readWorkflowRun(api: Api, id: string): Promise<WorkflowRun | undefined> {
  if (!/^[1-9]\d{0,15}$/.test(id)) return undefined;
  const { octokit, repository } = api;
  try {
    const response = await orUndefined(
      octokit.rest.actions.getWorkflowRun({ ...repository, run_id: Number(id) }),
    );
    if (!response) return undefined;
    const run = runSchema.parse(response.data);
    return {
      commit: run.head_sha,
      event: run.event,
      ref: run.head_branch,
      attempt: run.run_attempt ?? 1,
      repository: run.head_repository?.full_name ?? null,
    };
  } catch (error) {
    const subject = 'to say which run a record comes from';
    throw new RunError(refusalText(error, { subject, permission: 'actions: read' }));
  }
}

/** Name of the default branch. */
export async function readDefaultBranch({ octokit, repository }: Api): Promise<string> {
  const { data } = await octokit.rest.repos.get({ ...repository });
  return z.object({ default_branch: z.string() }).parse(data).default_branch;
}
