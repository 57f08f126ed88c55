import type { Attempt, Pace } from './scheduler.js';
import { type RateHeaders, readRateHeaders, readRetryAfter } from './rate-headers.js';

/** What came of one attempt: a value, or a fault that may pass or may not. */
export type Tried<Value, Fault> =
  | { readonly value: Value; readonly headers: Headers }
  | { readonly fault: Fault; readonly headers: Headers | undefined; readonly chance: Chance };

/** Whether another attempt may do better: after the provider's pause, after a while, or never. */
export type Chance = 'refused' | 'faulty' | 'none';

export interface Patience {
  /**
   * Milliseconds. A provider that refuses for its limits is tried again for so long after its first refusal; after
   * faults, so long is waited between attempts, all waits together. Neither holds the time in the queue against a
   * call, nor what a slow model needs to answer.
   */
  readonly deadline: Readonly<Record<'refused' | 'faulty', number>>;
  /** Milliseconds of however long, which no setting of the clock moves. */
  readonly now: () => number;
  /** The time of day, which a provider may name. */
  readonly date: () => number;
  /**
   * However long a provider asks to be left alone, it is asked again after this, in milliseconds: a header may be
   * wrong, or hostile.
   */
  readonly longestPause: number;
  /** Waits after faults that are nobody's limit, in milliseconds: doubled each time, up to the longest. */
  readonly backOff: { readonly first: number; readonly longest: number };
  /** Throws the reason of the signal when that ends it. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Uniform between 0 and 1, so that calls that failed together do not come back together. */
  readonly jitter: () => number;
}

/**
 * Makes one call with as many attempts as patience allows: the one place where attempts are repeated. Each
 * waits for leave from the pace; a refused one goes to the head of the queue, and everybody keeps the pause that the
 * provider asked for.
 *
 * @returns the value, or the last fault
 * @throws the reason of the signal when that ends the waiting
 */
export async function tryUntil<Value, Fault>(
  attempt: () => Promise<Tried<Value, Fault>>,
  place: {
    readonly pace: Pace;
    readonly order: number;
    readonly tokens: number;
    readonly signal: AbortSignal;
  },
  patience: Patience,
): Promise<{ readonly value: Value } | { readonly fault: Fault }> {
  const { pace, tokens, signal } = place;
  const isOver = createLimit(patience);
  for (let tries = 0; ; tries += 1) {
    const pass = await pace.enter(tries === 0 ? place.order : -1, tokens, signal);
    const tried = await attempt();
    const headers = readAll(tried.headers, patience);
    pace.leave({ result: resultOf(tried), pass, ...headers });
    if ('value' in tried || tried.chance === 'none') return tried;
    const wait = tried.chance === 'refused' ? (headers.retryAfter ?? 0) : backOff(tries, patience);
    if (isOver(tried.chance, wait)) return tried;
    if (tried.chance === 'faulty') await patience.sleep(wait, signal);
  }
}

/** Whether one more attempt, after a wait in milliseconds, would be more than patience allows. */
function createLimit({
  deadline,
  now,
}: Patience): (chance: 'refused' | 'faulty', wait: number) => boolean {
  let firstRefused: number | undefined;
  let waited = 0;
  return (chance, wait) => {
    if (chance === 'refused') {
      firstRefused ??= now();
      return now() + wait - firstRefused >= deadline.refused;
    }
    waited += wait;
    return waited > deadline.faulty;
  };
}

function readAll(
  headers: Headers | undefined,
  { date, longestPause }: Patience,
): { readonly headers: RateHeaders; readonly retryAfter?: number } {
  if (!headers) return { headers: {} };
  const read = (name: string): string | null => headers.get(name);
  const retryAfter = readRetryAfter(read, date());
  return {
    headers: readRateHeaders(read),
    ...(retryAfter !== undefined && { retryAfter: Math.min(longestPause, retryAfter) }),
  };
}

function resultOf(tried: Tried<unknown, unknown>): Attempt['result'] {
  if ('value' in tried) return 'answered';
  return tried.chance === 'refused' ? 'refused' : 'failed';
}

function backOff(tries: number, { backOff: { first, longest }, jitter }: Patience): number {
  return Math.min(longest, first * 2 ** tries) * (0.75 + jitter() / 2);
}
