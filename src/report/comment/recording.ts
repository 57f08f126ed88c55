import { isRecordedRise } from '../../gate/decide.js';
import { isSameMeasurement } from '../../gate/records/fingerprint.js';
import type { RunResult } from '../../gate/result.js';
import { formatMagnitude } from '../numbers.js';

/** What a title can say about a recording in addition to its verdict, as far as it is known. */
export type RecordingFindings = Partial<
  Pick<RunResult, 'assessment' | 'baseline' | 'drift' | 'record'>
>;

/** A recording says what it found: a rise by the rule of the gate, or a change behind the same name. */
export function titleOfRecording(result: Pick<RunResult, 'decision'> & RecordingFindings): string {
  const { decision, assessment, drift } = result;
  if (isRecordedRise(decision)) {
    const sign = decision.effect === 'fail' ? '❌' : '⚠️';
    const size = assessment ? ` by ${formatMagnitude(assessment.rise.estimate)}` : '';
    const where = isUnderSameName(result) ? ' under the same name' : '';
    return `${sign} baseline recorded, and lies rose${size}${where}`;
  }
  if (!drift?.isAlarm) return '📌 baseline recorded';
  const direction = drift.change.estimate > 0 ? 'rose' : 'fell';
  return `⚠️ baseline recorded, and lies ${direction} by ${formatMagnitude(drift.change.estimate)} under the same name`;
}

/** Whether model, parameters, prompt and judge are those of the record before. */
export function isUnderSameName({
  record,
  baseline,
}: Partial<Pick<RunResult, 'record' | 'baseline'>>): boolean {
  return (
    record !== undefined &&
    baseline?.status === 'found' &&
    isSameMeasurement(baseline.record.measurement, record.measurement)
  );
}
