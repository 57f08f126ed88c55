import type { BaselineLookup, RejectedRecord } from '../../gate/records/baseline.js';
import { code } from '../../base/sanitise.js';
import { formatCount } from '../numbers.js';

/** Doubts shown before the rest is only counted. */
const MAX_REJECTIONS = 5;

/** Records whose origin is not confirmed, and why. */
export function listRejections(rejected: readonly RejectedRecord[]): string {
  const rest = rejected.length - MAX_REJECTIONS;
  const shown = rejected.slice(0, MAX_REJECTIONS);
  return [
    ...shown.map(({ where, reason }) => `- ${code(where, 200)}: ${code(reason, 300)}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}

/** The records that were passed over on the way to the baseline; undefined when there are none. */
export function rejectionsSection(baseline: BaselineLookup): string | undefined {
  if (baseline.status !== 'found' || !baseline.rejected) return undefined;
  const { rejected } = baseline;
  const [they, them] = rejected.length === 1 ? ['it', 'it'] : ['they', 'them'];
  const isAnyUnreadable = rejected.some(({ isUnreadable }) => isUnreadable);
  const unreadable = isAnyUnreadable ? `${they} can’t be read, or ` : '';
  return `⚠️ ${formatCount(rejected.length, 'record')} passed over, since ${unreadable}nothing confirms that the default branch made ${them}:\n\n${listRejections(rejected)}`;
}
