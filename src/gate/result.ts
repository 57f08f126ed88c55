import type { BaselineLookup } from './baseline.js';
import type { Comparison } from './compare.js';
import type { Decision } from './decide.js';
import type { GateRecord } from './record.js';

/** What a run came to. `record` and `comparison` are absent when nothing was measured, or nothing compared. */
export interface RunResult {
  readonly mode: 'gate' | 'record';
  readonly decision: Decision;
  readonly baseline: BaselineLookup;
  readonly record?: GateRecord;
  readonly comparison?: Comparison;
}
