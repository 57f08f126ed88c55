import { findReplacement } from '../../src/action/replacement.js';
import type { Anchor } from '../../src/gate/records/anchor.js';
import { type Replacement, findEditedRun } from '../../src/gate/records/replacement.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { makeConfig, makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { type Commits, fakeGitHub } from './fake-github.js';
import { BASE, HEAD, MERGE, MERGE_GROUP, PULL_REQUEST, PUSH } from './triggers.js';
import { formatRecord } from '../../src/edges/files/record-store.js';

const FILE = 'evals/base.json';

/** A record with this number of lies in ten examples. */
function recordOf(lies: number, runId = '42'): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(10, (index) => ({
      statements: readAll(index < lies ? 'B' : 'A'),
    })),
    provenance: { commit: BASE, runId },
  });
}

const text = (lies: number, runId?: string): Record<string, string> => ({
  [FILE]: formatRecord(recordOf(lies, runId)),
});

interface Circumstances {
  readonly kind?: Anchor['kind'];
  readonly trigger?: Parameters<typeof findReplacement>[0]['trigger'];
  readonly fault?: string;
  readonly deferred?: Parameters<typeof findReplacement>[0]['deferred'];
  readonly store?: 'committed' | 'directory';
}

async function find(
  commits: Commits,
  {
    kind = 'merge-base',
    trigger = PULL_REQUEST,
    fault,
    deferred = [],
    store = 'committed',
  }: Circumstances = {},
): Promise<{ readonly found: Replacement | undefined; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const baseline = { store, path: FILE, maxAge: 14, inline: false };
  const found = await findReplacement({
    config: makeConfig({ baseline }),
    trigger,
    anchor: { commit: BASE, kind },
    github: fakeGitHub(commits),
    findRejection: () => Promise.resolve(fault),
    deferred,
    warn: (warning) => warnings.push(warning),
  });
  return { found, warnings };
}

describe('a change that leaves the file as it is', () => {
  test.each<[string, Commits, Circumstances]>([
    ['with the same text', { [BASE]: text(3), [HEAD]: text(3) }, {}],
    ['that neither side has', { [BASE]: {}, [HEAD]: {} }, {}],
    ['with another store', { [BASE]: text(3), [HEAD]: text(9) }, { store: 'directory' }],
    ['on a push that is recorded', { [BASE]: text(3), [HEAD]: text(9) }, { trigger: PUSH }],
    ['as far as GitHub shows the commit', { [BASE]: text(3) }, {}],
    [
      'in the merge, even if an old head differs',
      { [BASE]: text(3), [HEAD]: text(9), [MERGE]: text(3) },
      { kind: 'merge-parent' },
    ],
  ])('%s', async (_, commits, circumstances) => {
    expect(await find(commits, circumstances)).toEqual({ found: undefined, warnings: [] });
  });
});

describe('a change of the file', () => {
  test('is reported with both records', async () => {
    const { found } = await find({ [BASE]: text(3, '41'), [HEAD]: text(9) });
    expect(found).toMatchObject({
      where: FILE,
      before: { status: 'read', record: recordOf(3, '41') },
      after: { status: 'read', record: recordOf(9), fault: undefined },
    });
  });

  test('is also reported in a merge queue', async () => {
    const commits = { [BASE]: text(3), [HEAD]: text(9) };
    const { found } = await find(commits, { trigger: MERGE_GROUP, kind: 'queue-base' });
    expect(found).toBeDefined();
  });

  test('is that of the merge if the merge is under test', async () => {
    const commits = { [BASE]: text(3), [HEAD]: text(3), [MERGE]: text(9) };
    const { found } = await find(commits, { kind: 'merge-parent' });
    expect(found?.after).toMatchObject({ record: recordOf(9) });
  });

  test('is reported with the reason why the record is not trusted', async () => {
    const commits = { [BASE]: text(3), [HEAD]: text(9) };
    const { found } = await find(commits, { fault: 'GitHub knows no run 42' });
    expect(found?.after).toMatchObject({ status: 'read', fault: 'GitHub knows no run 42' });
  });

  test.each<[string, Commits, Partial<Record<keyof Replacement, unknown>>]>([
    ['adds it', { [BASE]: {}, [HEAD]: text(9) }, { before: { status: 'absent' } }],
    ['removes it', { [BASE]: text(9), [HEAD]: {} }, { after: { status: 'absent' } }],
    [
      'breaks it',
      { [BASE]: text(9), [HEAD]: { [FILE]: '<<<<<<<' } },
      { after: { status: 'unreadable' } },
    ],
    [
      'mends it',
      { [BASE]: { [FILE]: '{' }, [HEAD]: text(9) },
      { before: { status: 'unreadable' }, after: { status: 'read' } },
    ],
  ])('that %s', async (_, commits, expected) => {
    expect((await find(commits)).found).toMatchObject(expected);
  });

  test.each([
    ['another file', './evals/lax.json', 'evals/lax.json'],
    ['the default one', undefined, '.github/mask-gate/default.baseline.json'],
  ])('by a setting that names %s', async (_, to, place) => {
    const head = { ...text(3), [place]: formatRecord(recordOf(9)) };
    const deferred = [{ key: 'baseline.path', from: FILE, to }];
    const { found } = await find({ [BASE]: text(3), [HEAD]: head }, { deferred });
    expect(found).toMatchObject({
      where: place,
      before: { record: recordOf(3) },
      after: { record: recordOf(9) },
    });
  });

  test('that cannot be read from GitHub causes a warning, and does not change the verdict', async () => {
    const failing = {
      ...fakeGitHub({}),
      readFile: () => Promise.reject(new Error('HTTP 500')),
    };
    const warnings: string[] = [];
    const baseline = { store: 'committed', path: FILE, maxAge: 14, inline: false } as const;
    const found = await findReplacement({
      config: makeConfig({ baseline }),
      trigger: PULL_REQUEST,
      anchor: { commit: BASE, kind: 'merge-base' },
      github: failing,
      findRejection: () => Promise.resolve(undefined),
      deferred: [],
      warn: (warning) => warnings.push(warning),
    });
    expect(found).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('HTTP 500')]);
  });
});

describe('a run that both sides name', () => {
  const sides = (before: GateRecord, after: GateRecord): Replacement => ({
    where: FILE,
    before: { status: 'read', record: before },
    after: { status: 'read', record: after },
  });

  test.each<[string, GateRecord, GateRecord, string | undefined]>([
    ['with other readings was edited', recordOf(3), recordOf(9), '42'],
    ['with the same readings was not', recordOf(3), recordOf(3), undefined],
    ['does not count as edited if the runs differ', recordOf(3), recordOf(9, '43'), undefined],
    [
      'does not count as edited if no run is named',
      makeRecord({ ...recordOf(3).measurement, provenance: { runId: null } }),
      makeRecord({ ...recordOf(9).measurement, provenance: { runId: null } }),
      undefined,
    ],
  ])('%s', (_, before, after, run) => {
    expect(findEditedRun(sides(before, after))).toBe(run);
  });

  test('does not count as edited if one side has no record', () => {
    const { before } = sides(recordOf(3), recordOf(9));
    expect(findEditedRun({ where: FILE, before, after: { status: 'absent' } })).toBeUndefined();
  });
});
