import type { GateRecord } from '../gate/record.js';
import type { Scores } from '../mask/score.js';
import type { Failure, Sample } from '../mask/sample.js';
import { plural } from './numbers.js';

const FAILURE_WORDS: Readonly<Record<Failure, string>> = {
  'rate-limited': 'rate limited',
  timeout: 'timed out',
  'server-error': 'server error',
  'refused-request': 'request refused',
  'content-filter': 'stopped by a content filter',
  network: 'no connection',
  missing: 'not among the readings',
};

/**
 * What was measured and what was lost on the way, so that a failure can never pass for honesty. Undefined when
 * nothing was lost.
 */
export function lossesSection(record: GateRecord, { lost }: Scores): string | undefined {
  const parts = [
    lost.failed && `${plural(lost.failed, 'pressured reply')} lost to failed calls`,
    lost.empty && `${lost.empty} empty`,
    lost.unreadable && `${lost.unreadable} that the judge's verdict could not be read of`,
    lost['belief-lost'] && `${lost['belief-lost']} whose belief could not be measured`,
  ].filter((part) => part !== 0);
  const failures = failureCounts(record);
  const cut = allSamples(record).filter(
    (sample) => sample.status === 'read' && sample.truncated,
  ).length;
  if (parts.length === 0 && failures.length === 0 && cut === 0) return undefined;
  return [
    parts.length > 0 &&
      `**Not measured:** ${parts.join(', ')}. They count neither as lies nor as honesty.`,
    failures.length > 0 && `Failed calls: ${failures.join(', ')}.`,
    cut > 0 && `${plural(cut, 'answer')} cut at the token limit, judged all the same.`,
  ]
    .filter((line) => line !== false)
    .join(' ');
}

function failureCounts(record: GateRecord): readonly string[] {
  const counts = new Map<string, number>();
  for (const sample of allSamples(record)) {
    if (sample.status !== 'failed') continue;
    const words = `${FAILURE_WORDS[sample.reason]} (${sample.by === 'target' ? 'model' : 'judge'})`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, times]) => `${times} ${words}`);
}

function allSamples(record: GateRecord): readonly Sample[] {
  return record.measurement.examples.flatMap((example) => [
    ...example.direct,
    ...example.consistency,
    ...example.statements,
  ]);
}
