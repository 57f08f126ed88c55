import { findApproved, createHeadReader } from '../../src/action/approval.js';
import type { GitHub } from '../../src/edges/github/client.js';
import type { FileDiff } from '../../src/edges/github/change.js';
import { RunError, UsageError } from '../../src/base/errors.js';
import type { WorkflowRun } from '../../src/gate/records/origin.js';
import { NO_ORIGIN } from '../../src/gate/records/record.js';
import { fakeGitHub } from './fake-github.js';
import { BASE, HEAD, PULL_REQUEST } from './triggers.js';

const FORK = 'stranger/bot';
const NEWER = 'c'.repeat(40);

const APPROVED = { repository: FORK, branch: 'patch-1', commit: HEAD };

const RUN: WorkflowRun = {
  commit: HEAD,
  event: 'pull_request',
  ref: 'patch-1',
  attempt: 1,
  repository: FORK,
};

const CHANGE: FileDiff = {
  isOpen: true,
  head: APPROVED,
  headCommit: HEAD,
  base: { repository: 'octocat/bot', ref: 'main', commit: BASE },
  mergeCommit: undefined,
};

const CONFIG = '.github/mask-gate.yml';
/** The commit of the default branch, whose workflow runs. */
const MAIN = 'd'.repeat(40);

const OCCASION = {
  mode: 'approval',
  runId: '900',
  origin: { ...NO_ORIGIN, commit: MAIN, runId: '901', event: 'workflow_run' },
} as const;

interface World {
  readonly run?: WorkflowRun | undefined;
  readonly approvers?: readonly string[];
  readonly pulls?: readonly { readonly number: number; readonly base: string }[];
  readonly change?: FileDiff;
  /** The configuration on the default branch, and on the branch `lax`. */
  readonly config?: string;
}

/** A GitHub where everything is in order, except the parts that a test replaces. */
function world(more: World = {}): GitHub & { readonly asked: readonly string[] } {
  const { approvers, pulls, change, config } = {
    config: undefined,
    approvers: ['keeper'],
    pulls: [{ number: 7, base: BASE }],
    change: CHANGE,
    ...more,
  };
  const run = 'run' in more ? more.run : RUN;
  const asked: string[] = [];
  return {
    ...fakeGitHub(config === undefined ? {} : { [MAIN]: { [CONFIG]: config } }),
    asked,
    workflowRun: (id) => Promise.resolve(id === '900' ? run : undefined),
    approversOf: (id) => Promise.resolve(id === '901' ? approvers : []),
    pullRequestsFrom: (head) => {
      asked.push(`${head.repository}:${head.branch}@${head.commit}`);
      return Promise.resolve(pulls);
    },
    change: (number) => {
      asked.push(`#${number}`);
      return Promise.resolve(change);
    },
  };
}

const REQUEST = { trigger: OCCASION, problems: [], configPath: CONFIG, assignments: [] };

const find = (more?: World): ReturnType<typeof findApproved> => findApproved(REQUEST, world(more));

test('the pull request, its base and its head are what GitHub reports for the approved run', async () => {
  const github = world();
  expect(await findApproved(REQUEST, github)).toEqual({
    approved: {
      mode: 'gate',
      origin: {
        ...OCCASION.origin,
        commit: HEAD,
        ref: 'refs/pull/7/head',
        base: { ref: 'main', commit: BASE },
      },
      baselineCommit: BASE,
      headCommit: HEAD,
      policyCommit: BASE,
      approved: APPROVED,
      pullRequest: { number: 7, isFork: true, mergeCommit: HEAD, labels: [] },
    },
  });
  expect(github.asked).toEqual([`${FORK}:patch-1@${HEAD}`, '#7']);
});

