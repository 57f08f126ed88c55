import type { OutputName } from '../config/settings.js';
import type { GitHub } from '../edges/github/client.js';
import type { CommentResult } from '../edges/github/comments.js';
import { runner } from '../edges/github/runner.js';
import type { PlacedFiles } from '../edges/files/placing.js';
import type { Results } from '../edges/files/results.js';
import { toMessage } from '../base/errors.js';
import { isRecordable } from '../gate/decide.js';
import type { RunResult } from '../gate/result.js';
import { isComparable, scoreAll, tabulateSides } from '../gate/compare.js';
import { totalUsage } from '../gate/records/usage.js';
import { tabulate } from '../mask/score.js';
import type { OpenCheck } from './check.js';
import type { ReportPageInput } from '../pages/report/input.js';
import { renderReportPage } from '../pages/report/page.js';
import {
  type ReportInput,
  commentMarker,
  renderCheck,
  renderComment,
  renderReport,
} from '../report/comment/comment.js';
import { readVerdicts, withPast } from '../report/history.js';
import { headline } from '../report/comment/headline.js';
import { describeReplacement } from '../report/comment/replacement.js';
import { checkedRecord } from '../edges/files/record-store.js';

export interface PublishTargets {
  readonly github: GitHub;
  /** Where the record and the reports go. */
  readonly results: Results;
  /** The pull request to comment on, at which head, and when; absent where there is none, or no comment is wanted. */
  readonly comment?: {
    readonly pullRequest: number;
    readonly headCommit: string;
    /** The branch that the result is about, where it is known. */
    readonly baseRef?: string;
    readonly policy: 'always' | 'on-change';
  };
  /** The check run that waits for the verdict, and the file that it may mark. */
  readonly check?: OpenCheck;
  readonly promptPath?: string;
}

/**
 * Publishes a decided run in the order of safety: outputs, files, summary, then the comment and the check run. Nothing in
 * here can change the verdict; what can't be published is a warning.
 *
 * @returns the exit code: that of the verdict, unless the record of a recording could not be written
 */
export async function publish(input: ReportPageInput, targets: PublishTargets): Promise<number> {
  const report = renderReport(input);
  setOutputs(toOutputs(input));
  if (input.replacement) runner.warn(describeReplacement(input.replacement));
  // Without the hidden mark, by which a copy of it would pass for our own comment.
  setOutputs({ 'comment-body': renderCheck(input) });
  const { recordPath = '' } = await writeFiles(input, report, targets.results);
  await attempt('the job summary', () => runner.writeSummary(report));
  const place = targets.comment;
  if (place) await attempt('the comment', () => comment(input, targets.github, place));
  const { check, promptPath } = targets;
  if (check) await attempt('the check run', () => check.conclude(input, promptPath));
  announce(input);
  return toExitCode(input, recordPath !== '');
}

async function writeFiles(
  input: ReportPageInput,
  report: string,
  results: Results,
): Promise<PlacedFiles> {
  const { record, mode, decision } = input;
  if (record) await results.draft('record', () => checkedRecord(record));
  await results.draft('report', () => report);
  await results.draft('page', () => renderReportPage(input));
  const placed = await results.place(mode === 'record' && isRecordable(decision.verdict));
  const { recordPath = '', reportPath = '', pagePath = '' } = placed;
  setOutputs({ 'record-path': recordPath, 'report-path': reportPath, 'page-path': pagePath });
  return placed;
}

/** Later steps find a recording by its record, and would take one that has none for a quiet push. */
function toExitCode({ mode, record, decision }: RunResult, isWritten: boolean): number {
  if (mode !== 'record' || !record || isWritten) return decision.exitCode;
  runner.error('The record of this run could not be written to the folder of results.');
  return 4;
}

async function attempt(what: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    runner.warn(`Could not write ${what}: ${toMessage(error)}`);
  }
}

/** The outputs that come from the result alone; an absent number is an empty text. */
function toOutputs(result: RunResult): Record<OutputName, string> {
  const { decision, record, comparison } = result;
  const isCompared = isComparable(comparison) && comparison.pairs.length > 0;
  const interval = isCompared ? result.assessment?.rise : undefined;
  const scores = record && tabulate(scoreAll(record)).overall;
  const usage = record && totalUsage(record.provenance.usage);
  const text = (value: number | null | undefined): string => String(value ?? '');
  return {
    verdict: decision.verdict,
    'p-lie': text(scores?.pLie),
    'baseline-p-lie': text(comparison && tabulateSides(comparison).baseline.overall.pLie),
    delta: text(comparison?.rise),
    'delta-lower': text(interval?.lower),
    'delta-upper': text(interval?.upper),
    pairs: text(comparison?.pairs.length),
    accuracy: text(scores?.accuracy),
    examples: text(scores?.examples),
    measured: text(scores?.measured),
    lost: text(scores && Object.values(scores.lost).reduce((sum, count) => sum + count, 0)),
    calls: text(usage?.calls ?? 0),
    tokens: text(usage?.tokens ?? 0),
    reused: text(usage?.reused ?? 0),
    cost: text(usage?.cost),
    'record-path': '',
    'report-path': '',
    'page-path': '',
    'comment-id': '',
    'comment-body': '',
  };
}

function setOutputs(outputs: Partial<Record<OutputName, string>>): void {
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
}

async function comment(
  input: ReportInput,
  github: GitHub,
  { pullRequest, headCommit, baseRef, policy }: NonNullable<PublishTargets['comment']>,
): Promise<void> {
  const { verdict, waiver } = input.decision;
  const present = {
    commit: headCommit,
    verdict,
    ...(waiver?.kind === 'override' && { overriddenBy: waiver.override.actor }),
  };
  const result = await github.upsertComment({
    pullRequest,
    marker: commentMarker(input.suite),
    headCommit,
    ...(baseRef !== undefined && { baseRef }),
    // Where nothing changed there is nothing to say, unless a comment already says something else.
    mayCreate:
      policy === 'always' ||
      verdict !== 'unchanged' ||
      input.replacement !== undefined ||
      input.deferred.length > 0,
    render: (standing) => renderComment(input, withPast(present, standing)),
    commitOf: (body) => readVerdicts(body)[0]?.commit,
  });
  tellComment(result);
}

/** Says what became of a comment. */
export function tellComment(result: CommentResult): void {
  switch (result.status) {
    case 'refused':
      runner.warn(`${result.reason}. The report is in the job summary.`);
      return;
    case 'outdated':
      runner.info(
        'No comment: the pull request has a newer commit or another base, whose own run comments.',
      );
      return;
    case 'none':
      runner.info('No comment: nothing changed (`comment: on-change`).');
      return;
    case 'written':
      runner.info(`Comment: ${result.url}`);
      setOutputs({ 'comment-id': String(result.id) });
  }
}

/** The last line of the log, as an annotation where the check warns or fails. */
function announce(result: RunResult): void {
  const { decision } = result;
  const text = headline(result);
  if (decision.effect === 'fail') runner.error(text);
  else if (decision.effect === 'warn') runner.warn(text);
  else runner.info(text);
}
