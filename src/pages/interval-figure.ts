import { type Markup, element } from './element.js';
import type { Axis, Scale } from './scale.js';

/** What one row of an interval plot shows: a difference and its interval, as fractions, and the limits it is held to. */
export interface IntervalMarks {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly limits: readonly number[];
  readonly tone: 'good' | 'bad' | 'unclear';
}

const HEIGHT = 34;
const MIDDLE = HEIGHT / 2;

/** One row: zero line, limits, the interval as a bar with ends, the estimate as a dot. It fills the width it is given. */
export function intervalRow(marks: IntervalMarks, { place, ticks }: Axis): Markup {
  const bounded = (value: number): string => place(Math.max(-1, Math.min(1, value)));
  const [from, to] = [bounded(marks.lower), bounded(marks.upper)];
  return element(
    'svg',
    { class: `intervals ${marks.tone}`, width: '100%', height: HEIGHT, 'aria-hidden': 'true' },
    ticks.map((tick) => upright('grid', place(tick), 0)),
    upright('zero', place(0), 0),
    marks.limits.map((limit) => upright('limit', place(limit), 0)),
    element('line', { class: 'bar', x1: from, x2: to, y1: MIDDLE, y2: MIDDLE }),
    upright('bar', from, 10),
    upright('bar', to, 10),
    element('circle', { class: 'dot', cx: place(marks.estimate), cy: MIDDLE, r: 6 }),
  );
}

function upright(name: string, x: string, inset: number): Markup {
  return element('line', { class: name, x1: x, x2: x, y1: inset, y2: HEIGHT - inset });
}

/** The axis below the rows. `label` puts a tick in words. */
export function axisRow({ place, ticks }: Axis, label: (tick: number) => string): Markup {
  return element(
    'svg',
    { class: 'axis', width: '100%', height: 20, 'aria-hidden': 'true' },
    ticks.map((tick) =>
      element('text', { x: place(tick), y: 14, 'text-anchor': 'middle' }, label(tick)),
    ),
  );
}

/** Which way of a measure is the good one. */
export type Better = 'lower' | 'higher' | 'neither';

/** Two shares on one line: an open ring for the baseline, a filled dot for this run. */
export function fromTo(
  [before, after]: readonly [number | null, number | null],
  better: Better,
  { place, ticks }: Axis,
): Markup {
  const mark = (name: string, value: number | null): Markup | undefined =>
    value === null
      ? undefined
      : element('circle', { class: name, cx: place(value), cy: MIDDLE, r: 6 });
  return element(
    'svg',
    {
      class: `from-to ${chooseTone(before, after, better)}`,
      width: '100%',
      height: HEIGHT,
      'aria-hidden': 'true',
    },
    ticks.map((tick) => upright('grid', place(tick), 0)),
    before !== null && after !== null ? joint(before, after, place) : undefined,
    mark('ring', before),
    mark('dot', after),
  );
}

function joint(before: number, after: number, place: Scale): Markup {
  return element('line', {
    class: 'bar',
    x1: place(before),
    x2: place(after),
    y1: MIDDLE,
    y2: MIDDLE,
  });
}

function chooseTone(before: number | null, after: number | null, better: Better): string {
  if (better === 'neither' || before === null || after === null || before === after) {
    return 'unclear';
  }
  return after > before === (better === 'higher') ? 'good' : 'bad';
}
