import type { Decision } from '../../gate/decide.js';
import type { FailedOverride } from '../../gate/override.js';
import { code } from '../../base/sanitise.js';

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
