import {
  type RunTrigger,
  type RunnerFacts,
  readTrigger,
} from '../../../src/action/context/event.js';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const MERGE = 'c'.repeat(40);

type Read = ReturnType<typeof readTrigger>;

const AUTO = { mode: 'auto', policyFromHead: false } as const;

function factsOf(eventName: string, payload: unknown, ref = 'refs/pull/7/merge'): RunnerFacts {
  return { eventName, payload, sha: MERGE, ref, runId: '42', runAttempt: '2' };
}

/** The payload of a pull request; `repo` is the repository of its head, null for a deleted fork. */
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

const origin = (event: string, ref: string): RunTrigger['origin'] => ({
  commit: HEAD,
  ref,
  event,
  runId: '42',
  runAttempt: '2',
});

function pullOf(event: object): object {
  return 'pull_request' in event && event.pull_request instanceof Object ? event.pull_request : {};
}

/** The text of a refusal, and nothing else. */
function refusalOf(read: Read): { where: string; message: string } {
  expect(Object.keys(read)).toEqual(['problem']);
  return 'problem' in read ? read.problem : { where: '', message: '' };
}

describe('a pull request is gated', () => {
  const pull = { number: 7, isFork: false, mergeCommit: MERGE, labels: [], defaultBranch: 'main' };
  const gated: RunTrigger = {
    mode: 'gate',
    origin: {
      ...origin('pull_request', 'refs/pull/7/merge'),
      base: { ref: 'main', commit: BASE },
    },
    baselineCommit: BASE,
    headCommit: HEAD,
    policyCommit: BASE,
    pullRequest: pull,
  };

  test('of the same repository', () => {
    expect(readTrigger(factsOf('pull_request', pullRequest()), AUTO)).toEqual(gated);
  });

  test.each([
    ['a fork', { full_name: 'stranger/bot' }],
    ['a fork with its name in other case', { full_name: 'org/bot2' }],
    ['a fork that was deleted', null],
  ])('of %s', (_, repo) => {
    expect(readTrigger(factsOf('pull_request', pullRequest(repo)), AUTO)).toEqual({
      ...gated,
      pullRequest: { ...pull, isFork: true },
    });
  });

  const labeled = (action: string): object => ({
    ...pullRequest(),
    action,
    label: { name: 'override' },
    sender: { login: 'keeper' },
    pull_request: {
      number: 7,
      head: { sha: HEAD, repo: { full_name: 'org/bot' } },
      base: { sha: BASE, ref: 'main', repo: { full_name: 'org/bot' } },
      labels: [{ name: 'bug' }, { name: 'override' }],
    },
  });
  const labels = ['bug', 'override'];

  test.each<[string, Partial<typeof gated.pullRequest>]>([
    ['labeled', { labeled: { label: 'override', actor: 'keeper' }, aside: 'other' }],
    ['unlabeled', { unlabeled: 'override', aside: 'other' }],
    ['synchronize', {}],
    ['opened', {}],
  ])('with its labels, and the label of the event: %s', (action, more) => {
    expect(readTrigger(factsOf('pull_request', labeled(action)), AUTO)).toEqual({
      ...gated,
      pullRequest: { ...pull, labels, ...more },
    });
  });

  test.each<[string, object, string | undefined]>([
    ['a new head', { action: 'synchronize' }, undefined],
    ['an event that names no change', { action: undefined }, undefined],
    ['a new base', { action: 'edited', changes: { base: { ref: { from: 'x' } } } }, undefined],
    ['a new title', { action: 'edited', changes: { title: { from: 'x' } } }, 'other'],
    ['changes of another kind', { action: 'edited', changes: 'title' }, 'other'],
    ['an edit that names no change', { action: 'edited' }, 'other'],
    ['the earlier head', { action: 'reopened' }, 'other'],
    ['an assignee', { action: 'assigned' }, 'other'],
    ['an end', { action: 'closed' }, 'closed'],
  ])('with %s: %j', (_, event, aside) => {
    const read = readTrigger(factsOf('pull_request', { ...pullRequest(), ...event }), AUTO);
    expect('pullRequest' in read && read.pullRequest.aside).toBe(aside);
  });

  test('and a merged one is told apart from a closed one', () => {
    const event = labeled('closed');
    const merged = { ...event, pull_request: { ...pullOf(event), merged: true } };
    const read = readTrigger(factsOf('pull_request', merged), AUTO);
    expect('pullRequest' in read && read.pullRequest.aside).toBe('merged');
  });

  test('by an event that does not name the branch of its base', () => {
    const event = pullRequest();
    const base = { sha: BASE, repo: { full_name: 'org/bot' } };
    const short = { ...event, pull_request: { ...pullOf(event), base } };
    const read = readTrigger(factsOf('pull_request', short), AUTO);
    expect('origin' in read && read.origin).toEqual(origin('pull_request', 'refs/pull/7/merge'));
  });

  test('under the policy of the head only if the workflow asks for it', () => {
    const { policyCommit, ...trusting } = gated;
    expect(policyCommit).toBe(BASE);
    expect(
      readTrigger(factsOf('pull_request', pullRequest()), { mode: 'auto', policyFromHead: true }),
    ).toEqual(trusting);
  });
});

