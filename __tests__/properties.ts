import fc from 'fast-check';

/** The fast lane makes one of this many draws. */
const FEW = 5;

/**
 * How many draws a property makes if `all` are all of them: a fifth in the fast lane, which runs after every
 * change, and all in `npm test` and in CI.
 */
export function draws(all: number): number {
  return Reflect.get(globalThis, 'fewDraws') === true ? Math.ceil(all / FEW) : all;
}

// For properties without an explicit number, this is fast-check's default.
fc.configureGlobal({ numRuns: draws(100) });

export { fc };
