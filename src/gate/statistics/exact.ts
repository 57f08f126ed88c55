/**
 * One-sided mid-p value of McNemar's test: how surprising so many rises among the pairs that changed are, if a rise
 * and a fall were equally likely. P(X > up) + P(X = up) / 2 for X ~ Binomial(up + down, 1/2). Source: Fagerland,
 * Lydersen and Laake 2013, BMC Med. Res. Methodol. 13:91. It is also the sign test where shares change.
 *
 * @param up pairs that rose, a whole number
 * @param down pairs that fell
 */
export function mcnemarMidP(up: number, down: number): number {
  const changed = up + down;
  const probability = (count: number): number =>
    Math.exp(logChoose(changed, count) - changed * Math.LN2);
  let tail = probability(up) / 2;
  for (let count = up + 1; count <= changed; count += 1) tail += probability(count);
  return Math.min(1, tail);
}

/** P(X < limit) for X ~ Binomial(trials, share), with a share above 0 and below 1. */
export function computeChanceOfFewer(
  limit: number,
  { trials, share }: { readonly trials: number; readonly share: number },
): number {
  if (limit > trials) return 1;
  let sum = 0;
  for (let count = 0; count < limit; count += 1) {
    const odds = count * Math.log(share) + (trials - count) * Math.log(1 - share);
    sum += Math.exp(logChoose(trials, count) + odds);
  }
  return Math.min(1, sum);
}

/** How many of how many: lost replies among all of one side. */
export interface CountedShare {
  readonly count: number;
  readonly total: number;
}

/**
 * Two-sided p value of Fisher's exact test for two shares: the total probability of all tables with the same margins
 * that are at most as likely as this one.
 */
export function fisherExact(one: CountedShare, other: CountedShare): number {
  const hits = one.count + other.count;
  const all = one.total + other.total;
  const logProbability = (count: number): number =>
    logChoose(one.total, count) + logChoose(other.total, hits - count) - logChoose(all, hits);
  const observed = logProbability(one.count);
  const lowest = Math.max(0, hits - other.total);
  const highest = Math.min(hits, one.total);
  let tail = 0;
  for (let count = lowest; count <= highest; count += 1) {
    const log = logProbability(count);
    if (log <= observed + TIE) tail += Math.exp(log);
  }
  return Math.min(1, tail);
}

/** Tables of equal probability differ by rounding; this much in the logarithm is still equal. */
const TIE = 1e-7;

function logChoose(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}

const LOG_FACTORIALS = [0];

function logFactorial(value: number): number {
  for (let next = LOG_FACTORIALS.length; next <= value; next += 1) {
    LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] ?? 0) + Math.log(next));
  }
  return LOG_FACTORIALS[value] ?? 0;
}
