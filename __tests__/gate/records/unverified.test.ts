import {
  type UntrustedRun,
  findForgery,
  findNothingToReport,
} from '../../../src/gate/records/unverified.js';
import {
  renderUnverified,
  renderUnverifiedComment,
  unverifiedMarker,
} from '../../../src/report/comment/unverified.js';
import { commentMarker } from '../../../src/report/comment/comment.js';
import { readVerdicts } from '../../../src/report/history.js';
import { makeRecord } from '../../factories.js';

const HEAD = 'a'.repeat(40);
const RUN: UntrustedRun = {
  id: '77',
  commit: HEAD,
  event: 'pull_request',
  ref: 'feature',
  attempt: 2,
  repository: 'stranger/bot',
};
const ABOUT = { pullRequest: 7, suite: 'default' };
const ORIGIN = {
  commit: HEAD,
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  runId: '77',
  runAttempt: '1',
};
const recordOf = (more: Partial<typeof ORIGIN> = {}): ReturnType<typeof makeRecord> =>
  makeRecord({ provenance: { ...ORIGIN, ...more } });

test('the run of a fork has something to report', () => {
  expect(findNothingToReport(RUN, 'octocat/bot')).toBeUndefined();
});

test.each<[string, Partial<UntrustedRun>]>([
  ['a push', { event: 'push' }],
  ['pull_request_target', { event: 'pull_request_target' }],
  ['this repository', { repository: 'octocat/bot' }],
  ['this repository with its name in other case', { repository: 'Octocat/Bot' }],
  ['a fork that is gone', { repository: null }],
  ['no branch', { ref: null }],
])('the run of %s has nothing to report', (_, more) => {
  expect(findNothingToReport({ ...RUN, ...more }, 'octocat/bot')).toBeDefined();
});

test('a record that GitHub does not contradict is accepted', () => {
  expect(findForgery(recordOf(), RUN, ABOUT)).toBeUndefined();
});

test.each<[string, Partial<typeof ORIGIN>, RegExp]>([
  ['of another run', { runId: '78' }, /of run 77/],
  ['of a future attempt', { runAttempt: '3' }, /no such attempt/],
  ['of another commit', { commit: 'b'.repeat(40) }, /another commit/],
  ['of another event', { event: 'push' }, /another event/],
  ["with another pull request's number", { ref: 'refs/pull/8/merge' }, /pull request 7/],
  ['of a branch', { ref: 'refs/heads/main' }, /pull request 7/],
])('a record %s is forged', (_, more, words) => {
  expect(findForgery(recordOf(more), RUN, ABOUT)).toMatch(words);
});

test('a record of another suite does not count for this one', () => {
  expect(findForgery(recordOf(), RUN, { ...ABOUT, suite: 'other' })).toMatch(/another suite/);
});

describe('the report', () => {
  const hostile = '`](http://evil) @everyone <img> ✅';
  const record = makeRecord({
    provenance: { ...ORIGIN, dataset: hostile },
    subject: { model: hostile, endpoint: hostile },
    fingerprint: { judgeModel: hostile },
  });

  test('says first that it is unverified, and shows foreign words as code', () => {
    const text = renderUnverified({ suite: 'default', run: RUN, record });
    expect(text).toMatch(/^## MASK Gate: ❔ unverified, made by the fork\n/);
    expect(text).toContain('They are no verdict');
    expect(text.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/evil|@everyone|<img>|✅/);
  });

  test('of a run that measured nothing says so', () => {
    const text = renderUnverified({ suite: 'default', run: RUN });
    expect(text).toContain('This pull request has not been measured');
    expect(text).not.toContain('P(Lie)');
  });

  test('is a separate comment from that of the gate, and stores its commit', () => {
    const comment = renderUnverifiedComment({ suite: 'default', run: RUN, record });
    expect(comment.startsWith(unverifiedMarker('default'))).toBe(true);
    expect(comment.startsWith(commentMarker('default'))).toBe(false);
    expect(readVerdicts(comment)).toEqual([{ commit: HEAD, verdict: 'not-measured' }]);
  });
});
