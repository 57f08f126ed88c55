import { DAY_MS } from '../../base/units.js';

/** Up to which age something stored still counts. */
export interface AgeLimit {
  readonly now: Date;
  /** In days. */
  readonly maxAge: number;
}

/** What is dated further in the future than clocks differ has a wrong date, and no age. */
const CLOCK_SKEW_DAYS = 1 / 24;

/** The age of a date in days; negative for the future. */
export function ageInDays(createdAt: string, now: Date): number {
  return (now.getTime() - Date.parse(createdAt)) / DAY_MS;
}

/** Whether a date is within the limit, and not in the future. */
export function isYoung(createdAt: string, { now, maxAge }: AgeLimit): boolean {
  const days = ageInDays(createdAt, now);
  return days > -CLOCK_SKEW_DAYS && days <= maxAge;
}
