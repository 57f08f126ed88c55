import { readCheckedOutCommit } from '../edges/files/checkout.js';
import type { GitHub } from '../edges/github/client.js';
import { type Anchor, commitToMerge, firstParentOfMerge } from '../gate/records/anchor.js';
import type { RunTrigger } from './context/event.js';

/**
 * The commit from which the tested tree differs by the change under test alone. On a pull request that depends on what
 * the workflow checked out: GitHub's merge, or the head itself. Of an approved head nothing is checked out; what is in
 * the workspace then is something else.
 */
export async function findAnchor(
  trigger: RunTrigger,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<Anchor> {
  const { baselineCommit, headCommit, pullRequest } = trigger;
  if (!pullRequest) return findAnchorWithout(trigger, github);
  const change = { head: headCommit, merge: pullRequest.mergeCommit };
  const checkedOut = trigger.approved ? undefined : await readCheckedOutCommit(root);
  const commit = checkedOut ?? change.merge;
  const tested = { commit, parents: await github.parentsOf(commit) };
  const parent = firstParentOfMerge(tested, change);
  if (parent !== undefined) return { commit: parent, kind: 'merge-parent' };
  const base = await github.mergeBase(baselineCommit, commitToMerge(tested, change));
  return base === undefined
    ? { commit: baselineCommit, kind: 'event-base' }
    : { commit: base, kind: 'merge-base' };
}

async function findAnchorWithout(
  { baselineCommit, headCommit, origin, mode }: RunTrigger,
  github: GitHub,
): Promise<Anchor> {
  if (baselineCommit === headCommit) return { commit: headCommit, kind: 'same-commit' };
  if (mode === 'gate' && origin.event !== 'push') {
    return { commit: baselineCommit, kind: 'queue-base' };
  }
  if (await isBefore(baselineCommit, headCommit, github)) {
    return { commit: baselineCommit, kind: 'push-before' };
  }
  const [parent] = (await github.parentsOf(headCommit)) ?? [];
  return parent === undefined
    ? { commit: headCommit, kind: 'same-commit' }
    : { commit: parent, kind: 'first-parent' };
}

/**
 * Whether the state before a push is part of the history after it. After a forced push it is not, and GitHub may not
 * even know it any more. Of a new branch it is a row of zeros, and nothing was there before.
 */
async function isBefore(before: string, after: string, github: GitHub): Promise<boolean> {
  if (/^0+$/.test(before)) return true;
  return (await github.mergeBase(before, after)) === before;
}
