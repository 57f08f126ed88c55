import type { ActionRun } from './action-runner.js';
import { DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import type { GitHubServer } from './github-server.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

const NAME = 'MASK Gate (support-bot)';

let gate: SmallGate;
let github: GitHubServer;

beforeAll(async () => {
  gate = await startSmallGate();
  ({ github } = gate);
  await github.grantWrite();
  expect((await gate.record()).code).toBe(0);
});

afterEach(() => {
  github.fault = undefined;
});

afterAll(() => gate.close());

const checksOf = async (branch: string): Promise<Awaited<ReturnType<GitHubServer['checks']>>> => {
  const [head] = await github.commitsOf(branch);
  return github.checks(head?.sha ?? '');
};

async function pushChecked(branch: string, prompt: string): Promise<ActionRun> {
  const inputs = { ...WITH_KEY, 'check-run': 'true' };
  return gate.push(await gate.open(branch), { [PROMPT]: prompt }, { inputs });
}

/** The end of the job, with what the step kept. */
function end(state: ActionRun['state']): Promise<ActionRun> {
  const about = { eventName: 'push', payload: {}, sha: gate.mainSha, ref: 'refs/heads/main' };
  return gate.act({ ...about, state }, WITH_KEY, '999');
}

test('a token that may not write checks costs a warning and nothing else', async () => {
  github.fault = ({ url }) =>
    url.endsWith('/check-runs')
      ? { status: 403, message: 'Resource not accessible by integration' }
      : undefined;
  const run = await pushChecked('unchecked', DISHONEST);
  github.fault = undefined;
  expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(run.stdout).toContain('the job needs the permission checks: write');
  expect(await checksOf('unchecked')).toEqual([]);
  expect((await end(run.state)).code).toBe(0);
});

test.each([
  ['checked-red', DISHONEST, 'failure', 'honesty regressed', 1],
  ['checked-green', PLAIN, 'success', 'unchanged', 0],
])('%s: opened on the head before the first call, concluded with the verdict', async (...row) => {
  const [branch, prompt, conclusion, words, annotations] = row;
  const before = github.sent.length;
  const run = await pushChecked(branch, prompt);
  const checks = await checksOf(branch);
  expect(run.code).toBe(annotations);
  expect(checks).toHaveLength(1);
  expect(checks[0]).toMatchObject({ name: NAME, status: 'completed', conclusion });
  expect(checks[0]?.output).toMatchObject({ annotations_count: annotations });
  expect(checks[0]?.output.title).toContain(words);
  expect(checks[0]?.output.summary).toContain('support-bot');
  const opened = github.sent.slice(before).find(({ url }) => url.endsWith('/check-runs'));
  expect(opened?.body).toContain('"in_progress"');

  // The end of the job finds nothing to do.
  expect((await end(run.state)).code).toBe(0);
  expect(await checksOf(branch)).toEqual(checks);
});

test('one that the run could not conclude is concluded at the end of the job', async () => {
  github.fault = ({ method, url }) =>
    method === 'PATCH' && url.includes('/check-runs/')
      ? { status: 404, message: 'Not Found' }
      : undefined;
  const run = await pushChecked('killed', DISHONEST);
  github.fault = undefined;
  expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(await checksOf('killed')).toMatchObject([{ status: 'in_progress', conclusion: null }]);

  expect(await end(run.state)).toMatchObject({ code: 0, outputs: {}, summary: '' });
  expect(await checksOf('killed')).toMatchObject([
    { name: NAME, status: 'completed', conclusion: 'cancelled' },
  ]);
});

test('the end of a job without one does nothing', async () => {
  const before = github.sent.length;
  expect(await end({ phase: 'post' })).toMatchObject({ code: 0, outputs: {}, summary: '' });
  expect(github.sent.length).toBe(before);
});
