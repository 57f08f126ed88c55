import type { Estimate } from '../gate/statistics/rise.js';

/** A share between 0 and 1 as a percentage with one decimal, or a dash where nothing was measured. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/**
 * A difference of shares as signed percentage points: `+7.5`, `−3.0`, `±0.0`.
 *
 * @param marks values that it must not seem to be equal to when it is not, such as a limit that it stays below
 */
export function points(difference: number | null, marks: readonly number[] = []): string {
  if (difference === null) return '–';
  const text = Math.abs(difference * 100).toFixed(digitsBeside(difference, marks));
  if (Number(text) === 0) return '±0.0';
  return difference > 0 ? `+${text}` : `−${text}`;
}

/** Most decimals of a number of points. */
const MOST_DIGITS = 3;

/** As few decimals as tell a value from each mark that it differs from, at least one. */
function digitsBeside(value: number, marks: readonly number[]): number {
  const isTold = (digits: number): boolean =>
    marks.every(
      (mark) =>
        Math.abs(value - mark) < 1e-9 ||
        (value * 100).toFixed(digits) !== (mark * 100).toFixed(digits),
    );
  return [1, 2].find(isTold) ?? MOST_DIGITS;
}

/**
 * The interval of an estimate in points, with the confidence it has: `90 % interval +3.1 to +11.9`.
 *
 * @param marks see `points`
 */
export function interval({ lower, upper, alpha }: Estimate, marks: readonly number[] = []): string {
  // Never 100 %: the first look of a run has 99.9993 %.
  const confidence = Math.min(99.9, +((1 - 2 * alpha) * 100).toFixed(1));
  return `${confidence} % interval ${points(Math.max(-1, lower), marks)} to ${points(Math.min(1, upper), marks)}`;
}

/** The same without a sign, for sentences that say the direction in words. */
export function magnitude(difference: number): string {
  const value = Math.abs(difference * 100);
  // A small limit is said as it was set.
  const digits = [1, 2].find((one) => Number(value.toFixed(one)) !== 0) ?? MOST_DIGITS;
  return `${value.toFixed(digits)} points`;
}

const BAR_CELLS = 10;

/** A share between 0 and 1 as a bar of ten cells, readable without colour. */
export function bar(share: number | null): string {
  if (share === null) return '';
  const filled = Math.round(share * BAR_CELLS);
  return `\`${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}\``;
}

/** US dollars, with more digits for small amounts. */
export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 3 : 2)}`;
}

/** A count with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 example`, `3 examples`, `2 replies`; `nouns` where the plural is another one. */
export function plural(
  value: number,
  noun: string,
  nouns = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`,
): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** An age in words: hours below two days, else whole days. */
export function age(days: number): string {
  const hours = Math.max(0, days * 24);
  if (hours < 1) return 'less than an hour';
  return hours < 48 ? plural(Math.round(hours), 'hour') : plural(Math.round(days), 'day');
}