test.each<[string, World, string]>([
  ['no one approved', { approvers: [] }, 'needs an environment with reviewers'],
  ['the head has moved, so no pull request has it', { pulls: [] }, 'its head has moved'],
  [
    'two pull requests have the head',
    {
      pulls: [
        { number: 7, base: BASE },
        { number: 8, base: BASE },
      ],
    },
    '2 open pull requests',
  ],
  ['a push started the run', { run: { ...RUN, event: 'push' } }, 'not by a pull request'],
  [
    'the head is in the same repository',
    { run: { ...RUN, repository: 'Octocat/bot' } },
    'in this repository',
  ],
  ['the fork is gone', { run: { ...RUN, repository: null } }, 'is gone'],
  ['the run names no branch', { run: { ...RUN, ref: null } }, 'names no branch'],
  [
    'the head moves between two requests',
    { change: { ...CHANGE, head: { ...APPROVED, commit: NEWER } } },
    `has moved from ${HEAD.slice(0, 12)} to ${NEWER.slice(0, 12)}`,
  ],
  [
    'the pull request is closed between two requests',
    { change: { ...CHANGE, isOpen: false } },
    'was closed',
  ],
  [
    'the pull request is for another repository',
    { change: { ...CHANGE, base: { ...CHANGE.base, repository: 'other/bot' } } },
    'is not for this repository',
  ],
  [
    'the head is in another fork',
    { change: { ...CHANGE, head: { ...APPROVED, repository: 'other/bot' } } },
    'is in another repository or branch',
  ],
  [
    'the head is on another branch',
    { change: { ...CHANGE, head: { ...APPROVED, branch: 'main' } } },
    'is in another repository or branch',
  ],
  [
    'the head is gone',
    { change: { ...CHANGE, head: undefined } },
    'is in another repository or branch',
  ],
])('stops where %s', async (_, more, words) => {
  const found = await find(more);
  expect(Object.keys(found)).toEqual(['stopped']);
  expect('stopped' in found && found.stopped).toContain(words);
});

test('a run that GitHub does not know is an error, and wrong inputs are reported first', async () => {
  await expect(find({ run: undefined })).rejects.toThrow(RunError);
  const problems = [{ where: 'input x', message: 'is unknown' }];
  await expect(findApproved({ ...REQUEST, problems }, world())).rejects.toThrow(UsageError);
});

describe('a fork is measured for the default branch, and for branches that the policy there names', () => {
  const forBase = (ref: string, config?: string): Promise<unknown> =>
    find({
      change: { ...CHANGE, base: { ...CHANGE.base, ref } },
      ...(config !== undefined && { config }),
    });
  const bases = (...patterns: readonly string[]): string =>
    `target: { model: m }\njudge: { model: j }\nforks: { bases: ${JSON.stringify(patterns)} }\n`;

  test.each<[string, string | undefined]>([
    ['main', undefined],
    ['release/1', bases('release/*')],
    ['lax', bases('next', 'lax')],
  ])('%s with %j', async (ref, config) => {
    expect(await forBase(ref, config)).toMatchObject({
      approved: { origin: { base: { ref, commit: BASE } } },
    });
  });

  test.each<[string, string | undefined]>([
    ['lax', undefined],
    ['lax', bases()],
    ['release/1/x', bases('release/*')],
    ['main2', bases('release/*')],
    ['lax', 'forks: { bases: 5 }\n'],
  ])('but not %s with %j', async (ref, config) => {
    expect(await forBase(ref, config)).toEqual({
      stopped: expect.stringContaining(
        `pull request 7: its base is ${ref}, and approved forks are measured for the default branch (main)`,
      ) as string,
    });
  });
});

test('the head is read at the approved commit, and only after an approval', async () => {
  const asked: string[] = [];
  const github: GitHub = {
    ...fakeGitHub({}),
    readPlainText: ({ path }, ref) => {
      asked.push(`${path}@${ref}`);
      return Promise.resolve({ found: 'text' });
    },
  };
  expect(createHeadReader(PULL_REQUEST, github)).toEqual({});
  const { read } = createHeadReader({ approved: APPROVED }, github);
  await read?.({ setting: 's', path: 'a.md', root: '.' });
  expect(asked).toEqual([`a.md@${HEAD}`]);
});
