import path from 'node:path';
import { z } from 'zod';
import { connectGitHub } from '../../../src/edges/github/client.js';
import { readFile } from 'node:fs/promises';
import { type GateRecord, recordSchema } from '../../../src/gate/records/record.js';
import type { BaselinePort } from '../../../src/ports.js';
import { type GitHubServer, startGitHub } from '../../e2e/github-server.js';
import { makeMeasuredExample, makeRecord } from '../../factories.js';
import { useTempFolder } from '../temp.js';
import { createBranchStore } from '../../../src/edges/github/branch-store.js';
import { createCommittedStore } from '../../../src/edges/files/committed-store.js';
import { createDirectoryStore } from '../../../src/edges/files/directory-store.js';
import { formatRecord } from '../../../src/edges/files/record-store.js';
import { isThorough } from '../../thorough.js';

/** Jobs that record at the same time. */
const WRITERS = isThorough ? 16 : 6;

const [TIP, PARENT, GRANDPARENT] = ['c'.repeat(40), 'b'.repeat(40), 'a'.repeat(40)] as const;
const LINE = [TIP, PARENT, GRANDPARENT];

function recordOf(commit: string, name = '1', createdAt = '2026-03-01T12:00:00.000Z'): GateRecord {
  return makeRecord({
    examples: [makeMeasuredExample({ id: name })],
    provenance: { commit, runId: name, runAttempt: '1', createdAt },
  });
}

/** Origins are tested separately: see the tests of look-ups. */
const trustAll = (): Promise<undefined> => Promise.resolve(undefined);

let github: GitHubServer;
let branches = 0;
const temp = useTempFolder();

beforeAll(async () => {
  github = await startGitHub();
  await github.grantWrite();
});
afterAll(() => github.close());

/** A place to store records in, empty at first, and a way to corrupt it. */
interface Place {
  /** The store for a line of commits, nearest first. */
  at(commits: readonly string[]): BaselinePort;
  /** Puts a text where the record of a commit would be. */
  spoil(commit: string, run: string, text: string): Promise<void>;
}

const PLACES: Readonly<Record<string, () => Place>> = {
  directory: () => ({
    at: (commits) => createDirectoryStore(temp.path, commits),
    spoil: async (commit, run, text) => {
      await temp.write(`records/default/${commit}/${run}-1.json`, text);
    },
  }),
  'branch on github.com': () => branchPlace(github.apiUrl),
  'branch on GitHub Enterprise': () => branchPlace(github.enterpriseUrl),
};

function branchPlace(apiUrl: string): Place {
  branches += 1;
  const name = `data/${branches}`;
  const [owner = '', repo = ''] = github.repository.split('/');
  const connection = { token: github.tokens.workflow, repository: { owner, repo }, apiUrl };
  return {
    at: (commits) =>
      createBranchStore(
        { name, branch: connectGitHub(connection).dataBranch(name) },
        commits,
        trustAll,
      ),
    spoil: async (commit, run, text) => {
      await github.moveBranch(name, { [`records/default/${commit}/${run}-1.json`]: text });
    },
  };
}

async function saveAll(
  store: BaselinePort,
  rows: readonly (readonly [string, string, string])[],
): Promise<void> {
  for (const [commit, name, day] of rows)
    await store.save(recordOf(commit, name, `2026-03-${day}T00:00:00.000Z`));
}

/** Runs of the nearest record and of the earlier ones, in their order. */
async function runsFound(store: BaselinePort): Promise<readonly unknown[]> {
  const found = await store.findRecord('default');
  if (found.status !== 'found') throw new Error(`the baseline is ${found.status}`);
  return [found.record, ...found.older].map(({ provenance }) => provenance.runId);
}

