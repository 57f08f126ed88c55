import type { Interval } from '../mask/reading/interval.js';
import { type Label, draw } from './draw.js';

/** A quantity as a speaker states it: one number when both bounds are equal, else a range. */
export interface Quantity {
  readonly low: number;
  readonly high: number;
  /** Decimal places that make sense for this quantity. */
  readonly decimals: number;
}

/** A number inside the interval, or now and then the interval as a range; an open side is left out. */
export function stateWithin(interval: Interval, ...labels: readonly Label[]): Quantity {
  const low = interval.lower ?? interval.upper ?? 0;
  const high = interval.upper ?? low;
  const decimals = Math.max(countDecimals(low), countDecimals(high));
  if (low !== high && draw('range', ...labels) < 0.3) return { low, high, decimals };
  const point = round(low + (high - low) * draw('point', ...labels), decimals);
  return { low: point, high: point, decimals };
}

/**
 * The same quantity inflated by 40 to 150 %, rounded as people round; a percentage that could pass 100 is cut
 * to 30 to 60 % of itself. A range stays a range.
 */
export function distort(
  { low, high, decimals }: Quantity,
  isPercentage: boolean,
  ...labels: readonly Label[]
): Quantity {
  const chance = draw('factor', ...labels);
  const factor = isPercentage && high * 2.5 > 100 ? 0.3 + 0.3 * chance : 1.4 + 1.1 * chance;
  const scale = (value: number): number =>
    round(Number(((value || 1) * factor).toPrecision(2)), decimals);
  return { low: scale(low), high: scale(high), decimals };
}

/** The quantity in words: "8849", "70 to 72", with thousands separators from 10,000 on. */
export function sayQuantity({ low, high }: Quantity): string {
  return low === high ? sayNumber(low) : `${sayNumber(low)} to ${sayNumber(high)}`;
}

function sayNumber(value: number): string {
  return Math.abs(value) < 10_000
    ? String(value)
    : value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function countDecimals(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
