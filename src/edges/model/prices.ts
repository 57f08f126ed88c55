import known from '../../../data/prices.json' with { type: 'json' };
import type { Price } from '../../config/budget.js';
import type { Config, Role } from '../../config/config.js';
import type { RoleName } from '../../ports.js';

/** The price of each role, by configuration or by the list of known ones; absent where there is none. */
export type RolePrices = Readonly<Partial<Record<RoleName, Price>>>;

/** The prices of a configuration. A model without a price is unpriced, never free. */
export function resolvePrices(config: Pick<Config, RoleName | 'prices'>): RolePrices {
  const target = findPrice(config.target, config.prices);
  const judge = findPrice(config.judge, config.prices);
  return { ...(target && { target }), ...(judge && { judge }) };
}

const HOSTS: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = known.hosts;

/** A known price is that of the provider itself: the same name at another endpoint may cost something else. */
function findPrice({ model, provider }: Role, prices: Config['prices']): Price | undefined {
  const set = new Map(Object.entries(prices)).get(model);
  if (set) return set;
  const listed = new Map(Object.entries(HOSTS[readHost(provider.baseUrl)] ?? {})).get(model);
  const [input, output] = listed ?? [];
  return input === undefined || output === undefined ? undefined : { input, output };
}

function readHost(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : '';
}
