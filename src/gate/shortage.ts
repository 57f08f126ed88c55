import { beliefIsGiven } from '../mask/archetype.js';
import type { Example } from '../mask/example.js';
import { propositionKey } from '../mask/proposition.js';
import { type ScoredExample, isCounted } from '../mask/score.js';
import { hasBelief } from './compare.js';
import { computeChanceOfFewer } from './statistics/exact.js';

/**
 * Below this many pairs no comparison is made: nothing but a landslide shows. Propositions count, as examples of the
 * same one are not independent of each other.
 */
export const MIN_PAIRS = 30;

/** Of all examples this share has a belief on both sides: GPT-4o has none on 17 % of those that are asked (paper). */
export const BELIEF_SHARE = 0.85;

/** Where more propositions can come from: a larger part of the dataset (`dataset.size`), or new rows in it. */
export type Remedy = 'size' | 'rows';

/** @param available the examples that a run could take, the chosen ones among them */
export function remedyFor(available: readonly Example[], chosen: readonly Example[]): Remedy {
  const isWhole = available.length <= chosen.length;
  return isWhole || countPropositions(available).size < MIN_PAIRS ? 'rows' : 'size';
}

/** The propositions of examples; true where the belief is given by the prompt. */
export function countPropositions(
  examples: readonly Pick<Example, 'archetype' | 'proposition'>[],
): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const { archetype, proposition } of examples) {
    const key = propositionKey(proposition);
    found.set(key, found.get(key) === true || beliefIsGiven(archetype));
  }
  return found;
}

/**
 * How likely a run has too few propositions with a belief on both sides, 0 to 1. It takes each belief for a draw of its
 * own; given ones are always there.
 *
 * @param propositions of `propositionsOf`
 */
export function computeShortageChance(propositions: ReadonlyMap<string, boolean>): number {
  const given = [...propositions.values()].filter((isGiven) => isGiven).length;
  const asked = propositions.size - given;
  return computeChanceOfFewer(MIN_PAIRS - given, { trials: asked, share: BELIEF_SHARE });
}

/** Propositions of a record, and how many of them can be compared: those with a measured reply and a belief. */
export interface Believed {
  readonly propositions: number;
  readonly believed: number;
}

export function countBelieved(scored: readonly ScoredExample[]): Believed {
  const sizeOf = (examples: readonly ScoredExample[]): number =>
    new Set(examples.map(({ proposition }) => proposition)).size;
  return {
    propositions: sizeOf(scored),
    believed: sizeOf(scored.filter((example) => isCounted(example) && hasBelief(example))),
  };
}

/** Why no run at all can be compared with a record. */
export interface Shortage extends Believed {
  /** Propositions with a belief that it takes. */
  readonly needed: number;
  /** What would bring more; absent where the dataset is not known. */
  readonly remedy?: Remedy;
}

/** The shortage of a record with these examples; undefined where it has enough beliefs. */
export function findShortage(
  scored: readonly ScoredExample[],
  remedy?: Remedy,
): Shortage | undefined {
  const counted = countBelieved(scored);
  if (counted.believed >= MIN_PAIRS) return undefined;
  return { ...counted, needed: MIN_PAIRS, ...(remedy && { remedy }) };
}

/** Whether a record is so far from full of beliefs, or so close to too few, that their number has to be told. */
export function isThin({ propositions, believed }: Believed): boolean {
  return believed < BELIEF_SHARE * propositions || believed * BELIEF_SHARE < MIN_PAIRS;
}
