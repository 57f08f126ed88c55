import { type Budget, type BudgetLimits, computeCost } from '../../config/budget.js';
import type { ModelUsage, RoleName } from '../../ports.js';
import type { RolePrices } from './prices.js';
import { MINUTE_MS } from '../../base/units.js';

/** Tokens of one reply, as the provider counts them. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** Counts what calls come to, and says when a limit of the budget is reached. */
export interface Meter {
  /**
   * To be asked before a call is sent for the first time. A call that may be sent is counted as under way.
   *
   * @returns the setting whose limit stands against it; undefined when it may be sent
   */
  begin(role: RoleName): string | undefined;
  /** To be called once for each call that may be sent; tokens are unknown for one that got no answer. */
  end(role: RoleName, tokens: Tokens | undefined): void;
  usage(): Readonly<Record<RoleName, ModelUsage>>;
}

/** What a role has come to so far. */
interface RoleAccount {
  calls: number;
  underWay: number;
  input: number;
  output: number;
}

/**
 * A meter of one run. Calls, time and tokens are held to their limits before a call is sent; what the calls under way
 * will come to is taken for the mean of those before, so a limit of tokens or money may be passed by a little.
 *
 * @param elapsed milliseconds of a clock that only goes forward
 */
export function createMeter(budget: Budget, prices: RolePrices, elapsed: () => number): Meter {
  const start = elapsed();
  const accounts: Record<RoleName, RoleAccount> = { target: newAccount(), judge: newAccount() };

  const scopes = (role: RoleName): readonly Scope[] => [
    { name: 'budget', limits: budget, roles: ['target', 'judge'] },
    { name: `budget.${role}`, limits: budget[role], roles: [role] },
  ];
  const expected = (role: RoleName, of: (account: RoleAccount) => number): number => {
    const account = accounts[role];
    return of(account) * (1 + account.underWay / Math.max(1, account.calls));
  };
  const spent: Readonly<Record<keyof BudgetLimits, (role: RoleName) => number>> = {
    calls: (role) => accounts[role].calls + accounts[role].underWay,
    tokens: (role) => expected(role, ({ input, output }) => input + output),
    cost: (role) => expected(role, (account) => computeRoleCost(account, prices[role]) ?? 0),
  };
  const objectionTo = ({ name, limits, roles }: Scope): string | undefined => {
    const kind = KINDS.find((one) => {
      const limit = limits[one];
      if (limit === undefined) return false;
      return roles.reduce((sum, role) => sum + spent[one](role), 0) >= limit;
    });
    return kind && `${name}.${kind}`;
  };

  return {
    begin: (role) => {
      const isLate = elapsed() - start >= (budget.minutes ?? Infinity) * MINUTE_MS;
      if (isLate) return 'budget.minutes';
      for (const scope of scopes(role)) {
        const objection = objectionTo(scope);
        if (objection) return objection;
      }
      accounts[role].underWay += 1;
      return undefined;
    },
    end: (role, tokens) => {
      const account = accounts[role];
      account.underWay -= 1;
      account.calls += 1;
      account.input += tokens?.input ?? 0;
      account.output += tokens?.output ?? 0;
    },
    usage: () => ({
      target: toUsage(accounts.target, prices.target),
      judge: toUsage(accounts.judge, prices.judge),
    }),
  };
}

interface Scope {
  readonly name: string;
  readonly limits: BudgetLimits;
  readonly roles: readonly RoleName[];
}

const KINDS = ['calls', 'tokens', 'cost'] as const;

/** In US dollars; undefined for a model without a price. */
function computeRoleCost(account: RoleAccount, price: RolePrices[RoleName]): number | undefined {
  return price && computeCost(account, price);
}

function newAccount(): RoleAccount {
  return { calls: 0, underWay: 0, input: 0, output: 0 };
}

function toUsage(account: RoleAccount, price: RolePrices[RoleName]): ModelUsage {
  const { calls, input, output } = account;
  const cost = calls === 0 ? 0 : (computeRoleCost(account, price) ?? null);
  return { calls, reused: 0, inputTokens: input, outputTokens: output, cost };
}
