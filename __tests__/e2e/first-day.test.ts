import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ActionRun } from './action-runner.js';
import type { GitHubServer } from './github-server.js';
import { CONFIG, DISHONEST, PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import { type SmallGate, startSmallGate } from './small-gate.js';

const WORKFLOW = '.github/workflows/mask-gate.yml';
const OTHER = 'prompts/other.md';

let small: SmallGate;
let github: GitHubServer;
let branches = 0;

beforeAll(async () => {
  small = await startSmallGate();
  ({ github } = small);
  await github.grantWrite();
});

beforeEach(async () => {
  // The workspace is not that of the test before.
  for (const folder of ['.github', 'prompts', 'src']) {
    await rm(path.join(small.workspace, folder), { recursive: true, force: true });
  }
});

afterAll(() => small.close());

interface Change {
  /** The files of the base; the default branch is left as it is. */
  readonly base: Readonly<Record<string, string>>;
  readonly head: Readonly<Record<string, string>>;
  /** A file that the head removes. */
  readonly removes?: string;
  /** What the checkout has; by default both. */
  readonly checkout?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** True where the base is the default branch itself. */
  readonly isDefault?: boolean;
}

interface Ended extends ActionRun {
  readonly calls: boolean;
  readonly comments: readonly string[];
  readonly conclusions: readonly (string | null)[];
}

/** Runs the Action on a pull request between two branches without a history in common with the configuration. */
async function gate(change: Change): Promise<Ended> {
  branches += 1;
  const [ref, branch] = change.isDefault
    ? ['main', `change-${branches}`]
    : [`base-${branches}`, `change-${branches}`];
  if (!change.isDefault) await github.moveBranch(ref, { 'README.md': ref });
  const sha = await github.commit(ref, { 'README.md': `${branches}`, ...change.base });
  await github.branch(branch, sha);
  let head = await github.commit(branch, { 'NOTES.md': branch, ...change.head });
  if (change.removes !== undefined) head = await github.forget(branch, change.removes);
  const number = await github.openPullRequest(branch, ref);
  for (const [file, text] of Object.entries(
    change.checkout ?? { ...change.base, ...change.head },
  )) {
    await small.write(file, text);
  }
  const before = small.calls();
  const repo = { full_name: github.repository };
  const run = await small.act(
    {
      eventName: 'pull_request',
      payload: {
        action: 'opened',
        pull_request: { number, base: { ref, sha, repo }, head: { sha: head, repo } },
      },
      sha: head,
      ref: `refs/pull/${number}/merge`,
      workflow: WORKFLOW,
    },
    { ...WITH_KEY, 'check-run': 'true', ...change.inputs },
  );
  return {
    ...run,
    calls: small.calls() !== before,
    comments: (await github.comments(number)).map(({ body }) => body),
    conclusions: (await github.checks(head)).map(({ conclusion }) => conclusion),
  };
}

/** A workflow that uses this Action, with a configuration at another place where one is named. */
function workflow(config?: string): string {
  const extra = config === undefined ? '' : `, config: ${config}`;
  return `
on: pull_request
jobs:
  honesty:
    steps:
      - uses: actions/checkout@v5
      - uses: owner/mask-gate@v1
        with: { api-key: x${extra} }
`;
}

describe('the first pull request that brings the configuration', () => {
  beforeAll(async () => {
    // The default branch is as new to it as the base.
    await github.forget('main', CONFIG);
  });
  afterAll(async () => {
    await github.commit('main', { [CONFIG]: small.config });
  });

  test('gets a neutral comment on what comes next, and nothing is measured', async () => {
    const run = await gate({
      base: {},
      head: { [CONFIG]: small.config, [PROMPT]: PLAIN, [WORKFLOW]: workflow() },
      isDefault: true,
    });
    expect(run).toMatchObject({
      code: 0,
      calls: false,
      conclusions: ['neutral'],
      outputs: { verdict: 'not-measured' },
    });
    expect(run.comments).toEqual([expect.stringContaining('<!-- mask-gate:support-bot -->')]);
    for (const text of [run.summary, run.comments[0]]) {
      expect(text).toContain('⚠️ NOT MEASURED: the base has no configuration yet');
      expect(text).toContain('a push to the default branch records the baseline');
      expect(text).toContain('The check passes, with a warning.');
      expect(text).not.toContain('✅');
    }
    expect(run.stdout).toMatch(/::warning::MASK Gate: .*NOT MEASURED/);
  });

  test('may come after its workflow', async () => {
    const run = await gate({
      base: { [WORKFLOW]: workflow() },
      head: { [CONFIG]: small.config, [PROMPT]: PLAIN },
      isDefault: true,
    });
    expect(run).toMatchObject({ code: 0, calls: false, outputs: { verdict: 'not-measured' } });
  });

  test('is told what is wrong with it', async () => {
    const run = await gate({
      base: {},
      head: { [CONFIG]: `${small.config}gate: { max-rise: 5%% }\n`, [PROMPT]: PLAIN },
    });
    expect(run).toMatchObject({ code: 2, calls: false });
    expect(run.stdout).toContain('::error::gate.max-rise');
    expect(run.stdout).not.toContain('is missing');
  });

  test('is measured where the inputs are policy already, by them and not by its own file', async () => {
    const inputs = { model: 'sim-pressured', 'judge-model': 'sim-judge' };
    const run = await gate({ base: { [PROMPT]: PLAIN }, head: { [CONFIG]: small.config }, inputs });
    expect(run).toMatchObject({ code: 2, calls: false });
    expect(run.stdout).toContain('::error::providers.sim: is used but not declared');
    expect(run.summary).not.toContain('no configuration yet');
  });
});

test('a base without a configuration that the default branch has is not the first day', async () => {
  const run = await gate({ base: {}, head: { [CONFIG]: small.config, [PROMPT]: PLAIN } });
  expect(run).toMatchObject({
    code: 3,
    calls: false,
    conclusions: ['failure'],
    outputs: { verdict: 'not-measured' },
  });
  expect(run.comments[0]).toContain('although `main` has it');
});

describe('a configuration that is somewhere else', () => {
  const files = { [CONFIG]: '', [PROMPT]: PLAIN };
  beforeAll(() => {
    files[CONFIG] = small.config;
  });

  test.each<[string, () => Omit<Change, 'base'>, RegExp]>([
    [
      'in a checkout with a path of its own',
      () => ({ head: {}, checkout: { [`src/${CONFIG}`]: small.config } }),
      /::error::input config: ".github\/mask-gate.yml" is in the commit under test but not in the checkout/,
    ],
    [
      'in a checkout with a path of its own, which the workflow names',
      () => ({
        head: {},
        checkout: { [`src/${CONFIG}`]: small.config },
        inputs: { config: `src/${CONFIG}` },
      }),
      /::error::input config: "src\/.github\/mask-gate.yml" is in the workspace, and in the repository neither/,
    ],
    [
      'made by an earlier step',
      () => ({
        head: {},
        checkout: { ...files, 'generated.yml': small.config },
        inputs: { config: 'generated.yml' },
      }),
      /::error::input config: "generated.yml" is in the workspace, and in the repository neither/,
    ],
    [
      'at another path than the workflow of the base names',
      () => ({
        head: { 'evals/gate.yml': small.config, [WORKFLOW]: workflow('evals/gate.yml') },
        inputs: { config: 'evals/gate.yml' },
      }),
      /::error::input config: is "evals\/gate.yml", which the base does not have; the workflow there names ".github\/mask-gate.yml"/,
    ],
  ])('is refused by name: %s', async (_, change, words) => {
    const run = await gate({ base: { ...files, [WORKFLOW]: workflow() }, ...change() });
    expect(run).toMatchObject({ code: 2, calls: false, comments: [] });
    expect(run.stdout).toMatch(words);
  });

  test('is told where a pull request removes it', async () => {
    const run = await gate({
      base: files,
      head: {},
      removes: CONFIG,
      checkout: { [PROMPT]: PLAIN },
    });
    expect(run).toMatchObject({ code: 2, calls: false });
    expect(run.stdout).toContain(`::error::${CONFIG}: is not in this pull request any more`);
  });
});

describe('a pull request that names another prompt file', () => {
  const base = { [CONFIG]: '', [PROMPT]: PLAIN };
  let renamed: string;
  beforeAll(() => {
    base[CONFIG] = small.config;
    renamed = small.config.replace(PROMPT, OTHER);
  });

  test('is measured with the file of the base, is not green, and the comment says so first', async () => {
    const run = await gate({ base, head: { [CONFIG]: renamed, [OTHER]: DISHONEST } });
    expect(run).toMatchObject({ code: 0, conclusions: ['neutral'] });
    const [comment] = run.comments;
    expect(comment).toContain(`names another prompt file, \`${OTHER}\``);
    expect(comment).toContain(`This run tested \`${PROMPT}\`, as the base says`);
    expect(comment).toContain(`| \`target.system-prompt\` | \`${PROMPT}\` | \`${OTHER}\` |`);
  });

  test('and removes the old one is refused with both names', async () => {
    const run = await gate({
      base,
      head: { [CONFIG]: renamed, [OTHER]: PLAIN },
      checkout: { [CONFIG]: renamed, [OTHER]: PLAIN },
    });
    expect(run).toMatchObject({ code: 2, calls: false });
    expect(run.stdout).toContain(
      `::error::target.system-prompt: is "${OTHER}" in this pull request`,
    );
    expect(run.stdout).toContain(`comes from the base ("${PROMPT}")`);
  });

  test('in other letters of the same path says nothing', async () => {
    const same = small.config.replace(PROMPT, `./${PROMPT}`);
    const run = await gate({ base, head: { [CONFIG]: same } });
    expect(run.summary).not.toContain('names another prompt file');
  });
});

test('a prompt whose line ends the checkout has changed is the same prompt', async () => {
  const two = 'Keep your replies short.\nUse plain words.\n';
  const run = await gate({
    base: { [CONFIG]: small.config, [PROMPT]: two },
    head: { 'README.md': 'Other words.' },
    checkout: { [CONFIG]: small.config, [PROMPT]: two.replaceAll('\n', '\r\n') },
  });
  expect(run).toMatchObject({ code: 0, calls: false, outputs: { verdict: 'unchanged' } });
});
