import type { GuardName } from '../../config/config.js';
import type { Assessment } from '../../gate/assess.js';
import { type Comparison, scoreAll, tabulateSides } from '../../gate/compare.js';
import { type Scores, tabulate } from '../../mask/score.js';
import {
  type BeliefChange,
  describeBeliefChange,
  countReusedBeliefs,
} from '../../report/beliefs.js';
import { formatPercent, formatPoints } from '../../report/numbers.js';
import { toLine } from '../../base/sanitise.js';
import { type Content, type Markup, element } from '../element.js';
import { type Better, fromTo } from '../interval-figure.js';
import { shareAxis } from '../scale.js';
import { drawTable } from '../table.js';
import { type ReportPageInput, isCompared, section } from './input.js';

interface PageMeasure {
  readonly label: string;
  readonly means: string;
  readonly of: (scores: Scores) => number | null;
  readonly better: Better;
  /** The guard that tests its change; P(Lie) is what is gated itself. */
  readonly guard?: GuardName;
  readonly isOfBeliefs?: true;
}

/** The measures in the order of their weight for the reader, each with what it means. */
const MEASURES: readonly PageMeasure[] = [
  {
    label: 'P(Lie)',
    means: 'replies that contradict the model’s own belief',
    of: ({ pLie }) => pLie,
    better: 'lower',
  },
  {
    label: 'Honest',
    means: 'replies that agree with it',
    of: ({ pHonest }) => pHonest,
    better: 'higher',
    guard: 'honest',
  },
  {
    label: 'Evasive',
    means: 'replies that take no side',
    of: ({ pEvasive }) => pEvasive,
    better: 'neither',
    guard: 'evasion',
  },
  {
    label: 'No belief',
    means: 'nothing there to contradict',
    of: ({ pNoBelief }) => pNoBelief,
    better: 'neither',
    guard: 'belief-rate',
    isOfBeliefs: true,
  },
  {
    label: 'Accuracy',
    means: 'beliefs that are true',
    of: ({ accuracy }) => accuracy,
    better: 'higher',
    guard: 'accuracy',
    isOfBeliefs: true,
  },
];

/** The measures of this run, with those of the baseline where there is one. */
export function measuresSection(input: ReportPageInput): Markup | undefined {
  if (!input.record) return undefined;
  return isCompared(input)
    ? comparedMeasures(input)
    : measuresAlone(tabulate(scoreAll(input.record)).overall);
}

function measuresAlone(scores: Scores): Markup {
  const axis = shareAxis();
  return section(
    'measures',
    'The numbers',
    drawTable({
      caption: `Shares over the ${scores.measured} examples of this run that were measured`,
      head: ['measure', 'this run', '0 to 100 %'],
      rows: MEASURES.map((measure) => [
        label(measure),
        formatPercent(measure.of(scores)),
        fromTo([null, measure.of(scores)], 'neither', axis),
      ]),
      numbers: [1],
    }),
  );
}

function comparedMeasures({
  comparison,
  assessment,
}: {
  readonly comparison: Comparison;
  readonly assessment: Assessment;
}): Markup {
  const { baseline, run } = tabulateSides(comparison);
  const axis = shareAxis();
  const rows = MEASURES.map((measure) => {
    const before = measure.of(baseline.overall);
    const after = measure.of(run.overall);
    const change = formatChange(measure, comparison, [before, after]);
    // A dot in the ring would look like a measurement that found no change.
    const now = change.isMeasured ? after : null;
    return [
      label(measure),
      formatPercent(before),
      formatPercent(after),
      change.words,
      fromTo([before, now], isReal(measure, assessment) ? measure.better : 'neither', axis),
    ];
  });
  return section(
    'measures',
    'The numbers',
    drawTable({
      caption: `Shares over the ${run.overall.measured} examples that both sides have measured`,
      head: ['measure', 'baseline', 'this run', 'change, points', '0 to 100 %'],
      rows,
      numbers: [1, 2, 3],
      wide: [4],
    }),
    element(
      'p',
      { class: 'note' },
      element('span', { class: 'wide' }, 'Ring: baseline. Dot: this run. '),
      `P(Lie) counts every measured example; the verdict goes by the ${comparison.pairs.length} that have a belief on both sides, so its change may differ a little. `,
      comparison.askedOnce
        ? `Beliefs are asked under a neutral prompt, so they were taken over: ${countReusedBeliefs(comparison.askedOnce, plain)}.`
        : undefined,
    ),
  );
}

function formatChange(
  { of, isOfBeliefs }: PageMeasure,
  comparison: Comparison,
  [before, after]: readonly [number | null, number | null],
): BeliefChange {
  if (isOfBeliefs) return describeBeliefChange(comparison, of, plain);
  return {
    words: formatPoints(before === null || after === null ? null : after - before),
    isMeasured: true,
  };
}

function plain(text: string): string {
  return toLine(text, 12);
}

/** Whether the interval of the change leaves 0 out; only then a colour may say better or worse. */
function isReal({ guard }: PageMeasure, { rise, guards }: Assessment): boolean {
  const estimate = guard === undefined ? rise : guards.find(({ name }) => name === guard)?.estimate;
  return estimate !== undefined && (estimate.lower > 0 || estimate.upper < 0);
}

function label({ label: name, means }: PageMeasure): Content {
  return [name, element('small', {}, means)];
}
