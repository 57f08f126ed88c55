import type { Assessment } from './assess.js';
import type { BaselineLookup, Drift } from './records/baseline.js';
import type { Comparison } from './compare.js';
import type { Decision } from './decide.js';
import type { GateRecord } from './records/record.js';

/** What a run came to. `record`, `comparison` and `assessment` are absent where nothing was measured, or compared. */
export interface RunResult {
  readonly mode: 'gate' | 'record';
  readonly decision: Decision;
  readonly baseline: BaselineLookup;
  readonly record?: GateRecord;
  readonly comparison?: Comparison;
  readonly assessment?: Assessment;
  /** What a recording says against those of the same subject before it, where that is not chance. */
  readonly drift?: Drift;
}
