import type { Budget } from '../../../src/config/budget.js';
import { type Meter, createMeter } from '../../../src/edges/model/budget-meter.js';
import type { RoleName } from '../../../src/ports.js';
import { fc } from '../../properties.js';

/** The time of the clock in milliseconds at which a run begins. */
const START = 12_345;
const PRICES = { target: { input: 1, output: 10 }, judge: { input: 2, output: 20 } };

/** A meter with a clock that only the test moves, in minutes. */
function meterOf(
  budget: Partial<Budget>,
  prices: Parameters<typeof createMeter>[1] = PRICES,
): Meter & { turnTo: (minutes: number) => void } {
  let minutes = 0;
  const elapsed = (): number => START + minutes * 60_000;
  const meter = createMeter({ target: {}, judge: {}, ...budget }, prices, elapsed);
  return {
    ...meter,
    turnTo: (to) => {
      minutes = to;
    },
  };
}

/** Makes calls one after the other until one is refused. */
function spendAll(
  meter: Meter,
  roles: readonly RoleName[],
  tokens: { readonly input: number; readonly output: number } | undefined,
  most = 100,
): { readonly made: number; readonly objection: string | undefined } {
  for (let made = 0; made < most; made += 1) {
    const role = roles[made % roles.length] ?? 'target';
    const objection = meter.begin(role);
    if (objection !== undefined) return { made, objection };
    meter.end(role, tokens);
  }
  return { made: most, objection: undefined };
}

const BOTH = ['target', 'judge'] as const;
const TEN = { input: 6, output: 4 };

describe('a meter', () => {
  test.each<{
    readonly name: string;
    readonly budget: Partial<Budget>;
    readonly made: number;
    readonly objection: string | undefined;
  }>([
    { name: 'no limit', budget: {}, made: 100, objection: undefined },
    { name: 'calls', budget: { calls: 7 }, made: 7, objection: 'budget.calls' },
    {
      name: 'calls of the target',
      budget: { target: { calls: 3 } },
      made: 6,
      objection: 'budget.target.calls',
    },
    {
      name: 'calls of the judge',
      budget: { judge: { calls: 3 } },
      made: 7,
      objection: 'budget.judge.calls',
    },
    { name: 'tokens', budget: { tokens: 55 }, made: 6, objection: 'budget.tokens' },
    {
      name: 'tokens of the judge',
      budget: { judge: { tokens: 20 } },
      made: 5,
      objection: 'budget.judge.tokens',
    },
    // A call of the target costs 46 millionths of a dollar, one of the judge 92.
    { name: 'cost', budget: { cost: 0.000_2 }, made: 4, objection: 'budget.cost' },
    {
      name: 'cost of the target',
      budget: { target: { cost: 0.000_09 } },
      made: 4,
      objection: 'budget.target.cost',
    },
    {
      name: 'the smallest of several',
      budget: { calls: 50, cost: 10, target: { calls: 2 }, judge: { tokens: 5000 } },
      made: 4,
      objection: 'budget.target.calls',
    },
  ])('$name: $made calls of both in turn, then $objection', ({ budget, made, objection }) => {
    expect(spendAll(meterOf(budget), BOTH, TEN)).toEqual({ made, objection });
  });

  test('a limit of one role stops only that role', () => {
    const meter = meterOf({ judge: { calls: 1 } });
    expect(meter.begin('judge')).toBeUndefined();
    expect([meter.begin('judge'), meter.begin('target')]).toEqual([
      'budget.judge.calls',
      undefined,
    ]);
  });

  test('minutes are counted from the start, up to the last millisecond', () => {
    const meter = meterOf({ minutes: 2 });
    meter.turnTo(2 - 1 / 60_000);
    expect(meter.begin('target')).toBeUndefined();
    meter.turnTo(2);
    expect(meter.begin('target')).toBe('budget.minutes');
  });

  test('calls in flight are counted before they end', () => {
    const meter = meterOf({ calls: 3 });
    const begun = [1, 2, 3, 4, 5].map(() => meter.begin('target'));
    expect(begun).toEqual([undefined, undefined, undefined, 'budget.calls', 'budget.calls']);
    meter.end('target', TEN);
    expect(meter.begin('target')).toBe('budget.calls');
  });

  test.each([
    { limit: { tokens: 50 }, objection: 'budget.tokens' },
    { limit: { cost: 0.000_23 }, objection: 'budget.cost' },
  ])('and they are expected to cost the mean of those before: $limit', ({ limit, objection }) => {
    const meter = meterOf(limit);
    meter.begin('target');
    meter.end('target', TEN);
    // One call cost 10 tokens, and four more are expected to cost the same.
    const begun = [1, 2, 3, 4, 5].map(() => meter.begin('target'));
    expect(begun).toEqual([undefined, undefined, undefined, undefined, objection]);
    for (let ended = 0; ended < 3; ended += 1) meter.end('target', { input: 0, output: 0 });
    // They cost less, so there is room again.
    expect(meter.begin('target')).toBeUndefined();
  });

  test('a call without an answer costs a call and no tokens', () => {
    const meter = meterOf({ calls: 2, tokens: 1 });
    expect(spendAll(meter, ['target'], undefined)).toEqual({ made: 2, objection: 'budget.calls' });
    expect(meter.usage().target).toMatchObject({ calls: 2, inputTokens: 0, outputTokens: 0 });
  });

  test('a refused call is not counted, nor is one in flight', () => {
    const meter = meterOf({ calls: 1 });
    meter.begin('judge');
    meter.begin('judge');
    expect(meter.usage().judge.calls).toBe(0);
    meter.end('judge', TEN);
    expect(meter.usage().judge.calls).toBe(1);
  });
});

