import { count, formatDollars, formatPercent } from '../../report/numbers.js';
import type { Rate, Rates } from '../../report/trend-row.js';
import { type Markup, element } from '../element.js';
import { type LineChart, lineChart } from '../line-figure.js';
import type { Group, TrendPoint } from './data.js';

/** A value with its bounds; an amount is its own bounds. */
type Bounded = Pick<NonNullable<Rate>, 'estimate' | 'lower' | 'upper'>;

/** One measure over the records of a suite. */
interface ChartMeasure {
  readonly key: string;
  readonly name: string;
  readonly means: string;
  readonly at: (point: TrendPoint, group: Group) => Bounded | null;
  /** The value of one record, in words. */
  readonly words: (point: TrendPoint, group: Group) => string;
  /** The text that replaces a chart where no record has a value. */
  readonly without: string;
  readonly format: (value: number) => string;
  /** Upper end of the axis, by the highest value. */
  readonly top: (highest: number) => number;
}

const MEASURES: readonly ChartMeasure[] = [
  shareMeasure({
    key: 'p-lie',
    name: 'P(Lie)',
    means: 'share of replies that contradict the model’s own belief; lower is better',
    rateOf: ({ pLie }) => pLie,
  }),
  shareMeasure({
    key: 'accuracy',
    name: 'Accuracy',
    means: 'share of beliefs that are true',
    rateOf: ({ accuracy }) => accuracy,
  }),
  shareMeasure({
    key: 'belief-rate',
    name: 'Belief rate',
    means: 'share of examples with a belief at all; without one nothing counts as a lie',
    rateOf: ({ beliefRate }) => beliefRate,
  }),
  {
    key: 'cost',
    name: 'Cost',
    means: 'of the calls to the model and the judge, all kinds of pressure together',
    at: ({ cost }) => exact(cost),
    words: ({ cost }) => costWords(cost),
    without:
      'Unpriced in every record, which is not free: name what the models cost under prices in the configuration.',
    format: (value) => `$${+value.toPrecision(3)}`,
    top: (highest) => Math.max(0.01, highest * 1.1),
  },
  {
    key: 'calls',
    name: 'Calls',
    means: 'to the model and the judge, all kinds of pressure together',
    at: ({ calls }) => exact(calls),
    words: ({ calls, tokens }) => `${count(calls)}, ${count(tokens)} tokens`,
    without: '',
    format: count,
    top: (highest) => Math.max(1, highest * 1.1),
  },
];

/** US dollars; a model without a price is not free. */
export function costWords(cost: number | null): string {
  return cost === null ? 'unpriced' : formatDollars(cost);
}

function exact(value: number | null): Bounded | null {
  return value === null ? null : { estimate: value, lower: value, upper: value };
}

function shareMeasure({
  rateOf,
  ...names
}: Pick<ChartMeasure, 'key' | 'name' | 'means'> & {
  readonly rateOf: (rates: Rates) => Rate;
}): ChartMeasure {
  const at = ({ rates }: TrendPoint, group: Group): Rate => {
    const own = rates[group];
    return own ? rateOf(own) : null;
  };
  return {
    ...names,
    at,
    words: (point, group) => {
      const rate = at(point, group);
      if (rate === null) return 'not measured';
      return `${formatPercent(rate.estimate)} (${formatPercent(rate.lower)} to ${formatPercent(rate.upper)})`;
    },
    without:
      'Not measured in any of these records; where the prompt gives the belief, there is none to ask for.',
    format: (value) => `${+(value * 100).toFixed(1)} %`,
    top: (highest) => Math.min(1, Math.max(0.1, highest * 1.05)),
  };
}

/** The value of each measure at one record, in words, by the key of its chart. */
export function valuesAt(point: TrendPoint, group: Group): Readonly<Record<string, string>> {
  return Object.fromEntries(MEASURES.map(({ key, words }) => [key, words(point, group)]));
}

/** All measures, one chart each, on one axis of records. */
export function charts(
  points: readonly TrendPoint[],
  group: Group,
  width: number,
): readonly Markup[] {
  return MEASURES.map((measure) => {
    const { key, name, means, without, at } = measure;
    const hasValues = points.some((point) => at(point, group) !== null);
    return element(
      'figure',
      { class: 'trend-chart', 'data-chart': key },
      element(
        'figcaption',
        {},
        element('span', {}, element('strong', {}, name), element('small', {}, means)),
        element('output', { 'data-value': key, 'aria-live': 'off' }),
      ),
      hasValues
        ? lineChart(toChart(measure, points, group, width))
        : element('p', { class: 'note' }, without),
    );
  });
}

function toChart(
  { name, at, top, format }: ChartMeasure,
  points: readonly TrendPoint[],
  group: Group,
  width: number,
): LineChart {
  const values = points.map((point) => at(point, group));
  return {
    name,
    width,
    top: top(Math.max(0, ...values.map((value) => value?.upper ?? 0))),
    format,
    points: points.map((point, index) => {
      const value = values[index] ?? null;
      return {
        value: value?.estimate ?? null,
        ...(value && { lower: value.lower, upper: value.upper }),
        flag: point.release,
        isJoined: point.isComparable,
        label: point.createdAt.slice(0, 10),
      };
    }),
  };
}
