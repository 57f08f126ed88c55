import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { openBaselines } from '../../src/action/baselines.js';
import type { RunTrigger } from '../../src/action/context/event.js';
import type { GitHub } from '../../src/edges/github/client.js';
import type { DataBranch } from '../../src/edges/github/branch.js';
import { UsageError } from '../../src/base/errors.js';
import type { WorkflowRun } from '../../src/gate/records/origin.js';
import { PROMOTION_SCHEMA, type PromotedRecord } from '../../src/gate/records/promotion.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import type { BaselinePort } from '../../src/ports.js';
import { useTempFolder } from '../edges/temp.js';
import { makeConfig, makeMeasuredExample, makeRecord } from '../factories.js';
import { type Commits, fakeGitHub } from './fake-github.js';
import { BASE, HEAD, MERGE_GROUP, PULL_REQUEST, PUSH } from './triggers.js';
import { createDirectoryStore } from '../../src/edges/files/directory-store.js';
import { formatRecord } from '../../src/edges/files/record-store.js';
import { promotionPath } from '../../src/gate/records/record-path.js';

const PARENT = 'd'.repeat(40);
const temp = useTempFolder();

/** A record of a push to the default branch; each commit has a separate run. */
const recordOf = (commit: string, id = 'one'): ReturnType<typeof makeRecord> =>
  makeRecord({
    examples: [makeMeasuredExample({ id })],
    provenance: {
      commit,
      event: 'push',
      ref: 'refs/heads/main',
      runId: `run-${commit}`,
      runAttempt: '1',
    },
  });

/** The run that such a record names. */
const runOf = (id: string): WorkflowRun | undefined =>
  id.startsWith('run-')
    ? { commit: id.slice(4), event: 'push', ref: 'main', attempt: 1, repository: 'octocat/bot' }
    : undefined;

function promoted(record: GateRecord, commit: string | null): PromotedRecord {
  const when = '2026-03-05T12:00:00.000Z';
  return { schema: PROMOTION_SCHEMA, who: 'Ada', why: 'why not', when, commit, record };
}

async function open(
  baseline: { readonly store?: 'committed' | 'directory'; readonly path?: string },
  commits: Commits,
  trigger: RunTrigger = PULL_REQUEST,
): Promise<BaselinePort> {
  const config = makeConfig({
    baseline: {
      store: 'committed',
      path: 'evals/base.json',
      maxAge: 14,
      inline: false,
      ...baseline,
    },
  });
  const github: GitHub = {
    ...fakeGitHub(commits, [PARENT]),
    workflowRun: (id) => Promise.resolve(runOf(id)),
  };
  return (await openBaselines(config, trigger, { root: temp.path, github })).baselines;
}

