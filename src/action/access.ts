import type { GitHub } from '../edges/github.js';
import { RunError, UsageError } from '../errors.js';
import type { Occasion } from './event.js';

/**
 * A token that may not read the repository gets 404 for everything, which must not pass for "no configuration" or
 * "no baseline".
 *
 * @throws RunError when GitHub shows nothing to this token
 */
export async function checkAccess(
  github: GitHub,
  { baselineCommit }: Pick<Occasion, 'baselineCommit'>,
): Promise<void> {
  if (/^0+$/.test(baselineCommit) || (await github.parentsOf(baselineCommit))) return;
  throw new RunError(
    `GitHub shows no commit ${baselineCommit}; the job needs the permission contents: read`,
  );
}

/**
 * Whoever may push a tag may point it at any commit. Only tags of commits that the default branch has are recorded.
 *
 * @throws UsageError for any other
 */
export async function checkTag(
  github: GitHub,
  { mode, origin, headCommit }: Pick<Occasion, 'mode' | 'origin' | 'headCommit'>,
): Promise<void> {
  const { ref } = origin;
  if (mode !== 'record' || !ref?.startsWith('refs/tags/')) return;
  const branch = await github.defaultBranch();
  if ((await github.mergeBase(branch, headCommit)) === headCommit) return;
  const message = `this workflow runs on ${ref}, whose commit is not on the default branch (${branch}); only tags of its commits are recorded`;
  throw new UsageError([{ where: 'event', message }]);
}
