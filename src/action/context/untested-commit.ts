import { readCheckedOutCommit } from '../../edges/files/checkout.js';
import type { Reason } from '../../gate/decide.js';
import type { RunTrigger } from './event.js';

/**
 * Why what is checked out can't speak for the commit that a run is about: it is neither that commit nor GitHub's merge
 * of it with the base. Undefined where it is, where nothing says what is checked out, and where nothing has to be.
 *
 * @param root the checkout
 */
export async function findUntestedCommit(
  { headCommit, pullRequest, approved }: RunTrigger,
  root: string,
): Promise<Extract<Reason, { readonly kind: 'other-commit' }> | undefined> {
  if (approved) return undefined;
  const tested = await readCheckedOutCommit(root);
  const expected = [...new Set([headCommit, pullRequest?.mergeCommit ?? headCommit])];
  if (tested === undefined || expected.includes(tested)) return undefined;
  return { kind: 'other-commit', tested, expected };
}
