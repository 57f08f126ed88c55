import type { Occasion } from '../../src/action/event.js';
import { NO_ORIGIN } from '../../src/gate/record.js';

export const BASE = 'b'.repeat(40);
export const HEAD = 'a'.repeat(40);

/** A pull request of the same repository. */
export const PULL_REQUEST: Occasion & { readonly policyCommit: string } = {
  mode: 'gate',
  origin: NO_ORIGIN,
  baselineCommit: BASE,
  policyCommit: BASE,
  pullRequest: { number: 7, headSha: HEAD, isFork: false },
};

/** A push to the default branch: the checkout is trusted. */
export const PUSH: Occasion = { mode: 'record', origin: NO_ORIGIN, baselineCommit: BASE };
