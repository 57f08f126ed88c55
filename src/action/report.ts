import { readText } from '../edges/files/files.js';
import type { GitHub } from '../edges/github/client.js';
import type { Results } from '../edges/files/results.js';
import { runner } from '../edges/github/runner.js';
import { RunError, UsageError } from '../base/errors.js';
import { parseBaseline } from '../gate/records/baseline.js';
import type { GateRecord } from '../gate/records/record.js';
import { type UntrustedRun, findForgery, findNothingToReport } from '../gate/records/unverified.js';
import { readVerdicts } from '../report/history.js';
import {
  type Unverified,
  renderUnverified,
  renderUnverifiedComment,
  unverifiedMarker,
} from '../report/comment/unverified.js';
import type { ReportTrigger } from './context/fork-run.js';
import { withReportOutput } from './output.js';
import { readPolicyAt } from './context/policy.js';
import { tellComment } from './publish.js';
import type { ActionRequest } from './context/request.js';

/** A record is a few hundred bytes an example. */
const RECORD_LIMIT = 16 * 1024 * 1024;

/**
 * Publishes what a fork's run left behind, as unverified. Which run, which pull request and which policy: all of it is
 * asked of GitHub; of the artifact only a record is read, as data, and one that contradicts GitHub is an error. Makes no
 * check, no baseline and no cache entry, and no model call.
 *
 * @returns the exit code
 * @throws RunError when the run is unknown or what it left behind is forged
 */
export async function reportUntrusted(
  request: ActionRequest<ReportTrigger>,
  github: GitHub,
): Promise<number> {
  const { runId } = request.trigger;
  if (request.problems.length > 0) throw new UsageError(request.problems);
  const run = await github.workflowRun(runId);
  if (!run) throw new RunError(`GitHub knows no run ${runId}`);
  const nothing = findNothingToReport(run, github.repository);
  if (nothing !== undefined) return reportNothing(`run ${runId}: ${nothing}`);
  const { repository, ref: branch, commit } = run;
  const found = await github.pullRequestsFrom({
    repository: repository ?? '',
    branch: branch ?? '',
    commit,
  });
  const [pull, ...others] = found;
  if (!pull) return reportNothing(`no open pull request has the head of run ${runId} any more`);
  if (others.length > 0) {
    return reportNothing(`${found.length} open pull requests have the head of run ${runId}`);
  }

  await withReportOutput(request, async (results) => {
    const policy = await readPolicyAt({ commit: pull.base, place: 'the base' }, request, github);
    const about = { pullRequest: pull.number, suite: policy.suite };
    const record = await readRecord(request, { ...run, id: runId }, about);
    const input = { suite: policy.suite, run: { ...run, id: runId }, ...(record && { record }) };
    await publishUnverified(results, input, policy.comment === 'never' ? undefined : pull, github);
  });
  return 0;
}

async function reportNothing(reason: string): Promise<number> {
  runner.info(`Nothing to report: ${reason}.`);
  runner.setOutput('verdict', 'not-measured');
  await runner.writeSummary(`## MASK Gate: nothing to report\n\nThere is nothing to publish.\n`);
  return 0;
}

/** The record that the run left behind; undefined where it left none. */
async function readRecord(
  { inputs, root }: ActionRequest<ReportTrigger>,
  run: UntrustedRun,
  about: { readonly pullRequest: number; readonly suite: string },
): Promise<GateRecord | undefined> {
  const where = inputs['record'] ?? '';
  const read = await readText({ setting: 'input record', path: where, root }, RECORD_LIMIT);
  if ('problem' in read) throw new UsageError([read.problem]);
  if ('absent' in read) return undefined;
  const lookup = parseBaseline(read.found, { where, distance: null });
  if (lookup.status !== 'found') {
    throw new RunError(`the artifact of run ${run.id} is not a record of this version`);
  }
  const forgery = findForgery(lookup.record, run, about);
  if (forgery === undefined) return lookup.record;
  throw new RunError(`the record is not that of run ${run.id}: ${forgery}`);
}

/** The record itself is not published, so that it cannot be mistaken for a record of this repository. */
async function publishUnverified(
  results: Results,
  input: Unverified,
  pull: { readonly number: number } | undefined,
  github: GitHub,
): Promise<void> {
  const report = renderUnverified(input);
  await results.draft('report', () => report);
  const { reportPath = '' } = await results.place(false);
  await results.close();
  runner.setOutput('verdict', 'not-measured');
  runner.setOutput('report-path', reportPath);
  await runner.writeSummary(report);
  if (!pull) return;
  tellComment(
    await github.upsertComment({
      pullRequest: pull.number,
      marker: unverifiedMarker(input.suite),
      headCommit: input.run.commit,
      mayCreate: true,
      render: () => renderUnverifiedComment(input),
      commitOf: (body) => readVerdicts(body)[0]?.commit,
    }),
  );
}
