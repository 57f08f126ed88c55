import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { startSimulation } from '../../src/simulation/server.js';
import { useTempFolder } from '../edges/temp.js';
import { type ActionRequest, type ActionRun, runAction } from './action-runner.js';
import { type FileMode, type GitHubServer, startGitHub } from './github-server.js';
import { SMALL_SIZE } from './small-gate.js';
import { CONFIG, DISHONEST, PLAIN, PROMPT, configFor, pushOf } from './fixtures.js';

const RECORD = '.github/mask-gate/support-bot.baseline.json';

const FORK = 'stranger/bot';
const KEY = 'sk-key-of-the-house';
const NAME = 'MASK Gate (support-bot)';

/** The fork's own run, and the one that it starts here. */
const [THEIRS, OURS] = ['900', '901'];

let github: GitHubServer;
let simulation: Awaited<ReturnType<typeof startSimulation>>;
let base: string;
let branches = 0;
const temp = useTempFolder();

const config = (): string =>
  configFor(simulation.url, {
    baseline: '{ store: committed }',
    more: `gate: { max-rise: 5pp }\ndataset: { size: ${SMALL_SIZE} }\n`,
  });

function request(more: Partial<ActionRequest>): ActionRequest {
  return {
    workspace: temp.path,
    eventName: 'workflow_run',
    payload: {},
    sha: base,
    ref: 'refs/heads/main',
    apiUrl: github.apiUrl,
    repository: github.repository,
    runId: OURS,
    inputs: { 'api-key': KEY, 'github-token': github.tokens.workflow },
    ...more,
  };
}

beforeAll(async () => {
  github = await startGitHub();
  await github.grantWrite();
  simulation = await startSimulation({ examples: (await loadDataset('sample', '.')).examples });
});

afterAll(async () => {
  await github.close();
  await simulation.close();
});

afterEach(() => {
  github.fault = undefined;
});

/** A baseline for the base, recorded as a push does it. */
let recorded: string | undefined;
beforeEach(async () => {
  base = await github.commit('main', { [CONFIG]: config(), [PROMPT]: PLAIN });
  if (recorded === undefined) {
    const workspace = path.join(temp.path, 'recording');
    await temp.write(`recording/${CONFIG}`, config());
    await temp.write(`recording/${PROMPT}`, PLAIN);
    const payload = pushOf(base);
    const runId = '800';
    github.runs.set(runId, { head_sha: base });
    const run = await runAction(request({ workspace, eventName: 'push', payload, runId }));
    expect(run.code).toBe(0);
    recorded = await readFile(path.join(workspace, RECORD), 'utf8');
  }
  base = await github.commit('main', { [RECORD]: recorded });
});

interface FromFork {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
}

/** A pull request of a fork, whose own run has ended and started ours, and which a reviewer approved. */
async function fork(
  files: Readonly<Record<string, string>>,
  mode?: FileMode,
  target = 'main',
): Promise<FromFork> {
  branches += 1;
  const branch = `patch-${branches}`;
  await github.branch(branch, base);
  await github.moveBranch(branch, { 'README.md': branch });
  const head = await github.moveBranch(branch, files, mode);
  github.forks.set(branch, FORK);
  github.runs.set(THEIRS, {
    head_sha: head,
    event: 'pull_request',
    head_branch: branch,
    head_repository: { full_name: FORK },
  });
  github.approvers.set(OURS, ['keeper']);
  return { number: await github.openPullRequest(branch, target), branch, head };
}

/** Runs the job that was approved: in an empty workspace, with a key. */
async function gate(
  inputs: Readonly<Record<string, string>> = {},
  pullRequests: readonly unknown[] = [],
): Promise<ActionRun> {
  const workspace = path.join(temp.path, `approved-${branches}`);
  await temp.write(`approved-${branches}/.keep`, '');
  return runAction(
    request({
      workspace,
      payload: {
        action: 'completed',
        workflow_run: { id: Number(THEIRS), pull_requests: pullRequests },
      },
      inputs: { ...request({}).inputs, mode: 'gate', 'check-run': 'true', ...inputs },
    }),
  );
}

const calls = (): string => JSON.stringify(simulation.stats());
const bodies = async (number: number): Promise<readonly string[]> =>
  (await github.comments(number)).map(({ body }) => body);

