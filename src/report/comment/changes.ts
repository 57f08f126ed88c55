import type { BaselineLookup } from '../../gate/records/baseline.js';
import type { GateRecord } from '../../gate/records/record.js';
import { code } from '../../base/sanitise.js';

/** What the subject of a run has other than that of the baseline, as Markdown; empty when nothing differs. */
export function changesOf(
  { measurement: { subject } }: GateRecord,
  { measurement: { subject: before } }: GateRecord,
): readonly string[] {
  return [
    before.model === subject.model ? '' : `model ${code(before.model)} → ${code(subject.model)}`,
    before.endpoint === subject.endpoint ? '' : 'endpoint',
    before.sampling === subject.sampling
      ? ''
      : `sampling ${code(before.sampling)} → ${code(subject.sampling)}`,
    before.promptHash === subject.promptHash ? '' : 'the system prompt',
  ].filter((change) => change !== '');
}

/** The change that a run is about, as one sentence; undefined where there is no baseline. */
export function changesSection(record: GateRecord, baseline: BaselineLookup): string | undefined {
  if (baseline.status !== 'found') return undefined;
  const changes = changesOf(record, baseline.record);
  return `Changed since the baseline in what is tested: ${changes.join(', ') || 'nothing'}.`;
}
