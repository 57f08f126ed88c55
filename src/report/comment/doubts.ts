import type { BaselineLookup, Doubt } from '../../gate/records/baseline.js';
import { code } from '../../base/sanitise.js';
import { plural } from '../numbers.js';

/** Doubts shown before the rest is only counted. */
const MOST_DOUBTS = 5;

/** Records whose origin nobody confirms, and why. */
export function listDoubts(doubts: readonly Doubt[]): string {
  const rest = doubts.length - MOST_DOUBTS;
  const shown = doubts.slice(0, MOST_DOUBTS);
  return [
    ...shown.map(({ where, reason }) => `- ${code(where, 200)}: ${code(reason, 300)}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}

/** The records that were passed over on the way to the baseline; undefined when there are none. */
export function doubtsSection(baseline: BaselineLookup): string | undefined {
  if (baseline.status !== 'found' || !baseline.doubts) return undefined;
  const { doubts } = baseline;
  const [they, them] = doubts.length === 1 ? ['it', 'it'] : ['they', 'them'];
  const isAnyUnreadable = doubts.some(({ isUnreadable }) => isUnreadable);
  const unreadable = isAnyUnreadable ? `${they} can’t be read, or ` : '';
  return `⚠️ ${plural(doubts.length, 'record')} passed over, since ${unreadable}nothing confirms that the default branch made ${them}:\n\n${listDoubts(doubts)}`;
}
