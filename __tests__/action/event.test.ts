import { type Occasion, type RunnerFacts, readOccasion } from '../../src/action/event.js';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const MERGE = 'c'.repeat(40);

type Read = ReturnType<typeof readOccasion>;

const AUTO = { mode: 'auto', policyFromHead: false } as const;

function factsOf(eventName: string, payload: unknown, ref = 'refs/pull/7/merge'): RunnerFacts {
  return { eventName, payload, sha: MERGE, ref, runId: '42', runAttempt: '2' };
}

/** The payload of a pull request; `repo` is where its head lies, null for a deleted fork. */
function pullRequest(repo: { full_name: string } | null = { full_name: 'org/bot' }): object {
  return {
    action: 'synchronize',
    pull_request: {
      number: 7,
      title: '::error::hello',
      head: { sha: HEAD, ref: 'feature', repo },
      base: { sha: BASE, ref: 'main', repo: { full_name: 'org/bot' } },
    },
    repository: { default_branch: 'main' },
  };
}

const MERGE_GROUP = { merge_group: { base_sha: BASE, head_sha: HEAD, head_ref: 'x' } };
const PUSH = { before: BASE, after: HEAD, repository: { default_branch: 'main' } };

const origin = (event: string, ref: string): Occasion['origin'] => ({
  commit: HEAD,
  ref,
  event,
  runId: '42',
  runAttempt: '2',
});

/** The text of a refusal, and nothing else. */
function refusalOf(read: Read): { where: string; message: string } {
  expect(Object.keys(read)).toEqual(['problem']);
  return 'problem' in read ? read.problem : { where: '', message: '' };
}

describe('a pull request is gated', () => {
  const gated: Occasion = {
    mode: 'gate',
    origin: origin('pull_request', 'refs/pull/7/merge'),
    baselineCommit: BASE,
    headCommit: HEAD,
    policyCommit: BASE,
    pullRequest: { number: 7, isFork: false, mergeCommit: MERGE },
  };

  test('of the same repository', () => {
    expect(readOccasion(factsOf('pull_request', pullRequest()), AUTO)).toEqual(gated);
  });

  test.each([
    ['a fork', { full_name: 'stranger/bot' }],
    ['a fork with the name in other letters', { full_name: 'org/bot2' }],
    ['a fork that was deleted', null],
  ])('of %s', (_, repo) => {
    expect(readOccasion(factsOf('pull_request', pullRequest(repo)), AUTO)).toEqual({
      ...gated,
      pullRequest: { number: 7, isFork: true, mergeCommit: MERGE },
    });
  });

  test('under the policy of the head only where the workflow says so', () => {
    const { policyCommit, ...trusting } = gated;
    expect(policyCommit).toBe(BASE);
    expect(
      readOccasion(factsOf('pull_request', pullRequest()), { mode: 'auto', policyFromHead: true }),
    ).toEqual(trusting);
  });
});

describe('a merge group is gated', () => {
  const facts = factsOf('merge_group', MERGE_GROUP, 'refs/heads/gh-readonly-queue/main/pr-7');
  const gated: Occasion = {
    mode: 'gate',
    origin: origin('merge_group', 'refs/heads/gh-readonly-queue/main/pr-7'),
    baselineCommit: BASE,
    headCommit: HEAD,
    policyCommit: BASE,
  };

  test('against its base, without a comment', () => {
    expect(readOccasion(facts, AUTO)).toEqual(gated);
  });

  test('under the policy of the head only where the workflow says so', () => {
    expect(readOccasion(facts, { mode: 'auto', policyFromHead: true })).not.toHaveProperty(
      'policyCommit',
    );
  });
});

describe('a push', () => {
  test('to the default branch is recorded, with the checkout as policy', () => {
    expect(readOccasion(factsOf('push', PUSH, 'refs/heads/main'), AUTO)).toEqual({
      mode: 'record',
      origin: origin('push', 'refs/heads/main'),
      baselineCommit: BASE,
      headCommit: HEAD,
    });
  });

  test('to a default branch of another name is recorded', () => {
    const payload = { ...PUSH, repository: { default_branch: 'trunk' } };
    expect(readOccasion(factsOf('push', payload, 'refs/heads/trunk'), AUTO)).toMatchObject({
      mode: 'record',
    });
  });

  test.each([
    'refs/heads/feature',
    'refs/heads/main2',
    'refs/heads/feature/main',
    'refs/tags/main',
    'refs/tags/v1.0.0',
    'main',
    '',
  ])('to %j is refused', (ref) => {
    const { where, message } = refusalOf(readOccasion(factsOf('push', PUSH, ref), AUTO));
    expect(where).toBe('event');
    expect(message).toContain(`a push to ${ref}`);
    expect(message).toContain('only pushes to the default branch (main) are recorded');
  });
});

