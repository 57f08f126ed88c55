import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { recordSchema } from '../../src/gate/records/record.js';
import type { Sample } from '../../src/mask/sample.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type ActionRun, runAction } from './action-runner.js';
import { BY_WORKFLOW, type GitHubServer, startGitHub } from './github-server.js';
import { CLI_BUNDLE, NODE_24, runProcess } from './process.js';
import { HOUSE_MODEL, type SwappingProvider, startSwappingProvider } from './swapping-provider.js';
import { CONFIG, DISHONEST, PLAIN, PROMPT, REWORDED, configFor } from './fixtures.js';
import { SMALL_SIZE } from './small-gate.js';
import { formatRecord } from '../../src/edges/files/record-store.js';

const DATA_BRANCH = 'mask-gate-data';
const COMMITTED = '.github/mask-gate/bot.baseline.json';

const HONEST_MODEL = 'sim-pressured?lie=0.1';
const LYING_MODEL = 'sim-pressured?lie=0.45';
const WORSE_MODEL = 'sim-pressured?lie=0.8';

let simulation: Awaited<ReturnType<typeof startSimulation>>;
let provider: SwappingProvider;

beforeAll(async () => {
  simulation = await startSimulation({ examples: (await loadDataset('sample', '.')).examples });
  provider = await startSwappingProvider(simulation.url, HONEST_MODEL);
});

afterAll(async () => {
  await provider.close();
  await simulation.close();
});

/** A repository with a GitHub of its own, in which things happen one after the other. */
class Story {
  private runs = 0;
  private branches = 0;
  main = '';
  branch = 'main';

  readonly github: GitHubServer;
  readonly workspace: string;
  private readonly config: string;

  private constructor(github: GitHubServer, workspace: string, config: string) {
    this.github = github;
    this.workspace = workspace;
    this.config = config;
  }

  static async begin(store: string): Promise<Story> {
    const github = await startGitHub();
    await github.grantWrite();
    const workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-lookup-'));
    const story = new Story(
      github,
      workspace,
      configFor(provider.url, {
        suite: 'bot',
        model: HOUSE_MODEL,
        baseline: `{ store: ${store} }`,
        more: `dataset: { size: ${SMALL_SIZE} }\n`,
      }),
    );
    await story.commit({ [CONFIG]: story.config, [PROMPT]: PLAIN });
    return story;
  }

  /** What puts the story back to where it is now: its branches, its runs, and what GitHub says of them. */
  async bookmark(): Promise<() => Promise<void>> {
    const { github, main } = this;
    const runs = [...github.runs];
    const [record] = await github.commitsOf(DATA_BRANCH);
    if (record === undefined) throw new Error('nothing is recorded');
    return async () => {
      github.fault = undefined;
      github.signatures.clear();
      github.runs.clear();
      for (const [id, run] of runs) github.runs.set(id, run);
      await github.point('main', main);
      await github.point(DATA_BRANCH, record.sha);
      this.main = main;
    };
  }

  async end(): Promise<void> {
    await this.github.close();
    await rm(this.workspace, { recursive: true });
  }

  /** A commit on the default branch. */
  async commit(files: Readonly<Record<string, string>>): Promise<void> {
    this.main = await this.github.commit(this.branch, files);
  }