describe.each(Object.entries(PLACES))('records in a %s', (_, open) => {
  let place: Place;
  beforeEach(() => {
    place = open();
  });

  test('are absent at first, and on an empty line', async () => {
    expect(await place.at(LINE).findRecord('default')).toEqual({ status: 'absent' });
    await place.at(LINE).save(recordOf(TIP));
    expect(await place.at([]).findRecord('default')).toEqual({ status: 'absent' });
  });

  test.each([
    [TIP, 0],
    [PARENT, 1],
    [GRANDPARENT, 2],
  ])('of %s are found at distance %d, as they were saved', async (commit, distance) => {
    const record = recordOf(commit);
    await place.at(LINE).save(record);
    const found = await place.at(LINE).findRecord('default');
    expect(found).toEqual({ status: 'found', record, distance, older: [] });
  });

  test('are stored under suite, commit, run and attempt', async () => {
    const where = await place.at(LINE).save(recordOf(TIP, '42'));
    expect(where).toContain(`records/default/${TIP}/42-1.json`);
    const record = recordOf(TIP, '42');
    const again = { ...record, provenance: { ...record.provenance, runAttempt: '2' } };
    expect(await place.at(LINE).save(again)).toContain('42-2.json');
  });

  test('of the nearest commit come first, then the newest', async () => {
    await saveAll(place.at(LINE), [
      [GRANDPARENT, '1', '09'],
      [PARENT, '2', '01'],
      [PARENT, '3', '02'],
    ]);
    expect(await runsFound(place.at(LINE))).toEqual(['3', '2', '1']);
  });

  test('of other commits and suites are not found', async () => {
    await place.at(LINE).save(recordOf('d'.repeat(40)));
    const other = recordOf(TIP);
    await place.at(LINE).save({ ...other, measurement: { ...other.measurement, suite: 'other' } });
    expect(await place.at(LINE).findRecord('default')).toEqual({ status: 'absent' });
    expect(await place.at(LINE).findRecord('other')).toMatchObject({
      status: 'found',
      distance: 0,
    });
  });

  test.each([
    ['half a record', (whole: string) => whole.slice(0, whole.length / 2)],
    ['an empty file', () => ''],
    ['another schema', (whole: string) => whole.replace('record/v1', 'record/v9')],
    ['a record of another suite', (whole: string) => whole.replace('"default"', '"other"')],
  ])('that contain %s are corrupt, never absent', async (__, spoil) => {
    await place.at(LINE).save(recordOf(PARENT));
    await place.spoil(TIP, '9', spoil(formatRecord(recordOf(TIP, '9'))));
    const found = await place.at(LINE).findRecord('default');
    expect(found).toMatchObject({ status: 'corrupt' });
    expect(found.status === 'corrupt' ? found.where : '').toContain(`${TIP}/9-1.json`);
  });

  test('after the nearest are ignored if they cannot be read', async () => {
    await saveAll(place.at(LINE), [
      [TIP, '2', '02'],
      [GRANDPARENT, '1', '01'],
    ]);
    await place.spoil(PARENT, '9', '{');
    expect(await runsFound(place.at(LINE))).toEqual(['2', '1']);
  });

  test('are read up to a number that fills every pool, the newest of them', async () => {
    const runs = Array.from({ length: 14 }, (__, index) => String(95 + index));
    for (const run of runs) await place.at(LINE).save(recordOf(TIP, run));
    const found = await runsFound(place.at(LINE));
    expect([...found].sort()).toEqual(runs.slice(-11).sort());
  });
});

/** A committed file stores one record, so it follows the part of the contract that one record can show. */
describe('a record in a committed file', () => {
  const storeWith = (text: string | undefined): BaselinePort =>
    createCommittedStore({
      file: path.join(temp.path, 'base.json'),
      name: 'base.json',
      readAtBase: () => Promise.resolve(text),
    });

  test('is absent at first, found as it was saved, and corrupt if it is cut', async () => {
    expect(await storeWith(undefined).findRecord('default')).toEqual({ status: 'absent' });
    const text = await readFile(await storeWith(undefined).save(recordOf(TIP)), 'utf8');
    expect(await storeWith(text).findRecord('default')).toEqual({
      status: 'found',
      record: recordOf(TIP),
      distance: null,
      older: [],
    });
    expect(await storeWith(text.slice(9)).findRecord('default')).toMatchObject({
      status: 'corrupt',
    });
    expect(await storeWith(text).findRecord('other')).toMatchObject({ status: 'corrupt' });
  });
});

