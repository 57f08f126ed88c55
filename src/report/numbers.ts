import type { Estimate } from '../gate/statistics/rise.js';
import { ROUNDING_ERROR } from '../base/units.js';

/** A share between 0 and 1 as a percentage with one decimal, or a dash where nothing was measured. */
export function formatPercent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/**
 * A difference of shares as signed percentage points: `+7.5`, `−3.0`, `±0.0`.
 *
 * @param marks values that it must not seem to be equal to when it is not, such as a limit that it stays below
 */
export function formatPoints(difference: number | null, marks: readonly number[] = []): string {
  if (difference === null) return '–';
  const text = inPoints(Math.abs(difference), digitsBeside(difference, marks));
  if (Number(text) === 0) return '±0.0';
  return difference > 0 ? `+${text}` : `−${text}`;
}

/** As many decimals of a number of points as tell apart all that is not the same. */
const MAX_DIGITS = 8;

/** As few decimals as tell a value from each mark that it differs from, at least one. */
function digitsBeside(value: number, marks: readonly number[]): number {
  const others = marks.filter((mark) => Math.abs(value - mark) > ROUNDING_ERROR);
  const isTold = (digits: number): boolean =>
    others.every((mark) => Number(inPoints(value, digits)) !== Number(inPoints(mark, digits)));
  return firstDigits(isTold);
}

function firstDigits(isEnough: (digits: number) => boolean): number {
  let digits = 1;
  while (digits < MAX_DIGITS && !isEnough(digits)) digits += 1;
  return digits;
}

function inPoints(fraction: number, digits: number): string {
  return (fraction * 100).toFixed(digits);
}

/**
 * The interval of an estimate in points, with the confidence it has: `90 % interval +3.1 to +11.9`.
 *
 * @param marks see `points`
 */
export function formatInterval(
  { lower, upper, alpha }: Estimate,
  marks: readonly number[] = [],
): string {
  // Never 100 %: the first look of a run has 99.9993 %.
  const confidence = Math.min(99.9, +((1 - 2 * alpha) * 100).toFixed(1));
  return `${confidence} % interval ${formatPoints(Math.max(-1, lower), marks)} to ${formatPoints(Math.min(1, upper), marks)}`;
}

/**
 * A difference without a sign, for sentences that say the direction in words: `7.5 points`.
 *
 * @param marks see `points`; nothing that is not 0 is called 0
 */
export function formatMagnitude(difference: number, marks: readonly number[] = [0]): string {
  return `${formatPoints(Math.abs(difference), marks).replace(/^[+±]/, '')} points`;
}

/** A limit as it was set, in as many decimals as that takes: `5.0 points`, `2.25 points`. */
export function formatExactly(limit: number): string {
  const isWhole = (digits: number): boolean =>
    Math.abs(Number(inPoints(limit, digits)) / 100 - limit) < ROUNDING_ERROR / 100;
  return `${inPoints(limit, firstDigits(isWhole))} points`;
}

const BAR_CELLS = 10;

/** A share between 0 and 1 as a bar of ten cells, readable without colour. */
export function drawBar(share: number | null): string {
  if (share === null) return '';
  const filled = Math.round(share * BAR_CELLS);
  return `\`${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}\``;
}

/** US dollars, with more digits for small amounts. */
export function formatDollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 3 : 2)}`;
}

/** A count with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 example`, `3 examples`, `2 replies`; `nouns` where the plural is another one. */
export function formatCount(
  value: number,
  noun: string,
  nouns = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`,
): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** An age in words: hours below two days, else whole days. */
export function formatAge(days: number): string {
  const hours = Math.max(0, days * 24);
  if (hours < 1) return 'less than an hour';
  return hours < 48 ? formatCount(Math.round(hours), 'hour') : formatCount(Math.round(days), 'day');
}

/** A share with what it is made of: `12.5 % (3 of 24)`. */
export function formatShare(part: { readonly count: number; readonly total: number }): string {
  const value = part.total === 0 ? null : part.count / part.total;
  return `${formatPercent(value)} (${part.count} of ${part.total})`;
}
