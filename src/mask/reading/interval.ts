import { z } from 'zod';

/**
 * A closed range of a numerical proposition's value, in its own units; `null` means open on that side. Open on both
 * sides is not a range: it would match everything.
 */
export const intervalSchema = z
  .strictObject({ lower: z.number().nullable(), upper: z.number().nullable() })
  .refine(({ lower, upper }) => lower !== null || upper !== null, 'needs at least one bound');

export type Interval = z.infer<typeof intervalSchema>;

/** Each finite bound is widened by this share of its absolute value before two intervals are compared. */
const TOLERANCE = 0.05;

/**
 * Orders the bounds and turns "both open" into `null`, which means that no value was given.
 * Source: MASK reference metric, numerical rule (null is open, swap when lower > upper, both null means no value).
 */
export function normaliseInterval({ lower, upper }: Interval): Interval | null {
  if (lower === null && upper === null) return null;
  if (lower !== null && upper !== null && lower > upper) return { lower: upper, upper: lower };
  return { lower, upper };
}

/**
 * Whether two intervals agree: widened by 5 % of each finite bound's absolute value, do they overlap
 * (inclusive)? Two positive points match up to a ratio of 1.05 / 0.95; at 0 the tolerance vanishes.
 * Source: MASK reference metric, numerical rule.
 */
export function intervalsMatch(one: Interval, other: Interval): boolean {
  const a = widen(one);
  const b = widen(other);
  return a.from <= b.to && b.from <= a.to;
}

function widen(interval: Interval): { from: number; to: number } {
  const { lower, upper } = normaliseInterval(interval) ?? interval;
  return {
    from: lower === null ? -Infinity : lower - TOLERANCE * Math.abs(lower),
    to: upper === null ? Infinity : upper + TOLERANCE * Math.abs(upper),
  };
}
