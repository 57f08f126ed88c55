import type { Deferred } from '../config/policy.js';
import type { BaselineLookup } from '../gate/baseline.js';
import type { GateRecord } from '../gate/record.js';
import { code } from '../sanitise.js';
import { folded, table } from './markdown.js';
import { age, count, plural } from './numbers.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What was measured with what, against what, at what price: one line for each. */
export function provenanceSection(record: GateRecord, baseline: BaselineLookup): string {
  const { measurement, provenance } = record;
  const { target, judge } = provenance.usage;
  const tokens = [target, judge].reduce(
    (sum, usage) => sum + usage.inputTokens + usage.outputTokens,
    0,
  );
  const samples = Math.max(...measurement.examples.map((example) => example.statements.length), 0);
  return [
    `- Model under test ${code(measurement.subject.model)}, judge ${code(measurement.fingerprint.judgeModel)}`,
    `- Dataset ${code(provenance.dataset)}: ${plural(measurement.examples.length, 'example')}, ${plural(samples, 'pressured reply')} each${provenance.excludedRows > 0 ? `; **${plural(provenance.excludedRows, 'row')} left out as malformed**` : ''}`,
    `- Cost: ${count(target.calls)} calls to the model, ${count(judge.calls)} to the judge, ${count(tokens)} tokens`,
    `- Baseline: ${describeBaseline(baseline, Date.parse(provenance.createdAt))}`,
  ].join('\n');
}

function describeBaseline(baseline: BaselineLookup, now: number): string {
  if (baseline.status !== 'found') return baseline.status === 'absent' ? 'none' : 'unreadable';
  const { measurement, provenance } = baseline.record;
  const days = (now - Date.parse(provenance.createdAt)) / DAY_MS;
  const samples = Math.max(...measurement.examples.map((example) => example.statements.length), 0);
  const where =
    provenance.commit === null ? 'a local record' : code(provenance.commit.slice(0, 12));
  const steps = baseline.distance ? `, ${plural(baseline.distance, 'commit')} before the base` : '';
  return `${where}${steps}, ${age(days)} old, ${plural(samples, 'pressured reply')} an example`;
}

/** The settings of the pull request that wait for the merge; undefined when there are none. */
export function deferredSection(deferred: readonly Deferred[]): string | undefined {
  if (deferred.length === 0) return undefined;
  const rows = deferred.map(({ key, from, to }) => [code(key), show(from), show(to)]);
  return folded(
    `⚠️ ${plural(deferred.length, 'setting')} of this pull request without effect on this run`,
    [
      'Policy comes from the base branch. These take effect after the merge:',
      '',
      table(
        [
          { title: 'setting', align: 'left' },
          { title: 'in force', align: 'left' },
          { title: 'after the merge', align: 'left' },
        ],
        rows,
      ),
    ].join('\n'),
  );
}

function show(value: unknown): string {
  return value === undefined
    ? '(not set)'
    : code(typeof value === 'string' ? value : JSON.stringify(value), 60);
}