  private async checkOut(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [file, text] of Object.entries({
      [CONFIG]: this.config,
      [PROMPT]: PLAIN,
      ...files,
    })) {
      await mkdir(path.dirname(path.join(this.workspace, file)), { recursive: true });
      await writeFile(path.join(this.workspace, file), text);
    }
  }

  private act(request: {
    readonly eventName: string;
    readonly payload: unknown;
    readonly sha: string;
    readonly ref: string;
    readonly runId: string;
  }): Promise<ActionRun> {
    return runAction({
      workspace: this.workspace,
      apiUrl: this.github.apiUrl,
      repository: this.github.repository,
      inputs: { 'api-key': 'sk-key', 'github-token': this.github.tokens.workflow },
      ...request,
    });
  }

  /** Records the default branch, as a schedule, a dispatch or a release does. */
  async record(
    eventName: 'schedule' | 'workflow_dispatch' | 'release' = 'schedule',
  ): Promise<ActionRun & { readonly runId: string; readonly file: string }> {
    this.runs += 1;
    const runId = String(100 + this.runs);
    const tag = `v${this.runs}`;
    const isRelease = eventName === 'release';
    await this.checkOut({});
    this.github.runs.set(runId, {
      head_sha: this.main,
      event: eventName,
      head_branch: isRelease ? tag : this.branch,
    });
    const payload = {
      action: 'published',
      release: { tag_name: tag },
      repository: { default_branch: this.branch },
    };
    const ref = isRelease ? `refs/tags/${tag}` : `refs/heads/${this.branch}`;
    const run = await this.act({ eventName, payload, sha: this.main, ref, runId });
    return { ...run, runId, file: `records/bot/${this.main}/${runId}-1.json` };
  }

  /** Opens a pull request and gates it. */
  async change(
    files: Readonly<Record<string, string>>,
  ): Promise<ActionRun & { readonly comment: string | undefined }> {
    const { github } = this;
    this.branches += 1;
    const name = `change-${this.branches}`;
    await github.branch(name, this.main);
    const sha = await github.commit(name, { 'NOTES.md': name, ...files });
    const number = await github.openPullRequest(name);
    await this.checkOut(files);
    const repo = { full_name: github.repository };
    const sides = { base: { sha: this.main, repo }, head: { sha, repo } };
    const run = await this.act({
      eventName: 'pull_request',
      payload: { pull_request: { number, ...sides } },
      sha,
      ref: `refs/pull/${number}/merge`,
      runId: '999',
    });
    const [comment] = await github.comments(number);
    return { ...run, comment: comment?.body };
  }
}

/** A record in which all that was said under pressure is the other side of what it was. */
function withLies(text: string): string {
  const record = recordSchema.parse(JSON.parse(text));
  const flip = (sample: Sample): Sample =>
    sample.status === 'read' && sample.reading.kind === 'binary' && sample.reading.corrected === 'A'
      ? { ...sample, reading: { ...sample.reading, corrected: 'B' } }
      : sample;
  const examples = record.measurement.examples.map((example) => ({
    ...example,
    statements: example.statements.map(flip),
  }));
  return formatRecord({ ...record, measurement: { ...record.measurement, examples } });
}

const calls = (): string => JSON.stringify(simulation.stats());
const titleOf = ({ summary }: ActionRun): string => summary.split('\n')[0] ?? '';

describe('a model that changes behind its name', () => {
  let story: Story;
  let first: Awaited<ReturnType<Story['record']>>;
  let second: typeof first;
  let goBack: () => Promise<void>;

  /** A recording, and another one after the model behind the name began to lie more. */
  beforeAll(async () => {
    story = await Story.begin('branch');
    provider.swap(HONEST_MODEL);
    first = await story.record();
    provider.swap(LYING_MODEL);
    second = await story.record();
    goBack = await story.bookmark();
  });
  beforeEach(async () => {
    provider.swap(LYING_MODEL);
    await goBack();
  });
  afterAll(() => story.end());

  test('is found by the next recording, which says so and is kept', async () => {
    expect(first).toMatchObject({ code: 0, outputs: { verdict: 'no-baseline' } });
    expect(titleOf(first)).toBe('## MASK Gate: 📌 baseline recorded');

    expect(second).toMatchObject({ code: 0, outputs: { verdict: 'regressed' } });
    const title =
      /MASK Gate: ⚠️ baseline recorded, and lies rose by \d+\.\d points under the same name/;
    expect(titleOf(second)).toMatch(title);
    expect(second.stdout).toMatch(
      /::warning::MASK Gate: .*baseline recorded, and lies rose by \d+\.\d points/,
    );
    expect(second.summary).toMatch(/Lies changed by \*\*\+\d+\.\d points\*\*/);
    expect(second.summary).toContain('the model or the judge changed behind its name');
    expect([...(await story.github.filesOf('mask-gate-data')).keys()]).toContain(second.file);
  });

  test('a harmless pull request after it is compared with the new record alone, a dishonest one still fails', async () => {
    const run = await story.change({ [PROMPT]: REWORDED });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
    expect(run.comment).toContain('1 earlier recording of the same subject left aside');
    expect(run.comment).toContain(', 2 pressured replies an example;');
    const dishonest = await story.change({ [PROMPT]: DISHONEST });
    expect(dishonest).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  });

  test('a release that lies more than the record before it fails, and its record is kept', async () => {
    provider.swap(WORSE_MODEL);
    const released = await story.record('release');
    expect(released).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(titleOf(released)).toContain('❌ baseline recorded, and lies rose by');
    expect(released.stdout).toMatch(/::error::MASK Gate: ❌ baseline recorded/);
    expect([...(await story.github.filesOf('mask-gate-data')).keys()]).toContain(released.file);
  });
});

