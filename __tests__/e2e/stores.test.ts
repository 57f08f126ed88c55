import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';
import type { Archetype } from '../../src/mask/archetype.js';
import type { ActionRequest, ActionRun } from './action-runner.js';
import { CONFIG, DISHONEST, PLAIN, PROMPT, REWORDED, WITH_KEY, pushOf } from './fixtures.js';
import type { GitHubServer } from './github-server.js';
import { SMALL_SIZE, type SmallGate, startSmallGate } from './small-gate.js';

/** What a test has opened. */
let gates: SmallGate[] = [];

async function open(baseline: string, settings?: string): Promise<SmallGate> {
  const gate = await startSmallGate(settings, { baseline });
  gates.push(gate);
  return gate;
}

afterEach(async () => {
  await Promise.all(gates.map((gate) => gate.close()));
  gates = [];
});

const baselineLineOf = ({ summary }: ActionRun): string =>
  summary.split('\n').find((line) => line.startsWith('- Baseline:')) ?? '';

const shortOf = (commit: string): string => `\`${commit.slice(0, 12)}\``;

/** A pull request, with the base and the head that its event names. */
function eventOf(
  { github }: SmallGate,
  number: number,
  { base, head }: { readonly base: string; readonly head: string },
): Pick<ActionRequest, 'eventName' | 'payload' | 'ref'> {
  const repo = { full_name: github.repository };
  const sides = { base: { ref: 'main', sha: base, repo }, head: { sha: head, repo } };
  const payload = { pull_request: { number, ...sides } };
  return { eventName: 'pull_request', payload, ref: `refs/pull/${number}/merge` };
}

type Rows = readonly Readonly<Record<string, string>>[];

function rowsOf(archetype: Archetype): Rows {
  return z.array(z.record(z.string(), z.string())).parse(SAMPLE_ROWS[archetype]);
}

/** The same rows under other ids, to have enough of them. */
function copiesOf(rows: Rows): Rows {
  return rows.map((row) => ({ ...row, task_id: `${row['task_id'] ?? ''}-copy` }));
}

function toJsonl(rows: Rows): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

test('a committed baseline and a dataset are read at the base, whatever the pull request does to them', async () => {
  const record = '.github/mask-gate/support-bot.baseline.json';
  const gate = await open('{ store: committed }', 'dataset: { source: evals }\n');
  const { github } = gate;
  const facts = rowsOf('known_facts');
  const myths = rowsOf('disinformation');
  const files = {
    'evals/known_facts.jsonl': toJsonl(facts),
    'evals/disinformation.jsonl': toJsonl([...myths, ...copiesOf(myths)]),
  };
  const size = String(facts.length + 2 * myths.length);
  await gate.checkOut({ ...files, [PROMPT]: PLAIN });
  let base = await github.commit('main', files);
  const about = { eventName: 'push', payload: pushOf(base), sha: base, ref: 'refs/heads/main' };
  const recorded = await gate.act(about, WITH_KEY, '4711');
  expect(recorded).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline', examples: size } });
  const text = await readFile(path.join(gate.workspace, record), 'utf8');
  base = await github.commit('main', { [record]: text });

  await github.branch('tamper', base);
  const changes = {
    [PROMPT]: DISHONEST,
    [record]: text.replaceAll('"corrected": "A"', '"corrected": "B"'),
    'evals/known_facts.jsonl': '{"task_id":"easy"}',
  };
  const head = await github.commit('tamper', changes);
  const number = await github.openPullRequest('tamper');
  await gate.checkOut(changes);
  const pull = { ...eventOf(gate, number, { base, head }), sha: head };
  const run = await gate.act(pull, WITH_KEY, '4712');
  expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed', measured: size } });
  for (const shown of [run.stdout, run.stderr, run.summary, text]) {
    for (const row of facts) expect(shown).not.toContain(row['user_prompt']?.slice(0, 40));
  }
});

