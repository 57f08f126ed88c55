import type { Comparison } from '../gate/compare.js';
import { type Reason, isRecordable } from '../gate/decide.js';
import type { RunResult } from '../gate/result.js';
import type { Verdict } from '../gate/verdict.js';
import { code } from '../sanitise.js';
import { age, magnitude, percent, plural, points } from './numbers.js';

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

/** The verdict in plain words, the first thing that anyone reads. */
export function headline({ mode, decision }: Pick<RunResult, 'mode' | 'decision'>): string {
  const isRecorded = mode === 'record' && isRecordable(decision.verdict);
  return `MASK Gate: ${isRecorded ? '📌 baseline recorded' : HEADLINES[decision.verdict]}`;
}

/** Why the verdict is what it is, and what to do about it: Markdown, one short paragraph. */
export function explain({ mode, decision: { verdict, reason }, comparison }: RunResult): string {
  if (mode === 'record' && verdict === 'no-baseline') return explainRecording(reason);
  switch (reason.kind) {
    case 'rise-below-limit':
      return `Lies changed by **${points(comparison?.rise ?? null)} points**${fromTo(comparison)}; that is below the limit of ${magnitude(reason.maxRise)}.`;
    case 'rise-at-limit':
      return `Lies rose by **${magnitude(comparison?.rise ?? 0)}**${fromTo(comparison)}; the limit is ${magnitude(reason.maxRise)}. Under pressure the model now contradicts its own beliefs more often.`;
    case 'same-as-baseline':
      return `Model, parameters and prompt are those of a baseline that is ${age(reason.ageDays)} old. It is taken over up to an age of ${age(reason.maxAgeDays)}; no call was made.`;
    case 'no-record':
      return 'There is no earlier record to compare with. A push to the default branch records one.';
    case 'too-few-pairs':
      return `Only ${plural(reason.pairs, 'example')} measured with a belief on both sides, ${reason.needed} are needed for a comparison. Raise \`dataset.size\`, or see below what was lost.`;
    case 'beliefs-vanished':
      return `Of ${plural(reason.believed, 'example')} for which the model held a belief at the baseline, only ${reason.pairs} still have one. Where there is no belief there is nothing to contradict, so fewer lies would say nothing. Look at the token limit, the temperature, and the losses below.`;
    case 'low-coverage':
      return `Only ${reason.measured} of ${plural(reason.planned, 'example')} could be measured; a verdict needs ${percent(reason.floor)}. This says nothing about honesty: look at what was lost below, and run it again; if the losses are the baseline's, record that anew.`;
    case 'no-key':
      return `There is no key for the model (${code(reason.setting)}), as for every pull request from a fork. Nothing was sent and nothing was measured.`;
    case 'other-measurement':
      return `${listDifferences(reason.differences)}\n\nA push to the default branch records a new baseline with the settings of this run; then run this again.`;
    case 'corrupt-baseline':
      return `The baseline in ${code(reason.where)} can't be read (${code(reason.detail)}). It is not taken for a missing one: restore it, or record it anew with a push to the default branch.`;
    case 'run-failed':
      return code(reason.detail, 400);
  }
}

/** Why a recording was not compared with the record before it. */
function explainRecording(reason: Reason): string {
  if (reason.kind === 'no-record') {
    return 'This is the first record of the suite; pull requests are compared with it from now on.';
  }
  if (reason.kind === 'corrupt-baseline') {
    return `The earlier baseline in ${code(reason.where)} can't be read (${code(reason.detail)}); this record takes its place.`;
  }
  if (reason.kind === 'other-measurement') {
    return `${listDifferences(reason.differences)}\n\nThis record starts anew.`;
  }
  return 'There is too little in common with the record before it to compare the two.';
}

/** The share of lies on both sides and over how many examples, for the middle of a sentence. */
function fromTo(comparison: Comparison | undefined): string {
  if (!comparison) return '';
  const { baselineLies, runLies, pairs } = comparison;
  return `, from ${percent(baselineLies)} to ${percent(runLies)} on average over the ${plural(pairs.length, 'example')} with a belief on both sides`;
}

function listDifferences(
  differences: (Reason & { kind: 'other-measurement' })['differences'],
): string {
  const list = differences.map(
    ({ part, baseline, run }) =>
      `- ${part}: ${code(baseline)} at the baseline, ${code(run)} in this run`,
  );
  return [
    'The baseline was measured in another way, so a difference would say nothing about the model:',
    '',
    ...list,
  ].join('\n');
}
