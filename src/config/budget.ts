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

/** What a model costs, in US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Prices by the name of the model. */
export type Prices = Readonly<Record<string, Price>>;
