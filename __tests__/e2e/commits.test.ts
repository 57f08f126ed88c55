import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ActionRun } from './action-runner.js';
import type { GitHubServer } from './github-server.js';
import { DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

let small: SmallGate;
let github: GitHubServer;
let runs = 100;

beforeEach(async () => {
  small = await startSmallGate();
  ({ github } = small);
  await github.grantWrite();
});

afterEach(() => small.close());

/** What actions/checkout leaves behind: files, and a HEAD that names their commit. */
async function checkOut(prompt: string, commit?: string): Promise<void> {
  await small.checkOut({ [PROMPT]: prompt });
  if (commit !== undefined) await small.write('.git/HEAD', `${commit}\n`);
}

interface Opened {
  readonly number: number;
  readonly head: string;
  readonly merge: string;
}

async function open(branch: string): Promise<Opened> {
  await github.branch(branch, small.mainSha);
  const head = await github.commit(branch, { [PROMPT]: DISHONEST, 'README.md': branch });
  const number = await github.openPullRequest(branch);
  return { number, head, merge: await github.merge(small.mainSha, head) };
}

async function gate(
  { number, head, merge }: Opened,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun & { readonly calls: boolean }> {
  runs += 1;
  const before = small.calls();
  const repo = { full_name: github.repository };
  const run = await small.act(
    {
      eventName: 'pull_request',
      payload: {
        action: 'opened',
        pull_request: {
          number,
          base: { ref: 'main', sha: small.mainSha, repo },
          head: { sha: head, repo },
        },
      },
      sha: merge,
      ref: `refs/pull/${number}/merge`,
    },
    { ...WITH_KEY, ...inputs },
    String(runs),
  );
  return { ...run, calls: small.calls() !== before };
}

async function push(after: string, before: string): Promise<ActionRun & { calls: boolean }> {
  runs += 1;
  const earlier = small.calls();
  const payload = { before, after, forced: true, repository: { default_branch: 'main' } };
  const about = { eventName: 'push', payload, sha: after, ref: 'refs/heads/main' };
  const run = await small.act(about, WITH_KEY, String(runs));
  return { ...run, calls: small.calls() !== earlier };
}

const recordsOf = (commit: string): Promise<readonly string[]> =>
  readdir(path.join(small.workspace, '.mask-gate/records/support-bot', commit)).catch(() => []);

describe('a checkout', () => {
  const MADE = 'c'.repeat(40);

  test.each<[string, (change: Opened) => Promise<string>]>([
    ['of a commit that an earlier step made', () => Promise.resolve(MADE)],
    ['of the base', () => Promise.resolve(small.mainSha)],
    ['of another branch', () => github.moveBranch('elsewhere', { [PROMPT]: PLAIN })],
    [
      'of a merge of the head that GitHub did not make',
      ({ head }) => github.merge(head, small.mainSha),
    ],
  ])('%s is not measured, and both commits are named', async (what, commitOf) => {
    const change = await open(what.replaceAll(/[^a-z]+/g, '-'));
    const other = await commitOf(change);
    await checkOut(DISHONEST, other);
    const run = await gate(change);
    expect(run).toMatchObject({ code: 3, calls: false, outputs: { verdict: 'not-measured' } });
    const [comment] = await github.comments(change.number);
    for (const text of [run.summary, comment?.body]) {
      expect(text).toContain('⛔ NOT MEASURED: another commit is checked out');
      expect(text).toContain(other);
      expect(text).toContain(change.head);
    }
  });

  test.each<[string, (change: Opened) => Promise<string>]>([
    ['of the head', ({ head }) => Promise.resolve(head)],
    ["of GitHub's merge", ({ merge }) => Promise.resolve(merge)],
    [
      "of GitHub's present merge, which is newer than the event",
      async ({ number, head }) => {
        const present = await github.merge(small.mainSha, head);
        github.merges.set(number, present);
        return present;
      },
    ],
  ])('%s is measured', async (what, commitOf) => {
    const change = await open(what.replaceAll(/[^a-z]+/g, '-'));
    await checkOut(DISHONEST, await commitOf(change));
    expect(await gate(change)).toMatchObject({ code: 0, calls: true });
  });

  test('of another commit than the pushed one records nothing', async () => {
    await checkOut(DISHONEST, MADE);
    const run = await push(small.mainSha, '0'.repeat(40));
    expect(run).toMatchObject({ code: 3, calls: false, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain(MADE);
    expect(await recordsOf(small.mainSha)).toEqual([]);
  });

  test('of another commit than that of a merge queue is not measured', async () => {
    const change = await open('queued');
    await checkOut(DISHONEST, MADE);
    const run = await small.act(
      {
        eventName: 'merge_group',
        payload: {
          action: 'checks_requested',
          merge_group: {
            base_sha: small.mainSha,
            base_ref: 'refs/heads/main',
            head_sha: change.merge,
          },
        },
        sha: change.merge,
        ref: 'refs/heads/gh-readonly-queue/main/pr-7',
      },
      WITH_KEY,
    );
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain(
      `Commit \`${change.merge.slice(0, 12)}\` against \`main\` at \`${small.mainSha.slice(0, 12)}\``,
    );
  });
});

test('a base that GitHub has forgotten is an error, and no missing configuration', async () => {
  const change = await open('orphan');
  await checkOut(DISHONEST);
  github.forgotten.add(small.mainSha);
  const run = await gate(change);
  expect(run).toMatchObject({ code: 4, calls: false, outputs: { verdict: 'error' } });
  expect(run.stdout).toContain(`GitHub does not know ${small.mainSha}`);
});

test('a locked conversation is called that, and costs the comment alone', async () => {
  const change = await open('locked');
  await checkOut(DISHONEST);
  github.locked.add(change.number);
  const run = await gate(change, { comment: 'always' });
  expect(run.outputs['verdict']).toBe('no-baseline');
  expect(run.stdout).toContain(
    '::warning::GitHub refused the comment (403): the conversation is locked',
  );
  expect(run.stdout).not.toContain('pull-requests: write');
});

describe('a forced push', () => {
  test('whose earlier state GitHub does not know any more is recorded', async () => {
    const before = await github.commit('main', { 'README.md': 'Before the push.' });
    await github.resetBranch('main', small.mainSha);
    const after = await github.commit('main', { 'README.md': 'After the push.' });
    github.forgotten.add(before);
    await checkOut(PLAIN);
    const run = await push(after, before);
    expect(run).toMatchObject({ code: 0, calls: true, outputs: { verdict: 'no-baseline' } });
    expect(await recordsOf(after)).toHaveLength(1);
    expect(await readFile(run.outputs['record-path'] ?? '', 'utf8')).toContain(after);
    expect(run.summary).toContain('no commit has a record of this suite');
  });

  test('is recorded although the state that it threw away has a record of the same', async () => {
    const before = await github.commit('main', { 'README.md': 'To be thrown away.' });
    await checkOut(PLAIN);
    // Of a schedule nothing is spared, so that this record stands at the commit itself.
    const about = { eventName: 'schedule', payload: {}, sha: before, ref: 'refs/heads/main' };
    expect(await small.act(about, WITH_KEY, '90')).toMatchObject({ code: 0 });
    expect(await recordsOf(before)).toHaveLength(1);
    await github.resetBranch('main', small.mainSha);
    const after = await github.commit('main', { 'README.md': 'In its place.' });
    expect(await push(after, before)).toMatchObject({ code: 0, calls: true });
    expect(await recordsOf(after)).toHaveLength(1);
  });
});
