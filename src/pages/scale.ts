import { scaleLinear } from 'd3-scale';

/** The position of a value on an axis that is as wide as its box, as a percentage for SVG attributes: `42.5%`. */
export type Scale = (value: number) => string;

export interface Axis {
  readonly place: Scale;
  readonly ticks: readonly number[];
}

/** An axis from 0 to 1. */
export function shareAxis(): Axis {
  return { place: placeOn([0, 1]), ticks: [0, 0.25, 0.5, 0.75, 1] };
}

/** An axis of differences that holds 0 and all values given, a little wider than they need. */
export function differenceAxis(values: readonly number[]): Axis {
  const low = Math.max(-1, Math.min(-0.02, ...values));
  const high = Math.min(1, Math.max(0.02, ...values));
  const nice = scaleLinear().domain([low, high]).nice(6);
  const [from = -1, to = 1] = nice.domain();
  return { place: placeOn([from, to]), ticks: nice.ticks(6) };
}

/** The ends keep clear of the edges, so that marks and labels are not cut. */
function placeOn(domain: readonly [number, number]): Scale {
  const scale = scaleLinear().domain(domain).range([4, 96]).clamp(true);
  return (value) => `${+scale(value).toFixed(3)}%`;
}
