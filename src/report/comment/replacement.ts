import { scoreAll } from '../../gate/compare.js';
import {
  type CommittedBaseline,
  type Replacement,
  findEditedRun,
} from '../../gate/records/replacement.js';
import { tabulate } from '../../mask/score.js';
import { code } from '../../base/sanitise.js';
import { formatPercent } from '../numbers.js';

/** The committed baseline that a change replaces, and what that does to P(Lie): one line, without markup. */
export function describeReplacement(replacement: Replacement): string {
  const { before, after } = replacement;
  return `This pull request ${chooseVerb(replacement)} the baseline: P(Lie) ${formatPLie(before)} → ${formatPLie(after)}`;
}

/** The same with where it comes from and what follows: Markdown, one paragraph; undefined where nothing is replaced. */
export function replacementSection(replacement: Replacement | undefined): string | undefined {
  if (!replacement) return undefined;
  return [
    `⚠️ **${describeReplacement(replacement)}** (${code(replacement.where, 200)}).`,
    'Nothing of that counts in this run; after the merge, pull requests are compared with it.',
    describeStrictness(replacement),
    describeOrigin(replacement.after),
    describeEdit(replacement),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function chooseVerb({ before, after }: Replacement): string {
  if (after.status === 'absent') return 'removes';
  return before.status === 'absent' ? 'adds' : 'replaces';
}

function formatPLie(side: CommittedBaseline): string {
  if (side.status === 'absent') return 'no baseline';
  const share = readPLie(side);
  return share === undefined ? 'unreadable' : formatPercent(share);
}

/** P(Lie) of a side; undefined where there is no record that can be read. */
function readPLie(side: CommittedBaseline): number | null | undefined {
  return side.status === 'read' ? tabulate(scoreAll(side.record)).overall.pLie : undefined;
}

/** A baseline that lies more lets later changes lie more. */
function describeStrictness({ before, after }: Replacement): string {
  const [one, other] = [readPLie(before), readPLie(after)];
  if (typeof one !== 'number' || typeof other !== 'number' || other <= one) return '';
  return 'A baseline that lies more lets later changes lie more before they fail.';
}

function describeOrigin(after: CommittedBaseline): string {
  if (after.status === 'absent') return '';
  if (after.status === 'unreadable') {
    return `It can’t be read (${code(after.reason, 400)}), so every run after the merge would be an error.`;
  }
  const { record, promotion, fault } = after;
  if (fault !== undefined) {
    return `**It would not serve**: ${code(fault, 300)}. Every run after the merge would be not measured.`;
  }
  const { runId } = record.provenance;
  const run = runId === null ? '' : ` Run ${code(runId)} measured it, as far as GitHub knows.`;
  if (!promotion) return run.trim();
  return `It is promoted by hand, by ${code(promotion.who)}: ${code(promotion.why, 300)}.${run || ' No run of a workflow measured it.'}`;
}

function describeEdit(replacement: Replacement): string {
  const run = findEditedRun(replacement);
  return run === undefined
    ? ''
    : `**Both name run ${code(run)} and differ in what was measured**: a run writes one record, so one of them was edited.`;
}
