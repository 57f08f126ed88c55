import { RunError } from '../../base/errors.js';
import { toLine } from '../../base/sanitise.js';
import { type Refusal, readRefusal, refusalText } from './api.js';

/** What the loser of a race gets, or who is too early: the ref moved, appeared or went away meanwhile. */
const RACE =
  /not a fast[ -]forward|reference (already exists|does not exist)|object does not exist/i;

/** Words that name a rule of the repository, with any status. */
const RULE = /rule violation|protected branch|reference update failed/i;

/** GitHub answers 422 to the loser of a race, and also where a rule forbids the push; only the words tell them apart. */
export function isRace({ status, message }: Refusal): boolean {
  if (status === 409) return !RULE.test(message);
  return status === 422 && RACE.test(message);
}

/** What helps where a rule of the repository is in the way. */
export const REMEDY =
  'leave the branch out of the rule, or set github-token to the token of a GitHub App that may bypass the rule (the token of GitHub Actions cannot)';

/** Puts refusals in words: which permission is missing, or that a rule is in the way, and what GitHub says of it. */
export async function explained<T>(branch: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const refusal = readRefusal(error);
    if (!refusal) throw error;
    const subject = `to write to the branch ${branch}`;
    const text = refusalText(error, { subject, permission: 'contents: write' });
    throw new RunError(text + describeAnswer(refusal));
  }
}

function describeAnswer({ status, message }: Refusal): string {
  if (status !== 409 && status !== 422) return '';
  return `: ${toLine(message, 200)}; where that is a rule of the repository, ${REMEDY}`;
}
