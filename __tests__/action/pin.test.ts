import { confirmPinned, findMove, pinPullRequest } from '../../src/action/pin.js';
import type { RunTrigger } from '../../src/action/context/event.js';
import type { GitHub } from '../../src/edges/github/client.js';
import type { FileDiff } from '../../src/edges/github/change.js';
import { useTempFolder } from '../edges/temp.js';
import { fakeGitHub } from './fake-github.js';
import { BASE, HEAD, MERGE, MERGE_GROUP, PULL_REQUEST, PUSH } from './triggers.js';

const NEWER = 'c'.repeat(40);
const FORK = 'stranger/bot';

const temp = useTempFolder();

const CHANGE: FileDiff = {
  isOpen: true,
  head: { repository: 'octocat/bot', branch: 'feature', commit: HEAD },
  headCommit: HEAD,
  base: { repository: 'octocat/bot', ref: 'main', commit: NEWER },
  mergeCommit: NEWER,
};

/** A GitHub that knows one pull request in its present state. */
function world(more: Partial<FileDiff> = {}): GitHub & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    ...fakeGitHub({}),
    asked,
    change: (number, head) => {
      asked.push(`#${number}@${head}`);
      return Promise.resolve({ ...CHANGE, ...more });
    },
  };
}

const forMain: RunTrigger = {
  ...PULL_REQUEST,
  origin: { ...PULL_REQUEST.origin, base: { ref: 'main', commit: BASE } },
};
const lax = { base: { ...CHANGE.base, ref: 'lax' } };
const moved = { headCommit: NEWER };

const pin = (trigger: RunTrigger, github: GitHub): ReturnType<typeof pinPullRequest> =>
  pinPullRequest(trigger, { root: temp.path, github });

describe('before the first paid call', () => {
  test('a base that moved on still counts as the base of the event', async () => {
    expect(await pin(forMain, world())).toEqual({ pinned: forMain });
  });

  test('an event without the branch is completed by what GitHub reports', async () => {
    const { pinned } = { pinned: undefined, ...(await pin(PULL_REQUEST, world(lax))) };
    expect(pinned?.origin.base).toEqual({ ref: 'lax', commit: BASE });
  });

  test.each<[string, Partial<FileDiff>, string]>([
    ['another base', lax, 'was retargeted from main to lax before it was measured'],
    ['another head', moved, 'its head has moved from aaaaaaaaaaaa to cccccccccccc before it'],
  ])('%s ends the run', async (_, more, words) => {
    expect(await pin(forMain, world(more))).toEqual({
      stopped: expect.stringMatching(new RegExp(`^pull request 7: .*${words}`)) as string,
    });
  });

  test("GitHub's present merge is the one under test if it is checked out", async () => {
    await temp.write('.git/HEAD', `${NEWER}\n`);
    expect(await pin(forMain, world())).toMatchObject({
      pinned: { pullRequest: { mergeCommit: NEWER } },
    });
    expect(await pin(forMain, world({ mergeCommit: undefined }))).toMatchObject({
      pinned: { pullRequest: { mergeCommit: MERGE } },
    });
  });

  test.each<[string, RunTrigger]>([
    ['a merge queue', MERGE_GROUP],
    ['a push', PUSH],
    ['a pull request that was closed', aside('closed')],
    ['a head that was approved a moment ago', approved()],
  ])('no request is made about %s', async (_, trigger) => {
    const github = world(lax);
    expect(await pin(trigger, github)).toEqual({ pinned: trigger });
    expect(github.asked).toEqual([]);
  });
});

describe('after the measurement', () => {
  test('a result for an unchanged pull request is published', async () => {
    const github = world();
    expect(await confirmPinned(forMain, github)).toBeUndefined();
    expect(github.asked).toEqual([`#7@${HEAD}`]);
  });

  test.each<[string, RunTrigger, Partial<FileDiff>, string]>([
    ['another base', forMain, lax, 'retargeted from main to lax while it was measured'],
    ['another head', forMain, moved, 'has moved from aaaaaaaaaaaa to cccccccccccc while it was'],
    ['another base of a fork', approved(), lax, 'retargeted from main to lax'],
    [
      'another head of a fork',
      approved(),
      { head: { repository: FORK, branch: 'patch-1', commit: NEWER }, headCommit: NEWER },
      'each head needs its own approval',
    ],
    ['a fork that was closed', approved(), { isOpen: false }, 'it was closed'],
  ])('%s stops the publication', async (_, trigger, more, words) => {
    const head = { repository: FORK, branch: 'patch-1', commit: HEAD };
    const github = world({ ...(trigger.approved && { head }), ...more });
    const fault = await confirmPinned(trigger, github);
    expect(fault).toMatch(/^pull request 7: .*What was measured is not published$/);
    expect(fault).toContain(words);
  });

  test('no request is made without a pull request', async () => {
    expect(await confirmPinned(MERGE_GROUP, world(lax))).toBeUndefined();
  });
});

test('a base counts by its name, a head by its commit', () => {
  const tested = { head: HEAD, base: 'main' };
  expect(findMove(tested, CHANGE)).toBeUndefined();
  expect(findMove(tested, { ...CHANGE, base: { ...CHANGE.base, commit: MERGE } })).toBeUndefined();
  expect(findMove({ ...tested, base: '' }, CHANGE)).toContain('retargeted');
});

function aside(kind: 'closed' | 'merged'): RunTrigger {
  const { pullRequest } = PULL_REQUEST;
  if (!pullRequest) throw new Error('it is one');
  return { ...forMain, pullRequest: { ...pullRequest, aside: kind } };
}

function approved(): RunTrigger {
  return { ...forMain, approved: { repository: FORK, branch: 'patch-1', commit: HEAD } };
}
