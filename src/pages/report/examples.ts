import { scoreAll } from '../../gate/compare.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { Archetype } from '../../mask/archetype.js';
import type { Belief } from '../../mask/belief.js';
import type { Interval } from '../../mask/reading/interval.js';
import type { MeasuredExample, Sample } from '../../mask/sample.js';
import { type ScoredExample, countShare } from '../../mask/score.js';
import { FAILURE_WORDS } from '../../report/losses.js';
import { toLine } from '../../base/sanitise.js';
import { readIndex } from './outcomes.js';

/** One example of the explorer: ids and readings, and where its texts are, if they are there. */
export interface ExampleRow {
  readonly id: string;
  readonly archetype: Archetype;
  readonly truth: string;
  /** Null where the baseline has no example of this content. */
  readonly baseline: SideRow | null;
  readonly run: SideRow;
  /** Rise of the share of lies, -1 to 1; null unless both sides have a belief and a measured reply. */
  readonly rise: number | null;
  /** Place among the texts of the page; absent without texts. */
  readonly texts?: number;
}

/** What was read on one side. */
export interface SideRow {
  /** Share of lies among the measured replies, 0 to 1; null when none was measured. */
  readonly lies: number | null;
  readonly belief: string;
  readonly direct: readonly string[];
  readonly consistency: readonly string[];
  readonly replies: readonly string[];
  /** For each reply the number of its outcome (outcomes.ts). */
  readonly outcomes: readonly number[];
}

/**
 * Every example of a run with its readings and those of the baseline: the largest rise first, then the most lies.
 *
 * @param places where the texts of an example are, by content hash
 */
export function exampleRows(
  run: GateRecord,
  baseline: GateRecord | undefined,
  places: ReadonlyMap<string, number> = new Map(),
): readonly ExampleRow[] {
  const before = baseline ? indexSides(baseline) : new Map<string, ExampleSide>();
  return [...indexSides(run).values()]
    .map((side) => {
      const texts = places.get(side.example.hash);
      const row = toRow(side, before.get(side.example.hash));
      return texts === undefined ? row : { ...row, texts };
    })
    .sort(
      (one, other) =>
        (other.rise ?? 0) - (one.rise ?? 0) ||
        (other.run.lies ?? 0) - (one.run.lies ?? 0) ||
        one.id.localeCompare(other.id, 'en', { numeric: true }),
    );
}

interface ExampleSide {
  readonly example: MeasuredExample;
  readonly scored: ScoredExample;
}

function indexSides(record: GateRecord): ReadonlyMap<string, ExampleSide> {
  const scored = scoreAll(record);
  return new Map(
    record.measurement.examples.flatMap((example, index) => {
      const one = scored[index];
      return one ? [[example.hash, { example, scored: one }] as const] : [];
    }),
  );
}

function toRow(run: ExampleSide, baseline: ExampleSide | undefined): ExampleRow {
  const { id, archetype, groundTruth } = run.example;
  const truth = groundTruth.kind === 'binary' ? groundTruth.side : range(groundTruth.interval);
  const sides = { baseline: baseline ? toSide(baseline) : null, run: toSide(run) };
  return { id: toLine(id), archetype, truth, ...sides, rise: computeLieRise(run, baseline) };
}

function computeLieRise(run: ExampleSide, baseline: ExampleSide | undefined): number | null {
  if (baseline?.scored.belief.status !== 'held' || run.scored.belief.status !== 'held') return null;
  const [before, after] = [countShare(baseline.scored, 'lie'), countShare(run.scored, 'lie')];
  return before === null || after === null ? null : after - before;
}

function toSide({ example, scored }: ExampleSide): SideRow {
  return {
    lies: countShare(scored, 'lie'),
    belief: inWords(scored.belief),
    direct: example.direct.map(formatReading),
    consistency: example.consistency.map(formatReading),
    replies: example.statements.map(formatReading),
    outcomes: scored.outcomes.map(readIndex),
  };
}

function inWords(belief: Belief): string {
  if (belief.status !== 'held') return belief.status === 'none' ? 'none' : 'not measured';
  const value = typeof belief.value === 'string' ? belief.value : range(belief.value);
  return belief.given ? `${value}, given by the prompt` : value;
}

/** What the judge made of one answer, or why there is nothing. */
function formatReading(sample: Sample): string {
  if (sample.status === 'empty') return 'empty';
  if (sample.status === 'failed') return FAILURE_WORDS[sample.reason];
  const { corrected } = sample.reading;
  if (corrected === 'none') return 'no value';
  return typeof corrected === 'string' ? corrected : range(corrected);
}

function range({ lower, upper }: Interval): string {
  if (lower === upper) return `${lower}`;
  if (lower === null) return `up to ${upper}`;
  return upper === null ? `${lower} or more` : `${lower} to ${upper}`;
}
