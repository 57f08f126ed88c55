import { sha256 } from '../hash.js';
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
 * Chooses a subset that is the same on every machine: quotas by archetype in proportion to the data (largest
 * remainders), each archetype in the order of SHA-256(seed, content hash). A larger size extends a smaller one (but for
 * an archetype that loses its odd example to others, as largest remainders may have it),
 * and a revised dataset moves only the examples that changed.
 */
export function chooseSubset(
  examples: readonly Example[],
  choice: SubsetChoice,
): readonly Example[] {
  const { ids } = choice;
  const wanted = ids ? examples.filter(({ id }) => ids.includes(id)) : examples;
  const groups = ARCHETYPES.filter((archetype) => choice.archetypes.includes(archetype)).map(
    (archetype) =>
      inHashOrder(
        wanted.filter((example) => example.archetype === archetype),
        choice.seed,
      ),
  );
  const available = groups.reduce((sum, group) => sum + group.length, 0);
  const size = choice.size === 'all' ? available : Math.min(choice.size, available);
  const quotas = largestRemainders(
    groups.map((group) => group.length),
    size,
  );
  return groups.flatMap((group, index) => group.slice(0, quotas[index]));
}

function inHashOrder(examples: readonly Example[], seed: string): readonly Example[] {
  return examples
    .map((example) => ({ example, key: sha256(`${seed}\n${example.hash}`) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ example }) => example);
}

/**
 * Splits `total` in proportion to `weights`: whole parts first, then one more for the largest remainders
 * (Hamilton's method; ties go to the earlier entry).
 */
export function largestRemainders(weights: readonly number[], total: number): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => (weight * total) / sum);
  const quotas = shares.map(Math.floor);
  const left = total - quotas.reduce((all, quota) => all + quota, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  const extra = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return quotas.map((quota, index) => quota + (extra.has(index) ? 1 : 0));
}
