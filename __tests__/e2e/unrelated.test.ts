import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActionRun } from './action-runner.js';
import { CLI_BUNDLE, NODE_24, runProcess } from './process.js';
import { PLAIN, PROMPT, REWORDED, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

let gate: SmallGate;

beforeEach(async () => {
  gate = await startSmallGate();
});

afterEach(() => gate.close());

interface Change {
  readonly prompt?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly headRepository?: string;
}

let pullRequests = 0;

/** Opens a pull request that touches the README and what is named, and runs the Action on it. */
async function change({
  prompt = PLAIN,
  inputs = WITH_KEY,
  headRepository = gate.github.repository,
}: Change): Promise<ActionRun & { readonly comments: readonly string[] }> {
  const { github, mainSha, checkOut, act } = gate;
  pullRequests += 1;
  const branch = `change-${pullRequests}`;
  const files = { [PROMPT]: prompt, 'README.md': `Text ${pullRequests}.\n` };
  await github.branch(branch, mainSha);
  const sha = await github.commit(branch, files);
  const number = await github.openPullRequest(branch);
  await checkOut(files);
  const sides = {
    base: { sha: mainSha, repo: { full_name: github.repository } },
    head: { sha, repo: { full_name: headRepository } },
  };
  const run = await act(
    {
      eventName: 'pull_request',
      payload: { pull_request: { number, ...sides } },
      sha,
      ref: `refs/pull/${number}/merge`,
    },
    inputs,
  );
  const comments = (await github.comments(number)).map(({ body }) => body);
  return { ...run, comments };
}

async function pushToMain(sha: string, before: string, runId: string): Promise<ActionRun> {
  await gate.checkOut({ [PROMPT]: PLAIN });
  const payload = { before, after: sha, repository: { default_branch: 'main' } };
  return gate.act({ eventName: 'push', payload, sha, ref: 'refs/heads/main' }, WITH_KEY, runId);
}

describe('without a baseline, a pull request that changes nothing that is measured', () => {
  test.each<[string, Change]>([
    ['asks no model, and says so without a comment', {}],
    ['from a fork needs no key', { headRepository: 'stranger/bot', inputs: {} }],
    ['of a bot that gets no secrets needs no key', { inputs: {} }],
  ])('%s', async (_, more) => {
    const before = gate.calls();
    const run = await change(more);
    expect(run).toMatchObject({ code: 0, comments: [] });
    expect(run.outputs).toMatchObject({ verdict: 'unchanged', 'p-lie': '', calls: '0', delta: '' });
    for (const text of [run.summary, run.outputs['comment-body']]) {
      expect(text).toContain('⚠️ NOT MEASURED: same model, parameters and prompt as before');
      expect(text).not.toContain('✅');
    }
    expect(run.stdout).toMatch(/::warning::MASK Gate: .*NOT MEASURED/);
    expect(gate.calls()).toBe(before);
  });

  test('is measured when it is to be measured afresh', async () => {
    const before = gate.calls();
    const run = await change({ inputs: { ...WITH_KEY, fresh: 'true' } });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline' } });
    expect(gate.calls()).not.toBe(before);
  });

  test('and where an input names the model, that is not known', async () => {
    const run = await change({ inputs: { ...WITH_KEY, model: 'sim-pressured' } });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline' } });
  });
});

describe('a pull request that changes the prompt', () => {
  test('from a fork without a key is not measured, and fails', async () => {
    const run = await change({ prompt: REWORDED, headRepository: 'stranger/bot', inputs: {} });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
  });

  test('without a key, and from no fork, is a wrong setting', async () => {
    const run = await change({ prompt: REWORDED, inputs: {} });
    expect(run).toMatchObject({ code: 2, outputs: { verdict: 'error' } });
    expect(run.stdout).toContain('input api-key');
  });
});

describe('pushes to the default branch', () => {
  const records = (sha: string): Promise<readonly string[]> =>
    readdir(path.join(gate.workspace, '.mask-gate/records/support-bot', sha)).catch(() => []);

  test('record once, are quiet while nothing changes, and schedules go on', async () => {
    const { github, mainSha, act } = gate;
    expect(await pushToMain(mainSha, '0'.repeat(40), '1')).toMatchObject({ code: 0 });
    expect(await records(mainSha)).toEqual(['1-1.json']);
    const before = gate.calls();

    const next = await github.commit('main', { 'README.md': 'Other words.\n' });
    const quiet = await pushToMain(next, mainSha, '2');
    expect(quiet).toMatchObject({
      code: 0,
      outputs: { verdict: 'unchanged', 'record-path': '', calls: '0' },
    });
    expect(quiet.summary).toContain('📌 nothing new to record');
    expect(quiet.summary).toContain(`the record of commit \`${mainSha.slice(0, 12)}\``);
    expect(quiet.summary).not.toContain('baseline recorded');
    expect(await records(next)).toEqual([]);
    expect(gate.calls()).toBe(before);

    const about = { eventName: 'schedule', payload: {}, sha: next, ref: 'refs/heads/main' };
    const scheduled = await act(about, WITH_KEY, '3');
    expect(scheduled.summary).toContain('baseline recorded');
    expect(await records(next)).toEqual(['3-1.json']);
  });
});

test('a record that was promoted by hand is the baseline, and the comment says who did it and why', async () => {
  const { workspace, mainSha } = gate;
  expect(await pushToMain(mainSha, '0'.repeat(40), '1')).toMatchObject({ code: 0 });
  const folder = path.join(workspace, '.mask-gate');
  const record = path.join(folder, 'records/support-bot', mainSha, '1-1.json');
  const args = ['promote', record, '--who', 'Ada @admins', '--why', 'A **good** day', '--into'];
  const promoted = await runProcess(NODE_24, [CLI_BUNDLE, ...args, folder], {
    cwd: workspace,
  });
  expect(promoted.code).toBe(0);
  const run = await change({ prompt: REWORDED });
  const [comment = ''] = run.comments;
  expect(comment).toMatch(/\*\*Promoted by hand\*\* from `[0-9a-f]{12}` on, by `Ada @admins` on /);
  expect(comment).toContain('`A **good** day`');
  expect(run.outputs['comment-body']).not.toContain('<!-- mask-gate');
  expect(comment).toContain(run.outputs['comment-body']?.split('\n')[0] ?? 'nothing');
  const [lower, delta, upper] = ['delta-lower', 'delta', 'delta-upper'].map((name) =>
    Number(run.outputs[name]),
  );
  expect(delta).toBeGreaterThan(lower ?? NaN);
  expect(delta).toBeLessThan(upper ?? NaN);
  expect(run.outputs['lost']).toBe('0');

  const place = path.join(folder, 'records/support-bot', mainSha);
  const [name = ''] = (await readdir(place)).filter((file) => file.startsWith('promotion-'));
  const whole = await readFile(path.join(place, name), 'utf8');
  await writeFile(path.join(place, name), whole.slice(0, -9));
  const broken = await change({ prompt: REWORDED });
  expect(broken).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
});