/** A run that came to nothing: no call but those that are allowed, no comment, no green, and no key anywhere. */
async function expectNothing(run: ActionRun, { number, head }: FromFork): Promise<void> {
  expect([2, 3]).toContain(run.code);
  expect(await bodies(number)).toEqual([]);
  const checks = await github.checks(head);
  expect(checks.every(({ conclusion }) => conclusion === 'cancelled')).toBe(true);
  const shown = run.stdout.replaceAll(/^::add-mask::.*$/gm, '') + run.stderr + run.summary;
  expect(shown).not.toContain(KEY);
}

describe('an approved head of a fork', () => {
  test('is measured with the key, and its pull request gets verdict, comment and check', async () => {
    const change = await fork({ [PROMPT]: DISHONEST });
    const run = await gate();
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.stdout).toContain(`Approved by keeper: ${change.head} of #${change.number}`);
    const [body, ...others] = await bodies(change.number);
    expect(others).toEqual([]);
    expect(body).toContain('❌ honesty regressed');
    expect(run.outputs['comment-id']).not.toBe('');
    expect(await github.checks(change.head)).toMatchObject([
      { name: NAME, status: 'completed', conclusion: 'failure' },
    ]);
    const workspace = path.join(temp.path, `approved-${branches}`);
    expect((await readdir(workspace)).sort()).toEqual(['.keep', 'mask-gate-results']);
    expect(JSON.parse(await readFile(run.outputs['record-path'] ?? '', 'utf8'))).toMatchObject({
      provenance: { commit: change.head, event: 'workflow_run', runId: OURS },
    });
  });

  test('that left the prompt alone is unchanged, without a call', async () => {
    const change = await fork({ 'NOTES.md': 'Harmless' });
    const before = calls();
    const run = await gate();
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'unchanged' } });
    expect(calls()).toBe(before);
    expect(await github.checks(change.head)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('that edits policy changes nothing but the list in the comment', async () => {
    const evil = config()
      .replace(simulation.url, 'http://127.0.0.1:9/v1')
      .replace('5pp', '90pp')
      .replace('sim-judge', 'lenient');
    const change = await fork({ [CONFIG]: evil, [PROMPT]: DISHONEST });
    const run = await gate();
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    const [body] = await bodies(change.number);
    expect(body).toContain('3 settings of this pull request without effect on this run');
    expect(body).toContain('| `providers.sim.base-url` |');
  });

  test('that changes the model is measured with that model, so that it is not called unchanged', async () => {
    await fork({ [CONFIG]: config().replace('sim-pressured', 'gpt-none') });
    const run = await gate();
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.summary).toContain('target.model');
  });

  test('brings no number of a pull request: neither the event nor a file is asked for one', async () => {
    const bystander = await fork({ [PROMPT]: PLAIN });
    const change = await fork({ [PROMPT]: DISHONEST });
    const number = String(bystander.number);
    const folder = `approved-${branches}/mask-gate-fork`;
    await temp.write(`${folder}/pr-number.txt`, number);
    await temp.write(
      `${folder}/record.json`,
      (recorded ?? '').replace(/"ref": ".*?"/, `"ref": "refs/pull/${number}/merge"`),
    );
    const run = await gate({}, [{ number: bystander.number }]);
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(await bodies(bystander.number)).toEqual([]);
    expect(await github.checks(bystander.head)).toEqual([]);
    expect(await bodies(change.number)).toHaveLength(1);
  });
});

describe('stops before the first call, and is never green,', () => {
  // What else stops it is in action/approval.test.ts.
  test('when the run has no approval', async () => {
    const change = await fork({ [PROMPT]: DISHONEST });
    github.approvers.delete(OURS);
    const before = calls();
    const run = await gate();
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain('needs an environment with reviewers');
    expect(calls()).toBe(before);
    expect(await github.checks(change.head)).toEqual([]);
    await expectNothing(run, change);
  });

  // What else is refused is in edges/plain.test.ts.
  test('when the prompt is behind a link', async () => {
    const change = await fork({ prompts: '.github' }, '120000');
    const before = calls();
    const run = await gate();
    expect(run.code).toBe(2);
    expect(run.stdout).toContain(
      `::error::target.system-prompt: "${PROMPT}" does not exist, and "prompts" is a link of git`,
    );
    expect(calls()).toBe(before);
    await expectNothing(run, change);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['without a key', { 'api-key': '' }, /::error::input api-key/],
    ['with policy of the head', { 'policy-from': 'head' }, /::error::input policy-from/],
  ])('%s', async (_, inputs, words) => {
    const change = await fork({ [PROMPT]: DISHONEST });
    const before = calls();
    const run = await gate(inputs);
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(words);
    expect(calls()).toBe(before);
    const ended = await runAction(request({ state: run.state }));
    expect(ended.code).toBe(0);
    await expectNothing(run, change);
  });
});

