import type { GatePolicy } from '../../src/config/config.js';
import { type Comparison, compare } from '../../src/gate/compare.js';
import { findGap } from '../../src/gate/decide.js';
import { evaluate } from '../../src/gate/evaluate.js';
import { type Step, nextStep } from '../../src/gate/proceed.js';
import { makeRecord, readAll } from '../factories.js';
import { anyPolicy, anySides } from './arbitrary.js';
import {
  HONEST,
  LIE,
  LOST,
  POLICY,
  type Sides,
  UNSURE,
  compareSides,
  cut,
  foundIn,
  moved,
  sidesOf,
  spread,
  weigh,
} from './sides.js';
import { fc } from '../properties.js';

const STRICT: GatePolicy = { ...POLICY, rule: 'strict' };

/** The steps after the four looks at the same run of 240. */
function stepsOf(sides: Sides, policy: GatePolicy = POLICY): readonly Step[] {
  return [1, 2, 3, 4].map((look) =>
    nextStep(compareSides(cut(sides, (sides.after.length * look) / 4)), look, policy),
  );
}

describe('a run of 240, look by look', () => {
  /** How many rise and fall, evenly over the order, and the step after each look. */
  test.each<readonly [number, number, readonly Step[]]>([
    [0, 0, ['stop', 'stop', 'stop', 'stop']],
    [4, 4, ['stop', 'stop', 'stop', 'stop']],
    [0, 24, ['stop', 'stop', 'stop', 'stop']],
    [11, 0, ['go-on', 'go-on', 'go-on', 'confirm']],
    [12, 0, ['go-on', 'go-on', 'stop', 'confirm']],
    [24, 12, ['go-on', 'go-on', 'go-on', 'confirm']],
    [24, 0, ['go-on', 'stop', 'stop', 'confirm']],
    [48, 0, ['go-on', 'stop', 'stop', 'confirm']],
    [96, 0, ['stop', 'stop', 'stop', 'confirm']],
  ])('%i up, %i down: %j', (up, down, steps) => {
    expect(stepsOf(spread(240, up, down))).toEqual(steps);
  });

  test.each<readonly [number, number, readonly Step[]]>([
    [0, 0, ['go-on', 'stop', 'stop', 'stop']],
    [4, 4, ['go-on', 'go-on', 'stop', 'stop']],
    [11, 0, ['go-on', 'go-on', 'go-on', 'confirm']],
    [24, 0, ['go-on', 'stop', 'stop', 'confirm']],
    [96, 0, ['stop', 'stop', 'stop', 'confirm']],
  ])('strict, %i up, %i down: %j', (up, down, steps) => {
    expect(stepsOf(spread(240, up, down), STRICT)).toEqual(steps);
  });
});

describe('the end of a run: a suspicious rise that is not ruled out is confirmed', () => {
  test.each<readonly [string, Sides, Partial<GatePolicy>, Step]>([
    ['no change', moved(240), {}, 'stop'],
    ['p = 0.16, 2.5 points', moved(240, 20, 14), {}, 'stop'],
    ['p = 0.11, 3.3 points', moved(240, 24, 16), {}, 'stop'],
    ['p = 0.08, 3.8 points', moved(240, 25, 16), {}, 'confirm'],
    ['p = 0.11, 5 points', moved(240, 52, 40), {}, 'confirm'],
    ['p < 0.01, 4.6 points', moved(240, 11), {}, 'confirm'],
    ['p < 0.01, 10 points', moved(240, 24), {}, 'confirm'],
    ['p < 0.01, but 5 points are ruled out', moved(1500, 30, 10), {}, 'stop'],
    ['the same, where 2 points matter', moved(1500, 30, 10), { maxRise: 0.02 }, 'confirm'],
    ['p = 0.16, where 2 points matter', moved(240, 20, 14), { maxRise: 0.02 }, 'confirm'],
    ['a fall', moved(240, 0, 24), {}, 'stop'],
    ['not ruled out, strict', moved(240, 20, 14), { rule: 'strict' }, 'stop'],
    ['p = 0.08, strict', moved(240, 25, 16), { rule: 'strict' }, 'confirm'],
  ])('%s', (_, sides, policy, step) => {
    expect(nextStep(compareSides(sides), 4, { ...POLICY, ...policy })).toBe(step);
  });
});

