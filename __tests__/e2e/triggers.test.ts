import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActionRequest, ActionRun } from './action-runner.js';
import { DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

let gate: SmallGate;
let runs = 100;

beforeAll(async () => {
  gate = await startSmallGate();
});

afterAll(() => gate.close());

const DEFAULT_BRANCH = { repository: { default_branch: 'main' } };

/** Runs the Action for an event beside pull requests and pushes; by default on the default branch. */
async function on(
  eventName: string,
  payload: object,
  more: Partial<ActionRequest> = {},
): Promise<ActionRun> {
  runs += 1;
  const { inputs, ...rest } = more;
  await gate.checkOut({ [PROMPT]: PLAIN });
  const about = { eventName, payload, sha: gate.mainSha, ref: 'refs/heads/main', ...rest };
  return gate.act(about, { ...WITH_KEY, ...inputs }, String(runs));
}

test('a schedule records; a release records under its tag', async () => {
  const scheduled = await on('schedule', { schedule: '0 3 * * 1' });
  expect(scheduled.code).toBe(0);
  expect(scheduled.summary).toContain('baseline recorded');
  const release = { action: 'published', release: { tag_name: 'v1.0.0' } };
  const released = await on('release', release, { ref: 'refs/tags/v1.0.0' });
  expect(released).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
  expect(released.summary).toContain('baseline recorded');
  expect(released.summary).toContain('the measured commit itself');
  const record = path.join(gate.workspace, 'mask-gate-results/record.json');
  expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
    provenance: { event: 'release', ref: 'refs/tags/v1.0.0', commit: gate.mainSha },
  });
});

test('a tag of a commit that is not on the default branch is refused', async () => {
  await gate.github.branch('aside', gate.mainSha);
  const sha = await gate.github.commit('aside', { [PROMPT]: DISHONEST });
  const before = gate.calls();
  const payload = { before: '0'.repeat(40), after: sha, ...DEFAULT_BRANCH };
  const run = await on('push', payload, { sha, ref: 'refs/tags/v6.6.6' });
  expect(run.code).toBe(2);
  expect(run.stdout).toContain('whose commit is not on the default branch (main)');
  expect(gate.calls()).toBe(before);
});

test('mode: gate on a dispatch compares and records nothing', async () => {
  expect((await on('schedule', {})).code).toBe(0);
  const run = await on('workflow_dispatch', DEFAULT_BRANCH, { inputs: { mode: 'gate' } });
  expect(run).toMatchObject({ code: 0, outputs: { verdict: 'unchanged', 'record-path': '' } });
  expect(run.summary).toContain(`- Baseline: \`${gate.mainSha.slice(0, 12)}\``);
});

// What else is refused is in action/event.test.ts.
test('pull_request_target is refused before anything is spent', async () => {
  const before = gate.calls();
  const run = await on('pull_request_target', {}, { ref: 'refs/heads/feature' });
  expect(run).toMatchObject({ code: 2, outputs: { verdict: 'error' } });
  expect(run.stdout).toContain('which would run with secrets on code from forks');
  expect(gate.calls()).toBe(before);
});
