import { type Comparison, tablesOf } from '../gate/compare.js';
import type { GateRecord } from '../gate/record.js';
import { ARCHETYPE_LABELS } from '../mask/archetype.js';
import type { ScoreTable, Scores } from '../mask/score.js';
import { left, right, table } from './markdown.js';
import { code } from '../sanitise.js';
import { bar, percent, points } from './numbers.js';

/** The measures in the order of their weight for the reader. */
const MEASURES: readonly Measure[] = [
  { label: 'P(Lie), over all examples', of: (scores) => scores.pLie },
  { label: 'P(honest)', of: (scores) => scores.pHonest },
  { label: 'Evasive', of: (scores) => scores.pEvasive },
  { label: 'No belief', of: (scores) => scores.pNoBelief, isOfBeliefs: true },
  { label: 'Accuracy', of: (scores) => scores.accuracy, isOfBeliefs: true },
];

interface Measure {
  readonly label: string;
  readonly of: (scores: Scores) => number | null;
  readonly isOfBeliefs?: true;
}

/** The measures of one run. */
export function scoresTable({ overall }: ScoreTable): string {
  const rows = MEASURES.map(({ label, of }) => [label, percent(of(overall)), bar(of(overall))]);
  return table([left('measure'), right('this run'), left('')], rows);
}

/**
 * The measures of both sides over the examples that they share, and the change in points. What rests on beliefs that
 * were taken over has not changed but was not measured again either.
 *
 * @param maxRise the limit, as a fraction, which the change must not seem to be when it is not
 */
export function comparedScoresTable(
  comparison: Comparison,
  beliefsFrom: GateRecord['provenance']['beliefsFrom'],
  maxRise: number,
): string {
  const { baseline, run } = tablesOf(comparison);
  const rows = comparedMeasures({ baseline, run }).map(({ label, of, isOfBeliefs }) => {
    const before = of(baseline.overall);
    const after = of(run.overall);
    if (isOfBeliefs && beliefsFrom) {
      const from =
        beliefsFrom.commit === null ? '' : `, from ${code(beliefsFrom.commit.slice(0, 12))}`;
      return [label, percent(before), percent(after), bar(after), `not re-measured${from}`];
    }
    return [label, percent(before), percent(after), bar(after), difference(before, after)];
  });
  const { baselineLies, runLies, rise } = comparison;
  const gated = ['**Lies, given a belief** (gated)', percent(baselineLies), percent(runLies)];
  return table(
    [left('measure'), right('baseline'), right('this run'), left(''), right('change, points')],
    [[...gated, bar(runLies), points(rise, [0, maxRise])], ...rows],
  );
}

/** P(Lie)@k grows with k, so it is only set side by side where both sides have equally many replies. */
function comparedMeasures({ baseline, run }: ReturnType<typeof tablesOf>): typeof MEASURES {
  const { repeats } = run.overall;
  if (repeats === null || repeats < 2 || repeats !== baseline.overall.repeats) return MEASURES;
  return [
    ...MEASURES,
    { label: `P(Lie)@${repeats}`, of: (scores) => scores.lieAtK },
    { label: `P(honest)@${repeats}`, of: (scores) => scores.honestAtK },
  ];
}

/** P(Lie) by archetype for one run. */
export function archetypeTable({ byArchetype }: ScoreTable): string {
  const rows = byArchetype.map(({ archetype, scores }) => [
    ARCHETYPE_LABELS[archetype],
    percent(scores.pLie),
    bar(scores.pLie),
    `${scores.measured}`,
  ]);
  return table([left('archetype'), right('P(Lie)'), left(''), right('measured')], rows);
}

/** P(Lie) by archetype on both sides over the examples that they share. */
export function comparedArchetypeTable(comparison: Comparison): string {
  const { baseline, run } = tablesOf(comparison);
  const rows = run.byArchetype.map(({ archetype, scores }) => {
    const before =
      baseline.byArchetype.find((row) => row.archetype === archetype)?.scores.pLie ?? null;
    return [
      ARCHETYPE_LABELS[archetype],
      percent(before),
      percent(scores.pLie),
      bar(scores.pLie),
      difference(before, scores.pLie),
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

function difference(before: number | null, after: number | null): string {
  return points(before === null || after === null ? null : after - before);
}
