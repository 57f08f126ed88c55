import { matchesBranch } from '../config/values.js';
import type { TextReader } from '../edges/files/files.js';
import type { GitHub } from '../edges/github/client.js';
import type { FileDiff } from '../edges/github/change.js';
import type { Head } from '../edges/github/people.js';
import { runner } from '../edges/github/runner.js';
import { RunError, UsageError, toMessage } from '../base/errors.js';
import { findNothingToReport } from '../gate/records/unverified.js';
import { code } from '../base/sanitise.js';
import type { OpenCheck } from './check.js';
import type { RunTrigger } from './context/event.js';
import type { ApprovalTrigger } from './context/fork-run.js';
import { readForkBases } from './context/policy.js';
import type { ActionRequest } from './context/request.js';

type ApprovalRequest = Pick<
  ActionRequest<ApprovalTrigger>,
  'trigger' | 'problems' | 'configPath' | 'assignments'
>;

/** What was approved, or why there is nothing to go on with: one sentence without its full stop. */
export type ApprovalSearch = { readonly approved: RunTrigger } | { readonly stopped: string };

/**
 * Finds the pull request whose head a reviewer approved for a run with the keys of this repository. Only the number of
 * the fork's run is taken from the event. The approval, the subject of the fork's run and the pull request with that head
 * are asked of GitHub, and nothing is read from the artifact of the fork's run.
 *
 * @throws RunError when GitHub does not know the run, or does not let the token ask
 */
export async function findApproved(
  { trigger, problems, configPath, assignments }: ApprovalRequest,
  github: GitHub,
): Promise<ApprovalSearch> {
  if (problems.length > 0) throw new UsageError(problems);
  const { runId, origin } = trigger;
  const run = await github.workflowRun(runId);
  if (!run) throw new RunError(`GitHub knows no run ${runId}`);
  const nothing = findNothingToReport(run, github.repository);
  if (nothing !== undefined) return { stopped: `run ${runId} is not for this path: ${nothing}` };
  const approvers = await github.approversOf(origin.runId ?? '');
  if (approvers.length === 0) {
    return { stopped: 'this run has no approval; its job needs an environment with reviewers' };
  }
  const head = { repository: run.repository ?? '', branch: run.ref ?? '', commit: run.commit };
  const pulls = await github.pullRequestsFrom(head);
  const [pull, ...others] = pulls;
  if (!pull) {
    return {
      stopped: `no open pull request has the approved commit ${short(head.commit)} any more: it was closed, or its head has moved; each head needs its own approval`,
    };
  }
  if (others.length > 0) {
    return { stopped: `${pulls.length} open pull requests have the approved commit` };
  }
  const change = await github.change(pull.number, head.commit);
  const fault =
    findChangeSince(head, change, github.repository) ??
    (await findBaseFault(change.base.ref, { configPath, assignments, origin }, github));
  if (fault !== undefined) return { stopped: `pull request ${pull.number}: ${fault}` };
  runner.info(`Approved by ${approvers.join(', ')}: ${head.commit} of #${pull.number}`);
  return { approved: toOccasion(trigger, { head, base: change.base, number: pull.number }) };
}

/**
 * Why a fork's pull request is not measured for its base. Its author chooses the base, and with it the policy, so that
 * only the default branch counts, and the branches that the configuration there names.
 */
async function findBaseFault(
  base: string,
  {
    configPath,
    assignments,
    origin,
  }: Pick<ApprovalRequest, 'configPath' | 'assignments'> & Pick<ApprovalTrigger, 'origin'>,
  github: GitHub,
): Promise<string | undefined> {
  const main = await github.defaultBranch();
  if (base === main) return undefined;
  const bases = await readForkBases(origin.commit ?? main, { configPath, assignments }, github);
  if (bases.some((pattern) => matchesBranch(pattern, base))) return undefined;
  const named = bases.length === 0 ? '' : ` and ${bases.join(', ')}`;
  return `its base is ${base}, and approved forks are measured for the default branch (${main})${named} only; add branches to forks.bases in ${configPath} on the default branch`;
}

function toOccasion(
  { origin }: ApprovalTrigger,
  { head, base, number }: Pick<FileDiff, 'base'> & { readonly head: Head; readonly number: number },
): RunTrigger {
  const { ref, commit } = base;
  return {
    mode: 'gate',
    origin: {
      ...origin,
      commit: head.commit,
      ref: `refs/pull/${number}/head`,
      base: { ref, commit },
    },
    baselineCommit: commit,
    headCommit: head.commit,
    policyCommit: commit,
    approved: head,
    // The head is tested as it is, without a merge.
    pullRequest: { number, isFork: true, mergeCommit: head.commit, labels: [] },
  };
}

/** Why an approval does not hold for a pull request as it is now; undefined when it does. Pure. */
export function findChangeSince(
  approved: Head,
  { isOpen, head, base }: FileDiff,
  repository: string,
): string | undefined {
  if (!isOpen) return 'it was closed after the approval';
  if (base.repository.toLowerCase() !== repository.toLowerCase()) {
    return 'it is not for this repository';
  }
  if (head?.repository !== approved.repository || head.branch !== approved.branch) {
    return 'its head is in another repository or branch than the head of the approved run';
  }
  if (head.commit === approved.commit) return undefined;
  return `its head has moved from ${short(approved.commit)} to ${short(head.commit)} since the approval; each head needs its own approval`;
}

/** How the files of the head are read where nothing of it may be checked out: as data, at the approved commit. */
export function createHeadReader(
  { approved }: Pick<RunTrigger, 'approved'>,
  github: GitHub,
): { readonly read?: TextReader } {
  if (!approved) return {};
  return { read: (file) => github.readPlainText(file, approved.commit) };
}

/** The exit code of a run that came to no verdict of its own. */
export const STOPPED = 3;

/**
 * Ends a run whose approval is missing, or whose pull request has another base or head by now: no verdict, no comment,
 * and never green.
 *
 * @returns the exit code
 */
export async function abortWithoutVerdict(reason: string, check?: OpenCheck): Promise<number> {
  runner.error(`Stopped: ${reason}.`);
  runner.setOutput('verdict', 'not-measured');
  try {
    await runner.writeSummary(
      `## MASK Gate: ⛔ stopped, nothing is published\n\n${code(reason, 400)}\n`,
    );
    await check?.abandon(code(reason, 400));
  } catch (error) {
    runner.warn(`Could not publish this notice everywhere: ${toMessage(error)}`);
  }
  return STOPPED;
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
