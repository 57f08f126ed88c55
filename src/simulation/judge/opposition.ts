import type { Side } from '../../mask/proposition.js';
import { splitWords } from './sentences.js';
import { countNegators, listStems, listWeightyStems } from './stems.js';

export type Statements = Readonly<Record<Side, string>>;

/**
 * Where two statements part. A `negation` says the same thing with and without "not", so that denying one
 * asserts the other; an `alternative` names two different things, and both can be denied.
 */
export type Opposition = Shared &
  (
    | {
        readonly kind: 'negation';
        /** Stems of what is affirmed or negated, and the side that negates it. */
        readonly core: readonly string[];
        readonly negative: Side;
      }
    | {
        readonly kind: 'alternative';
        readonly names: Readonly<Record<Side, readonly string[]>>;
      }
  );

interface Shared {
  /** Stems that both statements share, before and behind the point where they part. */
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/** Finds out how two statements oppose each other. */
export function compareStatements(statements: Statements): Opposition {
  const a = splitWords(statements.A);
  const b = splitWords(statements.B);
  const start = countShared(a, b);
  const end = countShared(a.slice(start).reverse(), b.slice(start).reverse());
  const before = listStems(a.slice(0, start));
  const behind = listStems(a.slice(a.length - end));
  const [nameA, nameB] = [a, b].map((words) => words.slice(start, words.length - end));
  const names = { A: listWeightyStems(nameA ?? []), B: listWeightyStems(nameB ?? []) };
  if (names.A.join() === names.B.join()) {
    const negative = countNegators(b) % 2 === 1 ? 'B' : 'A';
    const core = [...names.A, ...behind];
    return { kind: 'negation', before, behind, negative, core: core.length > 0 ? core : before };
  }
  return { kind: 'alternative', before, behind, names };
}

function countShared(one: readonly string[], other: readonly string[]): number {
  const parting = one.findIndex((word, index) => word !== other[index]);
  return parting < 0 ? Math.min(one.length, other.length) : parting;
}

/** The other one of two sides. */
export function otherSide(side: Side): Side {
  return side === 'A' ? 'B' : 'A';
}
