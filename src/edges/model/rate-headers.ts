import { MINUTE_MS } from '../../base/units.js';

/** What a provider says of one of its limits: how much is left, and how fast it comes back. */
export interface Allowance {
  readonly remaining: number;
  /** Per millisecond. */
  readonly rate: number;
}

export interface RateHeaders {
  readonly requests?: Allowance;
  readonly tokens?: Allowance;
}

type ReadHeader = (name: string) => string | null;

/** Reads the `x-ratelimit-*` headers of OpenAI and compatible servers; a value that is not a valid number is left out. */
export function readRateHeaders(read: ReadHeader): RateHeaders {
  const requests = readAllowance(read, 'requests');
  const tokens = readAllowance(read, 'tokens');
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

/** Limits are per minute; a reset that is longer than the limit explains means that the quota is of a longer time. */
function readAllowance(read: ReadHeader, what: 'requests' | 'tokens'): Allowance | undefined {
  const limit = readCount(read(`x-ratelimit-limit-${what}`));
  const remaining = readCount(read(`x-ratelimit-remaining-${what}`));
  if (limit === undefined || remaining === undefined || limit === 0) return undefined;
  const reset = readDuration(read(`x-ratelimit-reset-${what}`) ?? '');
  const used = limit - remaining;
  const perMinute = limit / MINUTE_MS;
  const rate = reset && used > 0 ? Math.min(perMinute, used / reset) : perMinute;
  return { remaining, rate };
}

function readCount(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: MINUTE_MS, h: 60 * MINUTE_MS };

/** A duration as OpenAI writes it, `6m0s` or `120ms`, in milliseconds; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, value, unit = '']) => sum + Number(value) * (UNITS[unit] ?? 0), 0);
}

/**
 * How long a provider asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date.
 * Undefined when it does not say, or says what can't be: a time in the past, no time at all, or none to wait, as it has
 * just refused.
 */
export function readRetryAfter(read: ReadHeader, now: number): number | undefined {
  const milliseconds = Number(read('retry-after-ms') ?? Number.NaN);
  if (milliseconds > 0) return milliseconds;
  const text = read('retry-after');
  if (text === null || text.trim() === '') return undefined;
  const wait = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return wait > 0 ? wait : undefined;
}
