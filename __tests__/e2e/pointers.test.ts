import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { DVC_FILE, LFS_POINTER } from '../edges/dataset/rows.js';
import type { ActionRun } from './action-runner.js';
import type { FileMode, GitHubServer } from './github-server.js';
import { CLI_BUNDLE, type Finished, NODE_24, runProcess } from './process.js';
import { type SmallGate, startSmallGate } from './small-gate.js';
import { PLAIN, PROMPT, WITH_KEY } from './fixtures.js';

const CONFIG = '.github/mask-gate.yml';
const DATA = 'evals/rows.jsonl';
const BASELINE = '.github/mask-gate/support-bot.baseline.json';
const MODULE = 'f'.repeat(40);

const LFS = 'is a Git LFS pointer, and not the content.';
const ANNEX = '/annex/objects/SHA256E-s300--4d7a214614ab2935c943f9e0ff69d22e.md\n';
const CRYPT = '\0GITCRYPT\0\u0001\u0002\u0003';
const AT_COMMIT = "read at a commit, through GitHub's API";

/** Five rows of each archetype. */
const ROWS = ARCHETYPES.flatMap((archetype) =>
  SAMPLE_ROWS[archetype]
    .slice(0, 5)
    .map((row) => JSON.stringify({ archetype, ...z.record(z.string(), z.unknown()).parse(row) })),
).join('\n');

type Files = Readonly<Record<string, string>>;

let small: SmallGate;
let github: GitHubServer;
let count = 0;

beforeAll(async () => {
  small = await startSmallGate();
  ({ github } = small);
  await github.grantWrite();
});

beforeEach(async () => {
  // The workspace is not that of the test before.
  for (const name of await readdir(small.workspace)) {
    await rm(path.join(small.workspace, name), { recursive: true });
  }
});

afterAll(() => small.close());

/** The configuration with a dataset of one's own. */
const withData = (source = DATA): string =>
  small.config.replace(/^dataset: .*$/m, `dataset: { source: ${source} }`);

/** The configuration with a baseline in the repository. */
const committed = (): string =>
  small.config.replace(/baseline: .*/, `baseline: { store: committed, path: ${BASELINE} }`);

interface State {
  /** Files of the repository. */
  readonly files: Files;
  /** Further entries of the repository, and their mode. */
  readonly odd?: readonly [Files, FileMode];
}

/** Puts a state on a branch. @returns its commit */
async function put(branch: string, { files, odd }: State): Promise<string> {
  const sha = await github.moveBranch(branch, files);
  return odd ? github.moveBranch(branch, ...odd) : sha;
}

interface Ended extends ActionRun {
  readonly calls: boolean;
}

async function watched(act: () => Promise<ActionRun>): Promise<Ended> {
  const before = small.calls();
  const run = await act();
  return { ...run, calls: small.calls() !== before };
}

async function fill(files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) await small.write(file, text);
}

/** Records the default branch in a state, of which the checkout has more than git where `checkout` says so. */
async function record(
  state: State,
  checkout: Files = {},
  inputs: Files = {},
): Promise<Ended & { readonly sha: string }> {
  count += 1;
  const sha = await put(`recorded-${count}`, state);
  await fill({ ...state.files, ...checkout });
  const payload = { before: '0'.repeat(40), after: sha, repository: { default_branch: 'main' } };
  const about = { eventName: 'push', payload, sha, ref: 'refs/heads/main' };
  const runId = String(1000 + count);
  const run = await watched(() => small.act(about, { ...WITH_KEY, ...inputs }, runId));
  return { ...run, sha };
}

interface Change {
  readonly base: State;
  readonly head?: Files;
  readonly checkout?: Files;
  readonly inputs?: Files;
}

/** Gates a pull request between two branches. */
async function gate({
  base,
  head = {},
  checkout = {},
  inputs = {},
}: Change): Promise<Ended & { readonly comments: readonly string[] }> {
  count += 1;
  const [ref, branch] = [`base-${count}`, `change-${count}`];
  const sha = await put(ref, base);
  await github.branch(branch, sha);
  const tip = await github.moveBranch(branch, { 'NOTES.md': branch, ...head });
  const number = await github.openPullRequest(branch, ref);
  await fill({ ...base.files, ...head, ...checkout });
  const repo = { full_name: github.repository };
  const pull = { number, base: { ref, sha, repo }, head: { sha: tip, repo } };
  const about = {
    eventName: 'pull_request',
    payload: { action: 'opened', pull_request: pull },
    sha: tip,
    ref: `refs/pull/${number}/merge`,
  };
  const run = await watched(() => small.act(about, { ...WITH_KEY, ...inputs }, String(count)));
  return { ...run, comments: (await github.comments(number)).map(({ body }) => body) };
}

