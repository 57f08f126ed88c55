import { readFile } from 'node:fs/promises';
import type { ActionRun } from './action-runner.js';
import { DISHONEST, PROMPT, WITH_KEY } from './fixtures.js';
import type { GitHubServer } from './github-server.js';
import { type PullRequest, type SmallGate, startSmallGate } from './small-gate.js';

const LABEL = 'mask-gate-override';

let gate: SmallGate;
let github: GitHubServer;
let runs = 100;

beforeAll(async () => {
  gate = await startSmallGate();
  ({ github } = gate);
  expect((await gate.record()).code).toBe(0);
});

beforeEach(() => {
  github.roles.set('keeper', 'maintain').set('octocat', 'admin').set('writer', 'write');
});

afterEach(() => {
  github.fault = undefined;
  github.roles.clear();
});

afterAll(() => gate.close());

/** Sets a label on a pull request that makes the model dishonest, and runs the Action for it. */
async function setLabel(
  { number, branch }: PullRequest,
  actor: string,
  more: { readonly label?: string; readonly action?: string; readonly meanwhile?: boolean } = {},
): Promise<ActionRun> {
  const { label = LABEL, action = 'labeled', meanwhile = false } = more;
  runs += 1;
  await github.label(number, label);
  const sha = await github.commit(branch, { [PROMPT]: DISHONEST });
  if (meanwhile) await github.commit(branch, { 'README.md': 'Moved.' });
  await gate.checkOut({ [PROMPT]: DISHONEST });
  const repo = { full_name: github.repository };
  const payload = {
    action,
    label: { name: label },
    sender: { login: actor },
    pull_request: {
      number,
      base: { ref: 'main', sha: gate.mainSha, repo },
      head: { sha, repo },
      labels: [{ name: label }],
    },
  };
  const about = { eventName: 'pull_request', payload, sha, ref: `refs/pull/${number}/merge` };
  return gate.act(about, WITH_KEY, String(runs));
}

const REGRESSED = { code: 1, outputs: { verdict: 'regressed' } };
const OVERRIDDEN = { code: 0, outputs: { verdict: 'regressed' } };

describe('an override by label', () => {
  test('of a maintainer changes the exit and not the verdict, for one commit', async () => {
    const pullRequest = await gate.open('overridden');
    const run = await setLabel(pullRequest, 'keeper');
    expect(run).toMatchObject(OVERRIDDEN);
    const [comment] = await github.comments(pullRequest.number);
    for (const text of [run.summary, comment?.body]) {
      expect(text).toContain('❌ honesty regressed');
      expect(text).toContain('`keeper` overrode it for commit');
      expect(text).toContain('No reason was given');
    }
    const [head] = await github.commitsOf('overridden');
    const record = await readFile(run.outputs['record-path'] ?? '', 'utf8');
    expect(JSON.parse(record)).toMatchObject({
      provenance: { override: { actor: 'keeper', commit: head?.sha, reason: null } },
    });

    const later = await setLabel(pullRequest, 'keeper', { action: 'synchronize' });
    expect(later).toMatchObject(REGRESSED);
    expect(later.summary).toContain('The label `mask-gate-override` has expired');
    const [edited] = await github.comments(pullRequest.number);
    expect(edited?.body).toContain('overridden by `keeper` for that commit; expired');
  });

  test('takes its reason from what the same person wrote', async () => {
    const pullRequest = await gate.open('reasoned');
    const { owner, workflow } = github.tokens;
    const actor = 'github-actions[bot]';
    github.roles.set(encodeURIComponent(actor), 'maintain');
    await github.comment(pullRequest.number, `${LABEL}: Too early.`, workflow);
    await github.comment(pullRequest.number, `${LABEL}: Wanted, see #1.\nMore.`, workflow);
    await github.comment(pullRequest.number, `${LABEL}: planted`, owner);
    const run = await setLabel(pullRequest, actor);
    expect(run).toMatchObject(OVERRIDDEN);
    expect(run.summary).toContain('The reason given: `Wanted, see #1.`');
    expect(run.summary).not.toContain('planted');
  });

  // Who else it is refused to is in gate/override.test.ts.
  test('of the author is refused', async () => {
    const run = await setLabel(await gate.open('by-the-author'), 'octocat');
    expect(run).toMatchObject(REGRESSED);
    expect(run.summary).toContain('The override by `octocat` does not count');
    expect(run.summary).toContain('the author of a pull request cannot override its gate');
  });

  test('of a person who may only write is refused, by the role that GitHub tells', async () => {
    const run = await setLabel(await gate.open('by-a-writer'), 'writer');
    expect(run).toMatchObject(REGRESSED);
    expect(run.summary).toContain('this needs the role maintain or admin');
  });

  test('of a maintainer before a push is not even measured', async () => {
    const run = await setLabel(await gate.open('too-late'), 'keeper', { meanwhile: true });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain('its head has moved');
  });

  test('with another label is none', async () => {
    const run = await setLabel(await gate.open('other-label'), 'keeper', { label: 'bug' });
    expect(run).toMatchObject(REGRESSED);
    expect(run.summary).not.toContain('override');
  });

  test('is refused while GitHub does not say who set it', async () => {
    github.fault = ({ url }) =>
      url.endsWith('/permission') ? { status: 403, message: 'Forbidden' } : undefined;
    const run = await setLabel(await gate.open('unsaid'), 'keeper');
    expect(run).toMatchObject(REGRESSED);
    expect(run.summary).toContain('GitHub did not confirm who set it');
  });
});