describe('the spending', () => {
  test('is listed by role, with the price of each', () => {
    const meter = meterOf({});
    spendAll(meter, BOTH, TEN, 3);
    const usage = meter.usage();
    expect(usage).toEqual({
      target: {
        calls: 2,
        reused: 0,
        inputTokens: 12,
        outputTokens: 8,
        cost: expect.closeTo(0.000_092, 12) as number,
      },
      judge: {
        calls: 1,
        reused: 0,
        inputTokens: 6,
        outputTokens: 4,
        cost: expect.closeTo(0.000_092, 12) as number,
      },
    });
  });

  test('is unpriced, never free, for a model without a price; no call costs nothing', () => {
    const meter = meterOf({}, { judge: PRICES.judge });
    expect([meter.usage().target.cost, meter.usage().judge.cost]).toEqual([0, 0]);
    spendAll(meter, ['target'], TEN, 1);
    expect([meter.usage().target.cost, meter.usage().judge.cost]).toEqual([null, 0]);
  });
});

test('no order of starts and ends makes more calls than the limits allow', () => {
  const step = fc.record({
    role: fc.constantFrom<RoleName>('target', 'judge'),
    isEnd: fc.boolean(),
  });
  const limit = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), limit, limit, limit, (steps, all, one, two) => {
      const meter = meterOf({ calls: all, target: { calls: one }, judge: { calls: two } });
      const begun = { target: 0, judge: 0 };
      const open = { target: 0, judge: 0 };
      for (const { role, isEnd } of steps) {
        if (isEnd && open[role] > 0) {
          meter.end(role, TEN);
          open[role] -= 1;
        } else if (meter.begin(role) === undefined) {
          begun[role] += 1;
          open[role] += 1;
        }
      }
      expect(begun.target).toBeLessThanOrEqual(one);
      expect(begun.judge).toBeLessThanOrEqual(two);
      expect(begun.target + begun.judge).toBeLessThanOrEqual(all);
      expect(meter.usage().target.calls + meter.usage().judge.calls).toBe(
        begun.target + begun.judge - open.target - open.judge,
      );
    }),
    { seed: 20260302 },
  );
});
