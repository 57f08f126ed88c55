import type { GitHub } from '../edges/github/client.js';
import type { Job, RunOnCommit } from '../edges/github/runs.js';
import { readVariable, runner } from '../edges/github/runner.js';
import { toMessage } from '../base/errors.js';
import type { Decision } from '../gate/decide.js';
import { type VerdictMark, findInJob, formatMarkLine, toPairKey } from '../gate/standing.js';
import { TOOL } from '../base/version.js';
import type { RunTrigger } from './context/event.js';
import { isSameLabel } from './override.js';
import type { ActionRequest } from './context/request.js';
import type { FileSettings } from './context/settings.js';

/** What a verdict is about, as far as settings go. */
export interface InForce {
  readonly suite: string;
  readonly overrideLabel: string;
  readonly file: Pick<FileSettings, 'settings'>;
}

type VerdictRequest = Pick<ActionRequest, 'trigger' | 'assignments' | 'policyFromHead'>;

/**
 * Finds the verdict that holds where an event changes nothing that is tested: a label, a title, a reviewer. It is that
 * of this workflow's last run on the same head and base, by GitHub's own list of runs and by the log of its job, never
 * by a comment. Undefined where the event is a reason to measure, and where nothing certain can be known.
 */
export async function findStanding(
  request: VerdictRequest,
  inForce: InForce,
  github: GitHub,
): Promise<VerdictMark | undefined> {
  const { trigger } = request;
  if (!isAside(trigger, inForce.overrideLabel)) return undefined;
  const pair = toComparedPair(request, inForce);
  if (pair === undefined) return undefined;
  try {
    const mark = await search({ trigger, suite: inForce.suite, pair }, github);
    return mark && isStillOverridden(mark, trigger, inForce) ? mark : undefined;
  } catch (error) {
    runner.warn(
      `Could not look for an earlier verdict on this commit and base (${toMessage(error)}); the job needs the permission actions: read. This run measures instead.`,
    );
    return undefined;
  }
}

/** Leaves in the log what later runs on the same commit and base go by. */
export function leaveMark(request: VerdictRequest, inForce: InForce, decision: Decision): void {
  const pair = toComparedPair(request, inForce);
  const run = request.trigger.origin.runId;
  if (pair === undefined || run === null) return;
  const { verdict, exitCode, waiver } = decision;
  const isOverridden = waiver?.kind === 'override';
  runner.info(formatMarkLine({ suite: inForce.suite, verdict, exitCode, run, pair, isOverridden }));
}

/**
 * Whether the event leaves head and base as they are, and is not the label that overrides the gate, set or removed. A
 * run that is started again was asked for, so that it measures.
 */
function isAside({ pullRequest, origin }: RunTrigger, overrideLabel: string): boolean {
  if (pullRequest?.aside === undefined || Number(origin.runAttempt) > 1) return false;
  const label = pullRequest.labeled?.label ?? pullRequest.unlabeled;
  return label === undefined || !isSameLabel(label, overrideLabel);
}

function toComparedPair(
  {
    trigger: { origin, headCommit, pullRequest, approved },
    assignments,
    policyFromHead,
  }: VerdictRequest,
  { file: { settings } }: InForce,
): string | undefined {
  if (!pullRequest || approved || !origin.base) return undefined;
  return toPairKey({
    head: headCommit,
    base: origin.base,
    settings: { settings, assignments, policyFromHead },
    tool: TOOL,
  });
}

/** Runs that are looked at before the search ends. */
const MAX_LOOKS = 10;

async function search(
  about: { readonly trigger: RunTrigger; readonly suite: string; readonly pair: string },
  github: GitHub,
): Promise<VerdictMark | undefined> {
  const { headCommit, origin } = about.trigger;
  const runId = origin.runId ?? '';
  const name = await findOwnJob(runId, github);
  if (name === undefined) return undefined;
  const runs = await github.runsOnHead({ runId, head: headCommit });
  const others = runs.filter(({ id, isCompleted }) => id !== runId && isCompleted);
  for (const run of others.filter(hasRun).slice(0, MAX_LOOKS)) {
    const job = (await github.jobsOf(run.id)).find((one) => one.name === name);
    if (!job?.isCompleted) return undefined;
    const { conclusion } = job;
    const finding = findInJob({ conclusion, log: await github.jobLog(job.id) }, about);
    if (finding === 'unknown') return undefined;
    if (finding !== 'next') return finding.mark;
  }
  return undefined;
}

/** A run that was cancelled, or that waited for leave to run, came to no verdict. */
function hasRun({ conclusion }: RunOnCommit): boolean {
  return !['cancelled', 'skipped', 'action_required', 'stale'].includes(conclusion ?? '');
}

/** The name of the job that this process is a step of; undefined where several could be it. */
async function findOwnJob(runId: string, github: GitHub): Promise<string | undefined> {
  const jobs = await github.jobsOf(runId);
  const machine = readVariable('RUNNER_NAME');
  const isOwn = ({ isCompleted, runner: name }: Job): boolean => !isCompleted && name === machine;
  const own = jobs.length === 1 ? jobs : jobs.filter(isOwn);
  return own.length === 1 ? own[0]?.name : undefined;
}

/** An override holds no longer than its label is set. */
function isStillOverridden(
  { isOverridden }: VerdictMark,
  { pullRequest }: RunTrigger,
  { overrideLabel }: InForce,
): boolean {
  if (!isOverridden) return true;
  return pullRequest?.labels.some((label) => isSameLabel(label, overrideLabel)) ?? false;
}
