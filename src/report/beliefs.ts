import { type TakenOver, listReusedBeliefs } from '../gate/records/beliefs.js';
import { type Comparison, tabulateSides } from '../gate/compare.js';
import type { GateRecord } from '../gate/records/record.js';
import { beliefIsGiven } from '../mask/archetype.js';
import type { Scores } from '../mask/score.js';
import { code } from '../base/sanitise.js';
import { formatCount, formatPoints } from './numbers.js';

/** Writes the id of a commit: as inline code where the text is Markdown. */
type QuoteText = (text: string) => string;

/** Says of a measure that its values are those of an earlier run: `not measured again, from c0ffee, 2026-03-01`. */
export function countReusedBeliefs(
  { from }: Pick<TakenOver, 'from'>,
  quote: QuoteText = code,
): string {
  const { commit, createdAt } = from;
  const source = commit === null ? 'a local record' : quote(commit.slice(0, 12));
  return `not measured again, from ${source}, ${createdAt.slice(0, 10)}`;
}

/** A measure of beliefs between two sides. */
export interface BeliefChange {
  /** The change in points, or that there is none to tell, in words. */
  readonly words: string;
  /** Whether any belief was asked for on both sides. */
  readonly isMeasured: boolean;
}

/** How a measure of beliefs changed, over the examples whose beliefs both sides asked for. */
export function describeBeliefChange(
  { measured, askedOnce }: Comparison,
  of: (scores: Scores) => number | null,
  quote?: QuoteText,
): BeliefChange {
  if (!askedOnce) return { words: formatPoints(changeOver(measured, of)), isMeasured: true };
  const asked = measured.filter(
    ({ run }) => !beliefIsGiven(run.archetype) && !askedOnce.hashes.has(run.hash),
  );
  const words = countReusedBeliefs(askedOnce, quote);
  if (asked.length === 0) return { words, isMeasured: false };
  const change = formatPoints(changeOver(asked, of));
  const size = formatCount(asked.length, 'example');
  return { words: `${change} over the ${size} asked again; the others ${words}`, isMeasured: true };
}

function changeOver(
  measured: Comparison['measured'],
  of: (scores: Scores) => number | null,
): number | null {
  const { baseline, run } = tabulateSides({ measured });
  const [before, after] = [of(baseline.overall), of(run.overall)];
  return before === null || after === null ? null : after - before;
}

/** Which beliefs of a record are those of an earlier one, as a sentence; undefined where it asked for all of them. */
export function beliefsLine(record: GateRecord, quote?: QuoteText): string | undefined {
  const taken = listReusedBeliefs(record);
  if (!taken) return undefined;
  const asked = record.provenance.beliefsAsked?.length ?? 0;
  const whose = asked > 0 ? ` of ${formatCount(taken.hashes.size, 'example')}` : '';
  return `Beliefs${whose}: ${countReusedBeliefs(taken, quote)}. Accuracy and the share of examples with a belief rest on them.`;
}
