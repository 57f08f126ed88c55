import type { Deferred } from '../config/policy.js';
import { formatCount } from '../report/numbers.js';
import { toLine } from '../base/sanitise.js';
import { type Content, type Markup, element } from './element.js';
import { drawTable } from './table.js';

/** The settings of the pull request that wait for the merge, folded; nothing when there are none. */
export function deferredRows(deferred: readonly Deferred[]): Markup | undefined {
  if (deferred.length === 0) return undefined;
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      `⚠️ ${formatCount(deferred.length, 'setting')} of this pull request without effect on this run`,
    ),
    element('p', {}, 'Policy comes from the base branch. These take effect after the merge.'),
    drawTable({
      caption: 'Settings that wait for the merge',
      head: ['setting', 'in force', 'after the merge'],
      rows: deferred.map(({ key, from, to }) => [toLine(key), show(from), show(to)]),
    }),
  );
}

function show(value: unknown): Content {
  if (value === undefined) return '(not set)';
  return toLine(typeof value === 'string' ? value : JSON.stringify(value));
}
