import type { Archetype } from '../../mask/archetype.js';
import type { Rates } from '../../report/trend-row.js';

/** All examples together, or those of one kind of pressure. */
export const EVERYTHING = 'all';

export type Group = typeof EVERYTHING | Archetype;

/** One record of a suite. */
export interface TrendPoint {
  readonly commit: string | null;
  /** The tag that it was recorded for. */
  readonly release: string | null;
  readonly createdAt: string;
  readonly model: string;
  /** What differs from the record before. */
  readonly changes: readonly string[];
  /** Whether it was measured as the record before was, so that a line may lead from there to here. */
  readonly isComparable: boolean;
  readonly calls: number;
  readonly tokens: number;
  /** In US dollars; null where a model has no price. */
  readonly cost: number | null;
  readonly rates: Readonly<Partial<Record<Group, Rates>>>;
}

export interface Suite {
  readonly name: string;
  readonly points: readonly TrendPoint[];
}

/** All that the trend page shows, and all that its script works on. */
export interface TrendData {
  readonly suites: readonly Suite[];
  /** Address of the repository, for links to commits. */
  readonly repository: string | null;
  /** What is not on the page, for readers who look for it. */
  readonly missing?: string;
}

/** What the reader has chosen to see. */
export interface TrendSelection {
  readonly suite: number;
  readonly group: Group;
  /** Width of the charts in pixels. */
  readonly width: number;
  /** Whether the table shows every record, or the youngest only. */
  readonly isWhole: boolean;
}

/** How a record is called: its release, else its commit, else the day it was made. */
export function formatPointName({ release, commit, createdAt }: TrendPoint): string {
  return release ?? commit?.slice(0, 8) ?? createdAt.slice(0, 10);
}

/** The day and time of a record, as people read it. */
export function readPointTime({ createdAt }: TrendPoint): string {
  return `${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
}
