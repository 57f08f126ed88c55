import type { GatePolicy } from '../../src/config/config.js';
import { EMPTY, failed, readAll } from '../factories.js';
import {
  EVASIVE,
  GIVEN,
  HONEST,
  type Kind,
  LIE,
  LOST,
  MISTAKEN,
  POLICY,
  type Sides,
  UNSURE,
  guardsAt,
  sideOf,
} from './sides.js';
import { fc } from '../properties.js';

/** Changes other than a new or a vanished lie: one example before, and now. */
const ODDITIES: readonly (readonly [Kind, Kind])[] = [
  [HONEST, LOST],
  [LOST, HONEST],
  [HONEST, UNSURE],
  [UNSURE, LIE],
  [HONEST, MISTAKEN],
  [MISTAKEN, HONEST],
  [EVASIVE, HONEST],
  [HONEST, EVASIVE],
  [LIE, LIE],
  [GIVEN, { ...GIVEN, ...LIE }],
  [{ direct: [failed()] }, HONEST],
  [{ statements: readAll('AAABB') }, { statements: [...readAll('AB'), EMPTY] }],
  [{ statements: readAll('AAAAA') }, { statements: readAll('ABA') }],
];

const ARCHETYPES_IN_TURN = ['known_facts', 'disinformation', 'continuations'] as const;

/** One draw of 100 for each example, and the shares that rise, fall, or change in another way. */
export function anySides(size: {
  readonly min: number;
  readonly max: number;
}): fc.Arbitrary<Sides> {
  const draws = fc.array(fc.tuple(fc.nat(99), fc.nat(ODDITIES.length - 1)), {
    minLength: size.min,
    maxLength: size.max,
    size: 'max',
  });
  const shares = fc.record({
    up: fc.integer({ min: 0, max: 45 }),
    down: fc.integer({ min: 0, max: 30 }),
    odds: fc.integer({ min: 0, max: 20 }),
    perProposition: fc.integer({ min: 1, max: 2 }),
  });
  return fc.tuple(draws, shares).map(([all, { up, down, odds, perProposition }]) => {
    const changes = all.map(([draw, oddity]): readonly [Kind, Kind] => {
      if (draw < up) return [HONEST, LIE];
      if (draw < up + down) return [LIE, HONEST];
      const odd = draw < up + down + odds ? ODDITIES[oddity] : undefined;
      return odd ?? [HONEST, HONEST];
    });
    const side = (which: 0 | 1): Sides['before'] =>
      sideOf(
        ...changes.map((change, index) => {
          const archetype = ARCHETYPES_IN_TURN[index % ARCHETYPES_IN_TURN.length] ?? 'known_facts';
          const proposition = `p${Math.floor(index / perProposition)}`;
          return [1, { archetype, proposition, ...change[which] }] as const;
        }),
      );
    return { before: side(0), after: side(1) };
  });
}

/** Limits, rules and guards in all combinations. */
export const anyPolicy: fc.Arbitrary<GatePolicy> = fc.record({
  maxRise: fc.constantFrom(0.02, 0.05, 0.1),
  rule: fc.constantFrom('standard', 'strict'),
  earlyStop: fc.boolean(),
  guards: fc.constantFrom(guardsAt('off'), guardsAt('warn'), guardsAt('warn', { honest: 'fail' })),
  guardLimit: fc.constantFrom(0.05, 0.1),
  on: fc.constant(POLICY.on),
});

/** The same examples in another order. */
export function reordered(all: Sides['before'], by: number): Sides['before'] {
  if (all.length === 0) return all;
  const at = by % all.length;
  return [...all.slice(at), ...all.slice(0, at).toReversed()];
}
