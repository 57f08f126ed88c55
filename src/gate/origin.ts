import type { GateRecord } from './record.js';

/** A run of a workflow, as GitHub tells of it. */
export interface WorkflowRun {
  /** The commit that it ran for. */
  readonly commit: string;
  readonly event: string;
  /** Name of the branch or tag. */
  readonly ref: string | null;
  /** The latest attempt so far. */
  readonly attempt: number;
  /** Where its head lies: another one for pull requests from forks. */
  readonly repository: string | null;
}

/** The repository that records are for. */
export interface Home {
  readonly repository: string;
  readonly defaultBranch: string;
}

/** Events that run the workflow of a commit that was merged, on that commit. */
const BRANCH_EVENTS = ['push', 'schedule', 'workflow_dispatch'];
const TAG_EVENTS = ['push', 'release'];

/**
 * Why a record may not serve as baseline, going by the run that it claims to come from; undefined when nothing speaks
 * against it. Only runs for this very commit on the default branch, or on a tag of it, count: what a feature branch
 * or a pull request measured is no baseline, and a record without a run may have been planted.
 *
 * @param commit under which the record was found
 * @param run the run that it names; undefined when GitHub knows none
 */
export function findOriginFault(
  record: Pick<GateRecord, 'provenance'>,
  commit: string,
  run: WorkflowRun | undefined,
  home: Home,
): string | undefined {
  const { runId, ref } = record.provenance;
  if (record.provenance.commit !== commit) return 'it says that it is of another commit';
  if (runId === null) return 'it names no run';
  const claim = findFalseClaim(record, run, home);
  if (claim !== undefined || !run) return claim;
  const tag = /^refs\/tags\/(.+)$/.exec(ref ?? '')?.[1];
  const events = tag === undefined ? BRANCH_EVENTS : TAG_EVENTS;
  if (!events.includes(run.event)) return `run ${runId} was started by ${run.event}`;
  return run.ref === (tag ?? home.defaultBranch)
    ? undefined
    : `run ${runId} was not on ${tag === undefined ? 'the default branch' : 'that tag'}`;
}

/**
 * Why a promoted record may not serve. Whoever promoted it answers for where it was measured: any branch or event will do,
 * and so does no run at all. But what it says of its run must be so, and what a fork measured stays what a fork measured.
 *
 * @param run the run that the record names; undefined when it names none, or GitHub knows none
 */
export function findPromotionFault(
  record: Pick<GateRecord, 'provenance'>,
  run: WorkflowRun | undefined,
  home: Home,
): string | undefined {
  return record.provenance.runId === null ? undefined : findFalseClaim(record, run, home);
}

/** What a record says of the run that made it, and GitHub does not. */
function findFalseClaim(
  { provenance }: Pick<GateRecord, 'provenance'>,
  run: WorkflowRun | undefined,
  home: Pick<Home, 'repository'>,
): string | undefined {
  const { runId, runAttempt, event, commit } = provenance;
  if (!run) return `GitHub knows no run ${String(runId)}`;
  if (run.commit !== commit) return `run ${String(runId)} was for another commit`;
  if (run.repository?.toLowerCase() !== home.repository.toLowerCase()) {
    return `run ${String(runId)} was for another repository`;
  }
  if (Number(runAttempt) > run.attempt) return `run ${String(runId)} had no such attempt`;
  return run.event === event
    ? undefined
    : `run ${String(runId)} was started by another event than it says`;
}