describe('another event is refused with a text that says which ones work', () => {
  test('pull_request_target, because of its secrets', () => {
    const read = readOccasion(factsOf('pull_request_target', pullRequest()), AUTO);
    const { where, message } = refusalOf(read);
    expect(where).toBe('event');
    expect(message).toContain('pull_request_target');
    expect(message).toContain('secrets');
    expect(message).toContain('use pull_request instead');
  });

  test.each(['schedule', 'workflow_dispatch', 'workflow_run', 'issue_comment', 'release', ''])(
    '%j',
    (eventName) => {
      const { where, message } = refusalOf(readOccasion(factsOf(eventName, pullRequest()), AUTO));
      expect(where).toBe('event');
      expect(message).toContain(eventName);
      expect(message).toContain('use pull_request, merge_group, or push to the default branch');
    },
  );

  test.each(['auto', 'gate', 'record'])('whatever the mode: %s', (mode) => {
    for (const eventName of ['pull_request_target', 'schedule', 'workflow_run']) {
      refusalOf(readOccasion(factsOf(eventName, pullRequest()), { mode, policyFromHead: true }));
    }
  });
});

describe('a payload that lacks something is refused, with what it lacks', () => {
  const whole = {
    number: 7,
    head: { sha: HEAD, repo: null },
    base: { sha: BASE, repo: { full_name: 'org/bot' } },
  };

  test.each<readonly [string, unknown, string]>([
    ['pull_request', {}, 'pull_request'],
    ['pull_request', { pull_request: null }, 'pull_request'],
    ['pull_request', { pull_request: { ...whole, number: '7' } }, 'pull_request.number'],
    ['pull_request', { pull_request: { ...whole, number: 7.5 } }, 'pull_request.number'],
    ['pull_request', { pull_request: { ...whole, head: { sha: HEAD } } }, 'pull_request.head.repo'],
    ['pull_request', { pull_request: { ...whole, base: { sha: BASE } } }, 'pull_request.base.repo'],
    [
      'pull_request',
      { pull_request: { ...whole, base: { sha: BASE, repo: null } } },
      'pull_request.base.repo',
    ],
    ['pull_request', PUSH, 'pull_request'],
    ['merge_group', {}, 'merge_group'],
    ['merge_group', { merge_group: { base_sha: BASE } }, 'merge_group.head_sha'],
    ['push', {}, 'before, after, repository'],
    ['push', { ...PUSH, repository: {} }, 'repository.default_branch'],
    ['push', { ...PUSH, before: null }, 'before'],
  ])('%s %j', (eventName, payload, fields) => {
    const { where, message } = refusalOf(
      readOccasion(factsOf(eventName, payload, 'refs/heads/main'), AUTO),
    );
    expect(where).toBe('event');
    expect(message).toBe(`this workflow runs on ${eventName} with a payload that lacks ${fields}`);
  });

  test.each([undefined, null, 'text', 5, []])('no payload at all: %j', (payload) => {
    for (const eventName of ['pull_request', 'merge_group', 'push']) {
      refusalOf(readOccasion(factsOf(eventName, payload, 'refs/heads/main'), AUTO));
    }
  });
});

describe('the mode', () => {
  const onPullRequest = factsOf('pull_request', pullRequest());
  const onMergeGroup = factsOf('merge_group', MERGE_GROUP);
  const onPush = factsOf('push', PUSH, 'refs/heads/main');

  test.each([
    ['auto', onPullRequest, 'gate'],
    ['gate', onPullRequest, 'gate'],
    ['auto', onMergeGroup, 'gate'],
    ['gate', onMergeGroup, 'gate'],
    ['auto', onPush, 'record'],
    ['record', onPush, 'record'],
    ['gate', onPush, 'gate'],
  ])('%s on $eventName', (mode, facts, expected) => {
    expect(readOccasion(facts, { mode, policyFromHead: false })).toMatchObject({ mode: expected });
  });

  test.each([onPullRequest, onMergeGroup])('record is refused on $eventName', (facts) => {
    const read = readOccasion(facts, { mode: 'record', policyFromHead: false });
    expect(refusalOf(read)).toEqual({
      where: 'mode',
      message: `record works on pushes to the default branch only (this is ${facts.eventName}); use auto`,
    });
  });

  test('record is not saved by taking policy from the head', () => {
    refusalOf(readOccasion(onPullRequest, { mode: 'record', policyFromHead: true }));
  });

  test.each(['', 'Gate', 'report', 'off', ' gate'])('%j is unknown', (mode) => {
    expect(refusalOf(readOccasion(onPullRequest, { mode, policyFromHead: false }))).toEqual({
      where: 'mode',
      message: `must be one of auto, gate, record (found "${mode}")`,
    });
  });
});
