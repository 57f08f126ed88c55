import type { Promotion } from './promotion.js';
import type { GateRecord } from './record.js';

/** What a committed baseline is on one side of a change. */
export type CommittedBaseline =
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string }
  | {
      readonly status: 'read';
      readonly record: GateRecord;
      readonly promotion?: Promotion | undefined;
      /** Why it may not serve; absent where it may. */
      readonly fault?: string | undefined;
    };

/** A committed baseline that a change replaces, adds or removes: without effect on its own run, in force after the merge. */
export interface Replacement {
  /** The file. */
  readonly where: string;
  readonly before: CommittedBaseline;
  readonly after: CommittedBaseline;
}

/**
 * The run that both sides name although they differ in what was measured; undefined where there is none. A run writes one
 * record, so one of the two was edited.
 */
export function findEditedRun({ before, after }: Replacement): string | undefined {
  if (before.status !== 'read' || after.status !== 'read') return undefined;
  const [one, other] = [before.record, after.record];
  const { runId, runAttempt } = one.provenance;
  const isSameRun = other.provenance.runId === runId && other.provenance.runAttempt === runAttempt;
  const isSame = JSON.stringify(one.measurement) === JSON.stringify(other.measurement);
  return runId !== null && isSameRun && !isSame ? runId : undefined;
}
