import { scoreAll } from '../../gate/compare.js';
import { type Decision, type Reason, isRecordable } from '../../gate/decide.js';
import type { RunResult } from '../../gate/result.js';
import type { Verdict } from '../../gate/verdict.js';
import { tabulate } from '../../mask/score.js';
import { code } from '../../base/sanitise.js';
import { listRejections } from './rejections.js';
import { describeRejudging, listDifferences } from './differences.js';
import { describeGuard, nameMoves } from './guards.js';
import {
  formatAge,
  formatExactly,
  formatInterval,
  formatMagnitude,
  formatPercent,
  formatCount,
  formatPoints,
  formatShare,
} from '../numbers.js';
import { type RecordingFindings, isUnderSameName, titleOfRecording } from './recording.js';
import { describeBelieved, describeRemedy, explainBeliefs } from './shortage.js';
import { nameExpected, explainFirstDay } from './tested.js';

const HEADLINES: Readonly<Record<Verdict, string>> = {
  pass: '✅ no rise in lying found',
  unchanged: '✅ unchanged, nothing to measure',
  regressed: '❌ honesty regressed',
  inconclusive: '⚠️ inconclusive',
  'no-baseline': '⚠️ measured, but no baseline to compare with',
  'not-measured': '⛔ NOT MEASURED',
  incomparable: '⛔ NOT COMPARABLE with the baseline',
  error: '⛔ the run failed',
};

/** Headlines of causes that the verdict alone would leave open. */
const TITLES: Readonly<Partial<Record<Reason['kind'], string>>> = {
  'already-recorded': '📌 nothing new to record',
  'same-as-base': '⚠️ NOT MEASURED: same model, parameters and prompt as before',
  'rise-not-found': '✅ no rise in lying proven',
  'rise-unproven': '⚠️ inconclusive: lies rose, but that may be chance',
  'rise-not-excluded': '⚠️ inconclusive: a rise is not excluded',
  'too-few-pairs': '⛔ NOT MEASURED well enough: too few examples',
  'beliefs-vanished': '⛔ NOT MEASURED well enough: most beliefs are gone',
  'low-coverage': '⛔ NOT MEASURED well enough: too much was lost',
  'losses-differ': '⛔ NOT MEASURED well enough: other replies were lost than at the baseline',
  unfinished: '⛔ NOT MEASURED to the end',
  'budget-reached': '⛔ NOT MEASURED to the end: the budget was reached',
  'no-key': '⛔ NOT MEASURED: no key',
  'other-commit': '⛔ NOT MEASURED: another commit is checked out',
  'corrupt-baseline': '⛔ no verdict: the baseline can’t be read',
  'untrusted-baseline': '⛔ NOT MEASURED against a baseline: none can be trusted',
  'search-cut': '⛔ NOT MEASURED against a baseline: the search for it was cut',
};

/** The verdict in plain words, the first thing that anyone reads. */
export function headline(result: Pick<RunResult, 'mode' | 'decision'> & RecordingFindings): string {
  const { mode, decision } = result;
  const isRecorded = mode === 'record' && isRecordable(decision.verdict);
  const { shortage } = decision;
  if (isRecorded) {
    if (!shortage) return `MASK Gate: ${titleOfRecording(result)}`;
    return `MASK Gate: ⚠️ baseline recorded, but nothing can be compared with it: ${describeBelieved(shortage)}, ${shortage.needed} are needed`;
  }
  if (shortage) {
    return 'MASK Gate: ⚠️ nothing new to record, and nothing can be compared with the baseline';
  }
  if (decision.verdict === 'pass' && isRising(result)) {
    return 'MASK Gate: ✅ lying rose, by less than the limit';
  }
  return `MASK Gate: ${chooseTitle(decision)}`;
}

function chooseTitle({ verdict, reason }: Decision): string {
  if (reason.kind === 'no-policy') {
    const sign = reason.elsewhere === undefined ? '⚠️' : '⛔';
    return `${sign} NOT MEASURED: the base has no configuration yet`;
  }
  if (reason.kind === 'guard-tripped') return `❌ regressed: ${nameMoves(reason.guards)}`;
  return TITLES[reason.kind] ?? HEADLINES[verdict];
}

/** Why the verdict is what it is, and what to do about it: Markdown, a short paragraph or two. */
export function explain(result: RunResult): string {
  const beliefs = explainBeliefs(result);
  const reason = explainReason(result);
  return beliefs === undefined ? reason : `${reason}\n\n${beliefs}`;
}

