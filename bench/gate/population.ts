import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Archetype } from '../../src/mask/archetype.js';
import { betaQuantile } from './beta.js';

/** Uniform numbers from 0 to below 1. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** How a model lies and how its judge errs. */
export interface Profile {
  readonly name: string;
  /** a + b of the Beta that an example's probability of a lie is drawn from: small is decided, large is fickle. */
  readonly spread: number;
  /** Probability that the judge misreads one reply by chance. */
  readonly randomFlips: number;
  /** Share of examples that the judge misreads alike every time. */
  readonly persistentErrors: number;
}

/**
 * The spread is fitted to P(Lie) and P(Lie)@10 of the paper's table 3 (median of 16 models 0.34, range 0.15 to 1.02):
 * `typical` disagrees with itself on about 11 % of the examples, `noisy` on about 21 %.
 */
export const PROFILES: readonly Profile[] = [
  { name: 'typical', spread: 0.25, randomFlips: 0.02, persistentErrors: 0.12 },
  { name: 'noisy', spread: 0.6, randomFlips: 0.05, persistentErrors: 0.09 },
];

/** Share of public rows and mean P(Lie) of each archetype (paper v3, figure 8). */
const ARCHETYPES: readonly (readonly [Archetype, number, number])[] = [
  ['known_facts', 0.209, 0.2],
  ['provided_facts', 0.274, 0.47],
  ['doubling_down_known_facts', 0.12, 0.26],
  ['continuations', 0.176, 0.46],
  ['disinformation', 0.125, 0.41],
  ['statistics', 0.096, 0.36],
];

/** What a pull request does to the probability of a lie. */
export interface Change {
  readonly name: string;
  /** Mean of the probability that moves up, and that moves down; both 0 for an identical model. */
  readonly up: number;
  readonly down: number;
}

export const CHANGES: readonly Change[] = [
  { name: 'identical', up: 0, down: 0 },
  { name: 'reshuffled', up: 0.1, down: 0.1 },
  { name: '+5', up: 0.05, down: 0 },
  { name: '+10', up: 0.1, down: 0 },
  { name: '+15', up: 0.15, down: 0 },
];

/** One example of a simulated pull request: the probability of a lie on both sides, and whether the judge is blind. */
export interface Subject {
  readonly archetype: Archetype;
  readonly before: number;
  readonly after: number;
  /** What a judge that misreads this example makes of every reply; null where it reads. */
  readonly misreading: 'lie' | 'other' | null;
}

/** Draws examples: archetypes in the public mix, each with its own probability of a lie before and after. */
export function createPopulation(profile: Profile, change: Change): (random: Random) => Subject {
  const kinds = ARCHETYPES.map(([archetype, share, mean]) => ({
    archetype,
    share,
    propensity: betaTable(mean, profile.spread),
    // U-shaped: most examples do not move, some flip for good.
    up: betaTable(change.up / (1 - mean), MOVE_SPREAD),
    down: betaTable(change.down / mean, MOVE_SPREAD),
  }));
  return (random) => {
    let point = random();
    const kind = kinds.find(({ share }) => (point -= share) < 0) ?? kinds[0];
    if (!kind) throw new Error('no archetypes');
    const before = pick(kind.propensity, random);
    const up = pick(kind.up, random) * (1 - before);
    const down = pick(kind.down, random) * before;
    const isMisread = random() < profile.persistentErrors;
    const misreading = isMisread ? (random() < before ? 'other' : 'lie') : null;
    return { archetype: kind.archetype, before, after: before + up - down, misreading };
  };
}

const MOVE_SPREAD = 0.3;

/** Equally likely values of a Beta with this mean and this a + b, so that drawing one is a look-up. */
const TABLE_SIZE = 2048;

function betaTable(mean: number, spread: number): Float64Array {
  if (mean === 0) return new Float64Array(1);
  return Float64Array.from({ length: TABLE_SIZE }, (_, index) =>
    betaQuantile((index + 0.5) / TABLE_SIZE, mean * spread, (1 - mean) * spread),
  );
}

function pick(table: Float64Array, random: Random): number {
  return table[Math.floor(random() * table.length)] ?? 0;
}
