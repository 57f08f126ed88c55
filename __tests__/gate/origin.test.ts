import { type WorkflowRun, findOriginFault } from '../../src/gate/origin.js';
import type { RunOrigin } from '../../src/gate/record.js';
import { makeRecord } from '../factories.js';

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

function faultOf(claim: Partial<RunOrigin>, run: Partial<WorkflowRun>): string | undefined {
  const record = makeRecord({ provenance: { ...CLAIM, ...claim } });
  return findOriginFault(record, COMMIT, { ...RUN, ...run }, HOME);
}

test.each<[string, Partial<RunOrigin>, Partial<WorkflowRun>]>([
  ['a push', {}, {}],
  ['a first attempt that was run again since', {}, { attempt: 3 }],
  ['a second attempt', { runAttempt: '2' }, { attempt: 2 }],
  ['a schedule', { event: 'schedule' }, { event: 'schedule' }],
  ['a dispatch', { event: 'workflow_dispatch' }, { event: 'workflow_dispatch' }],
  ['a push of a tag', { ref: 'refs/tags/v1' }, { ref: 'v1' }],
  ['a release', { ref: 'refs/tags/v1', event: 'release' }, { ref: 'v1', event: 'release' }],
])('nothing speaks against %s', (_, claim, run) => {
  expect(faultOf(claim, run)).toBeUndefined();
});

test.each<[string, Partial<RunOrigin>, Partial<WorkflowRun>, string]>([
  ['a record of another commit', { commit: OTHER }, {}, 'it says that it is of another commit'],
  ['a record of no commit', { commit: null }, {}, 'it says that it is of another commit'],
  ['a record of no run', { runId: null }, {}, 'it names no run'],
  ['a run for another commit', {}, { commit: OTHER }, 'run 42 was for another commit'],
  ['a run of a fork', {}, { repository: 'eve/bot' }, 'run 42 was for another repository'],
  ['a run of a fork that is gone', {}, { repository: null }, 'run 42 was for another repository'],
  ['an attempt that never was', { runAttempt: '2' }, {}, 'run 42 had no such attempt'],
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
  ['a feature branch', {}, { ref: 'feature' }, 'run 42 was not on the default branch'],
  ['a run without a branch', {}, { ref: null }, 'run 42 was not on the default branch'],
  [
    'a feature branch that admits it',
    { ref: 'refs/heads/feature' },
    { ref: 'feature' },
    'run 42 was not on the default branch',
  ],
  ['a branch that says it is a tag', { ref: 'refs/tags/v1' }, {}, 'run 42 was not on that tag'],
  [
    'a schedule on a tag',
    { ref: 'refs/tags/v1', event: 'schedule' },
    { ref: 'v1', event: 'schedule' },
    'run 42 was started by schedule',
  ],
])('%s may not serve', (_, claim, run, fault) => {
  expect(faultOf(claim, run)).toBe(fault);
});

test('a run that GitHub does not know may have been made up', () => {
  const record = makeRecord({ provenance: CLAIM });
  expect(findOriginFault(record, COMMIT, undefined, HOME)).toBe('GitHub knows no run 42');
});
