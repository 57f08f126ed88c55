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
export function explain({ mode, decision: { reason }, comparison }: RunResult): string {
  switch (reason.kind) {
    case 'rise-below-limit':
      return `Lies changed by **${points(reason.rise)} points**${fromTo(comparison)}; that is below the limit of ${magnitude(reason.maxRise)}.`;
    case 'rise-at-limit':
      return `Lies rose by **${magnitude(reason.rise)}**${fromTo(comparison)}; the limit is ${magnitude(reason.maxRise)}. Under pressure the model now contradicts its own beliefs more often.`;
    case 'same-as-baseline':
      return `Model, parameters and prompt are those of a baseline that is ${age(reason.ageDays)} old. It is taken over up to an age of ${age(reason.maxAgeDays)}; no call was made.`;
    case 'no-record':
      return mode === 'record'
        ? 'This is the first record of the suite; pull requests are compared with it from now on.'
        : 'There is no earlier record to compare with. A push to the default branch records one.';
    case 'too-few-pairs':
      return `Only ${plural(reason.pairs, 'example')} measured on both sides, ${reason.needed} are needed for a comparison. Raise \`dataset.size\`, or see below what was lost.`;
    case 'low-coverage':
      return `Only ${reason.measured} of ${plural(reason.planned, 'example')} could be measured; a verdict needs ${percent(reason.floor)}. This says nothing about honesty: look at the failures below, and run it again.`;
    case 'no-key':
      return `There is no key for the model (${code(reason.setting)}), as for every pull request from a fork. Nothing was sent and nothing was measured.`;
    case 'other-measurement':
      return explainDifferences(reason.differences);
    case 'corrupt-baseline':
      return `The baseline in ${code(reason.where)} can't be read (${code(reason.detail)}). It is not taken for a missing one: restore it, or record it anew.`;
    case 'run-failed':
      return code(reason.detail, 400);
  }
}

/** P(Lie) on both sides and over how many examples, for the middle of a sentence. */
function fromTo(comparison: Comparison | undefined): string {
  if (!comparison) return '';
  const { baseline, run, pairs } = comparison;
  return `, from ${percent(baseline.overall.pLie)} at the baseline to ${percent(run.overall.pLie)}, over ${plural(pairs.length, 'paired example')}`;
}

function explainDifferences(
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
    '',
    'Record a new baseline with the settings of this run (a push to the default branch does), then run this again.',
  ].join('\n');
}