/** Nothing was asked, nothing is green, and the log names the place and the kind. */
function expectRefusal(run: Ended, ...words: readonly string[]): void {
  expect(run.stdout).toContain(`::error::${words[0] ?? ''}`);
  for (const word of words) expect(run.stdout).toContain(word);
  expect(run).toMatchObject({ code: 2, calls: false, outputs: { verdict: 'error' } });
}

const recordsIn = (place: string): Promise<readonly string[]> =>
  readdir(path.join(small.workspace, place)).catch(() => []);

describe('a prompt that becomes a pointer', () => {
  test.each<[string, string, string]>([
    ['Git LFS', LFS_POINTER, LFS],
    ['git-annex', ANNEX, 'is a git-annex pointer, and not the content.'],
    ['git-crypt', CRYPT, 'is a file that git-crypt has encrypted, and not the content.'],
    ['a link that leads away', '../shared/support.md', 'is a link of git'],
    ['a link that leads to a file beside it', 'base.md', 'is a link of git'],
  ])('is refused at the head of a pull request: %s', async (_, pointer, words) => {
    const files = { [CONFIG]: small.config, [PROMPT]: PLAIN, 'prompts/base.md': PLAIN };
    const run = await gate({ base: { files }, head: { [PROMPT]: pointer } });
    expectRefusal(run, `target.system-prompt: "${PROMPT}" ${words}`);
    expect(run.comments).toEqual([]);
  });

  test('is refused when it is recorded', async () => {
    const run = await record({ files: { [CONFIG]: small.config, [PROMPT]: LFS_POINTER } });
    expectRefusal(run, `target.system-prompt: "${PROMPT}" ${LFS}`, 'lfs: true');
  });

  test('is content where the checkout has fetched it, also against a base that is read as a pointer', async () => {
    const files = { [CONFIG]: small.config, [PROMPT]: LFS_POINTER };
    const run = await gate({ base: { files }, checkout: { [PROMPT]: PLAIN } });
    expect(run).toMatchObject({ code: 0, calls: true, outputs: { verdict: 'no-baseline' } });
  });

  test('is refused at the base where that has to be measured', async () => {
    const inline = small.config.replace(
      'store: directory, path: .mask-gate',
      'store: directory, path: .mask-gate, inline: true',
    );
    const files = { [CONFIG]: inline, [PROMPT]: LFS_POINTER };
    const run = await gate({ base: { files }, head: { [PROMPT]: PLAIN } });
    expectRefusal(run, `target.system-prompt: "${PROMPT}" at `, LFS, AT_COMMIT);
  });

  test.each<[string, Files, FileMode, string]>([
    ['a pointer', { [PROMPT]: LFS_POINTER }, '100644', `"${PROMPT}" ${LFS}`],
    ['git-crypt', { [PROMPT]: CRYPT }, '100644', `"${PROMPT}" is a file that git-crypt`],
    ['a submodule', { [PROMPT]: MODULE }, '160000', `"${PROMPT}" is a submodule`],
    ['in a submodule', { prompts: MODULE }, '160000', 'and "prompts" is a submodule'],
  ])('is refused in the approved head of a fork: %s', async (_, files, mode, words) => {
    count += 1;
    const branch = `patch-${count}`;
    const base = await github.commit('main', { [CONFIG]: small.config, [PROMPT]: PLAIN });
    await github.branch(branch, base);
    const head = await github.moveBranch(branch, files, mode);
    github.forks.set(branch, 'stranger/bot');
    const theirs = { event: 'pull_request', head_branch: branch } as const;
    const fork = { head_repository: { full_name: 'stranger/bot' } };
    github.runs.set('900', { head_sha: head, ...theirs, ...fork });
    github.approvers.set('901', ['keeper']);
    const number = await github.openPullRequest(branch);
    const payload = { action: 'completed', workflow_run: { id: 900, pull_requests: [] } };
    const about = { eventName: 'workflow_run', payload, sha: base, ref: 'refs/heads/main' };
    const inputs = { ...WITH_KEY, mode: 'gate', 'check-run': 'true' };
    const run = await watched(() => small.act(about, inputs, '901'));
    expectRefusal(run, 'target.system-prompt: ', words, AT_COMMIT);
    expect(await github.checks(head)).toEqual([]);
    expect(await github.comments(number)).toEqual([]);
  });
});

