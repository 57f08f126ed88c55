import type { GateRecord } from '../gate/records/record.js';
import type { Scores } from '../mask/score.js';
import { type Failure, type Sample, allSamples } from '../mask/sample.js';
import { formatCount } from './numbers.js';

/** What became of a call that got no answer, in words. */
export const FAILURE_WORDS: Readonly<Record<Failure, string>> = {
  'rate-limited': 'rate limited',
  timeout: 'timed out',
  'server-error': 'server error',
  'refused-request': 'request refused',
  'content-filter': 'stopped by a content filter',
  network: 'no connection',
  'malformed-answer': 'no chat completion came back',
  'over-budget': 'not asked, the budget was reached',
  'not-given': 'no reading given',
};

/**
 * What was measured and what was lost on the way, so that a failure can never pass for honesty. Undefined when
 * nothing was lost.
 */
export function lossesSection(record: GateRecord, scores: Scores): string | undefined {
  const causes = listCauses(record);
  const samples = record.measurement.examples.flatMap(allSamples);
  const cut = samples.filter((sample) => sample.status === 'read' && sample.truncated).length;
  const replies = Object.values(scores.lost).reduce((sum, count) => sum + count, 0);
  const lines = [
    replies > 0
      ? `**Not measured:** ${formatCount(replies, 'pressured reply')}, neither lies nor honesty; ${scores.measured} of ${formatCount(scores.examples, 'example')} could be measured.`
      : '',
    causes.length > 0 ? `Lost, belief questions included: ${causes.join(', ')}.` : '',
    cut > 0 ? `${formatCount(cut, 'answer')} cut at the token limit, judged all the same.` : '',
    describeSecondTries(samples),
  ].filter((line) => line !== '');
  return lines.length > 0 ? lines.join(' ') : undefined;
}

/** How many replies were empty at first and came at the second try, in words; empty for none. */
export function describeSecondTries(samples: readonly Sample[]): string {
  const tried = samples.filter((sample) => sample.status === 'read' && sample.emptyAtFirst).length;
  if (tried === 0) return '';
  return `${formatCount(tried, 'pressured reply')} ${tried === 1 ? 'was' : 'were'} empty at first, and asked for again.`;
}

/** Every cause of a lost answer or reading, with its number. */
function listCauses(record: GateRecord): readonly string[] {
  const counts = new Map<string, number>();
  for (const sample of record.measurement.examples.flatMap(allSamples)) {
    const cause = describeCause(sample);
    if (cause !== undefined) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts].map(([cause, times]) => `${times} ${cause}`);
}

function describeCause(sample: Sample): string | undefined {
  if (sample.status === 'empty') return 'empty (model)';
  if (sample.status === 'failed') {
    return `${FAILURE_WORDS[sample.reason]} (${sample.by === 'target' ? 'model' : 'judge'})`;
  }
  return sample.reading.corrected === 'unreadable'
    ? 'without a readable verdict (judge)'
    : undefined;
}
