import type { GatePolicy } from '../config/config.js';
import { assess } from './assess.js';
import type { BaselineLookup } from './baseline.js';
import { compare, scoreAll } from './compare.js';
import { type Sample, allSamples } from '../mask/sample.js';
import { type Decision, type Evidence, decide, decideRecording } from './decide.js';
import { findRecordedDrift } from './drift.js';
import type { GateRecord } from './record.js';
import type { RunResult } from './result.js';

/**
 * Compares a record with a baseline, if there is one, assesses the difference, and decides: records in, verdict out.
 * A run ends with it, and so does `compare` on the command line.
 */
export function evaluate(
  record: Pick<GateRecord, 'measurement'>,
  baseline: BaselineLookup,
  {
    gate,
    mode,
    ref = null,
  }: {
    readonly gate: GatePolicy;
    readonly mode: RunResult['mode'];
    /** What is recorded, such as a tag. */
    readonly ref?: string | null;
  },
): Pick<RunResult, 'decision' | 'comparison' | 'assessment' | 'drift'> {
  const scored = scoreAll(record);
  const unasked = record.measurement.examples.flatMap(allSamples).filter(isUnasked).length;
  const drift = mode === 'record' ? findRecordedDrift(record, baseline) : undefined;
  const decideIn = (evidence: Evidence): Decision =>
    mode === 'record'
      ? decideRecording(evidence, gate, { ref, isAlarm: drift?.isAlarm ?? false })
      : decide(evidence, gate);
  if (baseline.status !== 'found') return { decision: decideIn({ unasked, scored, baseline }) };
  const { design } = record.measurement;
  const comparison = compare(baseline.record, record);
  const assessment = assess(comparison, { design, examples: scored.length }, gate);
  const compared = { comparison, assessment };
  return {
    decision: decideIn({ unasked, scored, baseline, compared }),
    ...compared,
    ...(drift && { drift }),
  };
}

/** Whether the budget was reached before this could be asked for. */
export function isUnasked(sample: Sample): boolean {
  return sample.status === 'failed' && sample.reason === 'over-budget';
}