describe('a committed baseline', () => {
  test('is read at the base commit, not from the head', async () => {
    await temp.write('evals/base.json', formatRecord(recordOf(HEAD, 'planted')));
    const store = await open(
      {},
      {
        [BASE]: { 'evals/base.json': formatRecord(recordOf(PARENT)) },
        [HEAD]: { 'evals/base.json': formatRecord(recordOf(HEAD, 'planted')) },
      },
    );
    expect(await store.findRecord('default')).toEqual({
      status: 'found',
      record: recordOf(PARENT),
      distance: null,
      older: [],
    });
  });

  test('is absent if only the head has it', async () => {
    await temp.write('evals/base.json', formatRecord(recordOf(HEAD)));
    const store = await open(
      {},
      {
        [BASE]: {},
        [HEAD]: { 'evals/base.json': formatRecord(recordOf(HEAD)) },
      },
    );
    expect(await store.findRecord('default')).toEqual({ status: 'absent' });
  });

  test('cannot be promoted by the head of a pull request', async () => {
    const planted = JSON.stringify(promoted(recordOf(HEAD, 'planted'), null));
    await temp.write('evals/base.json', planted);
    const atBase = { 'evals/base.json': formatRecord(recordOf(PARENT)) };
    const store = await open({}, { [BASE]: atBase, [HEAD]: { 'evals/base.json': planted } });
    const found = await store.findRecord('default');
    expect(found).toMatchObject({ status: 'found', record: recordOf(PARENT) });
    expect(found).not.toHaveProperty('promotion');
    const reviewed = { 'evals/base.json': JSON.stringify(promoted(recordOf(PARENT), null)) };
    expect(await (await open({}, { [BASE]: reviewed })).findRecord('default')).toMatchObject({
      record: recordOf(PARENT),
      promotion: { who: 'Ada' },
    });
  });

  test.each<[string, Parameters<typeof makeRecord>[0], string]>([
    ['names a run that GitHub does not know', { provenance: { runId: '666' } }, 'no run 666'],
    ['names the run of another commit', { provenance: { commit: HEAD } }, 'for another commit'],
    ['was recorded outside CI', { provenance: { runId: null } }, 'it names no run'],
    ['names another event than its run', { provenance: { event: 'schedule' } }, 'another event'],
  ])('that %s is never compared with, and does not count as absent', async (_, choices, reason) => {
    const genuine = recordOf(PARENT);
    const record = {
      ...genuine,
      provenance: { ...genuine.provenance, ...choices?.provenance },
    };
    const store = await open({}, { [BASE]: { 'evals/base.json': formatRecord(record) } });
    expect(await store.findRecord('default')).toMatchObject({
      status: 'untrusted',
      rejected: [{ where: 'evals/base.json', reason: expect.stringContaining(reason) as string }],
    });
  });

  test('that was recorded outside CI is used once a person promotes it', async () => {
    const local = makeRecord({ provenance: { commit: null, runId: null } });
    const text = JSON.stringify(promoted(local, null));
    const store = await open({}, { [BASE]: { 'evals/base.json': text } });
    expect(await store.findRecord('default')).toMatchObject({
      status: 'found',
      promotion: { who: 'Ada' },
    });
  });

  test('that cannot be read is corrupt', async () => {
    const store = await open({}, { [BASE]: { 'evals/base.json': '<<<<<<<' } });
    expect(await store.findRecord('default')).toMatchObject({
      status: 'corrupt',
      where: 'evals/base.json',
    });
  });

  test('is recorded into the checkout', async () => {
    const store = await open({}, {}, PUSH);
    expect(await store.save(recordOf(BASE))).toBe(path.join(temp.path, 'evals/base.json'));
  });
});

describe('a folder of baselines', () => {
  const folder = { store: 'directory', path: '.mask-gate' } as const;

  test('that git does not know is searched along the first parents', async () => {
    await createDirectoryStore(path.join(temp.path, '.mask-gate'), []).save(recordOf(PARENT));
    const store = await open(folder, { [BASE]: {}, [HEAD]: {} });
    expect(await store.findRecord('default')).toEqual({
      status: 'found',
      record: recordOf(PARENT),
      distance: 1,
      older: [],
    });
  });

  test('also gives earlier records of the first parents', async () => {
    const past = createDirectoryStore(path.join(temp.path, '.mask-gate'), []);
    await past.save(recordOf(PARENT, 'earlier'));
    await past.save(recordOf(BASE, 'nearest'));
    await past.save(recordOf(HEAD, "the head's own"));
    const store = await open(folder, { [BASE]: {}, [HEAD]: {} });
    expect(await store.findRecord('default')).toEqual({
      status: 'found',
      record: recordOf(BASE, 'nearest'),
      distance: 0,
      older: [recordOf(PARENT, 'earlier')],
    });
  });

  test("does not use the head's own record as a baseline", async () => {
    await createDirectoryStore(path.join(temp.path, '.mask-gate'), []).save(recordOf(HEAD));
    const store = await open(folder, {});
    expect(await store.findRecord('default')).toEqual({ status: 'absent' });
  });

  test("that is part of the pull request's tree is refused", async () => {
    const opened = open(folder, {
      [HEAD]: { [`.mask-gate/records/default/${BASE}/1-1.json`]: formatRecord(recordOf(BASE)) },
    });
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(/baseline\.path: "\.mask-gate" is part of the pull/);
  });

  test('that a merge queue would bring along is refused as well', async () => {
    const commits = { [HEAD]: { '.mask-gate/records/default/x/1-1.json': '{}' } };
    await expect(open(folder, commits, MERGE_GROUP)).rejects.toThrow(/is part of the pull/);
  });

  test('behind a symbolic link, which the tree of the head would not show, is refused', async () => {
    await temp.write('evil/mask/note.md', 'planted');
    await symlink('evil', path.join(temp.path, 'cache'));
    const opened = open({ store: 'directory', path: 'cache/mask' }, {});
    await expect(opened).rejects.toThrow(/is behind a symbolic link/);
  });

  test('may be tracked where only maintainers can change it', async () => {
    const commits = {
      [HEAD]: { '.mask-gate/a.json': '{}' },
      [BASE]: { '.mask-gate/a.json': '{}' },
    };
    expect(await (await open(folder, commits, PUSH)).findRecord('default')).toEqual({
      status: 'absent',
    });
  });

  test('is recorded into the checkout', async () => {
    const store = await open(folder, {}, PUSH);
    const saved = await store.save(recordOf(BASE));
    expect(saved.startsWith(path.join(temp.path, '.mask-gate', 'records', 'default', BASE))).toBe(
      true,
    );
  });
});

