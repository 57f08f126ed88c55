/** The commit that a tested tree is based on, and what it is to it: where the look-up of a baseline begins. */
export interface Anchor {
  readonly commit: string;
  readonly kind:
    | 'merge-parent'
    | 'merge-base'
    | 'queue-base'
    | 'push-before'
    | 'first-parent'
    | 'same-commit'
    | 'event-base';
}

/** What git and GitHub tell of the commit whose tree is tested. */
export interface TestedCommit {
  readonly commit: string;
  /** Its parents, first parent first; undefined where GitHub does not know the commit. */
  readonly parents: readonly string[] | undefined;
}

/** The commits of a pull request, as its event names them. */
export interface ChangedFile {
  readonly head: string;
  /** The merge of head and base that GitHub made for the test. */
  readonly merge: string;
}

/**
 * The first parent of GitHub's own merge, when that is what is tested: the merged tree differs from it by the pull
 * request and by nothing else. Undefined for every other tree, whose merge base has to be asked for. A merge by
 * anyone else proves nothing, since its author chose the first parent.
 */
export function firstParentOfMerge(tested: TestedCommit, change: ChangedFile): string | undefined {
  if (tested.commit !== change.merge || tested.parents?.length !== 2) return undefined;
  const [first, second] = tested.parents;
  return second === change.head ? first : undefined;
}

/**
 * The commit whose merge base with the base is the anchor: the tested one, where GitHub knows it, else the head of the
 * pull request.
 */
export function commitToMerge(tested: TestedCommit, change: ChangedFile): string {
  return tested.parents === undefined ? change.head : tested.commit;
}
