/** What the server saw of one model in one leg. */
export interface ModelCounts {
  calls: number;
  /** Answered in full. */
  complete: number;
  /** Refused with 429. */
  refused: number;
  faults: number;
  /** Different conversations among the complete ones. */
  distinct: number;
  maxInFlight: number;
  /** Sum of the latencies of the complete calls, in milliseconds. */
  latencyMs: number;
}

/** Counts by model, and when the first call came in, in milliseconds since the epoch. */
export interface Counts {
  readonly models: Readonly<Record<string, ModelCounts>>;
  readonly firstCallAt: number | undefined;
}

export const NO_COUNTS: Readonly<ModelCounts> = {
  calls: 0,
  complete: 0,
  refused: 0,
  faults: 0,
  distinct: 0,
  maxInFlight: 0,
  latencyMs: 0,
};

/** All models of a leg together; the peak is the sum of the peaks. */
export function sumCounts({ models }: Counts): ModelCounts {
  const sum = { ...NO_COUNTS };
  for (const counts of Object.values(models)) {
    sum.calls += counts.calls;
    sum.complete += counts.complete;
    sum.refused += counts.refused;
    sum.faults += counts.faults;
    sum.distinct += counts.distinct;
    sum.maxInFlight += counts.maxInFlight;
    sum.latencyMs += counts.latencyMs;
  }
  return sum;
}
