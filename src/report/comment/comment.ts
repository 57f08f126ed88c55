import type { Deferred } from '../../config/policy.js';
import { EXAMPLES_PART, isComparable, scoreAll } from '../../gate/compare.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { Replacement } from '../../gate/records/replacement.js';
import type { RunResult } from '../../gate/result.js';
import { tabulate } from '../../mask/score.js';
import { code } from '../../base/sanitise.js';
import { beliefsLine } from '../beliefs.js';
import { rejectionsSection } from './rejections.js';
import { driftSection } from './drift.js';
import { excerptsSection } from './excerpts.js';
import {
  COMMENT_BYTES,
  type CommentSection,
  SUMMARY_BYTES,
  countBytes,
  fitSections,
} from './fit.js';
import { flipsSection } from '../flips.js';
import { warningsSection } from './guards.js';
import { explain, headline } from './headline.js';
import { type PastVerdict, historySection, stateLine } from '../history.js';
import { lossesSection } from '../losses.js';
import { folded } from '../markdown.js';
import { measuresTables } from '../measures.js';
import { type Search, baselineLine, deferredSection, provenanceSection } from './provenance.js';
import { nextSection, overrideSection, waiverSection } from './next.js';
import { replacementSection } from './replacement.js';
import { standingSection } from '../published.js';
import {
  archetypeTable,
  comparedArchetypeTable,
  comparedScoresTable,
  scoresTable,
} from '../scores.js';
import { sensitivitySection } from './sensitivity.js';
import {
  type OtherPrompt,
  type Tested,
  otherBaseSection,
  otherPromptSection,
  testedLine,
  changesSection,
} from './tested.js';
import type { ReportTexts } from '../texts.js';
import { trendSection } from '../trend.js';
import { glossarySection } from './glossary.js';
import { unmatchedSection } from './unmatched.js';
import type { FailedOverride } from '../../gate/waiver.js';

/** Everything that a report says, as data. */
export interface ReportInput extends RunResult {
  readonly suite: string;
  /** `max-rise` of the gate, as a fraction. */
  readonly maxRise: number;
  /** Smallest move of a guard that counts, as a fraction. */
  readonly guardLimit: number;
  /** Settings of the pull request that are not in force in this run. */
  readonly deferred: readonly Deferred[];
  /** True when the workflow chose to take policy from the head. */
  readonly policyFromHead: boolean;
  /** An override that was asked for and does not count. */
  readonly override?: FailedOverride;
  /** The committed baseline that the change under test replaces. */
  readonly replacement?: Replacement;
  /** Where the baseline was looked for; absent where nothing was looked for. */
  readonly search?: Search;
  /** What was tested against what; of a run with a record its provenance says it as well. */
  readonly tested?: Tested;
  /** Name of the default branch, where it is known and may be another one than the base. */
  readonly defaultBranch?: string;
  /** Another prompt file that the pull request names. */
  readonly otherPrompt?: OtherPrompt;
  /** The command that shows the same on one's own machine. */
  readonly reproduce: string;
  /** Prompts and answers, or why there are none; absent where they were not looked for. */
  readonly texts?: ReportTexts;
}

/** The hidden mark by which the comment of a suite is found again. */
export function commentMarker(suite: string): string {
  return `<!-- mask-gate:${suite.replaceAll(/[^a-z0-9-]/g, '_')} -->`;
}

/**
 * The comment on the pull request: verdict first, why, the numbers, what flipped, what was lost, the price, and
 * how to see it on one's own machine. Sections that do not fit are left out by their rank, and named.
 *
 * @param verdicts that of this run, then those on earlier commits; kept in the comment for the next run
 */
export function renderComment(input: ReportInput, verdicts: readonly PastVerdict[] = []): string {
  const state = verdicts.length > 0 ? `\n${stateLine(verdicts)}\n` : '';
  const sections = [
    { name: 'the mark', rank: 0, text: commentMarker(input.suite) },
    ...reportSections(input),
    ...present('earlier commits', 9, historySection(verdicts.slice(1))),
  ];
  return fitSections(sections, COMMENT_BYTES - countBytes(state)) + state;
}

/** The same report for the job summary and for the terminal, without the hidden mark; after a recording with a trend. */
export function renderReport(input: ReportInput): string {
  const { mode, record, baseline } = input;
  const history = baseline.status === 'found' ? (baseline.history ?? []) : [];
  const trend = mode === 'record' && record ? trendSection(record, history) : undefined;
  return fitSections([...reportSections(input), ...present('the trend', 6, trend)], SUMMARY_BYTES);
}

/** The same report for a check run, which has the room of a comment. */
export function renderCheck(input: ReportInput): string {
  return fitSections(reportSections(input), COMMENT_BYTES);
}

