import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type ActionRun, runAction } from './action-runner.js';
import { CLI_BUNDLE, type Finished, NODE_24, runProcess } from './process.js';
import { type SmallGate, startSmallGate } from './small-gate.js';
import { PLAIN, PROMPT, WITH_KEY } from './fixtures.js';

let gate: SmallGate;
let simulation: Awaited<ReturnType<typeof startSimulation>>;
let checkout: string;

beforeEach(async () => {
  gate = await startSmallGate('transcripts: never\ndataset: { size: 6 }\n');
  simulation = await startSimulation({ examples: (await loadDataset('sample', '.')).examples });
  checkout = await mkdtemp(path.join(tmpdir(), 'mask-gate-checkout-'));
});

afterEach(async () => {
  await gate.close();
  await simulation.close();
  await rm(checkout, { recursive: true });
});

const SECRET = 'canary-first-line\ncanary-second-line';

/** All that a run shows, without the lines that tell the runner what to mask. */
function shown({ stdout, stderr, summary = '' }: Finished & { readonly summary?: string }): string {
  return stdout.replaceAll(/^::add-mask::.*$/gm, '') + stderr + summary;
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

async function runCli(
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Finished> {
  await writeFile(
    path.join(checkout, 'gate.yml'),
    `
target: { provider: sim, model: sim-honest }
judge: { provider: sim, model: sim-judge }
providers: { sim: { base-url: "${simulation.url}", api-key-env: SIM_KEY, allow-private-endpoint: true } }
dataset: { size: 6 }
`,
  );
  const args = [CLI_BUNDLE, 'run', '--config', 'gate.yml', '--output', 'out', ...flags];
  return runProcess(NODE_24, args, { cwd: checkout, env: { SIM_KEY: 'sk-sim', ...env } });
}

/** A recording of the default branch, in a runner with other variables. */
async function record(
  env: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = WITH_KEY,
): Promise<ActionRun> {
  await gate.checkOut({ [PROMPT]: PLAIN });
  const repository = { default_branch: 'main' };
  const payload = { before: '0'.repeat(40), after: gate.mainSha, repository };
  const about = { eventName: 'push', payload, sha: gate.mainSha, ref: 'refs/heads/main' };
  return gate.act({ ...about, env }, inputs);
}

describe('answers stay out of the checkout', () => {
  const NOTE = 'Answers are not cached on this machine';

  test.each([
    { name: 'nothing is set', env: { XDG_CACHE_HOME: '', HOME: '' } },
    { name: 'paths are relative', env: { XDG_CACHE_HOME: 'cache', HOME: '.' } },
  ])('command line, $name', async ({ env }) => {
    const run = await runCli(env);
    expect(run.code).toBe(0);
    expect((await readdir(checkout)).sort()).toEqual(['gate.yml', 'out']);
    expect(countOf(run.stderr, NOTE)).toBe(1);
  });

  test('Action, nothing is set', async () => {
    const run = await record({ XDG_CACHE_HOME: '', HOME: '' });
    expect(run.code).toBe(0);
    expect(await readdir(gate.workspace)).not.toContain('mask-gate');
    expect(await readdir(gate.workspace)).not.toContain('.cache');
    expect(countOf(run.stdout, NOTE)).toBe(1);
  });

  test('an empty XDG_CACHE_HOME leaves the home folder', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'mask-gate-home-'));
    const run = await runCli({ XDG_CACHE_HOME: '', HOME: home });
    expect(run.stderr).not.toContain(NOTE);
    expect(await readdir(path.join(home, '.cache/mask-gate'))).toContain('answers');
    await rm(home, { recursive: true });
  });
});