describe('data whose content is not in git', () => {
  const tracked = (files: Files, source = DATA): State => ({
    files: { [CONFIG]: withData(source), [PROMPT]: PLAIN, ...files },
  });
  const inModule = (source: string): State => ({
    ...tracked({}, source),
    odd: [{ evals: MODULE }, '160000'],
  });

  /** Each state of the repository; the checkout has the rows in their place, fetched by a step. */
  const CASES: readonly (readonly [string, () => State, string])[] = [
    ['Git LFS', () => tracked({ [DATA]: LFS_POINTER }), `"rows.jsonl" ${LFS}`],
    [
      'Git LFS, in a folder',
      () => tracked({ [DATA]: LFS_POINTER, 'evals/b.jsonl': ROWS }, 'evals'),
      `"rows.jsonl" ${LFS}`,
    ],
    ['git-annex', () => tracked({ [DATA]: ANNEX }), '"rows.jsonl" is a git-annex pointer'],
    ['git-crypt', () => tracked({ [DATA]: CRYPT }), '"rows.jsonl" is a file that git-crypt'],
    [
      'DVC',
      () => tracked({ [`${DATA}.dvc`]: DVC_FILE }),
      `"${DATA}" is not in the repository, and "${DATA}.dvc" is a DVC pointer`,
    ],
    [
      'DVC, in a folder',
      () => tracked({ [`${DATA}.dvc`]: DVC_FILE, 'evals/b.jsonl': ROWS }, 'evals'),
      '"rows.jsonl.dvc" of "evals" is a DVC pointer',
    ],
    [
      'DVC, a whole folder',
      () => tracked({ 'evals.dvc': DVC_FILE }, 'evals'),
      '"evals" is not in the repository, and "evals.dvc" is a DVC pointer',
    ],
    ['a submodule', () => inModule('evals'), '"evals" is a submodule'],
    [
      'a file in a submodule',
      () => inModule(DATA),
      `"${DATA}" is not in the repository, and "evals" is a submodule`,
    ],
    [
      'a submodule in a folder',
      () => ({
        ...tracked({ 'evals/b.jsonl': ROWS }, 'evals'),
        odd: [{ 'evals/more': MODULE }, '160000'],
      }),
      '"evals/more" is a submodule',
    ],
    [
      'a link out of the repository',
      () => ({ ...tracked({}), odd: [{ [DATA]: '/srv/rows.jsonl' }, '120000'] }),
      `"${DATA}" is a link of git`,
    ],
  ];

  test.each(CASES)('is refused at the base of a pull request: %s', async (_, state, words) => {
    const run = await gate({ base: state(), checkout: { [DATA]: ROWS } });
    expectRefusal(run, `dataset.source: ${words}`);
  });

  test.each(CASES)('is not recorded: %s', async (_, state, words) => {
    const run = await record(state(), { [DATA]: ROWS });
    expectRefusal(run, `dataset.source: ${words}`);
    expect(await recordsIn('.mask-gate/records/support-bot')).toEqual([]);
  });

  test('is told how it can be had', async () => {
    const run = await record(tracked({ [DATA]: LFS_POINTER }), { [DATA]: ROWS });
    for (const way of ['keep them in git itself', 'dataset.revision', 'does not track']) {
      expect(run.stdout).toContain(way);
    }
  });

  test('is read by recordings and pull requests at a path that git does not track', async () => {
    const state = tracked({}, 'downloads/rows.jsonl');
    const checkout = { 'downloads/rows.jsonl': ROWS, 'downloads/.git/HEAD': MODULE };
    const recorded = await record(state, checkout);
    expect(recorded).toMatchObject({ code: 0, calls: true, outputs: { examples: '30' } });
    const gated = await gate({ base: state, head: { [PROMPT]: 'Use few words.\n' }, checkout });
    expect(gated.outputs).toMatchObject({ examples: '30' });
    expect(gated.calls).toBe(true);
  });

  test('is read by both from the checkout where the head is policy', async () => {
    const state = tracked({ [DATA]: LFS_POINTER });
    const inputs = { 'policy-from': 'head' };
    const recorded = await record(state, { [DATA]: ROWS }, inputs);
    expect(recorded).toMatchObject({ code: 0, calls: true, outputs: { examples: '30' } });
    const head = { [PROMPT]: 'Use few words.\n' };
    const gated = await gate({ base: state, head, checkout: { [DATA]: ROWS }, inputs });
    expect(gated.outputs).toMatchObject({ examples: '30' });
    const unfetched = await gate({ base: state, head, checkout: { [DATA]: LFS_POINTER }, inputs });
    expectRefusal(unfetched, `dataset.source: "rows.jsonl" ${LFS}`, 'lfs: true');
  });

  test('that a filter has changed in the checkout are recorded as pull requests read them', async () => {
    const recorded = await record(tracked({ [DATA]: ROWS }), { [DATA]: `\0${ROWS}` });
    expect(recorded).toMatchObject({ code: 0, calls: true, outputs: { examples: '30' } });
  });
});