describe('a promotion on the data branch', () => {
  const CLAIM = { runId: '42', runAttempt: '1', event: 'pull_request', ref: 'refs/pull/7/merge' };
  const ofPullRequest = makeRecord({
    examples: [makeMeasuredExample({ id: 'one' })],
    provenance: { commit: PARENT, ...CLAIM },
  });

  /** A look-up on a branch that contains one file, on a GitHub whose run 42 is as given. */
  async function find(file: string, text: string, run: Partial<WorkflowRun>): Promise<unknown> {
    const branch: DataBranch = {
      snapshot: () =>
        Promise.resolve({
          list: (folder) =>
            Promise.resolve(
              file.startsWith(`${folder}/`)
                ? file
                    .slice(folder.length + 1)
                    .split('/')
                    .slice(0, 1)
                : [],
            ),
          files: (folder) => Promise.resolve(path.dirname(file) === folder ? [file] : []),
          read: () => Promise.resolve(text),
        }),
      add: () => Promise.reject(new Error('a gate writes nothing')),
      checkWritable: () => Promise.reject(new Error('a gate writes nothing')),
      listChanges: () => Promise.resolve([]),
    };
    const known = { commit: PARENT, event: 'pull_request', ref: 'feature', attempt: 1, ...run };
    const github: GitHub = {
      ...fakeGitHub({}, [PARENT]),
      dataBranch: () => branch,
      workflowRun: (id) =>
        Promise.resolve(id === '42' ? { repository: 'octocat/bot', ...known } : undefined),
    };
    const config = makeConfig({
      baseline: { store: 'branch', branch: 'data', page: true, maxAge: 14, inline: false },
    });
    const where = { root: temp.path, github };
    return (await openBaselines(config, PULL_REQUEST, where)).baselines.findRecord('default');
  }

  const promotion = promoted(ofPullRequest, BASE);
  const place = promotionPath('default', promotion);

  test('may be of a record that a pull request measured, which is not a baseline by default', async () => {
    expect(await find(place, JSON.stringify(promotion), {})).toMatchObject({
      status: 'found',
      record: ofPullRequest,
      distance: 0,
      promotion: { who: 'Ada', commit: BASE },
    });
    const alone = `records/default/${PARENT}/42-1.json`;
    expect(await find(alone, formatRecord(ofPullRequest), {})).toMatchObject({
      status: 'untrusted',
      rejected: [{ reason: 'run 42 was started by pull_request' }],
    });
  });

  test('must not be of a record that a fork measured, or of a run that does not match', async () => {
    const text = JSON.stringify(promotion);
    expect(await find(place, text, { repository: 'eve/bot' })).toMatchObject({
      status: 'untrusted',
      rejected: [{ reason: 'run 42 was for another repository' }],
    });
    expect(await find(place, text, { event: 'push' })).toMatchObject({ status: 'untrusted' });
    expect(await find(place, text, { commit: HEAD })).toMatchObject({ status: 'untrusted' });
    expect(await find(place, text.slice(1), {})).toMatchObject({ status: 'corrupt' });
  });
});

describe('a place outside the checkout is refused', () => {
  test.each(['committed', 'directory'] as const)('%s', async (store) => {
    await symlink('/', path.join(temp.path, 'linked'));
    for (const place of ['../base.json', '/etc/passwd', 'linked/etc/passwd']) {
      const opened = open({ store, path: place }, {});
      await expect(opened).rejects.toThrow(UsageError);
      await expect(opened).rejects.toThrow(/baseline\.path: .* leads out of the workspace/);
    }
  });
});
