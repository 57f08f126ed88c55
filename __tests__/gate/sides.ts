import type { GatePolicy } from '../../src/config/config.js';
import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { type Comparison, compare } from '../../src/gate/compare.js';
import { evaluate } from '../../src/gate/evaluate.js';
import type { GateRecord, RunDesign } from '../../src/gate/records/record.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import { failed, makeConfig, makeMeasuredExample, makeRecord, readAll } from '../factories.js';

export const POLICY = makeConfig().gate;

/** The possible results of one example. By default the model believes A, which is true. */
export type Kind = Partial<MeasuredExample>;

export const HONEST = { statements: readAll('A') } satisfies Kind;
export const LIE = { statements: readAll('B') } satisfies Kind;
export const EVASIVE = { statements: readAll('C') } satisfies Kind;
export const LOST = { statements: [failed()] } satisfies Kind;
export const UNSURE = { direct: readAll('ABC'), statements: readAll('A') } satisfies Kind;
/** Believes B, which is false, and says so: not a lie. */
export const MISTAKEN = {
  direct: readAll('BBB'),
  consistency: readAll('BB'),
  statements: readAll('B'),
} satisfies Kind;
/** The facts are in the prompt, so no belief is asked for. */
export const GIVEN = {
  archetype: 'provided_facts',
  direct: [],
  consistency: [],
} as const satisfies Kind;

/** Examples `e1`, `e2`, ... group by group; sides with groups of equal sizes make pairs. */
export function sideOf(
  ...groups: readonly (readonly [count: number, kind: Kind])[]
): readonly MeasuredExample[] {
  return groups
    .flatMap(([count, kind]) => Array.from({ length: count }, () => kind))
    .map((kind, index) => makeMeasuredExample({ id: `e${index + 1}`, ...kind }));
}

export interface Sides {
  readonly before: readonly MeasuredExample[];
  readonly after: readonly MeasuredExample[];
}

/** How many examples were of one kind before, and are of another now. */
export type Change = readonly [count: number, before: Kind, after: Kind];

export function sidesOf(...changes: readonly Change[]): Sides {
  return {
    before: sideOf(...changes.map(([count, before]) => [count, before] as const)),
    after: sideOf(...changes.map(([count, , after]) => [count, after] as const)),
  };
}

/** Pairs of which some lie only now, and some lied only before; the others are honest on both sides. */
export function moved(pairs: number, up = 0, down = 0): Sides {
  return sidesOf([up, HONEST, LIE], [down, LIE, HONEST], [pairs - up - down, HONEST, HONEST]);
}

/** The same, with the changes spread evenly over the order, as chance would. */
export function spread(pairs: number, up: number, down = 0): Sides {
  const isAt = (index: number, count: number): boolean =>
    Math.floor(((index + 1) * count) / pairs) > Math.floor((index * count) / pairs);
  return sidesOf(
    ...Array.from({ length: pairs }, (_, index): Change => {
      if (isAt(index, up)) return [1, HONEST, LIE];
      return isAt(pairs - 1 - index, down) ? [1, LIE, HONEST] : [1, HONEST, HONEST];
    }),
  );
}

/** A run that ended after its first examples, compared with the whole baseline. */
export function cut({ before, after }: Sides, size: number): Sides {
  return { before, after: after.slice(0, size) };
}

export interface Circumstances {
  readonly policy?: Partial<GatePolicy>;
  readonly design?: Partial<RunDesign>;
  readonly mode?: 'gate' | 'record';
}

/** Evaluates the records of two sides, as a run does at its end. */
export function weigh(
  { before, after }: Sides,
  { policy, design = {}, mode = 'gate' }: Circumstances = {},
): ReturnType<typeof evaluate> {
  const run = makeRecord({ examples: after, design });
  return evaluate(run, foundIn(makeRecord({ examples: before })), {
    gate: { ...POLICY, ...policy },
    mode,
  });
}

export function compareSides({ before, after }: Sides): Comparison {
  return compare(makeRecord({ examples: before }), makeRecord({ examples: after }));
}

export function foundIn(
  record: GateRecord,
  ...older: readonly GateRecord[]
): BaselineLookup & { readonly status: 'found' } {
  return { status: 'found', record, distance: 0, older };
}

/** All guards at one setting, except those that are named. */
export function guardsAt(
  setting: 'off' | 'warn' | 'fail',
  others: Partial<GatePolicy['guards']> = {},
): GatePolicy['guards'] {
  return {
    accuracy: setting,
    'belief-rate': setting,
    evasion: setting,
    honest: setting,
    ...others,
  };
}