describe('a key with a line break is refused by its name, and never shown', () => {
  const REVISION = '0'.repeat(40);
  const HUB = ['--dataset', 'owner/name', '--set', `dataset.revision="${REVISION}"`];

  test.each([
    { name: 'SIM_KEY', env: { SIM_KEY: SECRET }, flags: [] },
    { name: 'HF_TOKEN', env: { HF_TOKEN: SECRET, HF_ENDPOINT: 'http://127.0.0.1:9' }, flags: HUB },
    { name: 'HF_ENDPOINT', env: { HF_ENDPOINT: 'https://u:canary@127.0.0.1:9' }, flags: HUB },
  ])('command line: $name', async ({ name, env, flags }) => {
    const run = await runCli(env, flags);
    expect(run.code).toBe(2);
    expect(shown(run)).toContain(name);
    expect(shown(run)).not.toContain('canary');
  });

  test.each(['api-key', 'judge-api-key', 'hf-token', 'github-token'])('input %s', async (name) => {
    const before = gate.calls();
    const run = await record({}, { ...WITH_KEY, [name]: SECRET });
    expect(run).toMatchObject({ code: 2, outputs: { verdict: 'error' } });
    expect(shown(run)).toContain(`input ${name}`);
    expect(shown(run)).not.toContain('canary');
    expect(gate.calls()).toBe(before);
  });

  test('the end of the job does not show it either', async () => {
    const state = { phase: 'post', 'check-run': '7' };
    const run = await gate.act(
      { eventName: 'push', payload: {}, sha: gate.mainSha, ref: 'refs/heads/main', state },
      { 'github-token': SECRET },
    );
    expect(run.code).toBe(0);
    expect(shown(run)).not.toContain('canary');
  });

  test('white space around a key is not part of it', async () => {
    expect((await runCli({ SIM_KEY: ' sk-sim\n' })).code).toBe(0);
  });

  test('a key that is given to a flag that does not exist is not shown', async () => {
    const run = await runCli({}, ['--api-key', 'canary', '--other-key=canary']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--api-key');
    expect(run.stderr).not.toContain('canary');
  });
});

describe('a file of the runner that can not be written', () => {
  test.each([
    ['GITHUB_OUTPUT', '/nonexistent/file'],
    ['GITHUB_STATE', '/nonexistent/file'],
    ['GITHUB_STEP_SUMMARY', '/nonexistent/file'],
    ['GITHUB_OUTPUT', '/'],
    ['GITHUB_STATE', '/'],
    ['GITHUB_STEP_SUMMARY', '/'],
  ])('%s (%s) is told once, and changes nothing else', async (variable, file) => {
    const run = await record({ [variable]: file });
    expect(run.code).toBe(0);
    expect(countOf(run.stdout, `(${variable})`)).toBe(1);
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/MASK Gate/);
    if (variable !== 'GITHUB_OUTPUT') expect(run.outputs['verdict']).toBeDefined();
    if (variable !== 'GITHUB_STEP_SUMMARY') expect(run.summary).toContain('MASK Gate');
  });

  test('all of them, where the settings are wrong as well', async () => {
    const missing = '/nonexistent/file';
    const env = { GITHUB_OUTPUT: missing, GITHUB_STATE: missing, GITHUB_STEP_SUMMARY: missing };
    const run = await record(env, { ...WITH_KEY, 'max-rise': 'much' });
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(run.stdout).toContain('gate.max-rise');
  });
});

test.each([
  ['cut', (text: string) => text.slice(0, -5)],
  ['empty', () => ''],
])('an event file that is %s is one message', async (_, change) => {
  const payload = { after: gate.mainSha };
  const run = await runAction({
    workspace: gate.workspace,
    apiUrl: gate.github.apiUrl,
    repository: gate.github.repository,
    eventName: 'push',
    payload,
    payloadText: change(JSON.stringify(payload)),
    sha: gate.mainSha,
    ref: 'refs/heads/main',
    inputs: { 'github-token': gate.github.tokens.workflow, ...WITH_KEY },
  });
  expect(run).toMatchObject({ code: 2, stderr: '', outputs: { verdict: 'error' } });
  expect(run.stdout.match(/^::error::.*$/gm)).toEqual([
    '::error::event: the file of GITHUB_EVENT_PATH is cut, or not JSON; run the job again',
  ]);
});
