import type { Decision } from '../gate/decide.js';

/** Why a failing verdict does not fail the check; undefined where it does, or would not. */
export function waiverSection({ waiver }: Decision): string | undefined {
  if (!waiver) return undefined;
  return '⚠️ **This would fail the check, and does not**: `enforce: false`. The verdict stays what it is.';
}