describe('the data branch', () => {
  const connect = (token = github.tokens.workflow, pause = 0): ReturnType<typeof connectGitHub> => {
    const [owner = '', repo = ''] = github.repository.split('/');
    return connectGitHub({
      token,
      repository: { owner, repo },
      apiUrl: github.apiUrl,
      clock: {
        now: () => Date.now(),
        sleep: async (milliseconds) => {
          slept.push(milliseconds);
          await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, pause)));
        },
        jitter: () => Math.random(),
      },
    });
  };
  const storeOn = (name: string, token?: string, pause?: number): BaselinePort =>
    createBranchStore({ name, branch: connect(token, pause).dataBranch(name) }, LINE, trustAll);
  let slept: number[] = [];

  beforeEach(() => {
    slept = [];
  });
  afterEach(() => {
    github.fault = undefined;
  });

  const updates = (): readonly { method: string; url: string; body: string }[] =>
    github.sent.filter(({ method, url }) => method !== 'GET' && url.includes('/git/refs'));

  test('starts as an orphan: no parent, and no files of the repository', async () => {
    await storeOn('orphan').save(recordOf(TIP, '1'));
    expect(await github.commitsOf('orphan')).toMatchObject([{ parents: 0 }]);
    const files = await github.filesOf('orphan');
    expect([...files.keys()].sort()).toEqual(['README.md', `records/default/${TIP}/1-1.json`]);
  });

  test(`survives ${WRITERS} writers at once: as many records in a line of as many commits, without force`, async () => {
    const before = updates().length;
    const runs = Array.from({ length: WRITERS }, (_, index) => String(index + 1));
    await Promise.all(runs.map((run) => storeOn('race', undefined, 20).save(recordOf(TIP, run))));

    const files = await github.filesOf('race');
    const records = [...files].filter(([file]) => file.startsWith('records/'));
    expect(records.map(([file]) => file).sort()).toEqual(
      runs.map((run) => `records/default/${TIP}/${run}-1.json`).sort(),
    );
    for (const [file, text] of records) {
      const { provenance } = recordSchema.parse(JSON.parse(text));
      expect(file).toContain(`/${provenance.runId ?? ''}-1.json`);
    }
    const commits = await github.commitsOf('race');
    expect(commits.map(({ parents }) => parents)).toEqual([
      ...Array<number>(WRITERS - 1).fill(1),
      0,
    ]);

    const sent = updates().slice(before);
    // Without a race the test would show nothing.
    expect(sent.length).toBeGreaterThan(WRITERS);
    expect(slept.length).toBe(sent.length - WRITERS);
    for (const { body } of sent)
      expect(
        z.looseObject({ force: z.literal(false).optional() }).parse(JSON.parse(body)),
      ).toBeTruthy();
    expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  test('keeps a commit that another writer made between reading and writing', async () => {
    await storeOn('between').save(recordOf(TIP, '1'));
    let isMoved = false;
    github.fault = ({ method, url }) => {
      if (method === 'PATCH' && url.includes('/git/refs/') && !isMoved) {
        isMoved = true;
        // GitHub's answer, word for word, to the loser of a race.
        return { status: 422, message: 'Update is not a fast forward' };
      }
      return undefined;
    };
    await storeOn('between').save(recordOf(PARENT, '2'));
    expect([...(await github.filesOf('between')).keys()]).toHaveLength(3);
    expect(slept).toHaveLength(1);
  });

  test.each([502, 422])(
    'counts a record as written if the answer was lost and came as %d',
    async (status) => {
      const name = `lost-${status}`;
      await storeOn(name).save(recordOf(TIP, '1'));
      let losses = 0;
      github.fault = ({ method, url }) => {
        if (method !== 'PATCH' || !url.includes('/git/refs/') || losses > 0) return undefined;
        losses += 1;
        return { status, message: 'Update is not a fast forward', isLate: true };
      };
      await storeOn(name).save(recordOf(PARENT, '2'));
      expect(await github.commitsOf(name)).toHaveLength(2);
      expect(slept).toHaveLength(1);
    },
  );

  test('stores the same record once if it is written twice, and refuses another in its place', async () => {
    await storeOn('once').save(recordOf(TIP, '1'));
    await storeOn('once').save(recordOf(TIP, '1'));
    expect(await github.commitsOf('once')).toHaveLength(1);
    const other = recordOf(TIP, '1', '2026-04-01T00:00:00.000Z');
    await expect(storeOn('once').save(other)).rejects.toThrow(/two jobs of this run record/);
    expect(await github.commitsOf('once')).toHaveLength(1);
  });

  test('returns records that were not rejected, and names the ignored ones', async () => {
    const name = 'doubted';
    const branch = connect().dataBranch(name);
    const trusting = createBranchStore({ name, branch }, LINE, trustAll);
    await saveAll(trusting, [
      [TIP, '4', '04'],
      [PARENT, '3', '03'],
      [PARENT, '2', '02'],
      [GRANDPARENT, '1', '01'],
    ]);
    const rejecting = (...runs: readonly string[]): BaselinePort =>
      createBranchStore({ name, branch }, LINE, ({ provenance: { runId } }, { commit }) =>
        Promise.resolve(runs.includes(runId ?? '') ? `made up for ${commit[0] ?? ''}` : undefined),
      );
    expect(await runsFound(rejecting('4', '2'))).toEqual(['3', '1']);
    expect(await rejecting('4', '2').findRecord('default')).toMatchObject({
      distance: 1,
      rejected: [
        { where: `records/default/${TIP}/4-1.json on doubted`, reason: 'made up for c' },
        { where: `records/default/${PARENT}/2-1.json on doubted`, reason: 'made up for b' },
      ],
    });
    expect(await rejecting('1', '2', '3', '4').findRecord('default')).toMatchObject({
      status: 'untrusted',
      rejected: [{}, {}, {}, {}],
    });
    await github.moveBranch(name, {
      [`records/default/${TIP}/5-1.json`]: formatRecord(recordOf(PARENT, '5')),
    });
    expect(await rejecting('4').findRecord('default')).toMatchObject({
      distance: 1,
      rejected: [{}, { reason: 'it says that it belongs elsewhere' }],
    });
  });

  test('does not ignore an unreadable record before a doubted one', async () => {
    const name = 'broken-and-doubted';
    const branch = connect().dataBranch(name);
    const storeWith = (rejection?: string): BaselinePort =>
      createBranchStore({ name, branch }, LINE, () => Promise.resolve(rejection));
    await storeWith().save(recordOf(TIP, '1'));
    await github.moveBranch(name, { [`records/default/${TIP}/2-1.json`]: '{' });
    expect(await storeWith().findRecord('default')).toMatchObject({
      status: 'found',
      rejected: [{}],
    });
    expect(await storeWith('made up').findRecord('default')).toMatchObject({ status: 'corrupt' });
  });

  test('returns a confirmed record after many doubted ones', async () => {
    const name = 'many-doubted';
    const branch = connect().dataBranch(name);
    const runs = Array.from({ length: 13 }, (_, index) => `${100 + index}`);
    const files = [...runs.map((run) => recordOf(TIP, run)), recordOf(PARENT, '7')].map(
      (record): [string, string] => [
        `records/default/${record.provenance.commit ?? ''}/${record.provenance.runId ?? ''}-1.json`,
        formatRecord(record),
      ],
    );
    await github.moveBranch(name, Object.fromEntries(files));
    const store = createBranchStore({ name, branch }, LINE, ({ provenance: { runId } }) =>
      Promise.resolve(runId === '7' ? undefined : 'it was made up'),
    );
    expect(await runsFound(store)).toEqual(['7']);
  });

  test('returns a record that the branch itself confirms, and says so', async () => {
    const name = 'vouched';
    const branch = connect().dataBranch(name);
    const store = createBranchStore({ name, branch }, LINE, async (_, { file }) => {
      const [change] = await branch.listChanges(file);
      return { signedCommit: change?.commit ?? '' };
    });
    await store.save(recordOf(TIP, '1'));
    await store.save(recordOf(TIP, '2'));
    const [, first] = await github.commitsOf(name);
    const file = `records/default/${TIP}/1-1.json`;
    expect(await branch.listChanges(file)).toEqual([
      {
        commit: first?.sha,
        author: 'github-actions[bot]',
        committer: 'github-actions[bot]',
        isByApp: false,
        isVerified: false,
      },
    ]);
    expect(await branch.listChanges('records/none')).toEqual([]);
    expect(await store.findRecord('default')).toMatchObject({
      status: 'found',
      signedCommit: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
  });

  test('is never a branch with other content', async () => {
    await github.moveBranch('feature', { 'src/index.js': 'code' });
    await expect(storeOn('feature').save(recordOf(TIP))).rejects.toThrow(/is not a data branch/);
    expect([...(await github.filesOf('feature')).keys()]).toEqual(['src/index.js']);
  });

  test('names the permission that a reading token lacks, before the measurement', async () => {
    github.fault = ({ method }) =>
      method === 'GET'
        ? undefined
        : { status: 403, message: 'Resource not accessible by integration' };
    const branch = connect().dataBranch('closed');
    await expect(branch.checkWritable()).rejects.toThrow(
      'GitHub refused to write to the branch closed (403); the job needs the permission contents: write',
    );
    await expect(storeOn('closed').save(recordOf(TIP))).rejects.toThrow('contents: write');
    github.fault = undefined;
    await expect(connect().dataBranch('closed').checkWritable()).resolves.toBeUndefined();
    expect(await github.commitsOf('main')).toHaveLength(1);
  });

  test.each([
    [422, 'Reference update failed'],
    [422, 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'],
    [409, 'Repository rule violations found'],
    [422, 'protected branch hook declined'],
    [422, 'Changes must be made through a pull request.'],
    [422, 'Required status check "build" is expected.'],
    [422, "You're not authorized to push to this branch."],
    [422, 'Reference cannot be updated'],
    [422, 'Validation Failed'],
  ])('does not mistake a refusal for a race: %d %s', async (status, message) => {
    github.fault = ({ method, url }) =>
      method !== 'GET' && url.includes('/git/refs') ? { status, message } : undefined;
    const saved = storeOn('ruled').save(recordOf(TIP));
    await expect(saved).rejects.toThrow(
      `GitHub refused to write to the branch ruled (${status}): ${message.replaceAll(/\s+/g, ' ').trim()}; `,
    );
    await expect(saved).rejects.toThrow('leave the branch out of the rule, or set github-token');
    expect(slept).toEqual([]);
  });

  test.each([
    ['moved', 422, 'Update is not a fast forward'],
    ['there', 422, 'Reference already exists'],
    ['gone', 422, 'Reference does not exist'],
    ['busy', 409, 'Conflict'],
  ])('continues after a lost race (%s): %d %s', async (race, status, message) => {
    let losses = 0;
    github.fault = ({ method, url }) => {
      if (method === 'GET' || !url.includes('/git/refs') || losses > 0) return undefined;
      losses += 1;
      return { status, message };
    };
    const name = `raced-${race}`;
    await storeOn(name).save(recordOf(TIP));
    expect(await github.commitsOf(name)).toHaveLength(1);
    expect(slept).toHaveLength(1);
  });

  describe('reads the rules of the branch before the measurement', () => {
    const ask = (rules: unknown, ruleset?: unknown): Promise<void> => {
      github.fault = ({ url }) => {
        const body = url.includes('/rules/branches/')
          ? rules
          : url.includes('/rulesets/')
            ? ruleset
            : undefined;
        return body === undefined ? undefined : { status: 200, message: '', body };
      };
      return connect().dataBranch('ruled-before').checkWritable();
    };
    const rule = (type: string): object => ({ type, ruleset_source: 'a/b', ruleset_id: 7 });
    const NEVER = { id: 7, name: 'All branches', current_user_can_bypass: 'never' };

    test.each([
      ['update', 'updates are restricted'],
      ['creation', 'creations are restricted'],
      ['pull_request', 'changes need a pull request'],
      ['required_status_checks', 'status checks are required'],
      ['merge_queue', 'changes need the merge queue'],
    ])('%s is a refusal', async (type, words) => {
      await expect(ask([rule('deletion'), rule(type)], NEVER)).rejects.toThrow(
        `GitHub would refuse to write to the branch ruled-before: ${words} by the ruleset "All branches"; leave the branch out of the rule`,
      );
    });

    test.each(['pull_requests_only', 'never', undefined])(
      'a token that may bypass it with %s may not push',
      async (bypass) => {
        const ruleset = { ...NEVER, current_user_can_bypass: bypass };
        await expect(ask([rule('update')], ruleset)).rejects.toThrow('updates are restricted');
      },
    );

    test('nor may a token whose bypass is unknown', async () => {
      await expect(ask([rule('pull_request')])).rejects.toThrow('by a ruleset of the repository');
      await expect(ask([{ type: 'pull_request' }])).rejects.toThrow('need a pull request');
    });

    test.each(['always', 'exempt'])('a token that may %s bypass it is accepted', async (bypass) => {
      const ruleset = { ...NEVER, current_user_can_bypass: bypass };
      await expect(ask([rule('update')], ruleset)).resolves.toBeUndefined();
    });

    test.each([
      ['no rules', []],
      [
        'rules that a forward push of signed commits satisfies',
        [
          rule('deletion'),
          rule('non_fast_forward'),
          rule('required_linear_history'),
          rule('required_signatures'),
        ],
      ],
      ['rules of a later GitHub', [rule('phase_of_the_moon'), { other: 1 }]],
      ['an answer of another shape', { message: 'hello' }],
    ])('no refusal: %s', async (_, rules) => {
      await expect(ask(rules, NEVER)).resolves.toBeUndefined();
    });

    test('a creation rule does not matter for an existing branch', async () => {
      await storeOn('created').save(recordOf(TIP));
      github.fault = ({ url }) =>
        url.includes('/rules/branches/')
          ? { status: 200, message: '', body: [rule('creation')] }
          : undefined;
      await expect(connect().dataBranch('created').checkWritable()).resolves.toBeUndefined();
    });

    test.each([403, 404])(
      'rules that the token cannot read (%d) are not an error',
      async (status) => {
        github.fault = ({ url }) =>
          url.includes('/rules/branches/') ? { status, message: 'Not here' } : undefined;
        await expect(connect().dataBranch('unread').checkWritable()).resolves.toBeUndefined();
      },
    );
  });

  test("gives up a race in the end, with GitHub's last message", async () => {
    github.fault = ({ method, url }) =>
      method !== 'GET' && url.includes('/git/refs')
        ? { status: 422, message: 'Update is not a fast forward' }
        : undefined;
    const [owner = '', repo = ''] = github.repository.split('/');
    let now = 0;
    const clock = {
      now: () => now,
      sleep: (milliseconds: number) => {
        now += milliseconds;
        return Promise.resolve();
      },
      jitter: () => 0.5,
    };
    const { workflow: token } = github.tokens;
    const branch = connectGitHub({
      token,
      repository: { owner, repo },
      apiUrl: github.apiUrl,
      clock,
    });
    const store = createBranchStore(
      { name: 'endless', branch: branch.dataBranch('endless') },
      LINE,
      trustAll,
    );
    await expect(store.save(recordOf(TIP))).rejects.toThrow(/Update is not a fast forward/);
    expect(now).toBeGreaterThan(120_000);
  });

  test.each([
    ['a secondary limit', { status: 403, headers: { 'retry-after': '7' } }, 7000],
    ['too many requests', { status: 429, headers: { 'retry-after': '3' } }, 3000],
    [
      'a limit without a time',
      { status: 403, message: 'You have exceeded a secondary rate limit' },
      60_000,
    ],
    ['a fault of the server', { status: 502 }, 500],
  ])('waits after %s', async (_, fault, least) => {
    const name = `limit-${fault.status}-${least}`;
    let refusals = 0;
    github.fault = ({ method, url }) => {
      if (method === 'GET' || !url.includes('/git/trees') || refusals > 0) return undefined;
      refusals += 1;
      return { message: 'slow down', ...fault };
    };
    await storeOn(name).save(recordOf(TIP));
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThanOrEqual(least);
    expect(slept[0]).toBeLessThanOrEqual(least + 1000);
    expect((await github.filesOf(name)).size).toBe(2);
  });

  test('reports a limit as a limit, not as a missing permission, if it lasts too long', async () => {
    const reset = String(Math.ceil(Date.now() / 1000) + 3000);
    github.fault = ({ method }) =>
      method === 'GET'
        ? undefined
        : {
            status: 403,
            message: 'API rate limit exceeded',
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
          };
    await expect(storeOn('limited').save(recordOf(TIP))).rejects.toThrow(
      /its rate limit is used up/,
    );
    expect(slept).toEqual([]);
  });

  test('reports a folder that is too large to list, which must not count as absence', async () => {
    await storeOn('large').save(recordOf(PARENT));
    github.fault = ({ url }) =>
      url.includes('/git/trees/')
        ? { status: 200, message: '', body: { tree: [], truncated: true } }
        : undefined;
    await expect(storeOn('large').findRecord('default')).rejects.toThrow(
      /too large for GitHub to list/,
    );
  });
});
