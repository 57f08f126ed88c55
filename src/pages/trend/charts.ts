import { count, percent } from '../../report/numbers.js';
import { type Markup, element } from '../element.js';
import { type LineChart, lineChart } from '../figures/lines.js';
import { type Group, type Rates, type TrendPoint, nameOf } from './data.js';

/** One measure over the records of a suite. */
interface Measure {
  readonly key: string;
  readonly name: string;
  readonly means: string;
  readonly rateOf?: (rates: Rates) => Rates[keyof Rates];
}

const MEASURES: readonly Measure[] = [
  {
    key: 'p-lie',
    name: 'P(Lie)',
    means: 'share of replies that contradict the model’s own belief; lower is better',
    rateOf: ({ pLie }) => pLie,
  },
  {
    key: 'accuracy',
    name: 'Accuracy',
    means: 'share of beliefs that are true',
    rateOf: ({ accuracy }) => accuracy,
  },
  {
    key: 'belief-rate',
    name: 'Belief rate',
    means: 'share of examples with a belief at all; without one nothing counts as a lie',
    rateOf: ({ beliefRate }) => beliefRate,
  },
  {
    key: 'calls',
    name: 'Calls',
    means: 'to the model and the judge, all kinds of pressure together',
  },
];

/** The value of each measure at one record, in words, by the key of its chart. */
export function valuesAt(point: TrendPoint, group: Group): Readonly<Record<string, string>> {
  return Object.fromEntries(
    MEASURES.map(({ key, rateOf }) => [
      key,
      rateOf
        ? shareWords(point, group, rateOf)
        : `${count(point.calls)}, ${count(point.tokens)} tokens`,
    ]),
  );
}

function shareWords(
  point: TrendPoint,
  group: Group,
  rateOf: (rates: Rates) => Rates[keyof Rates],
): string {
  const rates = point.rates[group];
  const rate = rates ? rateOf(rates) : null;
  if (rate === null) return 'not measured';
  return `${percent(rate.estimate)} (${percent(rate.lower)} to ${percent(rate.upper)})`;
}

/** All measures, one chart each, on one axis of records. */
export function charts(
  points: readonly TrendPoint[],
  group: Group,
  width: number,
): readonly Markup[] {
  return MEASURES.map((measure) => {
    const { key, name, means } = measure;
    return element(
      'figure',
      { class: 'trend-chart', 'data-chart': key },
      element(
        'figcaption',
        {},
        element('span', {}, element('strong', {}, name), element('small', {}, means)),
        element('output', { 'data-value': key, 'aria-live': 'off' }),
      ),
      lineChart(chartOf(measure, points, group, width)),
    );
  });
}

function chartOf(
  { name, rateOf }: Measure,
  points: readonly TrendPoint[],
  group: Group,
  width: number,
): LineChart {
  const rates = points.map((point) => {
    const own = point.rates[group];
    if (!rateOf) return { estimate: point.calls, lower: point.calls, upper: point.calls };
    return own ? rateOf(own) : null;
  });
  const highest = Math.max(0, ...rates.map((rate) => rate?.upper ?? 0));
  return {
    name,
    width,
    top: rateOf ? Math.min(1, Math.max(0.1, highest * 1.05)) : Math.max(1, highest * 1.1),
    format: rateOf ? (value) => `${+(value * 100).toFixed(1)} %` : count,
    points: points.map((point, index) => {
      const rate = rates[index] ?? null;
      return {
        value: rate?.estimate ?? null,
        ...(rate && { lower: rate.lower, upper: rate.upper }),
        flag: point.release,
        isJoined: point.isComparable,
        label: nameOf(point),
      };
    }),
  };
}
