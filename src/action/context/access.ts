import type { GitHub } from '../../edges/github/client.js';
import { RunError, UsageError } from '../../base/errors.js';
import type { RunTrigger } from './event.js';
import { readTagName } from '../../base/refs.js';

/**
 * A token that may not read the repository gets 404 for everything, which must not pass for "no configuration" or
 * "no baseline". So GitHub has to know the tested commit, and the one that policy is read at.
 *
 * @throws RunError when GitHub does not show them to this token
 */
export async function checkAccess(
  github: GitHub,
  { headCommit, policyCommit }: Pick<RunTrigger, 'headCommit' | 'policyCommit'>,
): Promise<void> {
  if (!(await github.parentsOf(headCommit))) {
    throw new RunError(
      `GitHub shows no commit ${headCommit}; the job needs the permission contents: read`,
    );
  }
  if (policyCommit === undefined || (await github.parentsOf(policyCommit))) return;
  throw new RunError(
    `GitHub does not know ${policyCommit}, which the event names as the base; push to the pull request, so that a new event names its current base`,
  );
}

/**
 * A tag can be put on any commit. Only tags of commits that the default branch has are recorded.
 *
 * @throws UsageError for any other
 */
export async function checkTag(
  github: GitHub,
  { mode, origin, headCommit }: Pick<RunTrigger, 'mode' | 'origin' | 'headCommit'>,
): Promise<void> {
  const { ref } = origin;
  if (mode !== 'record' || readTagName(ref) === undefined) return;
  const branch = await github.defaultBranch();
  if ((await github.mergeBase(branch, headCommit)) === headCommit) return;
  const message = `this workflow runs on ${ref}, whose commit is not on the default branch (${branch}); only tags of its commits are recorded`;
  throw new UsageError([{ where: 'event', message }]);
}
