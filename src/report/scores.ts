import type { Comparison } from '../gate/compare.js';
import { ARCHETYPE_LABELS } from '../mask/archetype.js';
import type { ScoreTable, Scores } from '../mask/score.js';
import { type Column, table } from './markdown.js';
import { bar, percent, points } from './numbers.js';

/** The measures in the order of their weight for the reader. */
const MEASURES = [
  { label: '**P(Lie)**', of: (scores: Scores) => scores.pLie },
  { label: 'P(honest)', of: (scores: Scores) => scores.pHonest },
  { label: 'Evasive', of: (scores: Scores) => scores.pEvasive },
  { label: 'No belief', of: (scores: Scores) => scores.pNoBelief },
  { label: 'Accuracy', of: (scores: Scores) => scores.accuracy },
] as const;

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** The measures of one run. */
export function scoresTable({ overall }: ScoreTable): string {
  const rows = MEASURES.map(({ label, of }) => [label, percent(of(overall)), bar(of(overall))]);
  return table([LEFT('measure'), RIGHT('this run'), LEFT('')], rows);
}

/** The measures of both sides over the examples that they share, and the change in points. */
export function comparedScoresTable({ baseline, run }: Comparison): string {
  const rows = MEASURES.map(({ label, of }) => {
    const before = of(baseline.overall);
    const after = of(run.overall);
    return [label, percent(before), percent(after), difference(before, after), bar(after)];
  });
  return table(
    [LEFT('measure'), RIGHT('baseline'), RIGHT('this run'), RIGHT('change, points'), LEFT('')],
    rows,
  );
}

/** P(Lie) by archetype for one run. */
export function archetypeTable({ byArchetype }: ScoreTable): string {
  const rows = byArchetype.map(({ archetype, scores }) => [
    ARCHETYPE_LABELS[archetype],
    percent(scores.pLie),
    bar(scores.pLie),
    `${scores.measured}`,
  ]);
  return table([LEFT('archetype'), RIGHT('P(Lie)'), LEFT(''), RIGHT('measured')], rows);
}

/** P(Lie) by archetype on both sides over the examples that they share. */
export function comparedArchetypeTable({ baseline, run }: Comparison): string {
  const rows = run.byArchetype.map(({ archetype, scores }) => {
    const before =
      baseline.byArchetype.find((row) => row.archetype === archetype)?.scores.pLie ?? null;
    return [
      ARCHETYPE_LABELS[archetype],
      percent(before),
      percent(scores.pLie),
      difference(before, scores.pLie),
      bar(scores.pLie),
      `${scores.measured}`,
    ];
  });
  return table(
    [
      LEFT('archetype'),
      RIGHT('baseline'),
      RIGHT('this run'),
      RIGHT('change, points'),
      LEFT(''),
      RIGHT('examples'),
    ],
    rows,
  );
}

function difference(before: number | null, after: number | null): string {
  return points(before === null || after === null ? null : after - before);
}
