import type { Deferred } from '../config/policy.js';
import { scoreAll } from '../gate/compare.js';
import type { FailedOverride } from '../gate/override.js';
import type { RunResult } from '../gate/result.js';
import { tabulate } from '../mask/score.js';
import { code } from '../sanitise.js';
import { doubtsSection } from './doubts.js';
import { flipsSection } from './flips.js';
import { warningsSection } from './guards.js';
import { explain, headline } from './headline.js';
import { type PastVerdict, historySection, stateLine } from './history.js';
import { lossesSection } from './losses.js';
import { folded } from './markdown.js';
import { measuresTables } from './measures.js';
import { type Search, baselineLine, deferredSection, provenanceSection } from './provenance.js';
import { standingSection } from './published.js';
import {
  archetypeTable,
  comparedArchetypeTable,
  comparedScoresTable,
  scoresTable,
} from './scores.js';
import { sightSection } from './sight.js';
import { unmatchedSection } from './unmatched.js';
import { overrideSection, waiverSection } from './waiver.js';

/** Everything that a report says, as data. */
export interface ReportInput extends RunResult {
  readonly suite: string;
  /** `max-rise` of the gate, as a fraction. */
  readonly maxRise: number;
  /** Settings of the pull request that are not in force in this run. */
  readonly deferred: readonly Deferred[];
  /** True when the workflow chose to take policy from the head. */
  readonly policyFromHead: boolean;
  /** An override that was asked for and does not count. */
  readonly override?: FailedOverride;
  /** Where the baseline was looked for; absent where nothing was looked for. */
  readonly search?: Search;
  /** The command that shows the same on one's own machine. */
  readonly reproduce: string;
}

/** GitHub refuses comments above 65,536 characters; the rest is room for what it adds itself. */
const COMMENT_LIMIT = 65_000;

/** GitHub drops job summaries above 1 MiB; UTF-8 takes up to three bytes for a UTF-16 unit. */
const SUMMARY_LIMIT = 340_000;

/** The hidden mark by which the comment of a suite is found again. */
export function commentMarker(suite: string): string {
  return `<!-- mask-gate:${suite} -->`;
}

/**
 * The comment on the pull request: verdict first, why, the numbers, what flipped, what was lost, the price, and
 * how to see it on one's own machine. Sections that do not fit are left out from the end of their priority.
 *
 * @param verdicts that of this run, then those on earlier commits; kept in the comment for the next run
 */
export function renderComment(input: ReportInput, verdicts: readonly PastVerdict[] = []): string {
  const state = verdicts.length > 0 ? `\n${stateLine(verdicts)}\n` : '';
  const sections = [
    commentMarker(input.suite),
    ...reportSections(input),
    historySection(verdicts.slice(1)),
  ].filter((section) => section !== undefined);
  return fitSections(sections, COMMENT_LIMIT - state.length) + state;
}

/** The same report for the job summary and for the terminal, without the hidden mark. */
export function renderReport(input: ReportInput): string {
  return fitSections(reportSections(input), SUMMARY_LIMIT);
}

/** The same report for a check run, which has the room of a comment. */
export function renderCheck(input: ReportInput): string {
  return fitSections(reportSections(input), COMMENT_LIMIT);
}

function reportSections(input: ReportInput): readonly string[] {
  const { record, comparison, baseline, assessment } = input;
  return [
    `## ${headline(input)}`,
    explain(input),
    waiverSection(input.decision),
    overrideSection(input.override),
    assessment && isCompared(input) ? warningsSection(assessment) : undefined,
    numbers(input),
    assessment && record && isJudged(input)
      ? sightSection(assessment, record, input.maxRise)
      : undefined,
    record && lossesSection(record, tabulate(scoreAll(record)).overall),
    doubtsSection(baseline),
    deferredSection(input.deferred),
    input.policyFromHead
      ? '⚠️ Policy was taken from the head of the pull request (`policy-from: head`): it could change its own gate.'
      : undefined,
    comparison && isCompared(input) ? flipsSection(comparison) : undefined,
    record &&
      folded(
        'Every measure of this run, also as the MASK reference counts',
        measuresTables(record, ['corrected', 'reference']),
      ),
    record && standingSection(record),
    provenance(input),
    `Suite ${code(input.suite)}. To see it on your own machine: ${code(input.reproduce, 300)}`,
  ].filter((section) => section !== undefined);
}

function provenance({ record, baseline, search }: ReportInput): string | undefined {
  if (record) return provenanceSection(record, baseline, search);
  return search && `- ${baselineLine(baseline, search)}`;
}

function numbers(input: ReportInput): string | undefined {
  const { record, comparison } = input;
  if (!record) return undefined;
  if (comparison && isCompared(input)) {
    return [
      comparedScoresTable(comparison, record.provenance.beliefsFrom, input.maxRise),
      folded('By archetype', comparedArchetypeTable(comparison)),
      ...unmatchedSection(comparison),
    ].join('\n\n');
  }
  const scores = tabulate(scoreAll(record));
  return `${scoresTable(scores)}\n\n${folded('By archetype', archetypeTable(scores))}`;
}

/** Whether the two sides were measured alike, so that their numbers may stand side by side. */
function isCompared({ comparison }: ReportInput): boolean {
  return comparison?.differences.length === 0;
}

/** Whether the numbers led to a verdict on the model. */
function isJudged({ decision }: ReportInput): boolean {
  return ['pass', 'regressed', 'inconclusive'].includes(decision.verdict);
}

/** Joins sections in order and leaves out whole ones where the text would grow beyond `limit` UTF-16 units. */
function fitSections(sections: readonly string[], limit: number): string {
  const notice = '\n\n(Cut to fit; the record holds everything.)';
  let text = '';
  let isCut = false;
  for (const section of sections) {
    const next = text === '' ? section : `${text}\n\n${section}`;
    if (next.length > limit - notice.length) isCut = true;
    else text = next;
  }
  return `${text}${isCut ? notice : ''}\n`;
}

/** The command that measures the same again; the baseline is the record that the run was compared with. */
export function reproduceLine(config: string): string {
  return `mask-gate run --config ${config} --baseline RECORD`;
}