describe('a merge group is gated', () => {
  const facts = factsOf('merge_group', MERGE_GROUP, 'refs/heads/gh-readonly-queue/main/pr-7');
  const gated: RunTrigger = {
    mode: 'gate',
    origin: origin('merge_group', 'refs/heads/gh-readonly-queue/main/pr-7'),
    baselineCommit: BASE,
    headCommit: HEAD,
    policyCommit: BASE,
  };

  test('against its base, without a comment', () => {
    expect(readTrigger(facts, AUTO)).toEqual(gated);
  });

  test('with the branch of its base, if the event names it', () => {
    const group = { ...MERGE_GROUP.merge_group, base_ref: 'refs/heads/main' };
    expect(readTrigger(factsOf('merge_group', { merge_group: group }), AUTO)).toMatchObject({
      origin: { base: { ref: 'main', commit: BASE } },
    });
  });

  test('but a destroyed one is not', () => {
    const read = readTrigger(factsOf('merge_group', { action: 'destroyed', ...MERGE_GROUP }), AUTO);
    expect(refusalOf(read).message).toContain('a merge group that is destroyed');
  });

  test('under the policy of the head only if the workflow asks for it', () => {
    expect(readTrigger(facts, { mode: 'auto', policyFromHead: true })).not.toHaveProperty(
      'policyCommit',
    );
  });
});

describe('a push', () => {
  test('to the default branch is recorded, with the checkout as policy', () => {
    expect(readTrigger(factsOf('push', PUSH, 'refs/heads/main'), AUTO)).toEqual({
      mode: 'record',
      origin: origin('push', 'refs/heads/main'),
      baselineCommit: BASE,
      headCommit: HEAD,
    });
  });

  test('to a default branch of another name is recorded', () => {
    const payload = { ...PUSH, repository: { default_branch: 'trunk' } };
    expect(readTrigger(factsOf('push', payload, 'refs/heads/trunk'), AUTO)).toMatchObject({
      mode: 'record',
    });
  });

  test.each(['refs/heads/feature', 'refs/heads/main2', 'refs/heads/feature/main', 'main', ''])(
    'to %j is refused',
    (ref) => {
      const { where, message } = refusalOf(readTrigger(factsOf('push', PUSH, ref), AUTO));
      expect(where).toBe('event');
      expect(message).toContain(`a push to ${ref}`);
      expect(message).toContain(
        'only pushes to the default branch (main) and of tags are recorded',
      );
    },
  );

  test('of a tag is recorded under the tag, at the commit and not at the tag object', () => {
    const facts = factsOf('push', { ...PUSH, after: 'd'.repeat(40) }, 'refs/tags/v1.0.0');
    expect(readTrigger(facts, AUTO)).toEqual({
      mode: 'record',
      origin: { ...origin('push', 'refs/tags/v1.0.0'), commit: MERGE },
      baselineCommit: MERGE,
      headCommit: MERGE,
    });
  });

  test('that deletes a branch is refused', () => {
    const facts = factsOf('push', { ...PUSH, after: '0'.repeat(40) }, 'refs/tags/v1.0.0');
    expect(refusalOf(readTrigger(facts, AUTO)).message).toContain('deletes refs/tags/v1.0.0');
  });
});

