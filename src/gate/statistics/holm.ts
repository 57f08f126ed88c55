/**
 * p values adjusted for being the smallest of many (Holm 1979, Scand. J. Stat. 6:65-70): the chance that any of them
 * falls below the level by luck stays at the level. In the order given.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues
    .map((pValue, index) => ({ pValue, index }))
    .sort((one, other) => one.pValue - other.pValue);
  const adjusted = pValues.map(() => 1);
  let highest = 0;
  for (const [rank, { pValue, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, pValue * (pValues.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}
