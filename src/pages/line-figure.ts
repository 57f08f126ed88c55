import { scaleLinear, scalePoint } from 'd3-scale';
import { area, line } from 'd3-shape';
import { formatCount } from '../report/numbers.js';
import { type Markup, element } from './element.js';

/** One place on the line: a value with its bounds, or nothing measured. */
interface LinePoint {
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

/** Maximum number of labels below a chart, by its width. */
const LABEL_WIDTH = 90;

/** Letters of a release's name above a chart. */
const MAX_FLAG_LENGTH = 16;

/** Of the line of a release whose name has no room. */
const SHORT = 8;

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
  const flags = placeFlags(points, width, (index) => x(index) ?? 0);
  const named = new Set(flags.map(({ index }) => index));
  const at: Positions = { x: (index) => round(x(index) ?? 0), y: (value) => round(y(value)) };
  return element(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${width} ${SIZE.height}`,
      width: '100%',
      role: 'img',
      'aria-label': `${name} of ${formatCount(points.length, 'record')}; the table below has the same values`,
    },
    gridLines(chart, at, y.ticks(4)),
    points.map((point, index) => happening(point, index, { at, isNamed: named.has(index) })),
    flags.map(({ text, middle }) =>
      element('text', { class: 'release-text', x: middle, y: 15, 'text-anchor': 'middle' }, text),
    ),
    splitSegments(points).map((segment) => drawSegment(segment, at)),
    points.map((point, index) => dot(point, index, { at, size: dotSize(chart) })),
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
      index % step === 0 && at.x(index) + computeHalfWidth(label) <= width
        ? [element('text', { x: at.x(index), y: SIZE.height - 8, 'text-anchor': 'middle' }, label)]
        : [],
    ),
  ];
}

/** A release at its point, short where its name has no room; a break half way to a point that was measured otherwise. */
function happening(
  { flag, isJoined }: LinePoint,
  index: number,
  { at: { x }, isNamed }: { readonly at: Positions; readonly isNamed: boolean },
): readonly Markup[] {
  const bottom = SIZE.height - SIZE.bottom;
  const upright = (kind: string, place: number, top: number = SIZE.top): Markup =>
    element('line', { class: kind, x1: place, x2: place, y1: top, y2: bottom });
  const middle = round((x(index) + x(index - 1)) / 2);
  return [
    ...(flag === null
      ? []
      : [upright('release-line', x(index), isNamed ? SIZE.top : bottom - SHORT)]),
    ...(isJoined || index === 0
      ? []
      : [
          upright('break-line', middle),
          element('text', { class: 'break-text', x: middle + 4, y: bottom - 6 }, '≠'),
        ]),
  ];
}

interface Flag {
  readonly index: number;
  readonly text: string;
  /** Where the middle of the text stands. */
  readonly middle: number;
}

/** The names of releases, as many as fit next to each other; the youngest of those that would overlap. */
function placeFlags(
  points: readonly LinePoint[],
  width: number,
  x: (index: number) => number,
): readonly Flag[] {
  let free = Infinity;
  return [...points.entries()].reverse().flatMap(([index, { flag }]) => {
    if (flag === null) return [];
    // The end of a long tag is the version.
    const text = flag.length > MAX_FLAG_LENGTH ? `…${flag.slice(1 - MAX_FLAG_LENGTH)}` : flag;
    const middle = within(x(index), text, width);
    const half = computeHalfWidth(text);
    if (middle + half > free) return [];
    free = middle - half - 8;
    return [{ index, text, middle }];
  });
}

function computeHalfWidth(text: string): number {
  return text.length * 3.7;
}

/** The middle of a text at a position, moved so that it stays inside the edges. */
function within(place: number, text: string, width: number): number {
  return round(Math.max(computeHalfWidth(text), Math.min(width - computeHalfWidth(text), place)));
}

interface PlacedPoint {
  readonly index: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Runs of points that a line may join: measured, and measured alike. */
function splitSegments(points: readonly LinePoint[]): readonly (readonly PlacedPoint[])[] {
  const segments: PlacedPoint[][] = [];
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

function drawSegment(segment: readonly PlacedPoint[], at: Positions): readonly Markup[] {
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
  const band = area<PlacedPoint>()
    .x(({ index }) => at.x(index))
    .y0(({ lower }) => at.y(lower))
    .y1(({ upper }) => at.y(upper));
  const joined = line<PlacedPoint>()
    .x(({ index }) => at.x(index))
    .y(({ value }) => at.y(value));
  return [
    element('path', { class: 'band', d: band(segment) ?? '' }),
    element('path', { class: 'series', d: joined(segment) ?? '' }),
  ];
}

/** Small enough that neighbours can be told apart as long as there is room. */
function dotSize({ points, width }: LineChart): number {
  return Math.min(3.5, Math.max(1, width / Math.max(1, points.length) / 3));
}

/** A point that was not measured keeps its place for the cursor, and is not to be seen. */
function dot(
  { value, flag }: LinePoint,
  index: number,
  { at, size }: { readonly at: Positions; readonly size: number },
): Markup {
  return element('circle', {
    class: flag === null ? 'point' : 'point release',
    'data-index': index,
    cx: at.x(index),
    cy: at.y(value ?? 0),
    r: round(flag === null ? size : size + 1.5),
    visibility: value === null ? 'hidden' : undefined,
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
