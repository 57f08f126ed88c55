import type { GitHub } from '../edges/github/client.js';
import type { FileDiff } from '../edges/github/change.js';
import { readCheckedOutCommit } from '../edges/files/checkout.js';
import { findChangeSince } from './approval.js';
import type { RunTrigger } from './context/event.js';

/** The pair of base and head that a run is about, or why there is nothing to go on with. */
export type Pinned = { readonly pinned: RunTrigger } | { readonly stopped: string };

/**
 * Asks where the pull request is before money is spent: a run that waited in a queue may be about a base or a head that
 * the pull request has left. GitHub's merge is the one that is checked out, where GitHub has made another one since.
 *
 * @param root the checkout
 * @throws RunError when the token may not ask
 */
export async function pinPullRequest(
  trigger: RunTrigger,
  { root, github }: { readonly root: string; readonly github: GitHub },
): Promise<Pinned> {
  const { pullRequest, approved, origin, headCommit, baselineCommit } = trigger;
  // What was approved was asked for a moment ago; what is closed stays what it is.
  if (!pullRequest || approved || isEnded(pullRequest)) return { pinned: trigger };
  const { number, mergeCommit } = pullRequest;
  const now = await github.change(number, headCommit);
  const base = origin.base ?? { ref: now.base.ref, commit: baselineCommit };
  const move = findMove({ head: headCommit, base: base.ref }, now);
  if (move !== undefined) {
    return { stopped: `pull request ${number}: ${move} before it was measured; ${NEXT_RUN}` };
  }
  const checkedOut = await readCheckedOutCommit(root);
  const isPresentMerge = checkedOut !== undefined && checkedOut === now.mergeCommit;
  return {
    pinned: {
      ...trigger,
      origin: { ...origin, base },
      pullRequest: { ...pullRequest, mergeCommit: isPresentMerge ? checkedOut : mergeCommit },
    },
  };
}

function isEnded({ aside }: NonNullable<RunTrigger['pullRequest']>): boolean {
  return aside === 'closed' || aside === 'merged';
}

/**
 * Asks again when everything is measured: the pull request must still have that base and that head.
 *
 * @returns why it does not; undefined where it does, and outside of pull requests
 */
export async function confirmPinned(
  { approved, pullRequest, headCommit, origin }: RunTrigger,
  github: GitHub,
): Promise<string | undefined> {
  if (!pullRequest) return undefined;
  const { number } = pullRequest;
  const now = await github.change(number, headCommit);
  const move = findMove({ head: headCommit, base: origin.base?.ref ?? '' }, now);
  const fault =
    (approved && findChangeSince(approved, now, github.repository)) ??
    (move && `${move} while it was measured; ${NEXT_RUN}`);
  return fault && `pull request ${number}: ${fault}. What was measured is not published`;
}

const NEXT_RUN = 'the run for its present base and head decides';

/** Why a pull request does not have the tested commits any more; undefined when it still has. Pure. */
export function findMove(
  tested: { readonly head: string; readonly base: string },
  { headCommit, base }: Pick<FileDiff, 'headCommit' | 'base'>,
): string | undefined {
  if (base.ref !== tested.base) {
    return `the pull request was retargeted from ${tested.base} to ${base.ref}`;
  }
  if (headCommit === tested.head) return undefined;
  return `its head has moved from ${tested.head.slice(0, 12)} to ${headCommit.slice(0, 12)}`;
}
