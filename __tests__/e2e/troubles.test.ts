import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRun } from './action-runner.js';
import type { Fault, GitHubServer } from './github-server.js';
import { DISHONEST, PROMPT, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

let small: SmallGate;
let github: GitHubServer;
let mainSha: string;

beforeAll(async () => {
  small = await startSmallGate();
  ({ github, mainSha } = small);
  expect(await small.record()).toMatchObject({
    code: 0,
    outputs: { verdict: 'no-baseline' },
  });
});

afterEach(() => {
  github.fault = undefined;
});

afterAll(() => small.close());

let branches = 0;

/** A branch that makes the model dishonest. */
async function makeBranch(): Promise<{ readonly branch: string; readonly sha: string }> {
  branches += 1;
  const branch = `trouble-${branches}`;
  await github.branch(branch, mainSha);
  await small.checkOut({ [PROMPT]: DISHONEST });
  return { branch, sha: await github.commit(branch, { [PROMPT]: DISHONEST }) };
}

/** Runs the Action on a pull request while GitHub is in trouble with its comments. */
async function gate(
  trouble: (times: number) => Fault | undefined | Promise<Fault | undefined>,
): Promise<ActionRun & { readonly times: number; readonly comments: readonly string[] }> {
  const { branch, sha } = await makeBranch();
  const number = await github.openPullRequest(branch);
  let times = 0;
  github.fault = ({ method, url }) => {
    if (method !== 'POST' || !url.includes('/comments')) return undefined;
    times += 1;
    return trouble(times);
  };
  const side = { repo: { full_name: github.repository } };
  const run = await small.act(
    {
      eventName: 'pull_request',
      payload: {
        pull_request: { number, base: { sha: mainSha, ...side }, head: { sha, ...side } },
      },
      sha,
      ref: `refs/pull/${number}/merge`,
    },
    WITH_KEY,
  );
  github.fault = undefined;
  return { ...run, times, comments: (await github.comments(number)).map(({ body }) => body) };
}

const REGRESSED = { code: 1, outputs: { verdict: 'regressed' } };

describe('trouble with GitHub that passes', () => {
  const dropped: Fault = { status: 0, message: '', isDropped: true };
  const limit = (status: number, headers: Readonly<Record<string, string>>): Fault => ({
    status,
    message: 'You have exceeded a secondary rate limit',
    headers,
  });
  const hourly = (): Fault => {
    const reset = String(Math.ceil(Date.now() / 1000) + 1);
    return limit(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
  };

  test.each<[string, () => Fault]>([
    ['a connection that is dropped', () => dropped],
    [
      'a connection that is dropped when the comment is written',
      () => ({ ...dropped, isLate: true }),
    ],
    ['a gateway that fails', () => ({ status: 502, message: 'Bad gateway' })],
    ['a secondary limit', () => limit(403, { 'retry-after': '1' })],
    ['too many requests', () => limit(429, { 'retry-after': '1' })],
    ['its hourly limit', hourly],
  ])('%s costs no comment, and leaves one', async (_, fault) => {
    const run = await gate((times) => (times === 1 ? fault() : undefined));
    expect(run).toMatchObject(REGRESSED);
    expect(run.times).toBeGreaterThan(1);
    expect(run.comments).toHaveLength(1);
    expect(run.comments[0]).toContain('❌ honesty regressed');
  });

  test('a slow answer is waited for', async () => {
    const run = await gate(async () => {
      await sleep(1500);
      return undefined;
    });
    expect(run).toMatchObject({ ...REGRESSED, times: 1, comments: { length: 1 } });
  });
});

describe('trouble with GitHub that stays', () => {
  test.each<[string, Fault]>([
    ['no such pull request', { status: 404, message: 'Not Found' }],
    ['a comment that is not taken', { status: 422, message: 'Validation Failed' }],
    ['no permission', { status: 403, message: 'Resource not accessible by integration' }],
    [
      'a limit that lasts',
      { status: 403, message: 'rate limit', headers: { 'retry-after': '3600' } },
    ],
  ])('%s leaves verdict, summary and outputs', async (_, fault) => {
    const run = await gate(() => fault);
    expect(run).toMatchObject({ ...REGRESSED, comments: [] });
    expect(run.summary).toContain('❌ honesty regressed');
    expect(run.outputs['comment-body']).toContain('❌ honesty regressed');
    expect(run.stdout).toContain('::warning::');
  });
});

test('a merge queue is gated against its base, with a summary and without a comment', async () => {
  const { sha } = await makeBranch();
  const before = github.sent.length;
  const run = await small.act(
    {
      eventName: 'merge_group',
      payload: { merge_group: { base_sha: mainSha, head_sha: sha } },
      sha,
      ref: 'refs/heads/gh-readonly-queue/main/pr-7',
    },
    WITH_KEY,
  );
  expect(run).toMatchObject(REGRESSED);
  expect(run.summary).toContain('❌ honesty regressed');
  expect(github.sent.slice(before).filter(({ url }) => url.includes('/comments'))).toEqual([]);
});
