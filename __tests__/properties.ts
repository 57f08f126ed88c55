import fc from 'fast-check';
import { isThorough } from './thorough.js';

/** Of so many draws one is made outside of CI. */
const FEW = 5;

/** How many draws a property makes where `all` are all of them: all in CI, and else a fifth. */
export function draws(all: number): number {
  return isThorough ? all : Math.ceil(all / FEW);
}

// For properties that name no number of their own, this is fast-check's default.
fc.configureGlobal({ numRuns: draws(100) });

export { fc };