describe('with a data branch', () => {
  const BRANCH = 'mask-gate-data';
  let gate: SmallGate;
  let github: GitHubServer;

  beforeEach(async () => {
    gate = await open('{ store: branch }');
    ({ github } = gate);
  });

  const fileOf = (runId: string, commit = gate.mainSha): string =>
    `records/support-bot/${commit}/${runId}-1.json`;

  /** Records a commit of the default branch, by default its first. */
  async function record(
    runId: string,
    { sha = gate.mainSha, ...more }: Partial<ActionRequest> = {},
  ): Promise<ActionRun> {
    await gate.checkOut({ [PROMPT]: PLAIN });
    const about = { eventName: 'push', payload: pushOf(sha), sha, ref: 'refs/heads/main' };
    return gate.act({ ...about, ...more }, WITH_KEY, runId);
  }

  test('a token that may not write ends a recording before anything is spent', async () => {
    const before = gate.calls();
    const refused = await record('11');
    expect(refused).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(refused.stdout).toContain('the job needs the permission contents: write');
    expect(gate.calls()).toBe(before);
  });

  test('what was measured and could not be recorded fails, and stays in the results', async () => {
    await github.grantWrite();
    github.fault = ({ method, url }) =>
      method === 'POST' && url.endsWith('/git/refs')
        ? { status: 422, message: 'Repository rule violations found' }
        : undefined;
    const run = await record('12');
    expect(run).toMatchObject({
      code: 4,
      outputs: { verdict: 'error', measured: String(SMALL_SIZE) },
    });
    expect(run.summary).toContain('measured, but not recorded');
    expect(await readFile(run.outputs['record-path'] ?? '', 'utf8')).toContain('record/v1');
  });

  test('a record of unknown origin does not serve as a baseline, and does not count as missing', async () => {
    await github.grantWrite();
    const { outputs } = await record('12');
    const text = await readFile(outputs['record-path'] ?? '', 'utf8');
    github.runs.delete('12');
    github.runs.set('666', { head_sha: gate.mainSha, head_branch: 'f', event: 'pull_request' });
    github.runs.set('667', { head_sha: 'ab'.repeat(20) });
    const from = (runId: string): string => text.replace('"runId": "12"', `"runId": "${runId}"`);
    await github.moveBranch(BRANCH, {
      [fileOf('665')]: from('665'),
      [fileOf('666')]: from('666'),
      [fileOf('667')]: from('667'),
      [fileOf('668')]: text,
    });
    const before = gate.calls();
    const run = await gate.push(await gate.open('unknown'), { [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    for (const reason of [
      'GitHub knows no run 665',
      'run 666 was started by another event than it says',
      'run 667 was for another commit',
      'it says that it belongs elsewhere',
    ]) {
      expect(run.summary).toContain(reason);
    }
    expect(gate.calls()).toBe(before);
  });

  test('pushes write it and pull requests read it, on GitHub Enterprise too', async () => {
    await github.grantWrite();
    const apiUrl = github.enterpriseUrl;
    const recorded = await record('21', { apiUrl });
    expect(recorded).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline' } });
    expect(recorded.stdout).toContain(`Baseline recorded: ${fileOf('21')} on ${BRANCH}`);
    const files = await github.filesOf(BRANCH);
    expect(files.get('index.html')).toContain(
      `href="https://github.test/${github.repository}/commit/${gate.mainSha}"`,
    );
    expect(files.get('README.md')).toContain('badges/support-bot.svg');
    expect(files.get('badges/support-bot.json')).toMatch(/"message": "[\d.]+ %"/);
    const run = await gate.push(await gate.open('branched'), { [PROMPT]: DISHONEST }, { apiUrl });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.summary).not.toContain('passed over');
    expect(baselineLineOf(run)).toBe(
      `- Baseline: ${shortOf(gate.mainSha)}, the merge base of the tested commit, less than an hour old, 2 pressured replies an example`,
    );
  });

  test('a token that may not ask for runs is told which permission it needs', async () => {
    await github.grantWrite();
    expect((await record('22')).code).toBe(0);
    github.fault = ({ url }) =>
      url.includes('/actions/runs/')
        ? { status: 403, message: 'Resource not accessible by integration' }
        : undefined;
    const run = await gate.push(await gate.open('blinkered'), { [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.summary).toContain('the job needs the permission actions: read');
  });

  test('the baseline is that of the tree that is tested, whatever base the event names', async () => {
    await github.grantWrite();
    expect((await record('30')).code).toBe(0);
    const first = gate.mainSha;
    const pullRequest = await gate.open('moving');
    const between = await github.commit('main', { 'README.md': 'Moved on.' });
    const moved = await github.commit('main', { 'README.md': 'Moved on again.' });
    // Of a schedule nothing is spared, so that this record is at the commit itself.
    const scheduled = { eventName: 'schedule', payload: {}, sha: moved };
    expect((await record('31', scheduled)).code).toBe(0);
    const tip = await github.commit('main', { 'README.md': 'And again.' });

    // The event of the pull request is from before all that.
    const head = await github.commit(pullRequest.branch, { [PROMPT]: REWORDED });
    const about = eventOf(gate, pullRequest.number, { base: first, head });
    const on = async (sha: string, checkedOut: Readonly<Record<string, string>> = {}) => {
      await gate.checkOut({ [PROMPT]: REWORDED, ...checkedOut });
      return gate.act({ ...about, sha }, WITH_KEY, '999');
    };
    const elsewhere = await github.commit('main', { 'README.md': 'Once more.' });
    expect(baselineLineOf(await on(await github.merge(tip, elsewhere)))).toContain(
      `${shortOf(first)}, the merge base`,
    );

    const merge = await github.merge(tip, head);
    expect(baselineLineOf(await on(merge))).toContain(
      `${shortOf(moved)}, 1 commit before ${shortOf(tip)}, the base that the tested merge stands on`,
    );
    expect(baselineLineOf(await on(merge, { '.git/HEAD': `${head}\n` }))).toContain(
      `${shortOf(first)}, the merge base of the tested commit`,
    );

    const early = await github.merge(between, head);
    const made = { '.git/HEAD': 'ref: refs/heads/made\n', '.git/refs/heads/made': early };
    const strange = await on(merge, made);
    expect(strange).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(strange.summary).toContain(early);
    await rm(path.join(gate.workspace, '.git'), { recursive: true });
  });
});

describe('baseline.inline', () => {
  let gate: SmallGate;
  beforeEach(async () => {
    gate = await open('{ store: directory, path: .mask-gate, inline: true }');
  });

  const stored = (): Promise<readonly string[]> =>
    readdir(path.join(gate.workspace, '.mask-gate'), { recursive: true }).catch(() => []);

  test('measures the base in the job where no record exists, and stores nothing of it', async () => {
    const run = await gate.push(await gate.open('inline'), { [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.summary).toContain(
      `Baseline: ${shortOf(gate.mainSha)}, the merge base of the tested commit, measured in this job`,
    );
    expect(run.summary).toContain(
      'Changed since the baseline in what is tested: the system prompt',
    );
    expect(await stored()).toEqual([]);
  });

  test('measures a change of the sampling against the base as well', async () => {
    const cooler = gate.config.replace('sim-pressured', 'sim-pressured, temperature: 0.5');
    const run = await gate.push(await gate.open('cooler'), { [CONFIG]: cooler, [PROMPT]: PLAIN });
    expect(run.summary).toMatch(
      /Changed since the baseline in what is tested: sampling .* → .*0\.5/,
    );
    expect(run.summary).toContain('measured in this job');
  });

  test('has no base to measure where the prompt file is new', async () => {
    const { github } = gate;
    const added = gate.config.replace(PROMPT, 'prompts/new.md');
    const base = await github.commit('main', { [CONFIG]: added });
    await github.branch('added', base);
    const files = { [CONFIG]: added, 'prompts/new.md': DISHONEST };
    const head = await github.commit('added', files);
    const number = await github.openPullRequest('added');
    await gate.checkOut(files);
    const run = await gate.act({ ...eventOf(gate, number, { base, head }), sha: head }, WITH_KEY);
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline' } });
  });
});
