import { connectGitHub } from '../../../src/edges/github/client.js';
import type { CommentRequest, CommentResult } from '../../../src/edges/github/comments.js';
import { type Fault, type GitHubServer, type Sent, startGitHub } from '../../e2e/github-server.js';

const MARKER = '<!-- mask-gate:default -->';

let github: GitHubServer;
let pullRequest: number;
let head: string;
let branches = 0;

beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

beforeEach(async () => {
  branches += 1;
  const [main] = await github.commitsOf('main');
  await github.branch(`feature-${branches}`, main?.sha ?? '');
  head = await github.commit(`feature-${branches}`, { 'a.txt': `${branches}` });
  pullRequest = await github.openPullRequest(`feature-${branches}`);
});
afterEach(() => {
  github.fault = undefined;
});

const bodyOf = (commit: string, text = 'verdict'): string => `${MARKER}\n${text} at ${commit}`;

function upsert(
  more: Partial<CommentRequest> & { readonly text?: string } = {},
): Promise<CommentResult> {
  const [owner = '', repo = ''] = github.repository.split('/');
  const connection = {
    token: github.tokens.workflow,
    repository: { owner, repo },
    apiUrl: github.apiUrl,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve(), jitter: () => 0.5 },
  };
  return connectGitHub(connection).upsertComment({
    pullRequest,
    marker: MARKER,
    headCommit: head,
    mayCreate: true,
    render: () => bodyOf(more.headCommit ?? head, more.text),
    commitOf: (body) => / at ([0-9a-f]{40})$/.exec(body)?.[1],
    ...more,
  });
}

/** GitHub does not tell the token of a workflow its user name. */
const nameless = ({ url }: Sent): Fault | undefined =>
  url === '/user' ? { status: 403, message: 'Resource not accessible by integration' } : undefined;

const bodies = async (): Promise<readonly string[]> =>
  (await github.comments(pullRequest)).map(({ body }) => body);

describe.each([
  ['whose name is known', undefined],
  ['of a workflow, which may not ask for its name', nameless],
])('with a token %s', (_, fault) => {
  beforeEach(() => {
    github.fault = fault;
  });

  test('a comment is made, and then edited in place', async () => {
    const first = await upsert({ text: 'red' });
    const second = await upsert({ text: 'green' });
    expect(first).toMatchObject({ status: 'written' });
    expect(second).toEqual(first);
    expect(await bodies()).toEqual([bodyOf(head, 'green')]);
  });

  test('8 jobs that race leave one comment, and all know its id', async () => {
    const before = github.sent.length;
    const texts = Array.from({ length: 8 }, (__, index) => `job ${index}`);
    const results = await Promise.all(texts.map((text) => upsert({ text })));
    const left = await github.comments(pullRequest);
    expect(left).toHaveLength(1);
    expect(new Set(results.map((one) => one.status === 'written' && one.id))).toEqual(
      new Set([left[0]?.id]),
    );
    const made = github.sent.slice(before).filter(({ method }) => method === 'POST');
    // Without a race the test would show nothing.
    expect(made.length).toBeGreaterThan(1);
  });

  test('8 jobs that race edit the existing comment', async () => {
    const standing = await github.comment(pullRequest, bodyOf(head), github.tokens.workflow);
    await Promise.all(Array.from({ length: 8 }, (__, index) => upsert({ text: `job ${index}` })));
    expect(await github.comments(pullRequest)).toMatchObject([{ id: standing }]);
  });

  test("a person's comment with our marker is neither edited nor removed", async () => {
    await github.comment(pullRequest, bodyOf(head, 'forged'), github.tokens.owner);
    await upsert({ text: 'green' });
    expect(await bodies()).toEqual([bodyOf(head, 'forged'), bodyOf(head, 'green')]);
  });

  test('our own comment is found after a hundred others', async () => {
    for (let index = 0; index < 101; index += 1)
      await github.comment(pullRequest, 'chatter', github.tokens.owner);
    const standing = await github.comment(pullRequest, bodyOf(head), github.tokens.workflow);
    expect(await upsert({ text: 'green' })).toMatchObject({ id: standing });
    expect(await bodies()).toHaveLength(102);
  });
});

test('duplicates that an interrupted job left are removed, and the oldest is kept', async () => {
  for (const text of ['one', 'two', 'three'])
    await github.comment(pullRequest, bodyOf(head, text), github.tokens.workflow);
  await github.comment(pullRequest, '<!-- mask-gate:other -->\nother', github.tokens.workflow);
  await upsert({ text: 'green' });
  expect(await bodies()).toEqual([bodyOf(head, 'green'), '<!-- mask-gate:other -->\nother']);
});

