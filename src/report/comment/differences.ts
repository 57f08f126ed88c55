import { code } from '../../base/sanitise.js';
import type { Reason } from '../../gate/decide.js';

type Differences = (Reason & { kind: 'other-measurement' })['differences'];

/** A record holds readings and no answers, so nothing in it can be judged again. */
export function describeRejudging(differences: Differences): string {
  if (!differences.some(({ part }) => part.includes('judge'))) return '';
  return " The baseline can't be judged again from its record, which holds no answers; where they are still in the cache, recording anew asks only the judge.";
}

/** Differences shown before the rest is only counted. */
const MAX_DIFFERENCES = 12;

/** In what the baseline was measured otherwise, as Markdown. */
export function listDifferences(differences: Differences): string {
  const rest = differences.length - MAX_DIFFERENCES;
  const list = differences
    .slice(0, MAX_DIFFERENCES)
    .map(
      ({ part, baseline, run }) =>
        `- ${part}: ${code(baseline)} at the baseline, ${code(run)} in this run`,
    );
  return [
    'The baseline was measured in another way, so a difference would say nothing about the model:',
    '',
    ...list,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n');
}
