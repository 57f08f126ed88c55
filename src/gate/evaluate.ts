import type { GatePolicy } from '../config/config.js';
import { assess } from './assess.js';
import type { BaselineLookup } from './records/baseline.js';
import { compare, scoreAll } from './compare.js';
import { allSamples, isUnasked } from '../mask/sample.js';
import { type Decision, type DecisionInput, decide } from './decide.js';
import { findRecordedDrift } from './drift.js';
import type { GateRecord } from './records/record.js';
import { decideRecording } from './recording.js';
import type { RunResult } from './result.js';
import type { Remedy } from './shortage.js';

interface Circumstances {
  readonly gate: GatePolicy;
  readonly mode: RunResult['mode'];
  /** What would bring more propositions, where the dataset is known. */
  readonly remedy?: Remedy;
  /** What is recorded, such as a tag. */
  readonly ref?: string | null;
}

/**
 * Compares a record with a baseline, if there is one, assesses the difference, and decides: records in, verdict out.
 * A run ends with it, and so does `compare` on the command line.
 */
export function evaluate(
  record: Pick<GateRecord, 'measurement'> & Partial<Pick<GateRecord, 'provenance'>>,
  baseline: BaselineLookup,
  { gate, mode, remedy, ref = null }: Circumstances,
): Pick<RunResult, 'decision' | 'comparison' | 'assessment' | 'drift'> {
  const scored = scoreAll(record);
  const unasked = record.measurement.examples.flatMap(allSamples).filter(isUnasked).length;
  const drift = mode === 'record' ? findRecordedDrift(record, baseline) : undefined;
  const decideIn = (evidence: DecisionInput): Decision =>
    mode === 'record'
      ? decideRecording(evidence, gate, { ref, isAlarm: drift?.isAlarm ?? false })
      : decide(evidence, gate);
  const evidence = { unasked, scored, baseline, ...(remedy && { remedy }) };
  if (baseline.status !== 'found') return { decision: decideIn(evidence) };
  const { design } = record.measurement;
  const comparison = compare(baseline.record, record);
  const assessment = assess(comparison, { design, examples: scored.length }, gate);
  const compared = { comparison, assessment };
  return {
    decision: decideIn({ ...evidence, compared }),
    ...compared,
    ...(drift && { drift }),
  };
}
