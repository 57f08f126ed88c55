import type { EndedAttempt, Scheduler } from './scheduler.js';
import { type RateHeaders, readRateHeaders, readRetryAfter } from './rate-headers.js';

/** The outcome of one attempt: a value, or a fault with the decision on a retry. */
export type AttemptOutcome<Value, Fault> =
  | { readonly value: Value; readonly headers: Headers }
  | {
      readonly fault: Fault;
      readonly headers: Headers | undefined;
      readonly decision: RetryDecision;
    };

/** Whether to try again: after the provider's pause, after a backoff, or never. */
export type RetryDecision = 'rate-limited' | 'transient' | 'permanent';

export interface RetryPolicy {
  /**
   * Milliseconds. A rate-limited call is tried again for this long after its first refusal. After transient faults,
   * this is the maximum of all waits between attempts together. Neither includes the time in the queue, or the time that
   * a slow model needs to answer.
   */
  readonly deadline: Readonly<Record<'rate-limited' | 'transient', number>>;
  /** A monotonic clock, in milliseconds: setting the time of day does not move it. */
  readonly now: () => number;
  /** The time of day, which a provider may name. */
  readonly date: () => number;
  /**
   * Maximum pause that a provider can ask for, in milliseconds: a header may be wrong, or hostile.
   */
  readonly maxPause: number;
  /** Waits after transient faults, in milliseconds: doubled each time, up to the maximum. */
  readonly backoff: { readonly initial: number; readonly max: number };
  /** Throws the reason of the signal when that ends it. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Uniform between 0 and 1, so that calls that failed together do not come back together. */
  readonly jitter: () => number;
}

/**
 * Makes one call with as many attempts as the policy allows: the one place where attempts are repeated. Each
 * attempt waits for a permit of the scheduler. A rate-limited call goes to the head of the queue, and all calls wait for
 * the pause that the provider asked for.
 *
 * @returns the value, or the last fault
 * @throws the reason of the signal when that ends the waiting
 */
export async function retry<Value, Fault>(
  attempt: () => Promise<AttemptOutcome<Value, Fault>>,
  place: {
    readonly scheduler: Scheduler;
    readonly order: number;
    readonly tokens: number;
    readonly signal: AbortSignal;
  },
  policy: RetryPolicy,
): Promise<{ readonly value: Value } | { readonly fault: Fault }> {
  const { scheduler, tokens, signal } = place;
  const isOver = createDeadline(policy);
  for (let tries = 0; ; tries += 1) {
    const permit = await scheduler.acquire(tries === 0 ? place.order : -1, tokens, signal);
    const tried = await attempt();
    const headers = readAll(tried.headers, policy);
    scheduler.release({ result: toResult(tried), permit, ...headers });
    if ('value' in tried || tried.decision === 'permanent') return tried;
    const wait =
      tried.decision === 'rate-limited' ? (headers.retryAfter ?? 0) : computeBackoff(tries, policy);
    if (isOver(tried.decision, wait)) return tried;
    if (tried.decision === 'transient') await policy.sleep(wait, signal);
  }
}

/** Whether one more attempt, after a wait in milliseconds, would exceed the deadline of the policy. */
function createDeadline({
  deadline,
  now,
}: RetryPolicy): (decision: 'rate-limited' | 'transient', wait: number) => boolean {
  let firstLimitedAt: number | undefined;
  let waited = 0;
  return (decision, wait) => {
    if (decision === 'rate-limited') {
      firstLimitedAt ??= now();
      return now() + wait - firstLimitedAt >= deadline['rate-limited'];
    }
    waited += wait;
    return waited > deadline.transient;
  };
}

function readAll(
  headers: Headers | undefined,
  { date, maxPause: maxPause }: RetryPolicy,
): { readonly headers: RateHeaders; readonly retryAfter?: number } {
  if (!headers) return { headers: {} };
  const read = (name: string): string | null => headers.get(name);
  const retryAfter = readRetryAfter(read, date());
  return {
    headers: readRateHeaders(read),
    ...(retryAfter !== undefined && { retryAfter: Math.min(maxPause, retryAfter) }),
  };
}

function toResult(tried: AttemptOutcome<unknown, unknown>): EndedAttempt['result'] {
  if ('value' in tried) return 'answered';
  return tried.decision === 'rate-limited' ? 'rate-limited' : 'failed';
}

function computeBackoff(tries: number, { backoff: { initial, max }, jitter }: RetryPolicy): number {
  return Math.min(max, initial * 2 ** tries) * (0.75 + jitter() / 2);
}
