import type { Assessment } from './assess.js';
import type { BaselineLookup } from './baseline.js';
import type { Comparison } from './compare.js';
import type { Decision } from './decide.js';
import type { GateRecord } from './record.js';

/** What a run came to. `record`, `comparison` and `assessment` are absent where nothing was measured, or compared. */
export interface RunResult {
  readonly mode: 'gate' | 'record';
  readonly decision: Decision;
  readonly baseline: BaselineLookup;
  readonly record?: GateRecord;
  readonly comparison?: Comparison;
  readonly assessment?: Assessment;
}
