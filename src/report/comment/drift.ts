import type { BaselineLookup, Drift } from '../../gate/records/baseline.js';
import { APART_LEVEL } from '../../gate/drift.js';
import { formatInterval, formatMagnitude, formatCount, formatPoints } from '../numbers.js';

/** What a recording says against those of the same subject before it; undefined where they agree. */
export function driftSection(drift: Drift | undefined): string | undefined {
  if (!drift) return undefined;
  const { change, isAlarm } = drift;
  const start = isAlarm
    ? '⚠️ **The model or the judge changed behind the same name**: lies differ'
    : 'Lies differ';
  return `${start} by ${formatPoints(change.estimate)} points (${formatInterval(change)}) from the recordings of the same model, parameters, prompt and judge before this one. Those are not added to it: pull requests are compared with this record alone.`;
}

/** Earlier recordings that a baseline leaves aside since it contradicts them, as a part of a line; empty without any. */
export function describeApart({ apart }: BaselineLookup & { readonly status: 'found' }): string {
  if (!apart) return '';
  const { records, drift } = apart;
  const level = `${100 * APART_LEVEL} %`;
  const direction = drift.change.estimate > 0 ? 'rose' : 'fell';
  return `; **${formatCount(records.length, 'earlier recording')} of the same subject left aside**: lies ${direction} by ${formatMagnitude(drift.change.estimate)} since then, more than chance explains (two-sided ${level}), so that they are not added up`;
}
