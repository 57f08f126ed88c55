import type { ActionRun } from './action-runner.js';
import type { GitHubServer } from './github-server.js';
import { DISHONEST, PROMPT, REWORDED, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

const OVERRIDE = 'mask-gate-override';

let small: SmallGate;
let github: GitHubServer;
let runs = 100;
let branches = 0;

beforeAll(async () => {
  small = await startSmallGate();
  ({ github } = small);
  await github.grantWrite();
  github.roles.set('keeper', 'maintain');
  expect(await small.record('1')).toMatchObject({ code: 0 });
});

afterEach(() => {
  github.fault = undefined;
});

afterAll(() => small.close());

interface Opened {
  readonly number: number;
  readonly head: string;
  readonly prompt: string;
}

async function open(prompt = DISHONEST): Promise<Opened> {
  branches += 1;
  const branch = `change-${branches}`;
  await github.branch(branch, small.mainSha);
  const head = await github.commit(branch, { [PROMPT]: prompt, 'README.md': branch });
  return { number: await github.openPullRequest(branch), head, prompt };
}

interface Event {
  readonly action: string;
  readonly label?: { readonly name: string };
  readonly labels?: readonly string[];
  readonly changes?: object;
  readonly merged?: boolean;
}

/** Runs the Action for an event of a pull request, with what else the run is to have. */
async function on(
  { number, head, prompt }: Opened,
  { labels = [], merged, ...event }: Event,
  more: { readonly inputs?: Readonly<Record<string, string>>; readonly runAttempt?: string } = {},
): Promise<ActionRun & { readonly calls: boolean; readonly runId: string }> {
  runs += 1;
  await small.checkOut({ [PROMPT]: prompt });
  const before = small.calls();
  const repo = { full_name: github.repository };
  const { inputs, ...rest } = more;
  const run = await small.act(
    {
      eventName: 'pull_request',
      payload: {
        ...event,
        sender: { login: 'keeper' },
        pull_request: {
          number,
          ...(merged !== undefined && { merged }),
          base: { ref: 'main', sha: small.mainSha, repo },
          head: { sha: head, repo },
          labels: labels.map((name) => ({ name })),
        },
      },
      sha: head,
      ref: `refs/pull/${number}/merge`,
      ...rest,
    },
    { ...WITH_KEY, ...inputs },
    String(runs),
  );
  return { ...run, calls: small.calls() !== before, runId: String(runs) };
}

const OPENED = { action: 'opened' };
const labeled = (name: string, labels = [name]): Event => ({
  action: 'labeled',
  label: { name },
  labels,
});

const bodies = async ({ number }: Opened): Promise<readonly string[]> =>
  (await github.comments(number)).map(({ body }) => body);

describe('an event that changes nothing that is tested', () => {
  let known: Opened;
  beforeAll(async () => {
    known = await open();
    await on(known, OPENED);
  });

  test.each<[string, string, object]>([
    ['red stays red', DISHONEST, { code: 1, outputs: { verdict: 'regressed', calls: '0' } }],
    ['green stays green', REWORDED, { code: 0, outputs: { verdict: 'pass', calls: '0' } }],
  ])('costs no call, and %s: three labels by a bot', async (_, prompt, expected) => {
    const change = await open(prompt);
    const first = await on(change, OPENED);
    expect(first.calls).toBe(true);
    const comments = await bodies(change);
    for (const label of ['a', 'b', 'c']) {
      const run = await on(change, labeled(label));
      expect(run).toMatchObject({ ...expected, calls: false });
      expect(run.summary).toContain(`the verdict of run \`${first.runId}\` still applies`);
      expect(Object.keys(run.outputs).sort()).toEqual(Object.keys(first.outputs).sort());
    }
    expect(await bodies(change)).toEqual(comments);
  });

  test.each<[string, Event]>([
    ['a new title', { action: 'edited', changes: { title: { from: 'Before' } } }],
    ['a label that is removed', { action: 'unlabeled', label: { name: 'bug' } }],
    ['a reviewer', { action: 'review_requested' }],
    ['an assignee', { action: 'assigned' }],
    ['an action that is new to us', { action: 'enchanted' }],
    ['an opening after it was closed', { action: 'reopened' }],
    ['closing it', { action: 'closed', merged: false }],
  ])('costs no call: %s', async (_, event) => {
    const run = await on(known, event);
    expect(run).toMatchObject({ code: 1, calls: false, outputs: { verdict: 'regressed' } });
  });

  test('leaves the check run of the suite alone', async () => {
    const change = await open();
    const inputs = { 'check-run': 'true' };
    await on(change, OPENED, { inputs });
    const checks = await github.checks(change.head);
    expect(checks).toMatchObject([{ conclusion: 'failure' }]);
    await on(change, labeled('a'), { inputs });
    expect(await github.checks(change.head)).toEqual(checks);
  });

  test('repeats past runs that were cancelled, or are about another base', async () => {
    const change = await open();
    await on(change, OPENED);
    const { head } = change;
    const event = 'pull_request';
    runs += 1;
    const cancelled = { status: 'completed', conclusion: 'cancelled', jobs: [] } as const;
    github.runs.set(String(runs), { head_sha: head, event, ...cancelled });
    const sha = await github.commit('main', { 'README.md': 'Moved on.' });
    runs += 1;
    await small.checkOut({ [PROMPT]: change.prompt });
    const repo = { full_name: github.repository };
    const { number } = change;
    const sides = { base: { ref: 'main', sha, repo }, head: { sha: head, repo } };
    const payload = { action: 'synchronize', pull_request: { number, ...sides } };
    const about = { eventName: event, payload, sha: head, ref: `refs/pull/${number}/merge` };
    expect(await small.act(about, WITH_KEY, String(runs))).toMatchObject({ code: 1 });
    expect(await on(change, labeled('a'))).toMatchObject({ code: 1, calls: false });
  });
});

describe('is measured', () => {
  test('a label where no run of this head is known', async () => {
    const run = await on(await open(), labeled('a'));
    expect(run).toMatchObject({ code: 1, calls: true, outputs: { verdict: 'regressed' } });
  });

  test('a label after a run that did not come to a verdict', async () => {
    const change = await open();
    const broken = await on(change, OPENED, { inputs: { 'max-rise': 'nonsense' } });
    expect(broken.code).toBe(2);
    expect(await on(change, labeled('a'))).toMatchObject({ code: 1, calls: true });
  });

  test('a label after an error, and after a run that measured too little', async () => {
    const change = await open();
    const none = await on(change, OPENED, { inputs: { model: 'gpt-none' } });
    expect(none).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    const again = await on(change, labeled('a'), { inputs: { model: 'gpt-none' } });
    expect(again).toMatchObject({ code: 4, calls: true, outputs: { verdict: 'error' } });
  });

  test('a label that makes the workflow choose other settings', async () => {
    const change = await open();
    await on(change, OPENED);
    const run = await on(change, labeled('a'), { inputs: { 'max-rise': '100pp' } });
    expect(run).toMatchObject({ code: 0, calls: true, outputs: { verdict: 'pass' } });
    expect(await on(change, labeled('b'))).toMatchObject({ code: 1, calls: false });
  });

  test('a run that is started again', async () => {
    const change = await open();
    await on(change, OPENED);
    const run = await on(change, labeled('a'), { runAttempt: '2' });
    expect(run).toMatchObject({ code: 1, calls: true });
  });

  test('a label after a green run whose job GitHub calls a failure', async () => {
    const pullRequest = await open(REWORDED);
    const { runId } = await on(pullRequest, OPENED);
    const run = github.runs.get(runId);
    const [job] = run?.jobs ?? [];
    if (!run || !job) throw new Error('the run left no job');
    github.runs.set(runId, { ...run, jobs: [{ ...job, conclusion: 'failure' }] });
    expect(await on(pullRequest, labeled('a'))).toMatchObject({ code: 0, calls: true });
  });

  test('a label where the token may not ask for runs, with a word on it', async () => {
    const change = await open();
    await on(change, OPENED);
    github.fault = ({ url }) =>
      url.includes('/actions/')
        ? { status: 403, message: 'Resource not accessible by integration' }
        : undefined;
    const run = await on(change, labeled('a'));
    expect(run).toMatchObject({ code: 1, calls: true });
    expect(run.stdout).toContain('the job needs the permission actions: read');
  });

  test('nothing by what a comment says', async () => {
    const change = await open();
    const { summary } = await on(await open(REWORDED), OPENED);
    await github.comment(change.number, summary, github.tokens.workflow);
    expect(await on(change, labeled('a'))).toMatchObject({ code: 1, calls: true });
  });
});

describe('the label that overrides', () => {
  test('takes effect when it is set and removed, and no other label lifts it', async () => {
    const change = await open();
    await on(change, OPENED);
    await github.label(change.number, OVERRIDE);
    const overridden = await on(change, labeled(OVERRIDE));
    expect(overridden).toMatchObject({ code: 0, outputs: { verdict: 'regressed' } });
    const other = await on(change, labeled('bug', [OVERRIDE, 'bug']));
    expect(other).toMatchObject({ code: 0, calls: false, outputs: { verdict: 'regressed' } });
    expect(other.summary).toContain('A maintainer has overridden it for this commit');

    const removed = await on(change, { action: 'unlabeled', label: { name: OVERRIDE } });
    expect(removed).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(await on(change, labeled('more'))).toMatchObject({ code: 1, calls: false });
  });

  test('holds no longer than it is set, even where no run saw it go', async () => {
    const change = await open();
    await github.label(change.number, OVERRIDE);
    expect(await on(change, labeled(OVERRIDE))).toMatchObject({ code: 0 });
    expect(await on(change, labeled('bug', ['bug']))).toMatchObject({ code: 1, calls: true });
  });

  test('says so where the run that it started came to nothing', async () => {
    const change = await open();
    await on(change, OPENED);
    const run = await on(change, labeled('bug', ['bug', OVERRIDE]));
    expect(run).toMatchObject({ code: 1, calls: false });
    expect(run.summary).toContain('may take it off and set it again');
  });
});

describe('the end of a pull request', () => {
  test.each<[string, boolean, number]>([
    ['that is merged is not measured, and the check passes', true, 0],
    ['that is closed is not measured, and gets no green check', false, 3],
  ])('%s', async (_, merged, code) => {
    const change = await open();
    const run = await on(change, { action: 'closed', merged });
    expect(run).toMatchObject({ code, calls: false, outputs: { verdict: 'not-measured' } });
    expect(await bodies(change)).toEqual([]);
    expect(run.summary).toContain('NOT MEASURED');
  });
});