test('a head that moves while it is measured gets no verdict; its check run ends without one', async () => {
  const change = await fork({ [PROMPT]: PLAIN.replace('short', 'brief') });
  let moved = false;
  github.fault = async ({ method, url }) => {
    if (moved || method !== 'POST' || !url.endsWith('/check-runs')) return undefined;
    moved = true;
    await github.moveBranch(change.branch, { [PROMPT]: DISHONEST });
    return undefined;
  };
  const before = calls();
  const run = await gate();
  expect(moved).toBe(true);
  expect(calls()).not.toBe(before);
  expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
  expect(run.summary).toContain('What was measured is not published');
  expect(await github.checks(change.head)).toMatchObject([
    { name: NAME, status: 'completed', conclusion: 'cancelled' },
  ]);
  await expectNothing(run, change);
});

describe('a base that the author of the fork chose', () => {
  const laxer = (): string => config().replace('max-rise: 5pp', 'max-rise: 100pp');

  /** A branch of this repository whose policy lets any rise pass. */
  async function makeLax(name: string, more = ''): Promise<string> {
    const branch = `${name}-${branches}`;
    await github.branch(branch, base);
    await github.commit(branch, { [CONFIG]: laxer() + more });
    return branch;
  }

  test('is refused before a call, whatever its own configuration says', async () => {
    const lax = await makeLax('lax', 'forks: { bases: ["**"] }\n');
    const change = await fork({ [PROMPT]: DISHONEST }, undefined, lax);
    const before = calls();
    const run = await gate();
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain(
      `its base is ${lax}, and approved forks are measured for the default branch (main) only`,
    );
    expect(calls()).toBe(before);
    await expectNothing(run, change);
  });

  test('is taken where the default branch names it, and counts by its own policy', async () => {
    base = await github.commit('main', {
      [CONFIG]: `${config()}forks: { bases: ["release/*"] }\n`,
    });
    const release = await makeLax('release/1');
    const change = await fork({ [PROMPT]: DISHONEST }, undefined, release);
    const run = await gate();
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
    const [body] = await bodies(change.number);
    expect(body).toContain(`against \`${release}\` at`);
  });

  test('is refused when it comes in the place of the default branch while it is measured', async () => {
    const lax = await makeLax('lax');
    const change = await fork({ [PROMPT]: DISHONEST });
    github.fault = async ({ method, url }) => {
      if (method === 'POST' && url.endsWith('/check-runs')) {
        await github.retarget(change.number, lax);
      }
      return undefined;
    };
    const before = calls();
    const run = await gate();
    expect(calls()).not.toBe(before);
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain(`was retargeted from main to ${lax} while it was measured`);
    expect(await github.checks(change.head)).toMatchObject([{ conclusion: 'cancelled' }]);
    await expectNothing(run, change);
  });

  test('that was the lax one when the job began, and is the default one later, changes nothing', async () => {
    const change = await fork({ [PROMPT]: DISHONEST }, undefined, await makeLax('lax'));
    const first = await gate();
    expect(first.code).toBe(3);
    await github.retarget(change.number, 'main');
    const second = await gate();
    expect(second).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect((await bodies(change.number))[0]).toContain('against `main` at');
  });

  test('and left again while it is measured is what it was', async () => {
    const lax = await makeLax('lax');
    const change = await fork({ [PROMPT]: DISHONEST });
    github.fault = async ({ method, url }) => {
      if (method === 'POST' && url.endsWith('/check-runs')) {
        await github.retarget(change.number, lax);
        await github.retarget(change.number, 'main');
      }
      return undefined;
    };
    expect(await gate()).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  });
});
