import type { Budget } from '../../src/config/budget.js';
import { type Meter, createMeter } from '../../src/edges/meter.js';

const NO_LIMITS: Budget = { target: {}, judge: {} };
const PRICES = { target: { input: 1, output: 10 }, judge: { input: 2, output: 20 } };
const TOKENS = { input: 100_000, output: 10_000 };

let time = 0;

function meterWith(budget: Partial<Budget>): Meter {
  time = 0;
  return createMeter({ ...NO_LIMITS, ...budget }, PRICES, () => new Date(time));
}

/** One call after the other, target and judge in turn, until a limit stands against it. */
function callUntilRefused(meter: Meter): { readonly calls: number; readonly by: string } {
  for (let calls = 0; calls < 100; calls += 1) {
    const role = calls % 2 === 0 ? 'target' : 'judge';
    const by = meter.begin(role);
    if (by !== undefined) return { calls, by };
    meter.end(role, TOKENS);
    time += 10_000;
  }
  throw new Error('nothing held the calls back');
}

test.each<[string, Partial<Budget>, number]>([
  ['budget.calls', { calls: 7 }, 7],
  ['budget.target.calls', { target: { calls: 3 } }, 6],
  ['budget.judge.calls', { judge: { calls: 3 } }, 7],
  ['budget.tokens', { tokens: 440_000 }, 4],
  ['budget.judge.tokens', { judge: { tokens: 220_000 } }, 5],
  // The target's calls come to $0.20 each, those of the judge to $0.40.
  ['budget.cost', { cost: 1.1 }, 4],
  ['budget.target.cost', { target: { cost: 0.3 } }, 4],
  ['budget.minutes', { minutes: 1 }, 6],
])('%s ends the calls when it is reached', (setting, budget, calls) => {
  expect(callUntilRefused(meterWith(budget))).toEqual({ calls, by: setting });
});

test('calls under way count before anybody knows what they come to', () => {
  const meter = meterWith({ calls: 2 });
  expect([meter.begin('target'), meter.begin('target'), meter.begin('judge')]).toEqual([
    undefined,
    undefined,
    'budget.calls',
  ]);
});

test('calls under way are taken for the mean of those before', () => {
  const meter = meterWith({ tokens: 300_000 });
  meter.begin('target');
  meter.end('target', TOKENS);
  // One known call of 110,000 tokens and two under way come to more than the limit.
  expect([meter.begin('target'), meter.begin('target'), meter.begin('target')]).toEqual([
    undefined,
    undefined,
    'budget.tokens',
  ]);
});

test('a role without a price is unpriced, not free', () => {
  const meter = createMeter(NO_LIMITS, {}, () => new Date(0));
  expect(meter.usage().target.cost).toBe(0);
  meter.begin('target');
  meter.end('target', TOKENS);
  expect(meter.usage().target).toMatchObject({ calls: 1, inputTokens: 100_000, cost: null });
});
