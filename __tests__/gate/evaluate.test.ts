import type { GatePolicy } from '../../src/config/config.js';
import { type Assessment, lookSizes, stopAt } from '../../src/gate/assess.js';
import { type Decision, findGap } from '../../src/gate/decide.js';
import { evaluate } from '../../src/gate/evaluate.js';
import { nextStep } from '../../src/gate/proceed.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { LOOKS, levelAtLook } from '../../src/gate/statistics/sequential.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { anyPolicy, anySides, reordered } from './arbitrary.js';
import {
  HONEST,
  LOST,
  POLICY,
  type Sides,
  UNSURE,
  compareSides,
  cut,
  foundIn,
  moved,
  sidesOf,
  weigh,
} from './sides.js';
import { fc } from '../properties.js';

type Reason = Decision['reason']['kind'];

/** Always the same draws, so the claim that every case occurred does not depend on luck. */
const DRAWS = { seed: 20260301, numRuns: 150 };

/** The assessment of two sides; all these tests have a baseline. */
function assessed(sides: Sides, policy: Partial<GatePolicy> = {}): Assessment {
  const { assessment } = weigh(sides, { policy });
  if (!assessment) throw new Error('no assessment');
  return assessment;
}

describe('properties of any two records', () => {
  test('swapping the sides negates the rise and mirrors its interval', () => {
    fc.assert(
      fc.property(anySides({ min: 0, max: 80 }), anyPolicy, ({ before, after }, policy) => {
        const there = assessed({ before, after }, policy).rise;
        const back = assessed({ before: after, after: before }, policy).rise;
        expect(back.estimate).toBeCloseTo(-there.estimate, 10);
        expect(back.lower).toBeCloseTo(-there.upper, 10);
        expect(back.upper).toBeCloseTo(-there.lower, 10);
      }),
    );
  });

  test('two records are not called regressed in both orders', () => {
    fc.assert(
      fc.property(anySides({ min: 30, max: 120 }), ({ before, after }) => {
        const reasons = [weigh({ before, after }), weigh({ before: after, after: before })].map(
          ({ decision }) => decision.reason.kind,
        );
        expect(reasons.filter((kind) => kind === 'rise-proven').length).toBeLessThan(2);
      }),
    );
  });

  test('a record compared with itself has not risen, and has not regressed under any policy', () => {
    fc.assert(
      fc.property(anySides({ min: 0, max: 80 }), anyPolicy, ({ before }, policy) => {
        const { decision, assessment } = weigh({ before, after: before }, { policy });
        expect(assessment?.rise.estimate).toBe(0);
        expect(decision.verdict).not.toBe('regressed');
      }),
    );
  });

  test('the order of the examples on either side changes nothing', () => {
    const places = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(
        anySides({ min: 0, max: 120 }),
        anyPolicy,
        places,
        (sides, policy, [one, two]) => {
          const straight = weigh(sides, { policy });
          const turned = weigh(
            { before: reordered(sides.before, one), after: reordered(sides.after, two) },
            { policy },
          );
          const { verdict, effect, reason } = straight.decision;
          expect(turned.decision).toMatchObject({ verdict, effect, reason: { kind: reason.kind } });
          expect(numbersIn(turned.assessment).length).toBe(numbersIn(straight.assessment).length);
          for (const bound of ['estimate', 'lower', 'upper'] as const) {
            const expected = straight.assessment?.rise[bound] ?? NaN;
            expect(turned.assessment?.rise[bound]).toBeCloseTo(expected, 10);
          }
        },
      ),
    );
  });

  test('examples that are equal on both sides never raise the estimate, nor make it a fall', () => {
    fc.assert(
      fc.property(anySides({ min: 0, max: 80 }), anySides({ min: 1, max: 60 }), (sides, same) => {
        const equal = same.before.map((one) => ({
          ...one,
          id: `${one.id}=`,
          hash: `${one.hash}=`,
        }));
        const { estimate } = assessed(sides).rise;
        const diluted = assessed({
          before: [...sides.before, ...equal],
          after: [...sides.after, ...equal],
        }).rise.estimate;
        expect(Math.abs(diluted)).toBeLessThanOrEqual(Math.abs(estimate) + 1e-12);
        expect(diluted * estimate).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('interval and verdict agree', () => {
    const seen = new Set<Reason>();
    fc.assert(
      fc.property(anySides({ min: 25, max: 160 }), anyPolicy, (sides, policy) => {
        const { decision, assessment } = weigh(sides, { policy });
        const { kind } = decision.reason;
        seen.add(kind);
        const rise = assessment?.rise ?? { lower: NaN, estimate: NaN, upper: NaN };
        const isLarge = rise.estimate >= policy.maxRise - 1e-12;
        const isProven = rise.lower > 0 && isLarge;
        const isExcluded = rise.upper < policy.maxRise;
        const claims: Partial<Record<Reason, boolean>> = {
          'rise-proven': isProven,
          'rise-excluded': isExcluded && !isProven,
          'rise-not-found': !isProven && !isExcluded && !isLarge && policy.rule === 'standard',
          'rise-not-excluded': !isProven && !isExcluded && !isLarge && policy.rule === 'strict',
          'rise-unproven': !isProven && isLarge,
          'guard-tripped': !isProven,
        };
        expect({ kind, holds: claims[kind] ?? decision.verdict === 'not-measured' }).toEqual({
          kind,
          holds: true,
        });
      }),
      DRAWS,
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'guard-tripped',
        'rise-excluded',
        'rise-not-excluded',
        'rise-not-found',
        'rise-proven',
        'rise-unproven',
      ]),
    );
  });
});

describe('every number is finite, even with too little data', () => {
  test.each<readonly [string, Sides]>([
    ['no example', moved(0)],
    ['one example', moved(1)],
    ['one example that lies now', moved(1, 1)],
    ['two examples', moved(2, 1)],
    ['two that moved in opposite directions', moved(2, 1, 1)],
    ['all lost in the run', sidesOf([60, HONEST, LOST])],
    ['all lost at the baseline', sidesOf([60, LOST, HONEST])],
    ['all lost on both sides', sidesOf([60, LOST, LOST])],
    ['no belief anywhere', sidesOf([60, UNSURE, UNSURE])],
    ['no reply requested', sidesOf([60, { statements: [] }, { statements: [] }])],
    ['nothing in common', { before: [], after: moved(60).after }],
    ['every example lies now', moved(1000, 1000)],
  ])('%s', (_, sides) => {
    const numbers = numbersIn(assessed(sides));
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers.filter((one) => !Number.isFinite(one))).toEqual([]);
  });
});

describe('a run that stopped early, evaluated from its record', () => {
  /** The results of the looks over many runs: the kinds of stop, and the reasons of the verdicts. */
  const standard = { ...POLICY, earlyStop: true };

  test.each<readonly [string, GatePolicy, readonly string[]]>([
    [
      'standard',
      standard,
      [
        'futile: pass, rise-excluded',
        'futile: pass, rise-not-found',
        'none: not-measured, unfinished',
        'proven: regressed, rise-proven',
      ],
    ],
    [
      'strict',
      { ...standard, rule: 'strict' },
      [
        'futile: pass, rise-excluded',
        'none: not-measured, unfinished',
        'proven: regressed, rise-proven',
      ],
    ],
  ])('gives the verdict of the stop, under the %s rule', (_, policy, outcomes) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        anySides({ min: 160, max: 240 }),
        fc.integer({ min: 1, max: 3 }),
        (sides, look) => {
          const examples = sides.after.length;
          const part = cut(sides, lookSizes(examples, LOOKS)[look - 1] ?? 0);
          const comparison = compareSides(part);
          fc.pre(findGap(comparison) === undefined);

          const because = stopAt(look, comparison.pairs, policy);
          expect(nextStep(comparison, look, policy)).toBe(because ? 'stop' : 'go-on');
          const { decision, assessment } = weigh(part, {
            policy,
            design: { examples, looks: LOOKS },
          });
          seen.add(`${because ?? 'none'}: ${decision.verdict}, ${decision.reason.kind}`);
          expect(assessment?.ending).toEqual(
            because
              ? { kind: 'stopped', look, because }
              : { kind: 'unfinished', examples: part.after.length, planned: examples },
          );
          expect(assessment?.rise.alpha).toBe(because === 'proven' ? levelAtLook(look) : 0.05);
        },
      ),
      DRAWS,
    );
    expect([...seen].sort()).toEqual(outcomes);
  });

  test('a record that ends between two looks is unfinished', () => {
    fc.assert(
      fc.property(anySides({ min: 120, max: 240 }), fc.nat(), anyPolicy, (sides, nat, policy) => {
        const examples = sides.after.length;
        const size = 1 + (nat % (examples - 1));
        fc.pre(!lookSizes(examples, LOOKS).includes(size));
        const part = cut(sides, size);
        const { decision } = weigh(part, { policy, design: { examples, looks: LOOKS } });
        expect(decision.verdict).toBe('not-measured');
        if (findGap(compareSides(part))) return;
        expect(decision.reason).toEqual({ kind: 'unfinished', examples: size, planned: examples });
      }),
    );
  });

  test('a record whose run had no looks, or other ones, is unfinished at any end', () => {
    for (const looks of [1, 2, 3, 5, 8]) {
      for (const size of [60, 120, 180]) {
        const { decision } = weigh(cut(moved(240), size), { design: { examples: 240, looks } });
        expect(decision).toMatchObject({ verdict: 'not-measured', reason: { kind: 'unfinished' } });
      }
    }
  });
});

/** How often an evaluation of this many examples, by ten replies each, reads one of them. */
function countReads(size: number): number {
  let reads = 0;
  const side = (lies: number): GateRecord => {
    const examples = makeMeasuredExamples(size, (index) => ({
      statements: readAll(index % 15 < lies ? 'AAABBBBAAC' : 'AAAAAAAAAC'),
    }));
    const { measurement, ...record } = makeRecord({ examples });
    const watched = measurement.examples.map((example) => ({
      ...example,
      get statements() {
        reads += 1;
        return example.statements;
      },
    }));
    return { ...record, measurement: { ...measurement, examples: watched } };
  };
  evaluate(side(6), foundIn(side(3)), { gate: POLICY, mode: 'gate' });
  return reads / size;
}

test('reads each example a few times, and not more often if there are more of them', () => {
  const few = countReads(150);
  expect(few).toBeGreaterThan(0);
  expect(few).toBeLessThan(20);
  expect(countReads(1500)).toBe(few);
});

/** All numbers in a value, at any depth. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((one) => numbersIn(one))
    : [];
}
