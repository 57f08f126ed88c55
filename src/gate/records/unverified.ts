import type { WorkflowRun } from './origin.js';
import type { GateRecord } from './record.js';

/** A run without rights, with its number. */
export interface UntrustedRun extends WorkflowRun {
  readonly id: string;
}

/** Why there is nothing to report of a run; undefined when it is a pull request's from another repository. */
export function findNothingToReport(run: WorkflowRun, repository: string): string | undefined {
  if (run.event !== 'pull_request') return `it was started by ${run.event}, not by a pull request`;
  if (run.repository === null) return 'the repository of its head is gone';
  if (run.repository.toLowerCase() === repository.toLowerCase()) {
    return 'its head is in this repository, so its own run reports';
  }
  return run.ref === null ? 'it names no branch' : undefined;
}

/**
 * What the record of an untrusted run says about itself that GitHub contradicts; undefined when nothing. This does not
 * make its numbers true: the author of the fork could write any.
 *
 * @param pullRequest the one that GitHub names for the head of that run
 * @param suite the suite of policy
 */
export function findForgery(
  { measurement, provenance }: GateRecord,
  run: UntrustedRun,
  { pullRequest, suite }: { readonly pullRequest: number; readonly suite: string },
): string | undefined {
  if (provenance.runId !== run.id) return `it does not say that it is of run ${run.id}`;
  if (Number(provenance.runAttempt) > run.attempt) return `run ${run.id} had no such attempt`;
  if (provenance.commit !== run.commit) return 'it says that it is of another commit';
  if (provenance.event !== run.event) return 'it says that it was started by another event';
  if (provenance.ref !== `refs/pull/${pullRequest}/merge`) {
    return `it says that it is of something else than pull request ${pullRequest}`;
  }
  return measurement.suite === suite ? undefined : 'it is of another suite';
}
