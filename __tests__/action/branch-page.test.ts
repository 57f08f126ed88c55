import { branchPage } from '../../src/action/branch-page.js';
import { connectGitHub } from '../../src/edges/github/client.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import type { BaselinePort } from '../../src/ports.js';
import { branchFiles } from '../../src/pages/trend/branch.js';
import { parseTrendFile } from '../../src/report/trend-file.js';
import { toTrendRow } from '../../src/report/trend-row.js';
import { type GitHubServer, startGitHub } from '../e2e/github-server.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { HOSTILE } from '../report/hostile.js';
import { createBranchStore } from '../../src/edges/github/branch-store.js';
import { formatRecord } from '../../src/edges/files/record-store.js';
import { isThorough } from '../thorough.js';

/** Jobs that record at the same time. */
const WRITERS = isThorough ? 16 : 6;

const TIP = 'c'.repeat(40);
const REPOSITORY = 'https://git.test/octocat/bot';

let github: GitHubServer;
let warnings: string[];
let slept: number;

beforeAll(async () => {
  github = await startGitHub();
  await github.grantWrite();
});
afterAll(() => github.close());
beforeEach(() => {
  warnings = [];
  slept = 0;
});
afterEach(() => {
  github.fault = undefined;
});

function recordOf(run: string, more: Parameters<typeof makeRecord>[0] = {}): GateRecord {
  const examples = makeMeasuredExamples(10, (index) => ({
    statements: readAll(index < Number(run) % 10 ? 'B' : 'A'),
  }));
  const createdAt = new Date(Date.UTC(2026, 2, 1, 0, Number(run))).toISOString();
  const provenance = { commit: TIP, runId: run, runAttempt: '1', createdAt, ...more.provenance };
  return makeRecord({ examples, ...more, provenance });
}

const fileOf = (run: string): string => `records/default/${TIP}/${run}-1.json`;

/** A store as one job has it: jobs share the branch and nothing else. */
function storeOn(name: string, choices: { readonly page?: boolean } = {}): BaselinePort {
  const [owner = '', repo = ''] = github.repository.split('/');
  const connection = {
    token: github.tokens.workflow,
    repository: { owner, repo },
    apiUrl: github.apiUrl,
    clock: {
      now: () => Date.now(),
      sleep: async (milliseconds: number) => {
        slept += 1;
        await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 20)));
      },
      jitter: () => Math.random(),
    },
  };
  const alongside =
    choices.page === false ? undefined : branchPage(REPOSITORY, (text) => warnings.push(text));
  const branch = connectGitHub(connection).dataBranch(name);
  return createBranchStore({ name, branch, alongside }, [TIP], () => Promise.resolve(undefined));
}

/** The expected files next to the records, made from the records alone. */
function pageOf(records: readonly GateRecord[], more: object = {}): ReadonlyMap<string, string> {
  const rows = new Map(
    records.map((record) => [fileOf(record.provenance.runId ?? ''), toTrendRow(record)]),
  );
  const trend = { rows, unreadable: new Set<string>(), older: 0, waiting: 0, ...more };
  return branchFiles(trend, REPOSITORY);
}

async function besideRecords(name: string): Promise<ReadonlyMap<string, string>> {
  const files = await github.filesOf(name);
  return new Map([...files].filter(([file]) => !file.startsWith('records/')));
}

const PAGE = ['.nojekyll', 'README.md', 'badges/default.json', 'badges/default.svg', 'index.html'];

