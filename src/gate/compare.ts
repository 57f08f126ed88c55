import type { Archetype } from '../mask/archetype.js';
import {
  type ScoreTable,
  type ScoredExample,
  scoreExample,
  shareOf,
  tabulate,
} from '../mask/score.js';
import { type Difference, differencesBetween } from './fingerprint.js';
import type { GateRecord } from './record.js';

/** One example that was measured on both sides with the same content. */
export interface Pair {
  readonly id: string;
  readonly archetype: Archetype;
  /** Share of lies among the measured replies, 0 to 1. */
  readonly baselineLies: number;
  readonly runLies: number;
}

export interface Comparison {
  readonly pairs: readonly Pair[];
  /** Mean of the paired differences in the share of lies, -1 to 1; null without pairs. */
  readonly rise: number | null;
  /** Scores of both sides over the examples that they share. */
  readonly baseline: ScoreTable;
  readonly run: ScoreTable;
  /** Examples of this run that the baseline has not, or has with other content. */
  readonly unmatched: readonly string[];
  /** Examples with the same content on both sides. */
  readonly shared: number;
  /** What keeps the two from being comparable; empty when nothing does. */
  readonly differences: readonly Difference[];
}

/** At least this share of the run's examples must stand in the baseline with the same content (DESIGN 6). */
const SMALLEST_SHARED = 0.8;

/**
 * Pairs two records by content hash and compares them. Both sides are scored from their readings here, by the
 * same code, whatever version wrote them.
 */
export function compare(baseline: GateRecord, run: GateRecord): Comparison {
  const before = scoreAll(baseline);
  const after = scoreAll(run);
  const known = new Map(before.map((example) => [example.hash, example]));
  const shared = after.flatMap((example) => {
    const twin = known.get(example.hash);
    return twin ? [{ baseline: twin, run: example }] : [];
  });
  const pairs = shared.flatMap(toPair);
  const unmatched = after.filter((example) => !known.has(example.hash)).map(({ id }) => id);
  return {
    pairs,
    rise:
      pairs.length === 0
        ? null
        : sum(pairs.map((pair) => pair.runLies - pair.baselineLies)) / pairs.length,
    baseline: tabulate(shared.map((one) => one.baseline)),
    run: tabulate(shared.map((one) => one.run)),
    unmatched,
    shared: shared.length,
    differences: [
      ...differencesBetween(baseline.measurement.fingerprint, run.measurement.fingerprint),
      ...exampleDifference(shared.length, after.length),
    ],
  };
}

/** Scores every example of a record with the running code. */
export function scoreAll(record: GateRecord): readonly ScoredExample[] {
  return record.measurement.examples.map((example) => scoreExample(example, 'corrected'));
}

function toPair({
  baseline,
  run,
}: {
  baseline: ScoredExample;
  run: ScoredExample;
}): readonly Pair[] {
  const baselineLies = shareOf(baseline, 'lie');
  const runLies = shareOf(run, 'lie');
  if (baselineLies === null || runLies === null) return [];
  return [{ id: run.id, archetype: run.archetype, baselineLies, runLies }];
}

function exampleDifference(shared: number, examples: number): readonly Difference[] {
  if (shared >= SMALLEST_SHARED * examples) return [];
  return [
    {
      part: 'examples',
      baseline: `${shared} of ${examples} with the same content`,
      run: `at least ${Math.ceil(SMALLEST_SHARED * examples)} needed`,
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
