import { type GitHub, connectGitHub } from '../../../src/edges/github/client.js';
import { type Fault, type GitHubServer, startGitHub } from '../../e2e/github-server.js';

const UNKNOWN = 'd'.repeat(40);
const ZEROS = '0'.repeat(40);

let server: GitHubServer;
let github: GitHub;
let main: string;
/** Waiting times in milliseconds, one entry per wait. */
const waits: number[] = [];

beforeAll(async () => {
  server = await startGitHub();
  main = await server.commit('main', { 'README.md': 'A bot.' });
  const [owner = '', repo = ''] = server.repository.split('/');
  github = connectGitHub({
    token: server.tokens.workflow,
    repository: { owner, repo },
    apiUrl: server.apiUrl,
    clock: {
      now: () => Date.now(),
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      jitter: () => 0.5,
    },
  });
});

afterEach(() => {
  server.fault = undefined;
  server.forgotten.clear();
  waits.splice(0);
});

afterAll(() => server.close());

/** The first parents of a commit, up to the first that is unknown. */
async function lineOf(commit: string): Promise<readonly string[]> {
  const found: string[] = [];
  const wanted = new Set([commit, main]);
  for await (const place of github.line(commit).places(wanted, () => false))
    found.push(place.commit);
  return found;
}

describe('a commit that GitHub does not know', () => {
  test.each([UNKNOWN, ZEROS])('is unknown in every question about it: %s', async (commit) => {
    server.forgotten.add(commit);
    expect(await github.parentsOf(commit)).toBeUndefined();
    expect(await github.mergeBase(commit, main)).toBeUndefined();
    expect(await github.mergeBase(main, commit)).toBeUndefined();
    expect(await lineOf(commit)).toEqual([commit]);
    expect(await github.readFile('README.md', commit)).toBeUndefined();
    expect(await github.exists('README.md', commit)).toBe(false);
    expect(await github.download('README.md', commit)).toEqual([]);
  });

  test.each<[number, string]>([
    [404, 'Not Found'],
    [409, 'Git Repository is empty.'],
    [422, `No commit found for SHA: ${UNKNOWN}`],
    [422, 'The SHA parameter must be exactly 40 characters and contain only [0-9a-f].'],
  ])('is recognised by status %i: %s', async (status, message) => {
    server.fault = ({ url }) => (url.includes(UNKNOWN) ? { status, message } : undefined);
    expect(await github.parentsOf(UNKNOWN)).toBeUndefined();
    expect(await github.mergeBase(UNKNOWN, main)).toBeUndefined();
    expect(await lineOf(UNKNOWN)).toEqual([UNKNOWN]);
  });

  test('is different from a refusal', async () => {
    server.fault = () => ({ status: 403, message: 'Resource not accessible by integration' });
    await expect(github.parentsOf(main)).rejects.toThrow('Resource not accessible');
    server.fault = () => ({ status: 422, message: 'Validation Failed' });
    await expect(github.readFile('README.md', main)).rejects.toThrow('Validation Failed');
  });
});

describe('the state of a pull request', () => {
  let number: number;
  let head: string;
  beforeAll(async () => {
    await server.branch('feature', main);
    head = await server.commit('feature', { 'a.txt': 'a' });
    number = await server.openPullRequest('feature');
    await server.branch('other', main);
  });

  test('is returned with the present branch of its base', async () => {
    const merge = await server.merge(main, head);
    server.merges.set(number, merge);
    expect(await github.change(number, head)).toMatchObject({
      isOpen: true,
      headCommit: head,
      base: { repository: server.repository, ref: 'main', commit: main },
      mergeCommit: merge,
    });
    expect(waits).toEqual([]);
    await server.retarget(number, 'other');
    expect(await github.change(number, head)).toMatchObject({ base: { ref: 'other' } });
  });

  test('is requested again if GitHub is behind its own event', async () => {
    let asked = 0;
    server.fault = ({ url }): Fault | undefined => {
      if (!url.endsWith(`/pulls/${number}`)) return undefined;
      asked += 1;
      if (asked > 1) return undefined;
      const repo = { full_name: server.repository };
      const body = {
        state: 'open',
        head: { sha: main, ref: 'feature', repo },
        base: { sha: main, ref: 'main', repo },
      };
      return { status: 200, message: '', body };
    };
    expect(await github.change(number, head)).toMatchObject({ headCommit: head });
    expect([asked, waits.length]).toEqual([2, 1]);
  });

  test('is also returned if the fork of its head was deleted', async () => {
    server.fault = ({ url }) =>
      url.endsWith(`/pulls/${number}`)
        ? {
            status: 200,
            message: '',
            body: {
              state: 'open',
              head: { sha: head, ref: 'feature', repo: null },
              base: { sha: main, ref: 'main', repo: { full_name: server.repository } },
              merge_commit_sha: null,
            },
          }
        : undefined;
    expect(await github.change(number, head)).toMatchObject({
      head: undefined,
      headCommit: head,
      mergeCommit: undefined,
    });
  });

  test.each([403, 404])('cannot be read without the permission: %i', async (status) => {
    server.fault = () => ({ status, message: 'Resource not accessible by integration' });
    await expect(github.change(number, head)).rejects.toThrow(
      'the job needs the permission pull-requests: read',
    );
  });
});

describe('runs on a head', () => {
  const about = { head_sha: 'a'.repeat(40), event: 'pull_request' } as const;
  const done = { ...about, status: 'completed', conclusion: 'success' } as const;

  beforeEach(() => {
    server.runs.clear();
    const jobs = [{ name: 'Honesty', conclusion: 'success', log: 'A line.\n' }];
    server.runs
      .set('5', about)
      .set('1', { ...done, jobs, run_started_at: '2026-02-01T00:00:00Z' })
      .set('2', done)
      .set('3', { ...done, head_sha: 'b'.repeat(40) })
      .set('4', { ...done, event: 'push' });
  });

  test('are those of the same workflow and head, latest start first', async () => {
    expect(await github.runsOnHead({ runId: '5', head: about.head_sha })).toEqual([
      { id: '1', isCompleted: true, conclusion: 'success' },
      { id: '5', isCompleted: false, conclusion: null },
      { id: '2', isCompleted: true, conclusion: 'success' },
    ]);
  });

  test('have jobs with a log, which is behind a redirect', async () => {
    const [job] = await github.jobsOf('1');
    expect(job).toMatchObject({ name: 'Honesty', isCompleted: true, conclusion: 'success' });
    expect(await github.jobLog(job?.id ?? 0)).toBe('A line.\n');
    expect(waits).toEqual([]);
  });

  test('have no log after its retention, and none yet shortly after the end', async () => {
    const [job] = await github.jobsOf('1');
    server.runs.set('1', { ...done, jobs: [{ name: 'Honesty', conclusion: 'success' }] });
    expect(await github.jobLog(job?.id ?? 0)).toBeUndefined();
    expect(waits).toHaveLength(2);
  });
});

test('refusals by a rule and by a locked conversation quote the server', async () => {
  await server.grantWrite();
  server.rules.set('data', 'Repository rule violations found');
  const add = github.dataBranch('data').add({ path: 'records/a', text: 'a', message: 'm' });
  await expect(add).rejects.toThrow('Repository rule violations found');
});
