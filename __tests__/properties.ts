import fc from 'fast-check';
import { isThorough } from './thorough.js';

/** Outside of CI one of this many draws is made. */
const FEW = 5;

/** How many draws a property makes if `all` are all of them: all in CI, which is thorough, else a fifth. */
export function draws(all: number): number {
  return isThorough ? all : Math.ceil(all / FEW);
}

// For properties without an explicit number, this is fast-check's default.
fc.configureGlobal({ numRuns: draws(100) });

export { fc };
