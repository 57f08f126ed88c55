import operating from '../../data/operating.json' with { type: 'json' };

/** How the gate does on a model that did not change, over the simulated kinds of model: lowest and highest share. */
export interface Operation {
  /** Pairs of the simulated design that is nearest from below. */
  readonly pairs: number;
  readonly baselineReplies: number;
  /** Share of identical models that are called regressed. */
  readonly identical: ShareRange;
  /** The same for models whose answers are reshuffled with no change of the mean. */
  readonly reshuffled: ShareRange;
  /** Replies asked for when nothing changed, as a share of one for each planned example. */
  readonly replies: ShareRange;
}

export interface ShareRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The simulated characteristics of the default design (bench/gate) for a number of pairs: those of the nearest design
 * that is not larger, and of the smallest one below that.
 */
export function findOperation(pairs: number, baselineReplies: number): Operation {
  const replies = nearestBelow(
    operating.designs.map((design) => design.baselineReplies),
    baselineReplies,
  );
  const size = nearestBelow(
    operating.designs.map((design) => design.pairs),
    pairs,
  );
  const designs = operating.designs.filter(
    (design) => design.pairs === size && design.baselineReplies === replies,
  );
  const range = (of: (design: (typeof designs)[number]) => number): ShareRange => ({
    low: Math.min(...designs.map(of)),
    high: Math.max(...designs.map(of)),
  });
  return {
    pairs: size,
    baselineReplies: replies,
    identical: range(({ identical }) => identical),
    reshuffled: range(({ reshuffled }) => reshuffled),
    replies: range((design) => design.replies),
  };
}

/** A range of shares as a percentage: `0.1 to 0.3 %`, or one number where both are the same. None is called never. */
export function shareRange({ low, high }: ShareRange): string {
  const digits = high >= 0.1 ? 0 : 1;
  const from = (low * 100).toFixed(digits);
  const to = (high * 100).toFixed(digits);
  if (Number(to) === 0) return 'less than 0.1 %';
  if (Number(from) === 0) return `up to ${to} %`;
  return from === to ? `${to} %` : `${from} to ${to} %`;
}

function nearestBelow(values: readonly number[], limit: number): number {
  const below = values.filter((value) => value <= limit);
  return below.length > 0 ? Math.max(...below) : Math.min(...values);
}
