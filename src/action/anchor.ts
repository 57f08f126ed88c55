import { readCheckedOutCommit } from '../edges/checkout.js';
import type { GitHub } from '../edges/github.js';
import { type Anchor, commitToMerge, firstParentOfMerge } from '../gate/anchor.js';
import type { Occasion } from './event.js';

/**
 * The commit from which the tested tree differs by the change under test alone. On a pull request that depends on what
 * the workflow checked out: GitHub's merge, or the head itself. Of an approved head nothing is checked out; what lies in
 * the workspace then is something else.
 */
export async function findAnchor(
  occasion: Occasion,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<Anchor> {
  const { baselineCommit, headCommit, pullRequest } = occasion;
  if (!pullRequest) return { commit: baselineCommit, kind: kindWithout(occasion) };
  const change = { head: headCommit, merge: pullRequest.mergeCommit };
  const checkedOut = occasion.approved ? undefined : await readCheckedOutCommit(root);
  const commit = checkedOut ?? change.merge;
  const tested = { commit, parents: await github.parentsOf(commit) };
  const parent = firstParentOfMerge(tested, change);
  if (parent !== undefined) return { commit: parent, kind: 'merge-parent' };
  const base = await github.mergeBase(baselineCommit, commitToMerge(tested, change));
  return base === undefined
    ? { commit: baselineCommit, kind: 'event-base' }
    : { commit: base, kind: 'merge-base' };
}

function kindWithout({ baselineCommit, headCommit, mode, origin }: Occasion): Anchor['kind'] {
  if (baselineCommit === headCommit) return 'same-commit';
  return mode === 'record' || origin.event === 'push' ? 'push-before' : 'queue-base';
}
