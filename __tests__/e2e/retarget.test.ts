import { readFile } from 'node:fs/promises';
import type { ActionRun } from './action-runner.js';
import type { GitHubServer } from './github-server.js';
import { CONFIG, DISHONEST, PROMPT, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

const NAME = 'MASK Gate (support-bot)';

let small: SmallGate;
let github: GitHubServer;
/** A branch whose policy lets any rise pass, and its commit. */
let lax: string;
let runs = 100;
let branches = 0;

beforeAll(async () => {
  small = await startSmallGate();
  ({ github } = small);
  await github.grantWrite();
  expect(await small.record('1')).toMatchObject({ code: 0 });
  await github.branch('lax', small.mainSha);
  lax = await github.commit('lax', { [CONFIG]: `${small.config}gate: { max-rise: 100pp }\n` });
});

afterEach(() => {
  github.fault = undefined;
});

afterAll(() => small.close());

interface Opened {
  readonly number: number;
  readonly head: string;
  readonly branch: string;
}

interface Base {
  readonly ref: string;
  readonly sha: string;
}

const main = (): Base => ({ ref: 'main', sha: small.mainSha });

/** A pull request that makes the model dishonest. */
async function open(base: string, from = small.mainSha): Promise<Opened> {
  branches += 1;
  const branch = `change-${branches}`;
  await github.branch(branch, from);
  const head = await github.commit(branch, { [PROMPT]: DISHONEST, 'README.md': branch });
  return { number: await github.openPullRequest(branch, base), head, branch };
}

/** Runs the Action as an event of the pull request would; by default it was opened. */
async function gate(
  { number, head }: Opened,
  base: Base,
  event: object = { action: 'opened' },
): Promise<ActionRun> {
  runs += 1;
  await small.checkOut({ [PROMPT]: DISHONEST });
  const repo = { full_name: github.repository };
  return small.act(
    {
      eventName: 'pull_request',
      payload: {
        ...event,
        pull_request: { number, base: { ...base, repo }, head: { sha: head, repo }, labels: [] },
        repository: { default_branch: 'main' },
      },
      sha: head,
      ref: `refs/pull/${number}/merge`,
    },
    { ...WITH_KEY, 'check-run': 'true' },
    String(runs),
  );
}

const retargeted = (from: string): object => ({
  action: 'edited',
  changes: { base: { ref: { from }, sha: { from: '1'.repeat(40) } } },
});

const RED = { code: 1, outputs: { verdict: 'regressed' } };
const GREEN = { code: 0, outputs: { verdict: 'pass' } };

const bodies = async (number: number): Promise<readonly string[]> =>
  (await github.comments(number)).map(({ body }) => body);

describe('the base', () => {
  test('is named by comment, check and record', async () => {
    const change = await open('main');
    const run = await gate(change, main());
    expect(run).toMatchObject(RED);
    const words = `Commit \`${change.head.slice(0, 12)}\` against \`main\` at \`${small.mainSha.slice(0, 12)}\``;
    const [comment] = await bodies(change.number);
    const [check] = await github.checks(change.head);
    for (const text of [comment, check?.output.summary, run.summary]) {
      expect(text).toContain(words);
      expect(text).not.toContain('not the default branch');
    }
    const record: unknown = JSON.parse(await readFile(run.outputs['record-path'] ?? '', 'utf8'));
    expect(record).toMatchObject({
      provenance: { base: { ref: 'main', commit: small.mainSha } },
    });
  });

  test('makes its own policy, and one that is not the default branch is pointed out', async () => {
    const change = await open('lax');
    const run = await gate(change, { ref: 'lax', sha: lax });
    expect(run).toMatchObject(GREEN);
    const [comment] = await bodies(change.number);
    expect(comment).toContain(`against \`lax\` at \`${lax.slice(0, 12)}\``);
    expect(comment).toContain('The base is `lax`, not the default branch');
  });

  test('of an event that does not tell its branch is what GitHub says', async () => {
    const change = await open('main');
    const { sha } = main();
    const run = await gate(change, JSON.parse(JSON.stringify({ sha })) as Base);
    expect(run).toMatchObject(RED);
    expect(run.summary).toContain('against `main` at');
  });
});

describe('a pull request that is retargeted', () => {
  test('between runs is measured again for each base, so that a lax one opens nothing', async () => {
    const change = await open('lax');
    const verdicts: ActionRun[] = [await gate(change, { ref: 'lax', sha: lax })];
    await github.retarget(change.number, 'main');
    verdicts.push(await gate(change, main(), retargeted('lax')));
    await github.retarget(change.number, 'lax');
    verdicts.push(await gate(change, { ref: 'lax', sha: lax }, retargeted('main')));
    await github.retarget(change.number, 'main');
    verdicts.push(await gate(change, main(), retargeted('lax')));
    expect(verdicts.map(({ code }) => code)).toEqual([0, 1, 0, 1]);
    const checks = await github.checks(change.head);
    expect(checks.map(({ conclusion }) => conclusion).sort()).toEqual([
      'failure',
      'failure',
      'neutral',
      'neutral',
    ]);
  });

  test('while it is measured gets no verdict, no comment and no green check', async () => {
    const change = await open('lax');
    github.fault = async ({ method, url }) => {
      if (method === 'POST' && url.endsWith('/check-runs')) {
        await github.retarget(change.number, 'main');
      }
      return undefined;
    };
    const before = small.calls();
    const run = await gate(change, { ref: 'lax', sha: lax });
    expect(small.calls()).not.toBe(before);
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain('was retargeted from lax to main while it was measured');
    expect(await bodies(change.number)).toEqual([]);
    expect(await github.checks(change.head)).toMatchObject([
      { name: NAME, status: 'completed', conclusion: 'cancelled' },
    ]);
  });

  test('and back while it is measured is what it was', async () => {
    const change = await open('main');
    let asked = 0;
    github.fault = async ({ method, url }) => {
      if (method === 'POST' && url.endsWith('/check-runs')) {
        await github.retarget(change.number, 'lax');
        await github.retarget(change.number, 'main');
        asked += 1;
      }
      return undefined;
    };
    expect(await gate(change, main())).toMatchObject(RED);
    expect(asked).toBe(1);
  });

  test('before its run began costs no call', async () => {
    const change = await open('main');
    const before = small.calls();
    const run = await gate(change, { ref: 'lax', sha: lax });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain('was retargeted from lax to main before it was measured');
    expect(small.calls()).toBe(before);
    expect(await bodies(change.number)).toEqual([]);
    expect(await github.checks(change.head)).toEqual([]);
  });
});

test('a head that moves while it is measured gets no verdict either', async () => {
  const change = await open('main');
  github.fault = async ({ method, url }) => {
    if (method === 'POST' && url.endsWith('/check-runs')) {
      await github.commit(change.branch, { 'README.md': 'Moved.' });
    }
    return undefined;
  };
  const run = await gate(change, main());
  expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
  expect(run.summary).toContain('its head has moved');
  expect(await bodies(change.number)).toEqual([]);
});

test('a token that may not ask for the pull request is told so before anything is spent', async () => {
  const change = await open('main');
  github.fault = ({ url }) =>
    /\/pulls\/\d+$/.test(url)
      ? { status: 403, message: 'Resource not accessible by integration' }
      : undefined;
  const before = small.calls();
  const run = await gate(change, main());
  expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
  expect(run.stdout).toContain('the job needs the permission pull-requests: read');
  expect(small.calls()).toBe(before);
});

test('a stack of pull requests is measured link by link, and the last one for the default branch too', async () => {
  const first = await open('main');
  expect(await gate(first, main())).toMatchObject(RED);
  // The second one departs from the first and changes nothing that is tested.
  await github.branch('stacked', first.head);
  const head = await github.commit('stacked', { 'NOTES.md': 'More.' });
  const number = await github.openPullRequest('stacked', first.branch);
  const second = { number, head, branch: 'stacked' };
  const stacked = await gate(second, { ref: first.branch, sha: first.head });
  expect(stacked).toMatchObject({ code: 0, outputs: { verdict: 'unchanged' } });
  expect(stacked.outputs['comment-body']).toContain(`The base is \`${first.branch}\``);
  expect(stacked.summary).toContain(`against \`${first.branch}\` at`);

  await github.retarget(number, 'main');
  expect(await gate(second, main(), retargeted(first.branch))).toMatchObject(RED);
});
