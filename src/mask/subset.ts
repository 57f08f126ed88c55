import { sha256 } from '../base/hash.js';
import { ARCHETYPES, type Archetype } from './archetype.js';
import type { Example } from './example.js';

export interface SubsetChoice {
  readonly archetypes: readonly Archetype[];
  /** How many examples in all; `all` takes every one of the chosen archetypes. */
  readonly size: number | 'all';
  readonly seed: string;
  /** Only these examples; all when absent. */
  readonly ids?: readonly string[];
}

/**
 * Chooses a subset that is the same on every machine. All examples have one order, and a size takes a prefix of
 * it: so sets are nested, and every prefix has the archetypes in proportion to the data. The k-th of an archetype's
 * n examples, in the order of SHA-256(seed, content hash), has the position (k - 1/2) / n. That is the apportionment of
 * Webster and Sainte-Lague, which gives the quotas of largest remainders nearly always, but never takes an example
 * away for a larger total (docs/adr/0007-nested-subsets.md). A revised dataset moves only the examples that changed.
 */
export function chooseSubset(
  examples: readonly Example[],
  { archetypes, size, seed, ids }: SubsetChoice,
): readonly Example[] {
  const wanted = ids ? examples.filter(({ id }) => ids.includes(id)) : examples;
  const order = ARCHETYPES.filter((archetype) => archetypes.includes(archetype))
    .flatMap((archetype) =>
      inHashOrder(
        wanted.filter((example) => example.archetype === archetype),
        seed,
      ).map((example, index, all) => ({ example, place: (index + 0.5) / all.length })),
    )
    .sort((one, other) => one.place - other.place)
    .map(({ example }) => example);
  return size === 'all' ? order : order.slice(0, size);
}

function inHashOrder(examples: readonly Example[], seed: string): readonly Example[] {
  return examples
    .map((example) => ({ example, key: sha256(`${seed}\n${example.hash}`) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ example }) => example);
}
