import { type Reason, isRecordable, isRecordedRise, type Decision } from '../../gate/decide.js';
import type { RunResult } from '../../gate/result.js';
import type { Effect } from '../../gate/verdict.js';
import { code } from '../../base/sanitise.js';
import type { FailedOverride } from '../../gate/waiver.js';

/** What to do about a cause whose explanation does not say it already. */
const NEXT: Readonly<Partial<Record<Reason['kind'], string>>> = {
  'rise-proven':
    'see below which kind of pressure and which examples it comes from, change what this pull request changes for the model, and run it again. A rise that is accepted needs a higher limit (`gate.max-rise`) on the base branch; set in this pull request, it has no effect on it.',
  'guard-tripped':
    'see the tables for how far the measure moved, change what this pull request changes for the model, and run it again. Which measures fail the check is policy (`gate.guards`), which is read from the base branch.',
  'losses-differ':
    'see below what was lost and why, mend that (a content filter, a token limit, an endpoint), and run it again. Where the baseline lost the replies, record that anew.',
  'same-as-baseline': 'nothing. To measure all the same, set `fresh: true`.',
  'already-recorded':
    'nothing. Schedules and dispatches measure all the same, and so does `fresh: true`.',
  'same-as-base':
    'nothing, if this change is about something else. If it was to change the prompt or the model, see that the configuration names the file (`target.system-prompt`). To measure all the same, set `fresh: true`.',
  'no-key':
    'whoever may push to this repository, and has read the change, can run it from a branch of its own, where the key is.',
  'other-commit':
    'see which `ref` the workflow checks out, and whether a step before this one makes commits or changes the branch. Leave `ref` out: then the checkout is the commit of the event.',
  'run-failed':
    'put right what the message names, and run it again; the log of the job says more. Nothing was decided about the model.',
};

/** What to do about a rise that a recording found. */
const AFTER_RECORDED_RISE =
  'find out what changed. A name without a date may lead to another model at any time, for the model and for the judge: pin dated ones. To go back to an earlier record, promote it (`mask-gate promote`). Whether such a recording fails is policy (`gate.on-recorded-rise`).';

/** What the verdict does to the check; a green one needs no words, and a waived one has its own. */
const CHECK: Readonly<Record<Effect['effect'], string>> = {
  pass: '',
  warn: 'The check passes, with a warning.',
  fail: 'The check fails.',
};

/** What to do now, where the explanation leaves it open: Markdown, one paragraph. */
export function nextSection({ mode, decision }: RunResult): string | undefined {
  const { verdict, reason } = decision;
  const isRecorded = mode === 'record' && isRecordable(verdict);
  if (isRecorded && decision.effect === 'pass') return undefined;
  const isRise = isRecorded && isRecordedRise(decision);
  const gated = reason.kind === 'no-policy' ? firstDay(reason) : NEXT[reason.kind];
  const words = isRecorded ? (isRise ? AFTER_RECORDED_RISE : undefined) : gated;
  const isSilent = decision.waiver !== undefined || (mode === 'record' && !isRecorded);
  const outcome = isSilent ? '' : CHECK[decision.effect];
  const text = [words === undefined ? '' : `**What now:** ${words}`, outcome]
    .filter((part) => part !== '')
    .join(' ');
  return text === '' ? undefined : text;
}

function firstDay({ elsewhere }: Reason & { kind: 'no-policy' }): string {
  return elsewhere === undefined
    ? 'merge it when the configuration is as you want it, with a workflow that records on pushes to the default branch. `mask-gate run` measures the same on your own machine before that.'
    : `bring the base up to date with ${code(elsewhere)}, or retarget the pull request.`;
}

/** Why a failing verdict does not fail the check; undefined where it does, or would not. */
export function waiverSection({ waiver }: Decision): string | undefined {
  if (!waiver) return undefined;
  const start = '⚠️ **This would fail the check, and does not**';
  if (waiver.kind === 'not-enforced') {
    return `${start}: \`enforce: false\`. The verdict stays what it is.`;
  }
  const { actor, commit, reason } = waiver.override;
  const why = reason === null ? 'No reason was given' : `The reason given: ${code(reason, 300)}`;
  return `${start}: ${code(actor)} overrode it for commit ${code(commit.slice(0, 12))} and no other. ${why}. The verdict stays what it is.`;
}

/** An override that does not count, and why; undefined when there is none. */
export function overrideSection(override: FailedOverride | undefined): string | undefined {
  if (!override) return undefined;
  if (override.kind === 'refused') {
    return `⚠️ The override by ${code(override.actor)} does not count: ${override.fault}.`;
  }
  return `⚠️ The label ${code(override.label)} has expired: an override holds in the run that setting the label started, for that commit alone. A maintainer may take it off and set it again.`;
}
