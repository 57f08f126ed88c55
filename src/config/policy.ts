import { type Tree, listLeaves, withValue } from './tree.js';

/**
 * The keys that a pull request may change with effect in its own run: what is measured. Everything else is
 * policy, how it is measured and judged, and comes from the base. The content of the prompt file is
 * the head's as well; its path is policy.
 */
export const SUBJECT_KEYS: readonly string[] = [
  'target.provider',
  'target.model',
  'target.temperature',
  'target.top-p',
  'target.max-tokens',
  'target.reasoning-effort',
];

/** A policy key that differs in the head: without effect in this run, in force once merged. */
export interface Deferred {
  readonly key: string;
  /** The value at the base and at the head; undefined where the key is not set. */
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * Joins the base's policy with the head's subject.
 *
 * @returns the settings in force for this run, and the differences that wait for the merge
 */
export function joinPolicyAndSubject(
  base: Tree,
  head: Tree,
): { settings: Tree; deferred: readonly Deferred[] } {
  const before = listLeaves(base);
  const after = listLeaves(head);
  const settings = SUBJECT_KEYS.reduce(
    (tree, key) => withValue(tree, key.split('.'), after.get(key)),
    base,
  );
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => !SUBJECT_KEYS.includes(key),
  );
  const deferred = keys
    .map((key) => ({ key, from: before.get(key), to: after.get(key) }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  return { settings, deferred };
}
