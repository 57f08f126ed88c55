import type { RunTrigger } from '../../src/action/context/event.js';
import { NO_ORIGIN } from '../../src/gate/records/record.js';

export const BASE = 'b'.repeat(40);
export const MERGE = 'e'.repeat(40);
export const HEAD = 'a'.repeat(40);

/** A pull request of the same repository. */
export const PULL_REQUEST: RunTrigger & { readonly policyCommit: string } = {
  mode: 'gate',
  origin: NO_ORIGIN,
  baselineCommit: BASE,
  headCommit: HEAD,
  policyCommit: BASE,
  pullRequest: { number: 7, isFork: false, mergeCommit: MERGE, labels: [] },
};

/** A push to the default branch: the checkout is trusted. */
export const PUSH: RunTrigger = {
  mode: 'record',
  origin: NO_ORIGIN,
  baselineCommit: BASE,
  headCommit: HEAD,
};

/** The candidate of a merge queue. */
export const MERGE_GROUP: RunTrigger = {
  mode: 'gate',
  origin: NO_ORIGIN,
  baselineCommit: BASE,
  headCommit: HEAD,
  policyCommit: BASE,
};