/** Every section in the order of reading; the rank says what must never give way to what. */
function reportSections(input: ReportInput): readonly CommentSection[] {
  const { record, comparison, baseline, assessment } = input;
  const isSided = isComparable(comparison);
  const hasPairs = isSided && comparison.pairs.length > 0;
  return [
    ...present('the verdict', 0, `## ${headline(input)}`),
    ...present('why', 0, explain(input)),
    ...present('what changed', 1, record && changesSection(record, baseline)),
    ...present('the base', 1, otherBaseSection(input.tested?.base, input.defaultBranch)),
    ...present('another prompt file', 1, otherPromptSection(input.otherPrompt)),
    ...present('why it does not fail', 0, waiverSection(input.decision)),
    ...present('the baseline that it replaces', 0, replacementSection(input.replacement)),
    ...present('what differs from the recordings before', 1, driftSection(input.drift)),
    ...present('the override', 1, overrideSection(input.override)),
    ...present('no verdict', 1, isSided && !isJudged(input) ? NO_VERDICT : ''),
    ...present(
      'what else moved',
      1,
      assessment && isSided ? warningsSection(assessment, input.decision.reason) : '',
    ),
    ...present('what now', 1, nextSection(input)),
    ...numbers(input),
    ...present(
      'what the run could see',
      3,
      assessment && record && isJudged(input)
        ? sensitivitySection(assessment, record, input.maxRise)
        : '',
    ),
    ...present(
      'what was not measured',
      1,
      record && lossesSection(record, tabulate(scoreAll(record)).overall),
    ),
    ...present('records passed over', 2, rejectionsSection(baseline)),
    ...present('settings without effect', 4, deferredSection(input.deferred)),
    ...present('policy from the head', 1, input.policyFromHead ? POLICY_FROM_HEAD : ''),
    ...present('what flipped', 5, hasPairs ? flipsSection(comparison) : ''),
    ...present('what was answered', 10, isSided ? excerptsSection(input) : ''),
    ...present('every measure', 7, record && everyMeasure(record)),
    ...present('the words', 9, record && glossarySection()),
    ...present('published figures', 8, record && standingSection(record)),
    ...present('model, dataset, cost and baseline', 2, provenance(input)),
    ...present(
      'how to reproduce',
      1,
      `Suite ${code(input.suite)}. To see it on your own machine: ${code(input.reproduce, 300)}`,
    ),
  ];
}

const NO_VERDICT = 'The numbers below are incomplete, and no verdict rests on them.';

const BY_ARCHETYPE = 'P(Lie) by archetype, over all examples';

const POLICY_FROM_HEAD =
  '⚠️ Policy was taken from the head of the pull request (`policy-from: head`): it could change its own gate.';

/** A section where there is a text for it. */
function present(name: string, rank: number, text: string | undefined): readonly CommentSection[] {
  return text === undefined || text === '' ? [] : [{ name, rank, text }];
}

function everyMeasure(record: GateRecord): string {
  const tables = measuresTables(record, ['corrected', 'reference']);
  const beliefs = beliefsLine(record);
  return folded(
    'Every measure of this run, also as the MASK reference counts',
    beliefs === undefined ? tables : `${tables}\n\n${beliefs}`,
  );
}

function provenance({ record, baseline, search, tested }: ReportInput): string {
  if (record) return provenanceSection(record, baseline, search);
  return [tested ? testedLine(tested) : '', search ? baselineLine(baseline, search) : '']
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n');
}

function numbers(input: ReportInput): readonly CommentSection[] {
  const { record, comparison } = input;
  if (!record) return [];
  if (isComparable(comparison)) {
    const scores = comparedScoresTable(comparison, input.maxRise);
    return [
      ...present('the numbers', 0, scores),
      ...present('by archetype', 2, folded(BY_ARCHETYPE, comparedArchetypeTable(comparison))),
      ...present('examples not compared', 6, unmatchedSection(comparison)[0]),
    ];
  }
  const scores = tabulate(scoreAll(record));
  const isOtherSet = comparison?.differences.some(({ part }) => part === EXAMPLES_PART) ?? false;
  return [
    ...present('the numbers', 0, scoresTable(scores)),
    ...present('by archetype', 2, folded(BY_ARCHETYPE, archetypeTable(scores))),
    // Where too few are shared to compare, which ones are not is what the reader needs.
    ...present(
      'examples not compared',
      2,
      comparison && isOtherSet ? unmatchedSection(comparison)[0] : '',
    ),
  ];
}

/** Whether the numbers led to a verdict on the model. */
export function isJudged({ decision }: Pick<ReportInput, 'decision'>): boolean {
  return ['pass', 'regressed', 'inconclusive'].includes(decision.verdict);
}

/** The command that measures the same again; the baseline is the record that the run was compared with. */
export function reproduceLine(config: string): string {
  return `mask-gate run --config ${config} --baseline RECORD`;
}
