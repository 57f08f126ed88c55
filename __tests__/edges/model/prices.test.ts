import known from '../../../data/prices.json' with { type: 'json' };
import type { Prices } from '../../../src/config/budget.js';
import type { Config } from '../../../src/config/config.js';
import { resolvePrices } from '../../../src/edges/model/prices.js';
import { makeConfig, makeRole } from '../../factories.js';

/** The price of a model at an endpoint. */
function priceAt(baseUrl: string, model: string, prices: Prices = {}): unknown {
  const target = makeRole({ model, provider: { ...makeRole().provider, baseUrl } });
  return resolvePrices({ ...makeConfig(), target, prices }).target;
}

const OPENAI = 'https://api.openai.com/v1';

describe('the price of a model', () => {
  test.each<[string, unknown, unknown]>([
    ['a known one', priceAt(OPENAI, 'gpt-4o-mini'), { input: 0.15, output: 0.6 }],
    ['another name', priceAt(OPENAI, 'gpt-4o-mini-next'), undefined],
    ['another endpoint', priceAt('https://gateway.test/v1', 'gpt-4o-mini'), undefined],
    ['another port', priceAt('https://api.openai.com:8443/v1', 'gpt-4o-mini'), undefined],
    [
      'a host that only has the same ending',
      priceAt('https://notapi.openai.com/v1', 'gpt-4o'),
      undefined,
    ],
    ['no endpoint at all', priceAt('', 'gpt-4o'), undefined],
    ['a name from the prototype', priceAt(OPENAI, 'constructor'), undefined],
    ['a host from the prototype', priceAt('https://constructor/v1', 'name'), undefined],
    [
      'a configured price overrides the list',
      priceAt(OPENAI, 'gpt-4o', { 'gpt-4o': { input: 1, output: 2 } }),
      { input: 1, output: 2 },
    ],
    [
      'a configured price for another model',
      priceAt(OPENAI, 'mine', { 'gpt-4o': { input: 1, output: 2 } }),
      undefined,
    ],
  ])('%s', (_, price, expected) => {
    expect(price).toEqual(expected);
  });

  test('is that of each role, and absent if a role has none', () => {
    const config: Config = makeConfig({ prices: { 'judge-2026-01-01': { input: 3, output: 4 } } });
    expect(resolvePrices(config)).toEqual({ judge: { input: 3, output: 4 } });
  });
});

test('the list is dated, and each price is two numbers above 0, with a higher output price', () => {
  expect(known.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  const listed = Object.values(known.hosts).flatMap((models) => Object.entries(models));
  expect(listed.length).toBeGreaterThan(10);
  for (const [model, price] of listed) {
    const [input = 0, output = 0] = price;
    expect([model, price.length, input > 0, output >= input]).toEqual([model, 2, true, true]);
  }
});
