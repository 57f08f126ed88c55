import { findAnchor } from '../../src/action/anchor.js';
import type { RunTrigger } from '../../src/action/context/event.js';
import { useTempFolder } from '../edges/temp.js';
import { fakeGitHub } from './fake-github.js';
import { BASE, HEAD, MERGE_GROUP, PULL_REQUEST, PUSH } from './triggers.js';

const temp = useTempFolder();
const pushed = { ...PUSH.origin, event: 'push' };

test.each<[string, RunTrigger, string, string]>([
  ['a push that is recorded', { ...PUSH, origin: pushed }, BASE, 'push-before'],
  ['a push that is gated', { ...PUSH, mode: 'gate', origin: pushed }, BASE, 'push-before'],
  ['a schedule, a tag or a release', { ...PUSH, baselineCommit: HEAD }, HEAD, 'same-commit'],
  ['the same, gated', { ...PUSH, mode: 'gate', baselineCommit: HEAD }, HEAD, 'same-commit'],
  ['a merge queue', MERGE_GROUP, BASE, 'queue-base'],
])(
  'the look-up for %s begins at the commit that the change started from',
  async (_, trigger, commit, kind) => {
    const anchor = await findAnchor(trigger, { root: temp.path, github: fakeGitHub({}) });
    expect(anchor).toEqual({ commit, kind });
  },
);

describe('a push whose earlier state is no longer part of the history', () => {
  const trigger = { ...PUSH, origin: pushed };
  const PARENT = 'f'.repeat(40);
  const gone = { mergeBase: (): Promise<undefined> => Promise.resolve(undefined) };
  const aside = { mergeBase: (): Promise<string> => Promise.resolve(PARENT) };

  test.each([
    [
      'an earlier state that GitHub does not know',
      gone,
      [PARENT],
      { commit: PARENT, kind: 'first-parent' },
    ],
    [
      'an earlier state that was dropped',
      aside,
      [PARENT, BASE],
      { commit: PARENT, kind: 'first-parent' },
    ],
    ['an earlier state before the first commit', gone, [], { commit: HEAD, kind: 'same-commit' }],
  ])('%s: the look-up begins at the first parent', async (_, more, parents, expected) => {
    const github = { ...fakeGitHub({}), ...more, parentsOf: () => Promise.resolve(parents) };
    expect(await findAnchor(trigger, { root: temp.path, github })).toEqual(expected);
  });

  test('for a new branch, the commit before the push is a row of zeros, and GitHub is not asked', async () => {
    const none = { ...trigger, baselineCommit: '0'.repeat(40) };
    const github = {
      ...fakeGitHub({}),
      mergeBase: () => Promise.reject(new Error('asked for a row of zeros')),
    };
    expect(await findAnchor(none, { root: temp.path, github })).toEqual({
      commit: '0'.repeat(40),
      kind: 'push-before',
    });
  });
});

test('an approved head is not checked out, so the checkout says nothing about it', async () => {
  const checkedOut = 'd'.repeat(40);
  await temp.write('.git/HEAD', `${checkedOut}\n`);
  const approved = { repository: 'stranger/bot', branch: 'patch-1', commit: HEAD };
  const trigger = {
    ...PULL_REQUEST,
    approved,
    pullRequest: { number: 7, isFork: true, mergeCommit: HEAD, labels: [] },
  };
  const asked: string[] = [];
  const github = {
    ...fakeGitHub({ [checkedOut]: {} }),
    mergeBase: (base: string, head: string) => {
      asked.push(`${base}...${head}`);
      return Promise.resolve('f'.repeat(40));
    },
  };
  const anchor = await findAnchor(trigger, { root: temp.path, github });
  expect(anchor).toEqual({ commit: 'f'.repeat(40), kind: 'merge-base' });
  expect(asked).toEqual([`${BASE}...${HEAD}`]);
});
