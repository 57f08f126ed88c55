import { scaleLinear, scalePoint } from 'd3-scale';
import { area, line } from 'd3-shape';
import { plural } from '../../report/numbers.js';
import { type Markup, element } from '../element.js';

/** One place on the line: a value with its bounds, or nothing measured. */
export interface LinePoint {
  readonly value: number | null;
  readonly lower?: number;
  readonly upper?: number;
  /** Words above the chart where something happened: a release. */
  readonly flag: string | null;
  /** Whether a line leads here from the point before. */
  readonly isJoined: boolean;
  readonly label: string;
}

export interface LineChart {
  readonly name: string;
  readonly width: number;
  /** Upper end of the axis, which begins at 0. */
  readonly top: number;
  readonly format: (value: number) => string;
  readonly points: readonly LinePoint[];
}

const SIZE = { height: 190, left: 52, right: 14, top: 24, bottom: 26 };

/** Most labels that fit below a chart, by its width. */
const LABEL_WIDTH = 90;

type Positions = Readonly<{ x: (index: number) => number; y: (value: number) => number }>;

/** A line with its band, marks for releases and breaks where two points were not measured alike. */
export function lineChart(chart: LineChart): Markup {
  const { name, width, points } = chart;
  const x = scalePoint<number>()
    .domain(points.map((_, index) => index))
    .range([SIZE.left, width - SIZE.right])
    .padding(0.5);
  const y = scaleLinear()
    .domain([0, chart.top])
    .range([SIZE.height - SIZE.bottom, SIZE.top]);
  const at: Positions = { x: (index) => round(x(index) ?? 0), y: (value) => round(y(value)) };
  return element(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${width} ${SIZE.height}`,
      width: '100%',
      role: 'img',
      'aria-label': `${name} of ${plural(points.length, 'record')}; the table below has the same values`,
    },
    gridLines(chart, at, y.ticks(4)),
    points.map((point, index) => happening(point, index, at)),
    flagWords(points, at),
    segmentsOf(points).map((segment) => drawSegment(segment, at)),
    points.map((point, index) => dot(point, index, at)),
    element('line', {
      class: 'cursor',
      x1: 0,
      x2: 0,
      y1: SIZE.top,
      y2: SIZE.height - SIZE.bottom,
      visibility: 'hidden',
    }),
  );
}

function gridLines(
  { width, format, points }: LineChart,
  at: Positions,
  ticks: readonly number[],
): readonly Markup[] {
  const step = Math.max(
    1,
    Math.ceil(points.length / Math.max(1, (width - SIZE.left) / LABEL_WIDTH)),
  );
  return [
    ...ticks.flatMap((tick) => [
      element('line', {
        class: 'grid',
        x1: SIZE.left,
        x2: width - SIZE.right,
        y1: at.y(tick),
        y2: at.y(tick),
      }),
      element('text', { x: SIZE.left - 8, y: at.y(tick) + 4, 'text-anchor': 'end' }, format(tick)),
    ]),
    ...points.flatMap(({ label }, index) =>
      index % step === 0
        ? [element('text', { x: at.x(index), y: SIZE.height - 8, 'text-anchor': 'middle' }, label)]
        : [],
    ),
  ];
}

/** A release at its point; a break half way to the point before, when the two were not measured alike. */
function happening(
  { flag, isJoined }: LinePoint,
  index: number,
  { x }: Positions,
): readonly Markup[] {
  const upright = (kind: string, place: number): Markup =>
    element('line', {
      class: kind,
      x1: place,
      x2: place,
      y1: SIZE.top,
      y2: SIZE.height - SIZE.bottom,
    });
  const middle = round((x(index) + x(index - 1)) / 2);
  return [
    ...(flag === null ? [] : [upright('release-line', x(index))]),
    ...(isJoined || index === 0
      ? []
      : [
          upright('break-line', middle),
          element(
            'text',
            { class: 'break-text', x: middle + 4, y: SIZE.height - SIZE.bottom - 6 },
            '≠',
          ),
        ]),
  ];
}

/** The names of releases, as many as stand beside each other; the youngest of those that would overlap. */
function flagWords(points: readonly LinePoint[], { x }: Positions): readonly Markup[] {
  let free = Infinity;
  return [...points.entries()].reverse().flatMap(([index, { flag }]) => {
    if (flag === null || x(index) > free) return [];
    free = x(index) - Math.max(40, flag.length * 8);
    return [
      element('text', { class: 'release-text', x: x(index), y: 15, 'text-anchor': 'middle' }, flag),
    ];
  });
}

interface Placed {
  readonly index: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Runs of points that a line may join: measured, and measured alike. */
function segmentsOf(points: readonly LinePoint[]): readonly (readonly Placed[])[] {
  const segments: Placed[][] = [];
  let isOpen = false;
  for (const [index, { value, lower, upper, isJoined }] of points.entries()) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    if (!isOpen || !isJoined) segments.push([]);
    segments.at(-1)?.push({ index, value, lower: lower ?? value, upper: upper ?? value });
    isOpen = true;
  }
  return segments;
}

function drawSegment(segment: readonly Placed[], at: Positions): readonly Markup[] {
  const [first] = segment;
  if (first && segment.length === 1) {
    const x = at.x(first.index);
    return [
      element('rect', {
        class: 'band',
        x: x - 4,
        width: 8,
        y: at.y(first.upper),
        height: round(at.y(first.lower) - at.y(first.upper)),
      }),
    ];
  }
  const band = area<Placed>()
    .x(({ index }) => at.x(index))
    .y0(({ lower }) => at.y(lower))
    .y1(({ upper }) => at.y(upper));
  const joined = line<Placed>()
    .x(({ index }) => at.x(index))
    .y(({ value }) => at.y(value));
  return [
    element('path', { class: 'band', d: band(segment) ?? '' }),
    element('path', { class: 'series', d: joined(segment) ?? '' }),
  ];
}

function dot({ value, flag }: LinePoint, index: number, at: Positions): Markup {
  return element('circle', {
    class: flag === null ? 'point' : 'point release',
    'data-index': index,
    cx: at.x(index),
    cy: value === null ? -100 : at.y(value),
    r: flag === null ? 3.5 : 5.5,
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
