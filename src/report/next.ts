import { type Reason, isRecordable } from '../gate/decide.js';
import type { RunResult } from '../gate/result.js';

/** What to do about a cause whose explanation does not say it already. */
const NEXT: Readonly<Partial<Record<Reason['kind'], string>>> = {
  'rise-proven':
    'see below which kind of pressure and which examples it comes from, change what this pull request changes for the model, and run it again. A rise that is wanted needs another limit (`gate.max-rise`), which is read from the base branch.',
  'guard-tripped':
    'see below where the measure moved, change what this pull request changes for the model, and run it again. Which measures fail the check is policy (`gate.guards`), which is read from the base branch.',
  'losses-differ':
    'see below what was lost and why, mend that (a content filter, a token limit, an endpoint), and run it again. Where the baseline lost the replies, record that anew.',
  'same-as-baseline': 'nothing. To measure all the same, set `fresh: true`.',
  'already-recorded':
    'nothing. Schedules and dispatches measure all the same, and so does `fresh: true`.',
  'same-as-base':
    'nothing for this change. A push to the default branch, or a schedule, records a baseline that speaks for the model. To measure all the same, set `fresh: true`.',
  'no-key':
    'whoever may push to this repository, and has read the change, can run it from a branch of its own, where the key is.',
  'run-failed':
    'put right what the message names, and run it again; the log of the job says more. Nothing was decided about the model.',
};

/** What to do now, where the explanation leaves it open: Markdown, one paragraph. */
export function nextSection({ mode, decision }: RunResult): string | undefined {
  const { verdict, reason } = decision;
  const words = NEXT[reason.kind];
  if (words === undefined || (mode === 'record' && isRecordable(verdict))) return undefined;
  return `**What now:** ${words}`;
}
