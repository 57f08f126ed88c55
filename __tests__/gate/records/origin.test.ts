import {
  type FileChange,
  type WorkflowRun,
  findOriginFault,
  findSignedCommit,
  isHistoryNeeded,
} from '../../../src/gate/records/origin.js';
import type { RunOrigin } from '../../../src/gate/records/record.js';
import { makeRecord } from '../../factories.js';

const COMMIT = 'c'.repeat(40);
const OTHER = 'd'.repeat(40);
const HOME = { repository: 'Org/Bot', defaultBranch: 'main' };

const CLAIM: RunOrigin = {
  commit: COMMIT,
  ref: 'refs/heads/main',
  event: 'push',
  runId: '42',
  runAttempt: '1',
};
const RUN: WorkflowRun = {
  commit: COMMIT,
  event: 'push',
  ref: 'main',
  attempt: 1,
  repository: 'org/bot',
};

const OFF_BRANCH =
  'run 42 was not on the default branch, and its commit is not on the line of that branch';

function faultOf(claim: Partial<RunOrigin>, run: Partial<WorkflowRun>): string | undefined {
  const record = makeRecord({ provenance: { ...CLAIM, ...claim } });
  return findOriginFault(record, { commit: COMMIT, run: { ...RUN, ...run }, home: HOME });
}

test.each<[string, Partial<RunOrigin>, Partial<WorkflowRun>]>([
  ['a push', {}, {}],
  ['a first attempt that was run again since', {}, { attempt: 3 }],
  ['a second attempt', { runAttempt: '2' }, { attempt: 2 }],
  ['a schedule', { event: 'schedule' }, { event: 'schedule' }],
  ['a dispatch', { event: 'workflow_dispatch' }, { event: 'workflow_dispatch' }],
  ['a push of a tag', { ref: 'refs/tags/v1' }, { ref: 'v1' }],
  ['a release', { ref: 'refs/tags/v1', event: 'release' }, { ref: 'v1', event: 'release' }],
])('nothing contradicts %s', (_, claim, run) => {
  expect(faultOf(claim, run)).toBeUndefined();
});

test.each<[string, Partial<RunOrigin>, Partial<WorkflowRun>, string]>([
  ['a record of another commit', { commit: OTHER }, {}, 'it says that it is of another commit'],
  ['a record of no commit', { commit: null }, {}, 'it says that it is of another commit'],
  ['a record of no run', { runId: null }, {}, 'it names no run'],
  ['a run for another commit', {}, { commit: OTHER }, 'run 42 was for another commit'],
  ['a run of a fork', {}, { repository: 'eve/bot' }, 'run 42 was for another repository'],
  ['a run of a fork that is gone', {}, { repository: null }, 'run 42 was for another repository'],
  ['an attempt that never existed', { runAttempt: '2' }, {}, 'run 42 had no such attempt'],
  [
    'another event',
    {},
    { event: 'pull_request' },
    'run 42 was started by another event than it says',
  ],
  [
    'a pull request',
    { event: 'pull_request' },
    { event: 'pull_request' },
    'run 42 was started by pull_request',
  ],
  ['a feature branch', {}, { ref: 'feature' }, OFF_BRANCH],
  ['a run without a branch', {}, { ref: null }, OFF_BRANCH],
  [
    'a feature branch whose record says so',
    { ref: 'refs/heads/feature' },
    { ref: 'feature' },
    OFF_BRANCH,
  ],
  ['a branch that says it is a tag', { ref: 'refs/tags/v1' }, {}, 'run 42 was not on that tag'],
  [
    'a schedule on a tag',
    { ref: 'refs/tags/v1', event: 'schedule' },
    { ref: 'v1', event: 'schedule' },
    'run 42 was started by schedule',
  ],
])('%s is not trusted', (_, claim, run, fault) => {
  expect(faultOf(claim, run)).toBe(fault);
});

