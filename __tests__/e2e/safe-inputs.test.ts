import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CLI_BUNDLE, type Finished, machineNode, runProcess } from './process.js';
import { type SmallGate, startSmallGate } from './small-gate.js';
import { PLAIN, PROMPT, WITH_KEY } from './fixtures.js';

let gate: SmallGate;

beforeEach(async () => {
  gate = await startSmallGate('dataset: { size: 6 }');
});

afterEach(() => gate.close());

const FRAME_OF_A_STACK = /^\s+at .+:\d+:\d+\)?$/m;

function allOf({ stdout, stderr }: Finished): string {
  return stdout + stderr;
}

describe('a secret with a line break is refused by the name of its place, and never printed', () => {
  test.each([
    ['api-key', 'input api-key: holds a line break'],
    ['github-token', 'input github-token: holds a line break'],
  ])('%s', async (input, message) => {
    await gate.checkOut({ [PROMPT]: PLAIN });
    const run = await push({ ...WITH_KEY, [input]: 'canary-1\ncanary-2' });
    expect(run.code).toBe(2);
    expect(allOf(run)).toContain(message);
    expect(withoutMasks(run)).not.toContain('canary');
    expect(gate.calls()).toBe('{}');
  });

  test('the token of the Hub', async () => {
    const config = `${gate.config}\ndataset: { source: some/data, revision: ${'a'.repeat(40)} }`;
    await gate.checkOut({
      [PROMPT]: PLAIN,
      '.github/mask-gate.yml': config.replace('dataset: { size: 6 }\n', ''),
    });
    const run = await push({ ...WITH_KEY, 'hf-token': 'canary-1\ncanary-2' });
    expect(run.code).toBe(2);
    expect(allOf(run)).toContain('HF_TOKEN, or the input hf-token: holds a line break');
    expect(withoutMasks(run)).not.toContain('canary');
  });

  test('the key of the command line', async () => {
    const run = await record({ SIM_KEY: 'canary-1\ncanary-2' });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('SIM_KEY: holds a line break');
    expect(allOf(run)).not.toContain('canary');
  });
});

test('a configuration that would take long to read is refused unread', async () => {
  const keys = Array.from({ length: 40_000 }, (_, index) => `key-${index}: 1`).join('\n');
  await gate.checkOut({ [PROMPT]: PLAIN, '.github/mask-gate.yml': keys });
  const run = await push(WITH_KEY);
  expect(run.code).toBe(2);
  expect(allOf(run)).toContain('is not valid YAML: it has more than 256 Ki characters');
});

test('a pipe in the place of a cached answer does not hold up the run', async () => {
  const cache = await mkdtemp(path.join(tmpdir(), 'mask-gate-safe-'));
  const first = await record({ SIM_KEY: 'k', XDG_CACHE_HOME: cache });
  expect(first.code).toBe(0);
  const names = await readdir(cache, { recursive: true, withFileTypes: true });
  const entries = names.filter((name) => name.isFile());
  expect(entries.length).toBeGreaterThan(6);
  for (const { parentPath, name } of entries) {
    const file = path.join(parentPath, name);
    await rm(file);
    execFileSync('mkfifo', [file]);
  }
  const second = await record({ SIM_KEY: 'k', XDG_CACHE_HOME: cache });
  expect(second.code).toBe(0);
  await rm(cache, { recursive: true });
});

test.each([
  ['empty', ''],
  ['relative', 'home'],
])('with an %s home nothing private comes into the checkout, and that is said', async (_, home) => {
  const run = await record({ SIM_KEY: 'k', HOME: home, XDG_CACHE_HOME: '' });
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('No answer is kept on this machine');
  const names = await readdir(gate.workspace);
  expect(names.filter((name) => ['.cache', 'mask-gate', 'home'].includes(name))).toEqual([]);
});

describe("where the runner's own files can't be written", () => {
  test.each([
    ['GITHUB_OUTPUT', 'did not take the outputs'],
    ['GITHUB_STATE', 'did not take the state of the step'],
    ['GITHUB_STEP_SUMMARY', 'did not take the job summary'],
  ])('%s: the run ends with its verdict, and says so once', async (variable, message) => {
    await gate.checkOut({ [PROMPT]: PLAIN });
    const run = await push(WITH_KEY, { [variable]: path.join(gate.workspace, 'absent/file') });
    expect(run.code).toBe(0);
    expect(allOf(run).split(message)).toHaveLength(2);
    expect(run.stdout).toContain('baseline recorded');
    expect(allOf(run)).not.toMatch(FRAME_OF_A_STACK);
  });

  test('an event that is cut is one clear message', async () => {
    await gate.checkOut({ [PROMPT]: PLAIN });
    const about = { eventName: 'pull_request', payload: {}, ref: 'refs/pull/1/merge' };
    const run = await gate.act(
      { ...about, sha: gate.mainSha, payloadText: '{"pull_request": {"num' },
      WITH_KEY,
    );
    expect(run.code).toBe(2);
    expect(run.stdout.match(/^::error/gm)).toHaveLength(1);
    expect(allOf(run)).not.toMatch(FRAME_OF_A_STACK);
  });
});

/** A push to the default branch, which records. */
function push(
  inputs: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): ReturnType<SmallGate['act']> {
  const payload = {
    before: '0'.repeat(40),
    after: gate.mainSha,
    repository: { default_branch: 'main' },
  };
  const about = { eventName: 'push', payload, sha: gate.mainSha, ref: 'refs/heads/main' };
  return gate.act({ ...about, variables }, inputs);
}

/** A recording by the command line, in the checkout. */
async function record(env: Readonly<Record<string, string>>): Promise<Finished> {
  await gate.checkOut({ [PROMPT]: PLAIN });
  return runProcess(machineNode(), [CLI_BUNDLE, 'run', '--mode', 'record'], {
    cwd: gate.workspace,
    env,
  });
}

/** What was printed, without the commands that ask the runner to mask a secret. */
function withoutMasks(run: Finished): string {
  return allOf(run).replaceAll(/^::add-mask::.*$/gm, '');
}
