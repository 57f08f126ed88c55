import type { Provenance } from './record.js';

/** What a run came to, model under test and judge together. */
export interface TotalUsage {
  readonly calls: number;
  readonly reused: number;
  /** Of input and output. */
  readonly tokens: number;
  /** In US dollars; null where either model has no price. */
  readonly cost: number | null;
}

export function totalUsage({ target, judge }: Provenance['usage']): TotalUsage {
  return {
    calls: target.calls + judge.calls,
    reused: target.reused + judge.reused,
    tokens: target.inputTokens + target.outputTokens + judge.inputTokens + judge.outputTokens,
    cost: target.cost === null || judge.cost === null ? null : target.cost + judge.cost,
  };
}