describe('a run on a branch of another name', () => {
  const faultAt = (
    isOnDefaultBranch: boolean | undefined,
    claim: Partial<RunOrigin> = {},
    run: Partial<WorkflowRun> = {},
  ): string | undefined =>
    findOriginFault(makeRecord({ provenance: { ...CLAIM, ...claim } }), {
      commit: COMMIT,
      run: { ...RUN, ref: 'master', ...run },
      home: HOME,
      ...(isOnDefaultBranch !== undefined && { isOnDefaultBranch }),
    });

  test('is trusted if the default branch contains its commit: the branch was renamed', () => {
    expect(faultAt(true, { ref: 'refs/heads/master' })).toBeUndefined();
    expect(faultAt(false, { ref: 'refs/heads/master' })).toBe(OFF_BRANCH);
    expect(faultAt(undefined, { ref: 'refs/heads/master' })).toBe(OFF_BRANCH);
  });

  test('is not trusted for another reason, wherever its commit is', () => {
    expect(faultAt(true, {}, { event: 'pull_request' })).toContain('started by another event');
    expect(faultAt(true, { ref: 'refs/tags/v1' })).toBe('run 42 was not on that tag');
    expect(faultAt(true, {}, { repository: 'eve/bot' })).toContain('for another repository');
  });

  test.each<[string, Partial<RunOrigin>, Partial<WorkflowRun> | undefined, boolean]>([
    ['a run on the default branch', {}, {}, false],
    ['a run on another branch', {}, { ref: 'master' }, true],
    ['a run on a tag', { ref: 'refs/tags/v1' }, { ref: 'v1' }, false],
    ['a run that was deleted', {}, undefined, true],
  ])('history is requested only if it can make a difference: %s', (_, claim, run, isAsked) => {
    const record = makeRecord({ provenance: { ...CLAIM, ...claim } });
    expect(isHistoryNeeded(record, { run: run && { ...RUN, ...run }, home: HOME })).toBe(isAsked);
  });
});

describe('a run that GitHub does not have', () => {
  const GONE =
    'GitHub knows no run 42 (deleted, older than the 400 days that GitHub keeps runs, or never there)';
  const CHANGE: FileChange = {
    commit: 'e'.repeat(40),
    author: 'github-actions[bot]',
    committer: 'web-flow',
    isByApp: true,
    isVerified: true,
  };
  const faultWith = (
    changes: readonly FileChange[] | undefined,
    {
      isOnDefaultBranch = true,
      ...claim
    }: Partial<RunOrigin> & { isOnDefaultBranch?: boolean } = {},
  ): string | undefined =>
    findOriginFault(makeRecord({ provenance: { ...CLAIM, ...claim } }), {
      commit: COMMIT,
      run: undefined,
      home: HOME,
      isOnDefaultBranch,
      ...(changes && { changes }),
    });

  test('may be invented, if nothing else confirms the record', () => {
    expect(faultWith(undefined)).toBe(GONE);
    expect(faultWith([])).toContain(GONE);
  });

  test.each<[string, Partial<FileChange>, Partial<RunOrigin>]>([
    ['a workflow', {}, {}],
    ['an app that is both author and committer', { author: 'a[bot]', committer: 'a[bot]' }, {}],
    ['a schedule', {}, { event: 'schedule' }],
    ['a branch of another name', {}, { ref: 'refs/heads/master' }],
    ['a release', {}, { event: 'release', ref: 'refs/tags/v1' }],
  ])(
    'is trusted by the commit of the data branch that GitHub signed for %s',
    (_, change, claim) => {
      expect(faultWith([{ ...CHANGE, ...change }], claim)).toBeUndefined();
      expect(findSignedCommit([{ ...CHANGE, ...change }])).toBe(CHANGE.commit);
    },
  );

  test.each<[string, readonly Partial<FileChange>[], object, string]>([
    ['has no signature', [{ isVerified: false }], {}, 'did not sign the commit'],
    ['a person signed', [{ isByApp: false, author: 'eve' }], {}, 'did not sign the commit'],
    [
      'a person signed in the name of an app',
      [{ committer: 'eve' }],
      {},
      'did not sign the commit',
    ],
    ['was changed later', [{}, {}], {}, 'its file was changed after it was written'],
    [
      'of another line',
      [{}],
      { isOnDefaultBranch: false },
      'its commit is not on the line of the default branch',
    ],
    ['of a pull request', [{}], { event: 'pull_request', ref: 'refs/pull/7/merge' }, GONE],
    ['of a schedule on a tag', [{}], { event: 'schedule', ref: 'refs/tags/v1' }, GONE],
  ])('is not trusted if its commit %s', (_, changes, claim, words) => {
    expect(
      faultWith(
        changes.map((change) => ({ ...CHANGE, ...change })),
        claim,
      ),
    ).toContain(words);
  });
});