describe('a data branch with a page', () => {
  test('contains the page, badges, chart and README with the first record', async () => {
    await storeOn('first').save(recordOf('1'));
    expect(await github.commitsOf('first')).toHaveLength(1);
    const files = await besideRecords('first');
    expect([...files.keys()].sort()).toEqual([...PAGE, 'trend.json'].sort());
    expect(files.get('index.html')).toContain(`href="${REPOSITORY}/commit/${TIP}"`);
    expect(files.get('badges/default.json')).toContain('"10.0 %"');
    expect(files.get('badges/default.svg')).toMatch(/^<svg/);
    expect(files.get('README.md')).toContain('written once and\nnever changed');
    expect(files.get('README.md')).toContain('![P(Lie)](badges/default.svg)');
  });

  test('shows every record after each recording, for two more requests', async () => {
    const counted = async (store: BaselinePort, run: string): Promise<number> => {
      const before = github.sent.length;
      await store.save(recordOf(run));
      return github.sent.length - before;
    };
    await storeOn('each').save(recordOf('1'));
    await storeOn('plain', { page: false }).save(recordOf('1'));
    const withPage = await counted(storeOn('each'), '2');
    const without = await counted(storeOn('plain', { page: false }), '2');
    expect([without, withPage]).toEqual([7, 9]);
    expect(await besideRecords('each')).toEqual(pageOf([recordOf('1'), recordOf('2')]));
    expect((await besideRecords('each')).get('README.md')).toContain('line [10.0, 20.0]');
    expect([...(await besideRecords('plain')).keys()]).toEqual(['README.md']);
  });

  test(`survives ${WRITERS} writers at once: no record is lost, and the page shows all of them`, async () => {
    const runs = Array.from({ length: WRITERS }, (_, index) => String(index + 1));
    await Promise.all(runs.map((run) => storeOn('race').save(recordOf(run))));
    expect((await github.commitsOf('race')).map(({ parents }) => parents)).toEqual([
      ...Array<number>(WRITERS - 1).fill(1),
      0,
    ]);
    // Without a race the test would show nothing.
    expect(slept).toBeGreaterThan(0);
    const records = [...(await github.filesOf('race')).keys()].filter((file) =>
      file.startsWith('records/'),
    );
    expect(records.sort()).toEqual(runs.map(fileOf).sort());
    expect(await besideRecords('race')).toEqual(pageOf(runs.map((run) => recordOf(run))));
    expect(github.sent.filter(({ body }) => body.includes('"force":true'))).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('adds records that were made without a page', async () => {
    for (const run of ['1', '2', '3']) await storeOn('older', { page: false }).save(recordOf(run));
    await storeOn('older').save(recordOf('4'));
    const all = ['1', '2', '3', '4'].map((run) => recordOf(run));
    expect(await besideRecords('older')).toEqual(pageOf(all));
  });

  test('reads a bounded number of records at once, the newest first, and reports how many are left', async () => {
    const runs = Array.from({ length: 60 }, (_, index) => String(index + 1));
    await github.moveBranch(
      'many',
      Object.fromEntries(runs.map((run) => [fileOf(run), formatRecord(recordOf(run))])),
    );
    await storeOn('many').save(recordOf('61'));
    const seen = await besideRecords('many');
    expect(parseTrendFile(seen.get('trend.json')).rows.size).toBe(51);
    expect(seen.get('index.html')).toContain('10 records still to be read by later recordings');
    await storeOn('many').save(recordOf('62'));
    const all = [...runs, '61', '62'].map((run) => recordOf(run));
    expect(await besideRecords('many')).toEqual(pageOf(all));
  });

  test('leaves out and names files that are not records or are in the wrong folder', async () => {
    await storeOn('odd').save(recordOf('1'));
    await github.moveBranch('odd', {
      [fileOf('7')]: '{',
      [fileOf('8')]: formatRecord(recordOf('1')),
    });
    await storeOn('odd').save(recordOf('2'));
    const before = github.sent.length;
    await storeOn('odd').save(recordOf('3'));
    // They are not read again.
    expect(github.sent.length - before).toBe(9);
    const unreadable = new Set([fileOf('7'), fileOf('8')]);
    const good = ['1', '2', '3'].map((run) => recordOf(run));
    expect(await besideRecords('odd')).toEqual(pageOf(good, { unreadable }));
    expect((await besideRecords('odd')).get('index.html')).toContain('2 files that this version');
  });

  test('drops a record that was deleted from the branch, and rows without a record', async () => {
    await storeOn('planted').save(recordOf('1'));
    const text = (await besideRecords('planted')).get('trend.json') ?? '';
    for (const other of ['99', '2']) {
      await github.moveBranch('planted', {
        'trend.json': text.replaceAll(fileOf('1'), fileOf(other)),
      });
      await storeOn('planted').save(recordOf(other === '2' ? '2' : '3'));
    }
    const all = ['1', '2', '3'].map((run) => recordOf(run));
    expect(await besideRecords('planted')).toEqual(pageOf(all));
  });

  test.each([
    ['cannot be read', '{"schema":'],
    ['is of another version', '{"schema":"mask-gate/trend/v9","rows":[]}'],
  ])('rebuilds its rows if their file %s', async (what, text) => {
    const name = `broken-${what.replaceAll(' ', '-')}`;
    await storeOn(name).save(recordOf('1'));
    await github.moveBranch(name, { 'trend.json': text });
    await storeOn(name).save(recordOf('2'));
    expect(await besideRecords(name)).toEqual(pageOf([recordOf('1'), recordOf('2')]));
  });

  test.each(HOSTILE.slice(0, 12))(
    'lets no tag or model name in a row become markup: %j',
    (text) => {
      const record = recordOf('1', {
        subject: { model: text },
        provenance: { ref: `refs/tags/${text}` },
      });
      const files = pageOf([record, recordOf('2')]);
      expect(files.get('index.html')?.match(/<\/?script/g)).toHaveLength(4);
      expect(files.get('README.md')?.match(/```/g)).toHaveLength(4);
    },
  );
});

describe('a page that cannot be made', () => {
  test.each<[string, string, RegExp]>([
    ['the listing', '/git/trees/', /recursive/],
    ['the rows', '/git/blobs/', /./],
  ])('because of %s causes a warning, and the record is kept', async (what, part, more) => {
    const name = `fault-of-${what.replaceAll(' ', '-')}`;
    await storeOn(name).save(recordOf('1'));
    const before = await besideRecords(name);
    github.fault = ({ method, url }) =>
      method === 'GET' && url.includes(part) && more.test(url)
        ? { status: 403, message: 'not for you' }
        : undefined;
    await storeOn(name).save(recordOf('2'));
    github.fault = undefined;
    expect([...(await github.filesOf(name)).keys()]).toContain(fileOf('2'));
    expect(await besideRecords(name)).toEqual(before);
    expect(warnings).toEqual([
      expect.stringMatching(/^The trend page .* was not updated\..*not for you/),
    ]);
    await storeOn(name).save(recordOf('3'));
    const all = ['1', '2', '3'].map((run) => recordOf(run));
    expect(await besideRecords(name)).toEqual(pageOf(all));
  });

  test('because GitHub refuses it leaves the record alone in its commit', async () => {
    github.fault = ({ method, url, body }) =>
      method === 'POST' && url.endsWith('/git/trees') && body.includes('index.html')
        ? { status: 422, message: 'Tree is too large' }
        : undefined;
    await storeOn('large').save(recordOf('1'));
    expect([...(await github.filesOf('large')).keys()].sort()).toEqual(['README.md', fileOf('1')]);
    expect(warnings).toEqual([expect.stringContaining('Tree is too large')]);
  });

  test('because other writers are always faster is given up after half of the time', async () => {
    let now = 0;
    const [owner = '', repo = ''] = github.repository.split('/');
    const hub = connectGitHub({
      token: github.tokens.workflow,
      repository: { owner, repo },
      apiUrl: github.apiUrl,
      clock: {
        now: () => now,
        sleep: (milliseconds) => {
          now += milliseconds;
          return Promise.resolve();
        },
        jitter: () => 0.5,
      },
    });
    github.fault = ({ method, url }) =>
      now < 90_000 && method !== 'GET' && url.includes('/git/refs')
        ? { status: 422, message: 'Update is not a fast forward' }
        : undefined;
    const alongside = branchPage(null, (text) => warnings.push(text));
    const branch = hub.dataBranch('slow');
    const store = createBranchStore({ name: 'slow', branch, alongside }, [TIP], () =>
      Promise.resolve(undefined),
    );
    await store.save(recordOf('1'));
    expect([...(await github.filesOf('slow')).keys()].sort()).toEqual(['README.md', fileOf('1')]);
    expect(warnings).toEqual([expect.stringContaining('too many others')]);
  });
});
