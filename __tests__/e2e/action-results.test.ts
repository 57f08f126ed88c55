import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recordSchema } from '../../src/gate/records/record.js';
import type { ActionRun } from './action-runner.js';
import { DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import { SMALL_SIZE, type SmallGate, startSmallGate } from './small-gate.js';

const STORE = '.mask-gate';
const OUTPUT = 'mask-gate-results';

let gate: SmallGate;
let records: string;

const at = (...names: readonly string[]): string => path.join(gate.workspace, ...names);

/** Starts a gate for each test of a block, with so many examples. */
function useGate(size: number): void {
  beforeEach(async () => {
    gate = await startSmallGate(`dataset: { size: ${size} }\n`);
    records = path.join(STORE, 'records/support-bot', gate.mainSha);
  });
  afterEach(() => gate.close());
}

async function push(
  inputs: Readonly<Record<string, string>> = {},
  runId = '1',
): Promise<ActionRun> {
  const { mainSha: sha, checkOut, act } = gate;
  await checkOut({ [PROMPT]: PLAIN });
  const payload = { before: sha, after: sha, repository: { default_branch: 'main' } };
  const about = { eventName: 'push', payload, sha, ref: 'refs/heads/main' };
  return act(about, { ...WITH_KEY, ...inputs }, runId);
}

let pullRequests = 0;

/** Runs the Action on a pull request that changes the prompt, and whatever else is named. */
async function change({
  prompt = DISHONEST,
  files = {},
  inputs = {},
}: {
  readonly prompt?: string;
  /** Further files of the head, which are checked out with it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
} = {}): Promise<ActionRun> {
  const { github, mainSha, checkOut, act } = gate;
  pullRequests += 1;
  const branch = `change-${pullRequests}`;
  const head = { ...files, [PROMPT]: prompt, 'README.md': `Text ${pullRequests}.\n` };
  await github.branch(branch, mainSha);
  const sha = await github.commit(branch, head);
  const number = await github.openPullRequest(branch);
  await checkOut(head);
  const repo = { full_name: github.repository };
  const sides = { base: { sha: mainSha, repo }, head: { sha, repo } };
  const payload = { pull_request: { number, ...sides } };
  const ref = `refs/pull/${number}/merge`;
  return act({ eventName: 'pull_request', payload, sha, ref }, { ...WITH_KEY, ...inputs });
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(at(folder), { recursive: true })).sort();

function expectRefused(run: ActionRun, words: string): void {
  expect(run).toMatchObject({ code: 2, outputs: { verdict: 'error' } });
  expect(run.stdout).toMatch(/^::error::output: /m);
  expect(run.stdout).toContain(words);
  expect(run.outputs['record-path'] ?? '').toBe('');
}

describe('a folder for results that the commit under test brings', () => {
  // No run comes to a verdict here.
  useGate(6);
  const planted = `${JSON.stringify({ schema: 'mask-gate/record/v1' })}\n`;

  test.each(['record.json', 'report.md', 'notes.md', 'nested/report.html'])(
    'is refused before anything is asked, whatever is in it: %s',
    async (name) => {
      const before = gate.calls();
      const run = await change({ files: { [`${OUTPUT}/${name}`]: planted } });
      expectRefused(run, 'is part of the commit under test');
      expect(gate.calls()).toBe(before);
      expect(await readFile(at(OUTPUT, name), 'utf8')).toBe(planted);
    },
  );

  test.each([
    ['the store', STORE],
    ['.git', '.git'],
    ['nowhere', 'nowhere'],
  ])('is refused where it is a link into %s', async (_, target) => {
    await push();
    await mkdir(at('.git'), { recursive: true });
    await rm(at(OUTPUT), { recursive: true });
    await symlink(target, at(OUTPUT));
    const before = [await namesIn(STORE), await namesIn('.git'), gate.calls()];
    expectRefused(await change(), 'is a link or behind one');
    expect([await namesIn(STORE), await namesIn('.git'), gate.calls()]).toEqual(before);
  });

  test('is refused behind a link, in .git, and as the workspace itself', async () => {
    await mkdir(at('.git'), { recursive: true });
    await symlink('.git', at('linked'));
    const outputs = { 'linked/out': 'behind one', '.git/out': 'is in .git', '.': 'itself' };
    for (const [output, words] of Object.entries(outputs)) {
      expectRefused(await change({ inputs: { output } }), words);
    }
    expect(await namesIn('.git')).toEqual([]);
  });

  test.each([
    ['the store itself', STORE, 'is inside the folder of baseline.path'],
    ['a folder in it', `${STORE}/out`, 'is inside the folder of baseline.path'],
    ['a folder around the prompt', 'prompts', 'is part of the commit under test'],
  ])('is refused where the run reads: %s', async (_, output, words) => {
    await push();
    expectRefused(await change({ inputs: { output } }), words);
    expect(await namesIn(records)).toEqual(['1-1.json']);
  });
});

describe('what an earlier step has left in the folder for results', () => {
  useGate(SMALL_SIZE);
  const leave = async (name: string, text: string): Promise<void> => {
    await mkdir(at(OUTPUT), { recursive: true });
    await writeFile(at(OUTPUT, name), text);
  };

  test('is not there beside the results of a run that measured nothing', async () => {
    expect((await push()).code).toBe(0);
    expect(await namesIn(OUTPUT)).toContain('record.json');
    const run = await change({ prompt: PLAIN });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'unchanged', 'record-path': '' } });
    expect(await namesIn(OUTPUT)).toEqual(['report.html', 'report.md']);
  });

  test('is not there either when a run ends without a verdict', async () => {
    await push();
    const inputs = { model: 'no-such-model' };
    expect((await change({ inputs })).code).toBe(4);
    expect(await namesIn(OUTPUT)).toEqual(['report.html', 'report.md']);
  });

  test('stays where it is not a result', async () => {
    await push();
    await leave('notes.md', 'mine');
    expect((await change()).code).toBe(1);
    expect(await readFile(at(OUTPUT, 'notes.md'), 'utf8')).toBe('mine');
  });

  test('is refused where it has the name of one', async () => {
    await leave('report.md', 'mine');
    expectRefused(await change(), 'was not written by a run of MASK Gate');
    expect(await readFile(at(OUTPUT, 'report.md'), 'utf8')).toBe('mine');
  });
});

describe('a recording that can not be kept', () => {
  useGate(SMALL_SIZE);
  test('is refused before anything is asked where its place can not be written to', async () => {
    await writeFile(at(STORE), 'a file').catch(() => undefined);
    const before = gate.calls();
    const run = await push();
    expect(run).toMatchObject({ code: 2, outputs: { verdict: 'error' } });
    expect(run.stdout).toContain('::error::baseline.path: ');
    expect(gate.calls()).toBe(before);
  });

  const limit = ['/usr/bin/prlimit', '/bin/prlimit'].find((file) => existsSync(file));

  // Only Linux has this program, which bounds how large a file a process may write.
  (limit === undefined ? test.skip : test)(
    'for want of room fails, with what was measured, and without a stack',
    async () => {
      const { mainSha: sha, checkOut, github, workspace } = gate;
      await checkOut({ [PROMPT]: PLAIN });
      const { runAction } = await import('./action-runner.js');
      const run = await runAction({
        workspace,
        apiUrl: github.apiUrl,
        repository: github.repository,
        eventName: 'push',
        payload: { before: sha, after: sha, repository: { default_branch: 'main' } },
        sha,
        ref: 'refs/heads/main',
        inputs: { 'github-token': github.tokens.workflow, ...WITH_KEY },
        onStart: ({ pid }) => {
          execFileSync(limit ?? '', ['--pid', String(pid), '--fsize=30000']);
        },
      });
      expect(run).toMatchObject({
        code: 4,
        outputs: { verdict: 'error', measured: String(SMALL_SIZE) },
      });
      expect(run.outputs['record-path']).toBe('');
      expect(run.summary).toContain('it is too large for this disk');
      expect(run.stdout).not.toMatch(/\n\s+at /);
      expect(await namesIn(OUTPUT)).toEqual(['report.md']);
    },
  );
});

describe('a record that can not be read', () => {
  useGate(SMALL_SIZE);
  const editRecord = async (edit: (text: string) => string): Promise<void> => {
    const file = at(records, '1-1.json');
    await writeFile(file, edit(await readFile(file, 'utf8')));
  };

  test('of a run during which the clock was set back is read', async () => {
    await push();
    await editRecord((text) => text.replace(/"durationMs": \d+/, '"durationMs": -26968'));
    expect(await change()).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  });

  test('fails the gate until its commit is recorded again', async () => {
    await push();
    await editRecord((text) => text.slice(0, 300));
    expect(await change()).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(await push({}, '2')).toMatchObject({ code: 0 });
    const healed = await change();
    expect(healed).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(healed.summary).toContain('1 record passed over');
    const text = await readFile(at(records, '2-1.json'), 'utf8');
    expect(recordSchema.safeParse(JSON.parse(text)).success).toBe(true);
  });
});