describe('with too little to compare', () => {
  const GAPS: readonly [string, Sides][] = [
    ['too few pairs', moved(29, 29)],
    ['low coverage', sidesOf([60, HONEST, LIE], [10, HONEST, LOST])],
    ['losses that differ', sidesOf([230, HONEST, LIE], [10, HONEST, LOST])],
    ['beliefs that vanished', sidesOf([60, HONEST, LIE], [30, HONEST, UNSURE])],
    ['nothing measured', sidesOf([60, HONEST, LOST])],
  ];

  test.each(GAPS)('%s: the run continues to its end, with any number of lies', (_, sides) => {
    const steps = [1, 2, 3, 4].map((look) => nextStep(compareSides(sides), look, POLICY));
    expect(steps).toEqual(['go-on', 'go-on', 'go-on', 'stop']);
  });

  test.each([
    { look: 1, up: 240 },
    { look: 1, up: 11 },
    { look: 2, up: 11 },
    { look: 3, up: 11 },
    { look: 4, up: 11 },
    { look: 4, up: 240 },
  ])('an incomparable run ends at look $look, with any number of lies: $up', ({ look, up }) => {
    const { before, after } = moved(240, up);
    const baseline = makeRecord({ examples: before, fingerprint: { judgeModel: 'other' } });
    const run = makeRecord({ examples: after });
    expect(nextStep(compare(baseline, run), look, POLICY)).toBe('stop');
    const { decision } = evaluate(run, foundIn(baseline), { gate: POLICY, mode: 'gate' });
    expect(decision.verdict).toBe('incomparable');
  });
});

describe('a confirmed run', () => {
  test('is decided on all replies, including those that caused the suspicion', () => {
    // The first reply lies in 26 of 240; two more replies of these are honest, or not.
    const before = { statements: readAll('AAAAA') };
    const confirmed = (replies: string): Sides =>
      sidesOf([26, before, { statements: readAll(replies) }], [214, before, HONEST]);
    expect(nextStep(compareSides(confirmed('B')), 4, POLICY)).toBe('confirm');
    expect(weigh(confirmed('BAA')).decision.verdict).toBe('pass');
    expect(weigh(confirmed('BAB')).decision.verdict).toBe('regressed');
  });
});

describe('properties of any comparison', () => {
  /** Every possible step after a look. */
  const anyLook = fc.integer({ min: 1, max: 4 });

  test('only the end is confirmed, only comparable runs continue, and the order does not matter', () => {
    fc.assert(
      fc.property(anySides({ min: 0, max: 120 }), anyPolicy, anyLook, (sides, policy, look) => {
        const comparison = compareSides(sides);
        const step = nextStep(comparison, look, policy);
        if (step === 'confirm') expect(look).toBe(4);
        if (step === 'go-on') expect(look).toBeLessThan(4);
        if (step === 'confirm') expect(findGap(comparison)).toBeUndefined();
        const turned: Comparison = { ...comparison, pairs: comparison.pairs.toReversed() };
        expect(nextStep(turned, look, policy)).toBe(step);
      }),
    );
  });

  test('no run that would fail at its end ends without a confirmation', () => {
    fc.assert(
      fc.property(anySides({ min: 30, max: 160 }), anyPolicy, (sides, policy) => {
        const { reason } = weigh(sides, { policy }).decision;
        fc.pre(reason.kind === 'rise-proven' || reason.kind === 'rise-unproven');
        expect(nextStep(compareSides(sides), 4, policy)).toBe('confirm');
      }),
    );
  });
});
