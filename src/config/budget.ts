/** Limits of a run; what is absent has no limit. */
export interface BudgetLimits {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  /** In US dollars. */
  readonly cost?: number | undefined;
}

/** Limits of a run, of all of it and of each role. */
export interface Budget extends BudgetLimits {
  readonly minutes?: number | undefined;
  readonly target: BudgetLimits;
  readonly judge: BudgetLimits;
}

/** The price of a model, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** The cost of tokens in US dollars. */
export function computeCost(tokens: Readonly<Record<keyof Price, number>>, price: Price): number {
  return (tokens.input * price.input + tokens.output * price.output) / 1_000_000;
}

/** Prices by the name of the model. */
export type Prices = Readonly<Record<string, Price>>;