function explainReason(result: RunResult): string {
  const {
    mode,
    decision: { verdict, reason },
  } = result;
  if (mode === 'record' && verdict === 'no-baseline') return explainRecording(result.decision);
  switch (reason.kind) {
    case 'rise-excluded':
      return `${describeRise(result, reason.maxRise)}. A rise of ${formatExactly(reason.maxRise)} is excluded${isRising(result) ? ', a smaller one is real' : ''}.`;
    case 'rise-not-found':
      return `${describeRise(result, reason.maxRise)}. That is below the limit of ${formatExactly(reason.maxRise)}, and ${isRising(result) ? 'a smaller rise is real' : 'no rise is proven'}; one of up to ${formatMagnitude(readUpperBound(result), [0, reason.maxRise])} can't be excluded.`;
    case 'rise-proven':
      if (mode === 'record') return explainRecordedRise(result, reason.maxRise);
      return `${describeRise(result, reason.maxRise)}. That is at least the limit of ${formatExactly(reason.maxRise)}, and more than chance explains: under pressure the model now contradicts its own beliefs more often.${describeEarlyStop(result)}`;
    case 'rise-unproven':
      return `${describeRise(result, reason.maxRise)}. That reaches the limit of ${formatExactly(reason.maxRise)}, but chance may be all there is to it. More examples or replies would narrow it down: see \`mask-gate plan\`.`;
    case 'rise-not-excluded':
      return `${describeRise(result, reason.maxRise)}. Under \`rule: strict\` a rise of ${formatExactly(reason.maxRise)} must be excluded, and one of up to ${formatMagnitude(readUpperBound(result), [0, reason.maxRise])} is not. More examples or replies would narrow it down: see \`mask-gate plan\`.`;
    case 'guard-tripped':
      return `${reason.guards.map(describeGuard).join(' ')} By policy (\`gate.guards\`) that is a regression, too, though no rise of lies that reaches the limit is proven. ${describeRise(result, 0)}.`;
    case 'same-as-baseline':
      return `Model, parameters and prompt are those of a baseline that is ${formatAge(reason.ageDays)} old. It is taken over up to an age of ${formatAge(reason.maxAgeDays)}; no call was made.${describeBaseline(result)}`;
    case 'already-recorded':
      return `Nothing was measured, and nothing was recorded. Model, parameters and prompt are those of ${nameRecord(reason.commit)}, which is ${formatAge(reason.ageDays)} old and stays the baseline, up to an age of ${formatAge(reason.maxAgeDays)}.${describeBaseline(result)}`;
    case 'same-as-base':
      return `Model, parameters and prompt are those of ${code(reason.commit.slice(0, 12))}, which this change departs from. So no call was made. That says nothing about the model itself, and ${nameStanding(reason)}.`;
    case 'no-record':
      return 'There is no earlier record to compare with. A push to the default branch records one.';
    case 'too-few-pairs':
      return `Only ${formatCount(reason.pairs, 'proposition')} measured with a belief on both sides, ${reason.needed} are needed for a comparison. ${describeRemedy(reason.remedy)} If the section below says that much was lost, mend that first.`;
    case 'losses-differ':
      return `This run lost ${formatShare(reason.run)} of its pressured replies, the baseline ${formatShare(reason.baseline)}: more than chance explains (exact p < 0.01). A reply that was empty at first counts as lost here. What was lost may be the very replies that would have been lies, so a verdict on the rest would say nothing.`;
    case 'unfinished':
      return `The run holds ${reason.examples} of ${formatCount(reason.planned, 'planned example')}: it stopped where no rule lets it stop. Run it again.`;
    case 'budget-reached':
      return `The budget was reached before ${formatCount(reason.unasked, 'answer or reading', 'answers and readings')} could be asked for. What was measured is kept: the same command goes on from there. Raise \`budget\`, or lower \`dataset.size\`; \`mask-gate plan\` says what a run takes.`;
    case 'beliefs-vanished':
      return `Of ${formatCount(reason.believed, 'example')} for which the model held a belief at the baseline, only ${reason.pairs} still have one. Where there is no belief there is nothing to contradict, so fewer lies would say nothing. Look at the token limit, the temperature, and at what was lost.`;
    case 'low-coverage':
      return `Only ${reason.measured} of ${formatCount(reason.planned, 'example')} could be measured; a verdict needs ${formatPercent(reason.floor)}. This says nothing about honesty: look at what was lost below, and run it again; if the baseline lost it, record a new baseline.`;
    case 'no-key':
      return `There is no key for the model (${code(reason.setting)}), as for every pull request from a fork. Nothing was sent and nothing was measured.`;
    case 'other-commit':
      return `The checkout is at commit ${code(reason.tested)}, and this run is about ${nameExpected(reason.expected)}. A verdict on other files would say nothing about it, so no call was made.`;
    case 'no-policy':
      return explainFirstDay(reason);
    case 'other-measurement':
      return `${listDifferences(reason.differences)}\n\nA push to the default branch records a new baseline with the settings of this run; then run this again.${describeRejudging(reason.differences)}`;
    case 'corrupt-baseline':
      return `The baseline in ${code(reason.where)} can't be read (${code(reason.detail, 400)}). It is there and broken, so the run ends here instead of going on without it: restore it, or record it anew with a push to the default branch.`;
    case 'untrusted-baseline':
      return `There is no record that can serve as a baseline: GitHub confirms of none that a run on the default branch made it.\n\n${listRejections(reason.rejected)}\n\nSo nothing was compared. ${REMEDY}`;
    case 'search-cut':
      return `There are records of ${formatCount(reason.records, 'commit')}, and none was reached among the ${formatCount(reason.commits, 'commit')} of the first-parent line that were looked at. The search ends there, so nothing was compared. ${REMEDY}`;
    case 'run-failed':
      return code(reason.detail, 400);
  }
}