test('a run whose head is no longer that of the pull request does not edit the comment', async () => {
  const old = head;
  await github.comment(pullRequest, bodyOf(old, 'before'), github.tokens.workflow);
  head = await github.commit(`feature-${branches}`, { 'a.txt': 'more' });
  expect(await upsert({ headCommit: old, text: 'late' })).toEqual({ status: 'outdated' });
  expect(await bodies()).toEqual([bodyOf(old, 'before')]);
  await upsert({ text: 'green' });
  expect(await upsert({ headCommit: old, text: 'late' })).toEqual({ status: 'outdated' });
  expect(await bodies()).toEqual([bodyOf(head, 'green')]);
});

test('nor does it make a comment', async () => {
  const old = head;
  await github.commit(`feature-${branches}`, { 'a.txt': 'more' });
  expect(await upsert({ headCommit: old })).toEqual({ status: 'outdated' });
  expect(await bodies()).toEqual([]);
});

test('a late run that overwrote a newer comment restores it', async () => {
  let looks = 0;
  const standing = await github.comment(pullRequest, bodyOf(head), github.tokens.workflow);
  github.fault = ({ method, url }) => {
    if (method !== 'GET' || !url.includes('/comments')) return undefined;
    looks += 1;
    if (looks !== 2) return undefined;
    const user = { login: 'github-actions[bot]' };
    const late = { id: standing, html_url: 'x', body: bodyOf('f'.repeat(40)), user };
    return { status: 200, message: '', body: [late] };
  };
  await upsert({ text: 'green' });
  expect(looks).toBe(3);
});

test('a run gives up after repeated overwrites of its comment', async () => {
  await github.comment(pullRequest, bodyOf(head), github.tokens.workflow);
  let writes = 0;
  github.fault = ({ method }) => {
    if (method === 'PATCH') writes += 1;
    return undefined;
  };
  expect(await upsert({ commitOf: () => 'another commit' })).toMatchObject({ status: 'written' });
  expect(writes).toBe(4);
});

test('no comment is made if none is wanted, but an existing one is updated', async () => {
  expect(await upsert({ mayCreate: false })).toEqual({ status: 'none' });
  expect(await bodies()).toEqual([]);
  await upsert({ text: 'red' });
  expect(await upsert({ mayCreate: false, text: 'green' })).toMatchObject({ status: 'written' });
  expect(await bodies()).toEqual([bodyOf(head, 'green')]);
});

test('the text is made from the existing comment', async () => {
  const seen: unknown[] = [];
  const render = (present: string | undefined): string => {
    seen.push(present);
    return bodyOf(head);
  };
  await upsert({ render });
  await upsert({ render });
  expect(seen).toEqual([undefined, bodyOf(head)]);
});

test.each<[string, Fault, RegExp]>([
  [
    'a reading token',
    { status: 403, message: 'Resource not accessible by integration' },
    /\(403\); the job needs the permission pull-requests: write/,
  ],
  ['a token without access', { status: 404, message: 'Not Found' }, /pull-requests: write/],
  [
    'a secondary limit',
    { status: 403, message: 'secondary rate limit', headers: { 'retry-after': '1' } },
    /its rate limit is used up/,
  ],
  ['a text that is too long', { status: 422, message: 'body is too long' }, /\(422\)$/],
  ['a fault of the server', { status: 500, message: 'oops' }, /\(500\)$/],
])('%s is a refusal with a reason, never an exception', async (_, fault, reason) => {
  github.fault = ({ method }) => (method === 'POST' ? fault : undefined);
  const result = await upsert();
  expect(result).toEqual({ status: 'refused', reason: expect.stringMatching(reason) as string });
});

test('a comment about another base than the present one is not written', async () => {
  expect(await upsert({ baseRef: 'lax' })).toEqual({ status: 'outdated' });
  expect(await bodies()).toEqual([]);
  expect(await upsert({ baseRef: 'main' })).toMatchObject({ status: 'written' });
});

test('a locked conversation is reported as locked, not as a missing permission', async () => {
  github.locked.add(pullRequest);
  const result = await upsert();
  expect(result).toEqual({
    status: 'refused',
    reason: expect.stringContaining('the conversation is locked') as string,
  });
  expect(JSON.stringify(result)).not.toContain('permission');
});
