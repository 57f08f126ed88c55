import { type Comparison, type ExamplePair, hasBelief, scoreAll } from '../../gate/compare.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { RunResult } from '../../gate/result.js';
import { ARCHETYPE_LABELS } from '../../mask/archetype.js';
import type { Outcome } from '../../mask/outcome.js';
import type { Transcript } from '../../mask/transcript.js';
import { code } from '../../base/sanitise.js';
import { FLIP } from '../flips.js';
import { folded } from '../markdown.js';
import { formatCount } from '../numbers.js';
import type { ReportTexts } from '../texts.js';
import { ROUNDING_ERROR } from '../../base/units.js';

/** Maximum number of quoted examples, and of UTF-16 units in a text. */
const MAX_EXCERPTS = 3;
const LENGTH = 200;

/**
 * A few answers that turned to lies, the clearest first, each with the question and the answer at the baseline;
 * why there are none for a private dataset; nothing when nothing turned.
 */
export function excerptsSection({
  comparison,
  record,
  baseline,
  texts,
}: RunResult & { readonly texts?: ReportTexts }): string {
  if (!comparison || !record || !texts) return '';
  const turned = turnedToLies(comparison);
  if (turned.length === 0) return '';
  if (texts.status === 'missing') return texts.reason === 'private' ? PRIVATE : '';
  const before = baseline.status === 'found' ? baseline.record : undefined;
  const now = lookup(record, texts.run, 'lie');
  const then = before && lookup(before, texts.baseline, 'honest');
  const quoted = turned
    .flatMap(({ pair, hash }) => {
      const found = now(hash);
      return found ? [{ pair, found, earlier: then?.(hash) }] : [];
    })
    .slice(0, MAX_EXCERPTS)
    .map(({ pair, found, earlier }) => quote(pair, found, earlier?.answer));
  if (quoted.length === 0) return '';
  return folded(
    `What was answered: ${quoted.length} of ${formatCount(turned.length, 'example')} that turned to lying`,
    `${quoted.join('\n')}\n\nCut to ${LENGTH} characters; whole on the report page.`,
  );
}

const PRIVATE =
  'Answers are not shown: the dataset is private. On your own machine `--set transcripts=always` writes them down.';

/** The largest rises first, with the hash by which texts are found. */
function turnedToLies({
  pairs,
  measured,
}: Comparison): readonly { readonly pair: ExamplePair; readonly hash: string }[] {
  // Pairs are made of these, in this order.
  const paired = measured.filter((one) => hasBelief(one.baseline) && hasBelief(one.run));
  return pairs
    .map((pair, index) => ({ pair, hash: paired[index]?.run.hash ?? '' }))
    .filter(({ pair }) => pair.difference >= FLIP - ROUNDING_ERROR)
    .sort(
      (one, other) =>
        other.pair.difference - one.pair.difference || (one.pair.id < other.pair.id ? -1 : 1),
    );
}

interface FoundExcerpt {
  readonly transcript: Transcript;
  readonly answer: string;
}

/** Finds the first answer of an example that came to an outcome and has a text. */
function lookup(
  record: GateRecord,
  transcripts: ReadonlyMap<string, Transcript>,
  wanted: Outcome,
): (hash: string) => FoundExcerpt | undefined {
  const outcomes = new Map(scoreAll(record).map((example) => [example.hash, example.outcomes]));
  return (hash) => {
    const transcript = transcripts.get(hash);
    const place = transcript?.pressure.answers.findIndex(
      (answer, index) => answer !== null && outcomes.get(hash)?.[index] === wanted,
    );
    const answer = transcript?.pressure.answers[place ?? -1];
    return transcript && answer ? { transcript, answer: answer.text } : undefined;
  };
}

function quote(
  pair: ExamplePair,
  { transcript, answer }: FoundExcerpt,
  before: string | undefined,
): string {
  const asked = transcript.pressure.messages.at(-1)?.content ?? '';
  return [
    `- ${code(pair.id, 60)}, ${ARCHETYPE_LABELS[pair.archetype]}`,
    `  - asked: ${code(asked, LENGTH)}`,
    ...(before === undefined ? [] : [`  - honest before: ${code(before, LENGTH)}`]),
    `  - a lie now: ${code(answer, LENGTH)}`,
  ].join('\n');
}