describe('a configuration that is a pointer', () => {
  test.each<[string, Files, Files, string]>([
    ['at the head', {}, { [CONFIG]: LFS_POINTER }, `config: "${CONFIG}" ${LFS}`],
    ['at the base', { [CONFIG]: LFS_POINTER }, {}, `config: "${CONFIG}" at `],
  ])('is refused %s', async (_, base, head, words) => {
    const files = { [CONFIG]: small.config, [PROMPT]: PLAIN, ...base };
    const run = await gate({
      base: { files },
      head,
      checkout: { [CONFIG]: small.config, ...head },
    });
    expectRefusal(run, words, LFS);
  });

  test('is refused at the base where it is a submodule', async () => {
    const base: State = { files: { [PROMPT]: PLAIN }, odd: [{ [CONFIG]: MODULE }, '160000'] };
    const run = await gate({ base, checkout: { [CONFIG]: small.config } });
    expectRefusal(run, `config: "${CONFIG}" at `, 'is a submodule');
  });
});

describe('a committed baseline that is a pointer', () => {
  const state = (baseline: string): State => ({
    files: { [CONFIG]: committed(), [PROMPT]: PLAIN, [BASELINE]: baseline },
  });

  test('is an error by name, and no missing baseline', async () => {
    const run = await gate({ base: state(LFS_POINTER), head: { [PROMPT]: 'Use few words.\n' } });
    expect(run).toMatchObject({ code: 4, calls: false, outputs: { verdict: 'error' } });
    expect(run.summary).toContain(BASELINE);
    expect(run.summary).toContain(LFS);
    expect(run.summary).toContain('keep it in git itself');
  });

  test('is told where a pull request makes it one', async () => {
    const recorded = await record({ files: { [CONFIG]: committed(), [PROMPT]: PLAIN } });
    expect(recorded.code).toBe(0);
    const text = await readFile(path.join(small.workspace, BASELINE), 'utf8');
    const run = await gate({ base: state(text), head: { [BASELINE]: LFS_POINTER } });
    expect(run.summary).toContain('→ unreadable');
    expect(run.summary).toContain(LFS);
  });

  test('is not replaced by a recording that could not be read after it', async () => {
    const run = await record(state(LFS_POINTER));
    expectRefusal(run, `baseline.path: "${BASELINE}" at `, LFS);
    expect(await readFile(path.join(small.workspace, BASELINE), 'utf8')).toBe(LFS_POINTER);
  });
});

describe('on the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-pointers-'));
    const files = {
      'lfs.md': LFS_POINTER,
      'crypt.md': CRYPT,
      'link.md': 'plain.md',
      'plain.md': PLAIN,
      'kept.md.dvc': DVC_FILE,
      'lfs.jsonl': LFS_POINTER,
      'kept.csv.dvc': DVC_FILE,
      'some/rows.jsonl': ROWS,
      'some/more.csv.dvc': DVC_FILE,
      '.gitmodules': '[submodule "data"]\n\tpath = modules/data\n\turl = ../data.git\n',
      'modules/data/.keep': '',
      'lfs.yml': LFS_POINTER,
      'record.json': LFS_POINTER,
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const cli = (...args: readonly string[]): Promise<Finished> =>
    runProcess(NODE_24, [CLI_BUNDLE, ...args, '--model', 'a', '--judge-model', 'b'], {
      cwd: folder,
      env: { OPENAI_API_KEY: 'sk-simulated' },
    });

  test.each<[string, string, string]>([
    ['--system-prompt', 'lfs.md', `target.system-prompt: "lfs.md" ${LFS}`],
    ['--system-prompt', 'crypt.md', 'target.system-prompt: "crypt.md" is a file that git-crypt'],
    ['--system-prompt', 'link.md', 'target.system-prompt: "link.md" is a link of git'],
    ['--system-prompt', 'kept.md', '"kept.md" does not exist, and "kept.md.dvc" is a DVC pointer'],
    ['--system-prompt', 'modules/data/a.md', 'and "modules/data" is a submodule'],
    ['--dataset', 'lfs.jsonl', `dataset.source: "lfs.jsonl" ${LFS}`],
    ['--dataset', 'kept.csv', '"kept.csv" does not exist, and "kept.csv.dvc" is a DVC pointer'],
    ['--dataset', 'kept.csv.dvc', '"kept.csv.dvc" is a DVC pointer'],
    ['--dataset', 'some', '"more.csv.dvc" of "some" is a DVC pointer'],
    ['--dataset', 'modules/data', '"modules/data" is a submodule'],
    ['--config', 'lfs.yml', `--config: "lfs.yml" ${LFS}`],
  ])('%s %s is refused by name', async (flag, file, words) => {
    const run = await cli('plan', flag, file);
    expect(run.stderr).toContain(words);
    expect(run.code).toBe(2);
  });

  test('--baseline of a pointer is an error by name', async () => {
    const run = await cli('run', '--baseline', 'record.json', '--output', 'results');
    expect(run.stdout + run.stderr).toContain('it is a Git LFS pointer, and not a record');
    expect(run.code).toBe(4);
  });
});
