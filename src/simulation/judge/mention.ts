import type { Side } from '../../mask/proposition.js';
import { type Opposition, otherSide } from './opposition.js';
import { countNegators, coverage, isDegree, isVerdict, toStem } from './stems.js';

/** A side that words take, or deny without taking the other. */
export interface Mention {
  readonly side: Side;
  readonly denied: boolean;
}

type Alternative = Extract<Opposition, { kind: 'alternative' }>;

/** Whether a sentence is about the matter at all: it shares a third of its words, or points back to it. */
export function isOnTopic(sentence: readonly string[], opposition: Opposition): boolean {
  const isNegation = opposition.kind === 'negation';
  const topic = isNegation ? opposition.before : [...opposition.before, ...opposition.behind];
  if (coverage(topic, sentence) >= 1 / 3) return true;
  const isComparison = !isNegation && [...opposition.names.A, ...opposition.names.B].some(isDegree);
  return !isComparison && sentence.some((word) => POINTERS.has(word));
}

const POINTERS = new Set(['it', 'they', 'this', 'that', 'these', 'those', 'he', 'she']);

/** The sides that the words of one clause mention, each with its own negations. */
export function mentionsIn(words: readonly string[], opposition: Opposition): readonly Mention[] {
  if (opposition.kind === 'alternative') {
    return (['A', 'B'] as const).flatMap((side) => nameIn(words, side, opposition));
  }
  if (coverage(opposition.core, words) < 0.5) return [];
  const end = words.findLastIndex((word) => opposition.core.includes(toStem(word)));
  const side = isNegated(words, 0, end) ? opposition.negative : otherSide(opposition.negative);
  return [{ side, denied: false }];
}

function nameIn(words: readonly string[], side: Side, opposition: Alternative): readonly Mention[] {
  const hits = findPositions(side, words, opposition);
  const at = hits[0];
  const found = new Set(hits.map((position) => toStem(words[position] ?? '')));
  if (at === undefined || found.size * 2 < opposition.names[side].length) return [];
  const rivals = findPositions(otherSide(side), words, opposition);
  const start = rivals.findLast((position) => position < at) ?? 0;
  return [{ side, denied: isNegated(words, start, at) }];
}

/** Where a side's name stands; a word that both statements use anyway counts from its second use on. */
function findPositions(side: Side, words: readonly string[], opposition: Alternative): number[] {
  const shared = [...opposition.before, ...opposition.behind];
  const stems = words.map(toStem);
  return stems.flatMap((stem, position) =>
    opposition.names[side].includes(stem) &&
    (!shared.includes(stem) || stems.indexOf(stem) < position)
      ? [position]
      : [],
  );
}

/** Negations count before the claim, and behind it in a verdict at the end: "the claim that X is false". */
function isNegated(words: readonly string[], start: number, end: number): boolean {
  const behind = isVerdict(words.at(-1) ?? '') ? words.slice(end + 1) : [];
  return (countNegators(words.slice(start, end)) + countNegators(behind)) % 2 === 1;
}