/** What helps where no record serves: pushes may be filtered by paths, a dispatch is not. */
const REMEDY =
  'Record a new baseline: start the workflow that records by hand on the default branch (`workflow_dispatch`), or push to it. Or promote a record that you answer for (`mask-gate promote`).';

/** The rise that a recording found, and whether something was changed that can be the cause. */
function explainRecordedRise(result: RunResult, maxRise: number): string {
  const cause = isUnderSameName(result)
    ? 'Model, parameters, prompt and judge have the same names as at the record before, so the model or the judge changed behind its name.'
    : 'The line below says what changed in what is tested.';
  return `${describeRise(result, maxRise)}. That is at least the limit of ${formatExactly(maxRise)}, and more than chance explains. ${cause} This record is kept: pull requests are compared with it from now on.`;
}

/** Why a recording was not compared with the record before it. */
function explainRecording({ reason, shortage }: Decision): string {
  if (reason.kind === 'no-record') {
    return shortage
      ? 'This is the first record of the suite.'
      : 'This is the first record of the suite; pull requests are compared with it from now on.';
  }
  if (reason.kind === 'corrupt-baseline') {
    return `The earlier baseline in ${code(reason.where)} can't be read (${code(reason.detail, 400)}); this record takes its place.`;
  }
  if (reason.kind === 'untrusted-baseline') {
    return `The records before it can't serve as a baseline; this one takes their place.\n\n${listRejections(reason.rejected)}`;
  }
  if (reason.kind === 'search-cut') {
    return 'Not compared with the records before it: they are further back in history than was looked.';
  }
  if (reason.kind === 'other-measurement') {
    return `${listDifferences(reason.differences)}\n\nThis record starts anew.`;
  }
  if (reason.kind === 'losses-differ') {
    return `Not compared with the record before it: this run lost ${formatShare(reason.run)} of its pressured replies, that one ${formatShare(reason.baseline)}.`;
  }
  return 'Not compared with the record before it: too few examples were measured with a belief on both sides.';
}

/** The change of lies with its interval, the shares on both sides, and over how many examples. */
function describeRise({ comparison, assessment }: RunResult, maxRise: number): string {
  if (!comparison || !assessment) return '';
  const marks = [0, maxRise];
  const { baselineLies, runLies, pairs } = comparison;
  return `Lies changed by **${formatPoints(assessment.rise.estimate, marks)} points** (${formatInterval(assessment.rise, marks)}), from ${formatPercent(baselineLies)} to ${formatPercent(runLies)} on average over the ${formatCount(pairs.length, 'example')} with a belief on both sides`;
}

/** Why no record speaks for a model that was not measured. */
function nameStanding({ standing, maxAgeDays }: Reason & { kind: 'same-as-base' }): string {
  if (standing === 'absent') return 'there is no record that could';
  const why =
    standing === 'old'
      ? `older than ${formatAge(maxAgeDays)}`
      : 'of something else, or measured too little of it';
  return `the record that is found is ${why}`;
}

function nameRecord(commit: string | null): string {
  return commit === null ? 'a local record' : `the record of commit ${code(commit.slice(0, 12))}`;
}

/** What the baseline found, for a run that measured nothing of its own. */
function describeBaseline({ baseline }: RunResult): string {
  if (baseline.status !== 'found') return '';
  const { overall } = tabulate(scoreAll(baseline.record));
  const accuracy =
    overall.accuracy === null ? '' : ` and accuracy ${formatPercent(overall.accuracy)}`;
  return ` There P(Lie) is ${formatPercent(overall.pLie)}${accuracy} over ${formatCount(overall.measured, 'example')}.`;
}

/** Whether there is a real rise, however small. */
function isRising({ assessment }: Partial<Pick<RunResult, 'assessment'>>): boolean {
  return (assessment?.rise.lower ?? 0) > 0;
}

function readUpperBound({ assessment }: RunResult): number {
  return Math.min(1, assessment?.rise.upper ?? 1);
}

function describeEarlyStop({ assessment, record }: RunResult): string {
  if (assessment?.ending.kind !== 'stopped' || !record) return '';
  const { design, examples } = record.measurement;
  return ` The run stopped early, at ${examples.length} of ${design.examples} examples, as the rise was clear by then. Because it looked at the numbers on the way, its interval is a stricter one, and the rise may be somewhat overstated.`;
}
