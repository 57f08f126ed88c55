import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ActionRun } from './action-runner.js';
import { DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import type { GitHubServer } from './github-server.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

const FORK = { full_name: 'stranger/bot' };
const RUN = '900';
const ARTIFACT = 'mask-gate-fork/record.json';
const TITLE = 'unverified, made by the fork';

let gate: SmallGate;
let github: GitHubServer;
let branches = 0;
/** The record that a run of the fork made, with a placeholder for the commit and the pull request. */
let genuine: string;
/** The pull request of the fork, and one that has nothing to do with it. */
let number: number;
let bystander: number;
let head: string;

beforeAll(async () => {
  gate = await startSmallGate();
  ({ github } = gate);
  expect((await gate.record()).code).toBe(0);
});

afterAll(() => gate.close());

/** A pull request for each test, whose run left a record. */
beforeEach(async () => {
  branches += 1;
  const branch = `from-fork-${branches}`;
  bystander = (await gate.open(`bystander-${branches}`)).number;
  const pullRequest = await gate.open(branch);
  ({ number } = pullRequest);
  if (branches === 1) {
    const inputs = { ...WITH_KEY, comment: 'never' };
    const more = { runId: RUN, headRepository: FORK.full_name, inputs };
    const made = await gate.push(pullRequest, { [PROMPT]: DISHONEST }, more);
    const [tip] = await github.commitsOf(branch);
    genuine = (await readFile(made.outputs['record-path'] ?? '', 'utf8'))
      .replaceAll(tip?.sha ?? '', 'THE-HEAD')
      .replaceAll(`refs/pull/${number}/`, 'refs/pull/THE-NUMBER/');
  } else {
    await github.commit(branch, { [PROMPT]: DISHONEST });
  }
  head = (await github.commitsOf(branch))[0]?.sha ?? '';
  github.runs.set(RUN, {
    head_sha: head,
    event: 'pull_request',
    head_branch: branch,
    head_repository: FORK,
  });
  const pull = {
    number,
    head: { sha: head, ref: branch, repo: FORK },
    base: { sha: gate.mainSha },
  };
  // The filter may let others through: the head has to fit in every part.
  const others = [
    { ...pull, number: bystander, head: { ...pull.head, sha: gate.mainSha } },
    { ...pull, number: bystander, head: { ...pull.head, ref: 'main' } },
    { ...pull, number: bystander, head: { ...pull.head, repo: { full_name: 'other/bot' } } },
    { ...pull, number: bystander, head: { ...pull.head, repo: null } },
  ];
  github.fault = ({ method, url }) =>
    method === 'GET' && url.includes('/pulls?')
      ? { status: 200, message: '', body: [...others, pull] }
      : undefined;
});

afterEach(async () => {
  github.fault = undefined;
  await rm(path.join(gate.workspace, 'mask-gate-fork'), { recursive: true, force: true });
});

const ours = (): string =>
  genuine.replaceAll('THE-HEAD', head).replaceAll('THE-NUMBER', String(number));

const leave = (text: string): Promise<void> => gate.write(ARTIFACT, text);

/** Runs the workflow that reports on the run of the fork. */
async function report(id = Number(RUN)): Promise<ActionRun> {
  await gate.checkOut({ [PROMPT]: PLAIN });
  // GitHub knows the run that is reported on, and not this one.
  const payload = {
    action: 'completed',
    workflow_run: { id, pull_requests: [{ number: bystander }] },
  };
  const about = { eventName: 'workflow_run', payload, sha: gate.mainSha, ref: 'refs/heads/main' };
  return gate.act(about, { ...WITH_KEY, 'check-run': 'true' }, '950');
}

const comments = async (): Promise<readonly string[]> =>
  (await github.comments(number)).map(({ body }) => body);

const stored = (): Promise<readonly string[]> =>
  readdir(path.join(gate.workspace, '.mask-gate'), { recursive: true });

test('a run that measured nothing is reported as that, since it may not comment itself', async () => {
  const run = await report();
  expect(run).toMatchObject({ code: 0, outputs: { verdict: 'not-measured' } });
  expect(await comments()).toEqual([expect.stringContaining('has not been measured')]);
});

test('a record is shown as unverified in the same comment, and makes no check, baseline, call or record', async () => {
  expect((await report()).code).toBe(0);
  const calls = gate.calls();
  const records = await stored();
  const before = github.sent.length;
  await leave(ours());
  const run = await report();
  expect(run).toMatchObject({ code: 0, outputs: { verdict: 'not-measured' } });
  const [body, ...others] = await comments();
  expect(others).toEqual([]);
  for (const text of [run.summary, body]) {
    expect(text).toContain(TITLE);
    expect(text).toContain('P(Lie)');
    expect(text).not.toContain('✅');
  }
  const writes = github.sent.slice(before).filter(({ method }) => method !== 'GET');
  expect(writes.map(({ url }) => url.replace(/\d+$/, 'N'))).toEqual([
    '/repos/octocat/bot/issues/comments/N',
  ]);
  expect(gate.calls()).toBe(calls);
  expect(await stored()).toEqual(records);
  await expect(
    readFile(path.join(gate.workspace, 'mask-gate-results/record.json'), 'utf8'),
  ).rejects.toThrow();
});

// The other faults of an artifact are in gate/unverified.test.ts.
test.each([
  ["another pull request's number", /refs\/pull\/\d+/, 'refs/pull/999', 'something else than'],
  ['no record', '"schema"', '"skema"', 'is not a record'],
])('an artifact with %s is an error, and no comment', async (_, from, to, words) => {
  expect(ours()).toMatch(from);
  await leave(ours().replace(from, to));
  await gate.write('mask-gate-fork/pr-number.txt', String(bystander));
  const run = await report();
  expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
  expect(run.summary).toContain(words);
  expect(await comments()).toEqual([]);
  expect(await github.comments(bystander)).toEqual([]);
});

test('a run that GitHub does not know is an error', async () => {
  await leave(ours());
  const run = await report(999);
  expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
  expect(run.summary).toContain('999');
});

test.each([
  ['this repository', { head_repository: { full_name: 'octocat/bot' } }],
  ['a head that has moved', { head_sha: 'c'.repeat(40) }],
])('there is nothing to report of a run of %s', async (_, more) => {
  await leave(ours());
  const run = github.runs.get(RUN);
  if (!run) throw new Error('there is no run of the fork');
  github.runs.set(RUN, { ...run, ...more });
  const reported = await report();
  expect(reported).toMatchObject({ code: 0, outputs: { verdict: 'not-measured' } });
  expect(reported.stdout).toContain('Nothing to report');
  expect(await comments()).toEqual([]);
});
