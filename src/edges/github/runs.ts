import { z } from 'zod';
import { RunError } from '../../base/errors.js';
import type { WorkflowRun } from '../../gate/records/origin.js';
import { type Api, orUndefined, refusalText, unless } from './api.js';

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

/** A run of a workflow among others for the same commit. */
export interface RunOnCommit {
  readonly id: string;
  readonly isCompleted: boolean;
  readonly conclusion: string | null;
}

/** A job of a run. */
export interface Job {
  readonly id: number;
  readonly name: string;
  readonly isCompleted: boolean;
  readonly conclusion: string | null;
  /** Name of the machine, as the machine itself knows it. */
  readonly runner: string | null;
}

const listedSchema = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.number(),
      status: z.string().nullable(),
      conclusion: z.string().nullable(),
      created_at: z.string().default(''),
      run_started_at: z.string().nullish(),
    }),
  ),
});

/** Runs that are looked at. */
const MAX_RUNS = 30;

/**
 * The runs of a workflow on pull requests with a head, the one that started last first; a run that was started again
 * counts by its last attempt. A run is not bound to a pull request here: GitHub lists those that have the head now.
 *
 * @param runId a run of that workflow
 */
export async function listRunsOnHead(
  { octokit, repository }: Api,
  { runId, head }: { readonly runId: string; readonly head: string },
): Promise<readonly RunOnCommit[]> {
  const own = await octokit.rest.actions.getWorkflowRun({ ...repository, run_id: Number(runId) });
  const { workflow_id: workflow } = z.object({ workflow_id: z.number() }).parse(own.data);
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    ...repository,
    workflow_id: workflow,
    head_sha: head,
    event: 'pull_request',
    per_page: MAX_RUNS,
  });
  return listedSchema
    .parse(data)
    .workflow_runs.map((run) => ({ ...run, startedAt: run.run_started_at ?? run.created_at }))
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt) || other.id - one.id)
    .map(({ id, status, conclusion }) => ({
      id: String(id),
      isCompleted: status === 'completed',
      conclusion,
    }));
}

const jobsSchema = z.object({
  jobs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      runner_name: z.string().nullish(),
    }),
  ),
});

/** The jobs of the last attempt of a run. */
export async function listJobs(
  { octokit, repository }: Api,
  runId: string,
): Promise<readonly Job[]> {
  const { data } = await octokit.rest.actions.listJobsForWorkflowRun({
    ...repository,
    run_id: Number(runId),
    filter: 'latest',
    per_page: 100,
  });
  return jobsSchema
    .parse(data)
    .jobs.map(({ id, name, status, conclusion, runner_name: runner }) => ({
      id,
      name,
      isCompleted: status === 'completed',
      conclusion,
      runner: runner ?? null,
    }));
}

/** A log that is longer is not read. */
const MAX_LOG_BYTES = 32 * 1024 * 1024;

/** How often, and how long apart, a log is asked for that GitHub may still be storing. */
const LOG_TRIES = 3;
const LOG_PAUSE_MS = 3000;

/** The log of a job; undefined where GitHub does not have it any more, or it is too long. */
export async function readJobLog(api: Api, jobId: number): Promise<string | undefined> {
  const { octokit, repository, clock } = api;
  for (let tries = 1; ; tries += 1) {
    const response = await unless(
      octokit.rest.actions.downloadJobLogsForWorkflowRun({ ...repository, job_id: jobId }),
      ({ status }) => status === 404 || status === 410,
    );
    if (response) return decodeLog(response.data);
    if (tries === LOG_TRIES) return undefined;
    await clock.sleep(LOG_PAUSE_MS);
  }
}

function decodeLog(log: unknown): string | undefined {
  if (log instanceof ArrayBuffer) {
    return log.byteLength > MAX_LOG_BYTES ? undefined : new TextDecoder().decode(log);
  }
  return typeof log === 'string' && log.length <= MAX_LOG_BYTES ? log : undefined;
}

/** Name of the default branch. */
export async function readDefaultBranch({ octokit, repository }: Api): Promise<string> {
  const { data } = await octokit.rest.repos.get({ ...repository });
  return z.object({ default_branch: z.string() }).parse(data).default_branch;
}