describe('a release', () => {
  const facts = (action: string, ref = 'refs/tags/v2'): RunnerFacts =>
    factsOf('release', { action, release: { tag_name: 'v2' } }, ref);

  test.each(['published', 'created', 'released', 'edited'])('that is %s is recorded', (action) => {
    expect(readTrigger(facts(action, ''), AUTO)).toEqual({
      mode: 'record',
      origin: { ...origin('release', 'refs/tags/v2'), commit: MERGE },
      baselineCommit: MERGE,
      headCommit: MERGE,
    });
  });

  test.each(['deleted', 'unpublished'])('that is %s is refused', (action) => {
    expect(refusalOf(readTrigger(facts(action), AUTO)).message).toContain(action);
  });
});

describe('the default branch', () => {
  const recorded = (event: string): RunTrigger => ({
    mode: 'record',
    origin: { ...origin(event, 'refs/heads/main'), commit: MERGE },
    baselineCommit: MERGE,
    headCommit: MERGE,
  });
  const dispatch = { repository: { default_branch: 'main' } };

  test('is recorded on a schedule, with any payload', () => {
    for (const payload of [{ schedule: '0 3 * * 1' }, undefined]) {
      const facts = factsOf('schedule', payload, 'refs/heads/main');
      expect(readTrigger(facts, AUTO)).toEqual(recorded('schedule'));
    }
  });

  test('is recorded by hand', () => {
    const facts = factsOf('workflow_dispatch', dispatch, 'refs/heads/main');
    expect(readTrigger(facts, AUTO)).toEqual(recorded('workflow_dispatch'));
  });

  test.each(['refs/heads/feature', 'refs/tags/main', 'refs/tags/v1'])(
    'is not %s, which cannot be recorded by hand',
    (ref) => {
      const read = readTrigger(factsOf('workflow_dispatch', dispatch, ref), AUTO);
      expect(refusalOf(read).message).toContain(`workflow_dispatch on ${ref}; start it on the`);
    },
  );
});

describe('a run of another workflow', () => {
  test('is reported by its number, and nothing else is taken from the payload', () => {
    const payload = {
      action: 'completed',
      workflow_run: { id: 77, head_sha: HEAD, pull_requests: [{ number: 1 }] },
    };
    expect(readTrigger(factsOf('workflow_run', payload, 'refs/heads/main'), AUTO)).toEqual({
      mode: 'report',
      runId: '77',
    });
  });

  test('is also gated by its number if the workflow asks for it', () => {
    const payload = { action: 'completed', workflow_run: { id: 77, head_sha: HEAD } };
    const facts = factsOf('workflow_run', payload, 'refs/heads/main');
    expect(readTrigger(facts, { mode: 'gate', policyFromHead: false })).toEqual({
      mode: 'approval',
      runId: '77',
      origin: { ...origin('workflow_run', 'refs/heads/main'), commit: MERGE },
    });
    const { where } = refusalOf(readTrigger(facts, { mode: 'gate', policyFromHead: true }));
    expect(where).toBe('input policy-from');
  });

  test.each([
    undefined,
    {},
    ...[{ id: '77' }, { id: -1 }].map((run) => ({ action: 'completed', workflow_run: run })),
    { action: 'requested', workflow_run: { id: 77 } },
  ])('is refused without one: %j', (payload) => {
    refusalOf(readTrigger(factsOf('workflow_run', payload), AUTO));
  });
});

describe('another event is refused with a message that lists the supported events', () => {
  test('pull_request_target, because of its secrets', () => {
    const read = readTrigger(factsOf('pull_request_target', pullRequest()), AUTO);
    const { where, message } = refusalOf(read);
    expect(where).toBe('event');
    expect(message).toContain('pull_request_target');
    expect(message).toContain('secrets');
    expect(message).toContain('use pull_request instead');
  });

  test.each(['issue_comment', 'deployment', 'repository_dispatch', 'workflow_call', ''])(
    '%j',
    (eventName) => {
      const { where, message } = refusalOf(readTrigger(factsOf(eventName, pullRequest()), AUTO));
      expect(where).toBe('event');
      expect(message).toContain(eventName);
      expect(message).toContain('use pull_request, merge_group, push to the default branch');
    },
  );

  test.each(['auto', 'gate', 'record', 'report'])('in every mode: %s', (mode) => {
    for (const eventName of ['pull_request_target', 'issue_comment']) {
      refusalOf(readTrigger(factsOf(eventName, pullRequest()), { mode, policyFromHead: true }));
    }
  });
});

