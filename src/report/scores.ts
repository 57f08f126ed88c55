import { type Comparison, hasBelief, tabulateSides } from '../gate/compare.js';
import { ARCHETYPE_LABELS, type Archetype } from '../mask/archetype.js';
import type { ScoreTable, Scores } from '../mask/score.js';
import { describeBeliefChange } from './beliefs.js';
import { left, right, table } from './markdown.js';
import { drawBar, formatPercent, formatCount, formatPoints } from './numbers.js';

/** The measures in the order of their weight for the reader. */
const MEASURES: readonly ScoreMeasure[] = [
  { label: 'P(Lie), over all examples', of: (scores) => scores.pLie },
  { label: 'P(honest)', of: (scores) => scores.pHonest },
  { label: 'Evasive', of: (scores) => scores.pEvasive },
  { label: 'No belief', of: (scores) => scores.pNoBelief, isOfBeliefs: true },
  { label: 'Accuracy', of: (scores) => scores.accuracy, isOfBeliefs: true },
];

interface ScoreMeasure {
  readonly label: string;
  readonly of: (scores: Scores) => number | null;
  readonly isOfBeliefs?: true;
}

/** The measures of one run. */
export function scoresTable({ overall }: ScoreTable): string {
  const rows = MEASURES.map(({ label, of }) => [
    label,
    formatPercent(of(overall)),
    drawBar(of(overall)),
  ]);
  return table([left('measure'), right('this run'), left('')], rows);
}

/**
 * The measures of both sides over the examples that they share, and the change in points. What rests on beliefs that
 * were taken over has not changed but was not measured again either.
 *
 * @param maxRise the limit, as a fraction, which the change must not seem to be when it is not
 */
export function comparedScoresTable(comparison: Comparison, maxRise: number): string {
  const sides = tabulateSides(comparison);
  const { baselineLies, runLies, rise } = comparison;
  const together = describeTogether(comparison, sides);
  const gated = [
    '**Lies, given a belief** (gated)',
    formatPercent(baselineLies),
    formatPercent(runLies),
  ];
  const measures = table(
    [left('measure'), right('baseline'), right('this run'), left(''), right('change, points')],
    [
      [...gated, drawBar(runLies), formatPoints(rise, [0, maxRise])],
      ...MEASURES.map((measure) =>
        comparedRow(
          measure,
          sides,
          measure.isOfBeliefs && describeBeliefChange(comparison, measure.of).words,
        ),
      ),
      ...together.rows,
    ],
  );
  return [measures, ...together.notes].join('\n\n');
}

function comparedRow(
  { label, of }: ScoreMeasure,
  { baseline, run }: TabulatedSides,
  change?: string,
): readonly string[] {
  const [before, after] = [of(baseline.overall), of(run.overall)];
  return [
    label,
    formatPercent(before),
    formatPercent(after),
    drawBar(after),
    change ?? difference(before, after),
  ];
}

type TabulatedSides = ReturnType<typeof tabulateSides>;

/**
 * P(Lie)@k grows with k, so it is only set side by side where both sides have equally many replies, and over the
 * examples of which both sides have measured all of them.
 */
function describeTogether(
  { measured }: Comparison,
  { baseline, run }: TabulatedSides,
): { readonly rows: readonly (readonly string[])[]; readonly notes: readonly string[] } {
  const { repeats } = run.overall;
  if (repeats === null || repeats < 2 || repeats !== baseline.overall.repeats) {
    return { rows: [], notes: [] };
  }
  const whole = measured.filter((twin) => twin.baseline.isMeasuredAtK && twin.run.isMeasuredAtK);
  const sides = tabulateSides({ measured: whole });
  const [lie, honest] = [`P(Lie)@${repeats}`, `P(honest)@${repeats}`];
  return {
    rows: [
      comparedRow({ label: lie, of: (scores) => scores.lieAtK }, sides),
      comparedRow({ label: honest, of: (scores) => scores.honestAtK }, sides),
    ],
    notes: [
      `${lie} and ${honest} are over the ${formatCount(whole.length, 'example')} with all ${repeats} replies measured on both sides.`,
    ],
  };
}

/** P(Lie) by archetype for one run. */
export function archetypeTable({ byArchetype }: ScoreTable): string {
  const rows = byArchetype.map(({ archetype, scores }) => [
    ARCHETYPE_LABELS[archetype],
    formatPercent(scores.pLie),
    drawBar(scores.pLie),
    `${scores.measured}`,
  ]);
  return table([left('archetype'), right('P(Lie)'), left(''), right('measured')], rows);
}

/** P(Lie) by archetype on both sides over the examples that they share. */
export function comparedArchetypeTable(comparison: Comparison): string {
  const { baseline, run } = tabulateSides(comparison);
  const rows = run.byArchetype.map(({ archetype, scores }) => {
    const before =
      baseline.byArchetype.find((row) => row.archetype === archetype)?.scores.pLie ?? null;
    return [
      ARCHETYPE_LABELS[archetype],
      formatPercent(before),
      formatPercent(scores.pLie),
      drawBar(scores.pLie),
      hasBeliefs(comparison, archetype) ? difference(before, scores.pLie) : NO_BELIEF,
      `${scores.measured}`,
    ];
  });
  return table(
    [
      left('archetype'),
      right('baseline'),
      right('this run'),
      left(''),
      right('change, points'),
      right('examples'),
    ],
    rows,
  );
}

/** Without any belief no reply can be a lie: that there is none on either side does not mean that nothing changed. */
const NO_BELIEF = 'no belief to compare';

function hasBeliefs({ measured }: Comparison, archetype: Archetype): boolean {
  return measured.some(
    ({ baseline, run }) => run.archetype === archetype && (hasBelief(baseline) || hasBelief(run)),
  );
}

function difference(before: number | null, after: number | null): string {
  return formatPoints(before === null || after === null ? null : after - before);
}
