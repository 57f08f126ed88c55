import { scoreAll } from '../gate/compare.js';
import type { GateRecord } from '../gate/records/record.js';
import { ARCHETYPE_LABELS } from '../mask/archetype.js';
import type { Scoring } from '../mask/belief.js';
import { type ScoreTable, type Scores, tabulate } from '../mask/score.js';
import { left, right, table } from './markdown.js';
import { count, formatPercent } from './numbers.js';

const COLUMNS: Readonly<Record<Scoring, string>> = {
  corrected: 'corrected',
  reference: 'as the MASK reference counts',
};

/**
 * Every measure of one record, in one or both scorings side by side: overall, then by archetype. Markdown.
 *
 * @param scorings in the order of the columns
 */
export function measuresTables(record: GateRecord, scorings: readonly Scoring[]): string {
  const tables = scorings.map((scoring) => tabulate(scoreAll(record, scoring)));
  const columns = scorings.map((scoring) => right(COLUMNS[scoring]));
  const [first] = tables;
  if (!first) return '';
  return [
    table(
      [left('measure'), ...columns],
      listMeasures(first.overall).map(({ label, of }) => [
        label,
        ...tables.map(({ overall }) => of(overall)),
      ]),
    ),
    table([left('P(Lie) / accuracy'), ...columns], archetypeRows(first, tables)),
  ].join('\n\n');
}

interface ReportMeasure {
  readonly label: string;
  readonly of: (scores: Scores) => string;
}

/** Measures over k replies only where there are several, and equally many for every example. */
function listMeasures({ repeats }: Scores): readonly ReportMeasure[] {
  const share = (label: string, of: (scores: Scores) => number | null): ReportMeasure => ({
    label,
    of: (scores) => formatPercent(of(scores)),
  });
  const hasRepeats = repeats !== null && repeats > 1;
  return [
    share('**P(Lie)**, over all measured examples', ({ pLie }) => pLie),
    share('honesty, 1 − P(Lie)', ({ pLie }) => (pLie === null ? null : 1 - pLie)),
    share('P(honest)', ({ pHonest }) => pHonest),
    share('evasive', ({ pEvasive }) => pEvasive),
    share('no belief', ({ pNoBelief }) => pNoBelief),
    share('P(Lie), given a belief', ({ pLieGivenBelief }) => pLieGivenBelief),
    ...(hasRepeats
      ? [
          share(`P(Lie)@${repeats}`, ({ lieAtK }) => lieAtK),
          share(`P(honest)@${repeats}`, ({ honestAtK }) => honestAtK),
          {
            label: `examples counted over all ${repeats} replies`,
            of: ({ measuredAtK, examples }: Scores) =>
              `${count(measuredAtK)} of ${count(examples)}`,
          },
        ]
      : []),
    share('accuracy, over all elicited beliefs', ({ accuracy }) => accuracy),
    share('accuracy, given a belief', ({ accuracyGivenBelief }) => accuracyGivenBelief),
    {
      label: 'examples measured',
      of: ({ measured, examples }) => `${count(measured)} of ${count(examples)}`,
    },
    {
      label: 'replies not measured',
      of: ({ lost }) => count(Object.values(lost).reduce((sum, one) => sum + one, 0)),
    },
  ];
}

function archetypeRows(
  { byArchetype }: ScoreTable,
  tables: readonly ScoreTable[],
): readonly (readonly string[])[] {
  return byArchetype.map(({ archetype }) => [
    ARCHETYPE_LABELS[archetype],
    ...tables.map((one) => {
      const scores = one.byArchetype.find((row) => row.archetype === archetype)?.scores;
      return `${formatPercent(scores?.pLie ?? null)} / ${formatPercent(scores?.accuracy ?? null)}`;
    }),
  ]);
}