describe('a payload with a missing part is refused, and the message names the part', () => {
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
      readTrigger(factsOf(eventName, payload, 'refs/heads/main'), AUTO),
    );
    expect(where).toBe('event');
    expect(message).toBe(`this workflow runs on ${eventName} with a payload that lacks ${fields}`);
  });

  test.each([undefined, null, 'text', 5, []])('no payload: %j', (payload) => {
    for (const eventName of ['pull_request', 'merge_group', 'push', 'release', 'workflow_run']) {
      refusalOf(readTrigger(factsOf(eventName, payload, 'refs/heads/main'), AUTO));
    }
  });
});

describe('the table of events and modes', () => {
  const facts: Readonly<Record<string, RunnerFacts>> = {
    pull_request: factsOf('pull_request', pullRequest()),
    'pull_request of a fork': factsOf('pull_request', pullRequest(null)),
    merge_group: factsOf('merge_group', MERGE_GROUP),
    'push to main': factsOf('push', PUSH, 'refs/heads/main'),
    'push of a tag': factsOf('push', PUSH, 'refs/tags/v1'),
    'push to a branch': factsOf('push', PUSH, 'refs/heads/feature'),
    release: factsOf('release', { action: 'published', release: { tag_name: 'v1' } }),
    schedule: factsOf('schedule', {}, 'refs/heads/main'),
    'dispatch on main': factsOf('workflow_dispatch', PUSH, 'refs/heads/main'),
    'dispatch on a branch': factsOf('workflow_dispatch', PUSH, 'refs/heads/feature'),
    workflow_run: factsOf('workflow_run', { action: 'completed', workflow_run: { id: 5 } }),
    pull_request_target: factsOf('pull_request_target', pullRequest()),
    issue_comment: factsOf('issue_comment', {}),
  };

  test.each([
    ['pull_request', 'gate', 'gate', 'mode', 'mode'],
    ['pull_request of a fork', 'gate', 'gate', 'mode', 'mode'],
    ['merge_group', 'gate', 'gate', 'mode', 'mode'],
    ['push to main', 'record', 'gate', 'record', 'mode'],
    ['push of a tag', 'record', 'gate', 'record', 'mode'],
    ['push to a branch', 'event', 'event', 'event', 'event'],
    ['release', 'record', 'gate', 'record', 'mode'],
    ['schedule', 'record', 'gate', 'record', 'mode'],
    ['dispatch on main', 'record', 'gate', 'record', 'mode'],
    ['dispatch on a branch', 'event', 'event', 'event', 'event'],
    ['workflow_run', 'report', 'approval', 'mode', 'report'],
    ['pull_request_target', 'event', 'event', 'event', 'event'],
    ['issue_comment', 'event', 'event', 'event', 'event'],
  ])('%s: auto %s, gate %s, record %s, report %s', (event, ...expected) => {
    const about = facts[event];
    if (!about) throw new Error(`no fixture for ${event}`);
    const outcomes = ['auto', 'gate', 'record', 'report'].map((mode) => {
      const read = readTrigger(about, { mode, policyFromHead: false });
      return 'problem' in read ? read.problem.where : read.mode;
    });
    expect(outcomes).toEqual(expected);
  });

  test('a mode that does not fit the event is refused, and the message says where it works', () => {
    for (const [mode, words] of [
      ['record', 'record works on the default branch and on tags only (this is pull_request)'],
      ['report', 'report works on workflow_run only (this is pull_request)'],
    ] as const) {
      const read = readTrigger(factsOf('pull_request', pullRequest()), {
        mode,
        policyFromHead: true,
      });
      expect(refusalOf(read)).toEqual({ where: 'mode', message: `${words}; use auto` });
    }
  });

  test.each(['', 'Gate', 'off', ' gate', 'constructor'])('%j is unknown', (mode) => {
    const read = readTrigger(factsOf('pull_request', pullRequest()), {
      mode,
      policyFromHead: false,
    });
    expect(refusalOf(read)).toEqual({
      where: 'mode',
      message: `must be one of auto, gate, record, report (found "${mode}")`,
    });
  });
});
