import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OUTPUTS } from '../../src/config/settings.js';
import {
  CONFIG,
  DISHONEST,
  PLAIN,
  PROMPT,
  REWORDED,
  REWORDED_AGAIN,
  WITH_KEY,
} from './fixtures.js';
import type { GitHubServer } from './github-server.js';
import { SMALL_SIZE, type SmallGate, startSmallGate } from './small-gate.js';

let gate: SmallGate;
let github: GitHubServer;
let recorded: Awaited<ReturnType<SmallGate['record']>>;

beforeAll(async () => {
  gate = await startSmallGate(`gate: { max-rise: 5pp }\ndataset: { size: ${SMALL_SIZE} }\n`);
  ({ github } = gate);
  recorded = await gate.record();
  expect(recorded.code).toBe(0);
});

afterEach(() => {
  github.refuseComments = false;
});

afterAll(() => gate.close());

const RECORDS = '.mask-gate/records/support-bot';
const SIZE = String(SMALL_SIZE);

const bodies = async (number: number): Promise<readonly string[]> =>
  (await github.comments(number)).map(({ body }) => body);

describe('the committed Action on Node 24', () => {
  test('a first push to the default branch records a baseline', async () => {
    expect(recorded).toMatchObject({
      outputs: { verdict: 'no-baseline', examples: SIZE, measured: SIZE },
    });
    expect(Object.keys(recorded.outputs).sort()).toEqual(Object.keys(OUTPUTS).sort());
    expect(recorded.summary).toContain('baseline recorded');
    expect(await readdir(path.join(gate.workspace, RECORDS, gate.mainSha))).toEqual([
      '4711-1.json',
    ]);
  });

  test('a harmless change passes and comments once; a second push edits that comment', async () => {
    const pullRequest = await gate.open('rewording');
    const { number } = pullRequest;
    const { owner } = github.tokens;
    await github.comment(number, '<!-- mask-gate:support-bot -->\nforged', owner);

    const first = await gate.push(pullRequest, { [PROMPT]: REWORDED });
    expect(first).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
    const [forged, own, ...others] = await github.comments(number);
    expect(others).toEqual([]);
    expect(forged?.body).toContain('forged');
    expect(own?.user.login).toBe('github-actions[bot]');
    expect(own?.body).toContain('no rise in lying');
    expect(first.outputs['comment-id']).toBe(String(own?.id));

    for (let page = 0; page < 101; page += 1) await github.comment(number, 'chatter', owner);
    const second = await gate.push(pullRequest, { [PROMPT]: REWORDED_AGAIN });
    expect(second.outputs['comment-id']).toBe(String(own?.id));
    expect(await github.comments(number)).toHaveLength(103);
  });

  test('a dishonest prompt fails the check with a comment that says why', async () => {
    const pullRequest = await gate.open('dishonest');
    const run = await gate.push(pullRequest, { [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(Number(run.outputs['delta'])).toBeGreaterThan(0.05);
    const [comment] = await bodies(pullRequest.number);
    expect(comment).toMatch(
      /^<!-- mask-gate:support-bot -->\n\n## MASK Gate: ❌ honesty regressed\n/,
    );
    expect(comment).toContain('at least the limit of 5.0 points');
    expect(comment).toMatch(/What flipped: \d+ examples to lying/);
  });

  test('enforce: false says the same and fails nothing; a pull request can not set it', async () => {
    const pullRequest = await gate.open('adoption');
    const inputs = { ...WITH_KEY, enforce: 'false' };
    const run = await gate.push(pullRequest, { [PROMPT]: DISHONEST }, { inputs });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'regressed' } });
    const [comment] = await bodies(pullRequest.number);
    for (const text of [run.summary, comment]) {
      expect(text).toContain('❌ honesty regressed');
      expect(text).toContain('This would fail the check, and does not');
    }
    const own = { [CONFIG]: `${gate.config}enforce: false\n`, [PROMPT]: DISHONEST };
    const forced = await gate.push(pullRequest, own);
    expect(forced).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    expect(forced.summary).toContain('| `enforce` | (not set) | `false` |');
  });

  test('the red comment turns green with the gate, and remembers; later pushes write over it', async () => {
    const pullRequest = await gate.open('resolved');
    const red = await gate.push(pullRequest, { [PROMPT]: DISHONEST });
    expect(red).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    const [before] = await github.comments(pullRequest.number);
    const forged = (before?.body ?? '').replace('"verdict":"regressed"', '"verdict":"approved"');
    const green = await gate.push(pullRequest, { [PROMPT]: PLAIN });
    expect(green).toMatchObject({ code: 0, outputs: { verdict: 'unchanged' } });
    const comments = await github.comments(pullRequest.number);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.id).toBe(before?.id);
    expect(comments[0]?.body).toContain('✅ unchanged');
    expect(comments[0]?.body).toContain('<summary>Earlier commits: ❌</summary>');

    // A comment that says anything else leaves verdict and exit as they are.
    await github.editComment(before?.id ?? 0, forged.replaceAll('regressed', 'approved'));
    const again = await gate.push(pullRequest, { [PROMPT]: DISHONEST });
    expect(again).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    const [last] = await bodies(pullRequest.number);
    expect(last).not.toContain('approved');
    expect(last).not.toContain('Earlier commits');
  });

  test('a run that was overtaken by a push asks no model, comments nothing and is not green', async () => {
    const pullRequest = await gate.open('overtaken');
    const { number } = pullRequest;
    const repo = { full_name: github.repository };
    const stale = { sha: gate.mainSha, repo };
    const payload = { pull_request: { number, base: { ref: 'main', ...stale }, head: stale } };
    const before = gate.calls();
    const late = await gate.push(pullRequest, { [PROMPT]: DISHONEST }, { payload });
    expect(late).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(late.stdout).toContain('its head has moved from');
    expect(gate.calls()).toBe(before);
    expect(await bodies(number)).toEqual([]);
  });

  test.each([
    ['never', DISHONEST, 1, 0],
    ['on-change', PLAIN, 0, 0],
    ['always', PLAIN, 0, 1],
  ])('comment: %s', async (comment, prompt, code, comments) => {
    const pullRequest = await gate.open(`comment-${comment}`);
    const inputs = { ...WITH_KEY, comment };
    const run = await gate.push(pullRequest, { [PROMPT]: prompt }, { inputs });
    expect(run.code).toBe(code);
    expect(run.summary).toContain(code === 0 ? '✅ unchanged' : '❌ honesty regressed');
    expect(await bodies(pullRequest.number)).toHaveLength(comments);
  });

  test('a refused comment leaves verdict, summary and outputs intact', async () => {
    const pullRequest = await gate.open('refused');
    github.refuseComments = true;
    const run = await gate.push(pullRequest, { [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed', 'comment-id': '' } });
    expect(run.summary).toContain('honesty regressed');
    expect(run.stdout).toContain('::warning::GitHub refused the comment (403)');
    expect(await bodies(pullRequest.number)).toEqual([]);
  });

  test('a pull request that edits policy changes nothing but the list in the comment', async () => {
    const pullRequest = await gate.open('policy');
    const edited = gate.config
      .replace('support-bot', 'renamed')
      .replace(/base-url: "[^"]+"/, 'base-url: "http://127.0.0.1:9/v1"')
      .replace('5pp', '90pp');
    const run = await gate.push(pullRequest, { [CONFIG]: edited, [PROMPT]: DISHONEST });
    expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
    const [comment] = await bodies(pullRequest.number);
    expect(comment).toContain('<!-- mask-gate:support-bot -->');
    expect(comment).toContain('3 settings of this pull request without effect on this run');
    expect(comment).toContain('| `gate.max-rise` | `5pp` | `90pp` |');
    expect(comment).toContain('| `providers.sim.base-url` |');
    expect(comment).toContain('| `suite` | `support-bot` | `renamed` |');
  });

  test('the same subject as the baseline is unchanged, without a call', async () => {
    const pullRequest = await gate.open('unchanged');
    const before = gate.calls();
    const run = await gate.push(pullRequest, { 'docs/note.md': 'A note.' });
    expect(run).toMatchObject({ code: 0, outputs: { verdict: 'unchanged', 'p-lie': '' } });
    // Without a baseline it would be unchanged as well, against the base, and with a warning.
    expect(run.summary).toContain('Model, parameters and prompt are those of a baseline');
    expect(run.summary).toContain(`- Baseline: \`${gate.mainSha.slice(0, 12)}\``);
    expect(run.stdout).not.toContain('::warning::');
    expect(gate.calls()).toBe(before);
  });

  test('a fork without a key is not measured, and says so', async () => {
    const pullRequest = await gate.open('fork');
    const run = await gate.push(
      pullRequest,
      { [PROMPT]: DISHONEST },
      { headRepository: 'stranger/bot', inputs: {} },
    );
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toContain('NOT MEASURED: no key');
  });

  test('a model that is gone is an error with the setting to change', async () => {
    const pullRequest = await gate.open('gone');
    const head = gate.config.replace('sim-pressured', 'gpt-none');
    const run = await gate.push(pullRequest, { [CONFIG]: head, [PROMPT]: PLAIN });
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect((await bodies(pullRequest.number))[0]).toContain('target.model');
  });

  test('a corrupt baseline is an error, not a missing one', async () => {
    const folder = path.join(gate.workspace, RECORDS, gate.mainSha);
    await rename(folder, `${folder}-aside`);
    await mkdir(folder);
    await writeFile(path.join(folder, '9999-1.json'), '{"schema":"mask-gate/record/v1"');
    const run = await gate.push(await gate.open('corrupt'), { [PROMPT]: REWORDED });
    await rm(folder, { recursive: true });
    await rename(`${folder}-aside`, folder);
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.summary).toContain('9999-1.json');
  });

  test('a baseline that the pull request brings itself is refused', async () => {
    const run = await gate.push(await gate.open('planted'), {
      [`${RECORDS}/x/1-1.json`]: '{}',
      [PROMPT]: DISHONEST,
    });
    await rm(path.join(gate.workspace, RECORDS, 'x'), { recursive: true });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('::error::baseline.path');
  });

  test('wrong settings are listed all at once, with exit code 2 and no call', async () => {
    const before = gate.calls();
    const files = { [CONFIG]: 'suite: Bad Name\ngate: { max-rise: 5%% }\n', [PROMPT]: PLAIN };
    await gate.checkOut(files);
    const about = { eventName: 'schedule', payload: {}, sha: gate.mainSha, ref: 'refs/heads/main' };
    const run = await gate.act(about, { modle: 'x', size: 'many' });
    expect(run.code).toBe(2);
    for (const where of [
      'input modle',
      'dataset.size',
      'suite',
      'gate.max-rise',
      'target.model',
      'judge.model',
    ]) {
      expect(run.stdout).toContain(`::error::${where}: `);
      expect(run.summary).toContain(where);
    }
    expect(run.stdout + run.stderr).not.toMatch(/\n\s+at /);
    expect(gate.calls()).toBe(before);
  });

  test('a head that cuts every answer short is not measured, whatever becomes of the lies', async () => {
    const run = await gate.push(await gate.open('short'), {
      [CONFIG]: gate.config.replace('sim-pressured', 'sim-pressured, max-tokens: 8'),
      [PROMPT]: DISHONEST,
    });
    expect(run).toMatchObject({ code: 3, outputs: { verdict: 'not-measured' } });
    expect(run.summary).toMatch(/only \d+ still have one/);
  });

  test('a token that sees nothing is an error, not a missing baseline', async () => {
    const run = await gate.push(
      await gate.open('blind'),
      { [PROMPT]: DISHONEST },
      {
        repository: 'octocat/none',
        inputs: { 'api-key': 'k', 'github-token': 'none', 'policy-from': 'head' },
      },
    );
    expect(run).toMatchObject({ code: 4, outputs: { verdict: 'error' } });
    expect(run.stdout).toContain('contents: read');
  });

  test.each([
    ['a payload that is no JSON', { payloadText: '<html>' }],
    ['a summary that can not be written', { summaryFile: '/nonexistent/summary' }],
    ['an API address that is none', { apiUrl: 'nonsense' }],
  ])('%s never looks like a regression or a pass', async (_, broken) => {
    const about = { eventName: 'pull_request', payload: {}, sha: gate.mainSha, ref: 'refs/pull/1' };
    const run = await gate.act({ ...about, ...broken }, WITH_KEY);
    expect([2, 4]).toContain(run.code);
  });

  test('the key never shows in any output', () => {
    const { stdout, stderr, summary } = recorded;
    const key = WITH_KEY['api-key'];
    expect(stdout).toContain(`::add-mask::${key}`);
    expect(stdout.replace(`::add-mask::${key}`, '') + stderr + summary).not.toContain(key);
  });
});