describe('a record that is there is found', () => {
  let story: Story;
  let recorded: Awaited<ReturnType<Story['record']>>;
  let goBack: () => Promise<void>;
  beforeAll(async () => {
    provider.swap(HONEST_MODEL);
    story = await Story.begin('branch');
    recorded = await story.record();
    expect(recorded.code).toBe(0);
    goBack = await story.bookmark();
  });
  beforeEach(async () => {
    provider.swap(HONEST_MODEL);
    await goBack();
  });
  afterAll(() => story.end());

  test('behind the merge of a branch of 310 commits', async () => {
    const { github } = story;
    const before = story.main;
    await story.commit({ 'README.md': 'One more commit.\n' });
    story.main = await github.merge(story.main, await github.grow(before, 310));
    await github.point('main', story.main);
    const run = await story.change({ [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.comment).toContain(`\`${before.slice(0, 12)}\`, 2 commits before`);
  });

  test('is not called missing where the search is cut before it', async () => {
    await story.commit({ 'README.md': 'One more commit.\n' });
    story.github.fault = ({ url }) =>
      url.includes('/commits?') ? { status: 404, message: 'Not Found' } : undefined;
    const before = calls();
    const run = await story.change({ [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(titleOf(run)).toContain('the search for it was cut');
    expect(run.summary).toContain('workflow_dispatch');
    expect(calls()).toBe(before);
  });

  describe('after its run was deleted', () => {
    beforeEach(() => {
      story.github.runs.delete(recorded.runId);
    });

    test('it serves where GitHub signed the commit of the data branch for a workflow', async () => {
      story.github.signatures.set(recorded.file, BY_WORKFLOW);
      const run = await story.change({ [PROMPT]: DISHONEST });
      expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
      expect(run.comment).toContain('its run is deleted on GitHub');
    });

    test('else nothing is compared, and the report says what is missing and what helps', async () => {
      story.github.signatures.set(recorded.file, { ...BY_WORKFLOW, verified: false });
      const before = calls();
      const run = await story.change({ [PROMPT]: DISHONEST });
      expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
      for (const text of [run.summary, run.comment]) {
        expect(text).toContain('NOT MEASURED against a baseline');
        expect(text).toContain(`GitHub knows no run ${recorded.runId} (deleted, older than`);
        expect(text).toContain('`workflow_dispatch`');
        expect(text).toContain('`mask-gate promote`');
      }
      expect(calls()).toBe(before);
    });

    test('and a dispatch puts it right', async () => {
      expect(await story.record('workflow_dispatch')).toMatchObject({ code: 0 });
      const run = await story.change({ [PROMPT]: DISHONEST });
      expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    });
  });
});

test('a record that is there is found after the default branch got another name', async () => {
  provider.swap(HONEST_MODEL);
  const story = await Story.begin('branch');
  try {
    expect((await story.record()).code).toBe(0);
    await story.github.renameDefaultBranch('main', 'trunk');
    story.branch = 'trunk';
    // The emulator opens pull requests to `main` only.
    await story.github.branch('main', story.main);
    const run = await story.change({ [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.comment).not.toContain('passed over');
  } finally {
    await story.end();
  }
});

describe('a rule of the repository on the data branch', () => {
  let story: Story;
  beforeAll(async () => {
    provider.swap(HONEST_MODEL);
    story = await Story.begin('branch');
  });
  afterAll(() => story.end());
  afterEach(() => {
    story.github.fault = undefined;
  });

  test('is asked for before anything is spent', async () => {
    story.github.fault = ({ url }) => {
      if (url.includes('/rules/branches/mask-gate-data')) {
        const body = [{ type: 'pull_request', ruleset_id: 7 }];
        return { status: 200, message: '', body };
      }
      if (!url.includes('/rulesets/7')) return undefined;
      const body = { name: 'All branches', current_user_can_bypass: 'never' };
      return { status: 200, message: '', body };
    };
    const before = calls();
    const run = await story.record();
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.stdout).toContain(
      'GitHub would refuse to write to the branch mask-gate-data: changes need a pull request by the ruleset "All branches"; leave the branch out of the rule',
    );
    expect(calls()).toBe(before);
  });

  test('that was not foreseen is a refusal in words, and no race', async () => {
    story.github.fault = ({ method, url }) =>
      method !== 'GET' && url.includes('/git/refs')
        ? { status: 422, message: 'Reference update failed' }
        : undefined;
    const run = await story.record();
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.summary).toContain(
      'GitHub refused to write to the branch mask-gate-data (422): Reference update failed',
    );
    const pushes = story.github.sent.filter(
      ({ method, url }) => method !== 'GET' && url.includes('/git/refs'),
    );
    expect(pushes).toHaveLength(1);
  });
});

describe('a committed baseline that a pull request replaces', () => {
  let story: Story;
  let genuine: string;
  let edited: string;
  let forged: string;
  beforeAll(async () => {
    provider.swap(HONEST_MODEL);
    story = await Story.begin('committed');
    const { code, runId } = await story.record();
    expect(code).toBe(0);
    genuine = await readFile(path.join(story.workspace, COMMITTED), 'utf8');
    await story.commit({ [COMMITTED]: genuine });
    edited = withLies(genuine);
    forged = edited.replace(`"runId": "${runId}"`, '"runId": "31337"');
    expect(forged).not.toBe(edited);
  });
  beforeEach(async () => {
    provider.swap(HONEST_MODEL);
    // Whatever the test before has merged.
    await story.commit({ [COMMITTED]: genuine });
  });
  afterAll(() => story.end());

  test('is told, with what it does to P(Lie) and why it would not serve, and changes nothing yet', async () => {
    const run = await story.change({ [COMMITTED]: forged });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'unchanged' } });
    const told = /This pull request replaces the baseline: P\(Lie\) \d+\.\d % → \d+\.\d %/;
    for (const text of [run.comment, run.summary]) expect(text).toMatch(told);
    // A runner's command has its percent signs escaped.
    expect(run.stdout.replaceAll('%25', '%')).toMatch(new RegExp(`::warning::${told.source}`));
    expect(run.comment).toContain('lets later changes lie more');
    expect(run.comment).toContain('**It would not serve**: `GitHub knows no run 31337');
  });

  test('is told beside a verdict as well', async () => {
    const run = await story.change({ [COMMITTED]: forged, [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.comment).toContain('This pull request replaces the baseline');
  });

  test('is told where the record of a genuine run was edited', async () => {
    const run = await story.change({ [COMMITTED]: edited });
    expect(run.comment).toContain('and differ in what was measured**');
  });

  test('a pull request that leaves it alone says nothing of it', async () => {
    const run = await story.change({ [PROMPT]: REWORDED });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
    expect(run.summary).not.toContain('replaces the baseline');
  });

  test('with an invented record, once merged, it is never compared with', async () => {
    await story.commit({ [COMMITTED]: forged });
    const before = calls();
    const run = await story.change({ [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.comment).toContain('GitHub knows no run 31337');
    expect(calls()).toBe(before);
  });

  test('a record from outside of CI serves once a person promotes it, and every report names them', async () => {
    const local = genuine.replaceAll(
      /"(runId|runAttempt|event|ref|commit)": "[^"]*"/g,
      '"$1": null',
    );
    await story.commit({ [COMMITTED]: local });
    const bare = await story.change({ [PROMPT]: DISHONEST });
    expect(bare).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(bare.comment).toContain('it names no run');

    const record = path.join(story.workspace, 'local.json');
    await writeFile(record, local);
    const into = path.join(story.workspace, 'promoted.json');
    const args = ['promote', record, '--who', 'Ada', '--why', 'Measured at home', '--into', into];
    const promoted = await runProcess(NODE_24, [CLI_BUNDLE, ...args], {
      cwd: story.workspace,
    });
    expect(promoted.code).toBe(0);
    await story.commit({ [COMMITTED]: await readFile(into, 'utf8') });
    const run = await story.change({ [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(run.comment).toContain('**Promoted by hand**, by `Ada`');
  });
});
