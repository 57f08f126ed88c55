import type { Comparison } from '../../gate/compare.js';
import { code } from '../../base/sanitise.js';
import { folded } from '../markdown.js';
import { formatCount } from '../numbers.js';

/** Ids shown of each kind before the rest is only counted. */
const MAX_IDS = 50;

/** Examples of one side only, which are never gated, by id; nothing when both sides have the same examples. */
export function unmatchedSection({ unmatched }: Comparison): readonly string[] {
  const { changed, added, removed } = unmatched;
  const kinds = [
    { title: 'other content than at the baseline', ids: changed },
    { title: 'new in this run', ids: added },
    { title: 'not in this run any more', ids: removed },
  ].filter(({ ids }) => ids.length > 0);
  if (kinds.length === 0) return [];
  const total = changed.length + added.length + removed.length;
  return [
    folded(
      `${formatCount(total, 'example')} not compared: new, changed or gone`,
      kinds.map(({ title, ids }) => `- ${title}: ${listIds(ids)}`).join('\n'),
    ),
  ];
}

function listIds(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_IDS).map((id) => code(id, 60));
  const rest = ids.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
