import { getOctokit } from '@actions/github';
import { z } from 'zod';
import { RunError } from '../../base/errors.js';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

type Octokit = ReturnType<typeof getOctokit>;

/** The clock of waits and retries. */
interface RequestClock {
  /** Milliseconds since some beginning. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Uniform between 0 and 1, so that those who failed together do not come back together. */
  readonly jitter: () => number;
}

const REAL_CLOCK: RequestClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  jitter: () => Math.random(),
};

/** One repository of one GitHub, with the means to wait for it. */
export interface Api {
  readonly octokit: Octokit;
  readonly repository: Repository;
  readonly clock: RequestClock;
}

export interface GitHubConnection {
  readonly token: string;
  readonly repository: Repository;
  /** `GITHUB_API_URL`; on GitHub Enterprise it has a path. */
  readonly apiUrl: string;
  readonly clock?: RequestClock;
}

/** A request without an answer is given up after this. */
const TIMEOUT_MS = 60_000;

/** Attempts after the first. */
const MAX_RETRIES = 3;

/** Longer than this no limit is waited for: better a report in the summary than a job that hangs. */
const MAX_WAIT_MS = 120_000;

/** What GitHub asks for where a limit comes without a time. */
const UNNAMED_WAIT_MS = 60_000;

/**
 * Opens GitHub's REST API. Faults of the server and its limits are waited out here, for all requests alike.
 *
 * @throws RunError when the address is none
 */
export function openApi({ token, repository, apiUrl, clock = REAL_CLOCK }: GitHubConnection): Api {
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl) || new URL(apiUrl).username !== '') {
    throw new RunError('GITHUB_API_URL is not a valid URL');
  }
  const octokit = getOctokit(token, { baseUrl: apiUrl.replace(/\/+$/, '') });
  octokit.hook.wrap('request', async (request, options) => {
    for (let tries = 0; ; tries += 1) {
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        return await request({ ...options, request: { ...options.request, signal } });
      } catch (error) {
        const wait = waitAfter(readRefusal(error), tries, clock);
        if (wait === undefined) throw error;
        await clock.sleep(wait);
      }
    }
  });
  return { octokit, repository, clock };
}

/** What GitHub said no with. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** True for its rate limits, primary and secondary. */
  readonly isLimit: boolean;
  /** Milliseconds that it asks to be left alone; absent where it names no time. */
  readonly retryAfter?: number;
  /** When the hourly limit is reset, in milliseconds since 1970. */
  readonly resetAt?: number;
}

const header = z.union([z.string(), z.number()]).transform(Number).pipe(z.number()).optional();

const refusalSchema = z.object({
  status: z.number(),
  message: z.string().default(''),
  response: z
    .object({
      headers: z
        .object({
          'retry-after': header.catch(undefined),
          'x-ratelimit-remaining': header.catch(undefined),
          'x-ratelimit-reset': header.catch(undefined),
        })
        .default({}),
    })
    .default({ headers: {} }),
});

/** Reads what a request threw; undefined for anything that is not an answer of GitHub. */
export function readRefusal(error: unknown): Refusal | undefined {
  const parsed = refusalSchema.safeParse(error);
  if (!parsed.success) return undefined;
  const { status, message, response } = parsed.data;
  const { headers } = response;
  const after = headers['retry-after'];
  const reset = headers['x-ratelimit-remaining'] === 0 ? headers['x-ratelimit-reset'] : undefined;
  const isNamed = after !== undefined || reset !== undefined || /rate limit/i.test(message);
  return {
    status,
    message,
    isLimit: status === 429 || (status === 403 && isNamed),
    ...(after !== undefined && { retryAfter: after * 1000 }),
    ...(reset !== undefined && { resetAt: reset * 1000 }),
  };
}

/** Milliseconds to wait before the next attempt; undefined when there is to be none. */
function waitAfter(
  refusal: Refusal | undefined,
  tries: number,
  clock: RequestClock,
): number | undefined {
  if (!refusal || tries >= MAX_RETRIES) return undefined;
  if (refusal.isLimit) {
    const untilReset =
      refusal.resetAt === undefined ? UNNAMED_WAIT_MS : refusal.resetAt - clock.now();
    const wait = Math.max(0, refusal.retryAfter ?? untilReset);
    return wait > MAX_WAIT_MS ? undefined : wait + 1000 * clock.jitter();
  }
  return refusal.status >= 500 ? 1000 * 2 ** tries * (0.5 + clock.jitter()) : undefined;
}

/** How GitHub says, under another status than 404, that it does not have a commit. */
const NO_COMMIT = /^No commit found for/i;

/** The response, or undefined where GitHub answers that it does not exist. */
export async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
  return unless(request, ({ status, message }) => status === 404 || NO_COMMIT.test(message));
}

/**
 * What GitHub answers about a commit that it does not have: 404 in one place, 422 in another, 409 in an empty
 * repository.
 */
const WITHOUT_COMMIT = [404, 409, 422];

/** The response to a question about a commit, or undefined where GitHub does not know the commit. */
export async function orUnknownCommit<T>(request: Promise<T>): Promise<T | undefined> {
  return unless(request, ({ status }) => WITHOUT_COMMIT.includes(status));
}

/** The response, or undefined where GitHub refuses in a way that means absence. */
export async function unless<T>(
  request: Promise<T>,
  isAbsence: (refusal: Refusal) => boolean,
): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    const refusal = readRefusal(error);
    if (refusal && isAbsence(refusal)) return undefined;
    throw error;
  }
}

/** Why GitHub refused, for people: the limit, or the permission that the job needs. */
export function refusalText(
  error: unknown,
  what: { readonly subject: string; readonly permission: string },
): string {
  const refusal = readRefusal(error);
  if (!refusal) return `GitHub gave no answer that can be read about ${what.subject}`;
  const { status, isLimit } = refusal;
  if (isLimit) return `GitHub refused ${what.subject} (${status}): its rate limit is used up`;
  if (status === 403 || status === 404) {
    return `GitHub refused ${what.subject} (${status}); the job needs the permission ${what.permission}`;
  }
  return `GitHub refused ${what.subject} (${status})`;
}
