import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectGitHub } from '../../../src/edges/github/client.js';
import { writePromotion } from '../../../src/edges/files/promotions.js';
import { PROMOTION_SCHEMA, type PromotedRecord } from '../../../src/gate/records/promotion.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import type { BaselinePort } from '../../../src/ports.js';
import { type GitHubServer, startGitHub } from '../../e2e/github-server.js';
import { makeMeasuredExample, makeRecord } from '../../factories.js';
import { useTempFolder } from '../temp.js';
import type { FindRejection } from '../../../src/gate/records/origin.js';
import { createBranchStore } from '../../../src/edges/github/branch-store.js';
import { createCommittedStore } from '../../../src/edges/files/committed-store.js';
import { createDirectoryStore } from '../../../src/edges/files/directory-store.js';
import { formatRecord } from '../../../src/edges/files/record-store.js';
import { promotionPath } from '../../../src/gate/records/record-path.js';

const [TIP, PARENT, GRANDPARENT] = ['c'.repeat(40), 'b'.repeat(40), 'a'.repeat(40)] as const;
const LINE = [TIP, PARENT, GRANDPARENT];

function recordOf(commit: string | null, name: string, day = '01'): GateRecord {
  return makeRecord({
    examples: [makeMeasuredExample({ id: name })],
    provenance: {
      commit,
      runId: name,
      runAttempt: '1',
      createdAt: `2026-03-${day}T12:00:00.000Z`,
    },
  });
}

function promote(record: GateRecord, commit: string | null, day = '05'): PromotedRecord {
  const when = `2026-03-${day}T12:00:00.000Z`;
  return { schema: PROMOTION_SCHEMA, who: 'Ada', why: `on ${day}`, when, commit, record };
}

const trustAll: FindRejection = () => Promise.resolve(undefined);

let github: GitHubServer;
let branches = 0;
const temp = useTempFolder();

beforeAll(async () => {
  github = await startGitHub();
  await github.grantWrite();
});
afterAll(() => github.close());

/** A place that stores records and promotions; people write promotions, and jobs write records. */
interface Place {
  readonly store: BaselinePort;
  /** Writes a promotion as `mask-gate promote` and a push would. */
  promote(promoted: PromotedRecord): Promise<void>;
  /** Puts a text in a place. */
  put(file: string, text: string): Promise<void>;
}

const PLACES: Readonly<Record<string, (findRejection?: FindRejection) => Place>> = {
  directory: () => ({
    store: createDirectoryStore(temp.path, LINE),
    promote: async (promoted) => {
      await writePromotion({ folder: temp.path }, promoted);
    },
    put: async (file, text) => {
      await temp.write(file, text);
    },
  }),
  branch: (findRejection = trustAll) => {
    branches += 1;
    const name = `data/${branches}`;
    const [owner = '', repo = ''] = github.repository.split('/');
    const branch = connectGitHub({
      token: github.tokens.workflow,
      repository: { owner, repo },
      apiUrl: github.apiUrl,
    }).dataBranch(name);
    const put = async (file: string, text: string): Promise<void> => {
      await github.moveBranch(name, { [file]: text });
    };
    return {
      store: createBranchStore({ name, branch }, LINE, findRejection),
      promote: async (promoted) => {
        const file = await writePromotion({ folder: temp.path }, promoted);
        await put(path.relative(temp.path, file), await readFile(file, 'utf8'));
      },
      put,
    };
  },
};

/** The run of the record that is found, and those of the records that may be pooled with it. */
async function runsFound({ store }: Place): Promise<readonly unknown[]> {
  const found = await store.findRecord('default');
  if (found.status !== 'found') throw new Error(`the baseline is ${found.status}`);
  return [found.record, ...found.older].map(({ provenance }) => provenance.runId);
}

describe.each(Object.entries(PLACES))('promotions in a %s', (kind, open) => {
  let place: Place;
  beforeEach(() => {
    place = open();
  });

  test('take precedence over the records of their commit, even if those are newer', async () => {
    await place.store.save(recordOf(TIP, '1', '20'));
    await place.promote(promote(recordOf(PARENT, '7', '02'), TIP));
    expect(await place.store.findRecord('default')).toEqual({
      status: 'found',
      record: recordOf(PARENT, '7', '02'),
      distance: 0,
      older: [],
      promotion: { who: 'Ada', why: 'on 05', when: '2026-03-05T12:00:00.000Z', commit: TIP },
    });
  });

  test('are used alone, also for the descendants of their commit', async () => {
    await place.store.save(recordOf(GRANDPARENT, '1'));
    await place.store.save(recordOf(PARENT, '2'));
    await place.promote(promote(recordOf(null, '7'), PARENT));
    expect(await runsFound(place)).toEqual(['7']);
    expect(await place.store.findRecord('default')).toMatchObject({ distance: 1 });
  });

  test('apply until a later commit has a record, and no earlier record is pooled with that one', async () => {
    await place.store.save(recordOf(GRANDPARENT, '1'));
    await place.promote(promote(recordOf(GRANDPARENT, '7'), PARENT));
    await place.store.save(recordOf(TIP, '2'));
    await place.store.save(recordOf(TIP, '3', '02'));
    expect(await runsFound(place)).toEqual(['3', '2']);
    expect(await place.store.findRecord('default')).not.toHaveProperty('promotion');
  });

  test('of one commit are ordered by their own times, not those of their records', async () => {
    await place.promote(promote(recordOf(TIP, '1', '30'), TIP, '06'));
    await place.promote(promote(recordOf(TIP, '2', '01'), TIP, '07'));
    await place.promote(promote(recordOf(TIP, '3', '15'), TIP, '05'));
    expect(await runsFound(place)).toEqual(['2']);
  });

  test.each<[string, (whole: string) => string]>([
    ['that was cut', (whole) => whole.slice(0, whole.length / 2)],
    ['without a name', (whole) => whole.replace('"Ada"', '""')],
    ['of another suite', (whole) => whole.replace('"default"', '"other"')],
    [
      'whose record was changed',
      (whole) =>
        whole.replace(
          /"hash": "./,
          (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'),
        ),
    ],
    ['without its record', (whole) => `${whole.slice(0, whole.indexOf(',\n "record"'))}\n}`],
  ])('%s is a corrupt baseline, even next to a valid one', async (_, spoil) => {
    await place.store.save(recordOf(TIP, '1'));
    const promoted = promote(recordOf(TIP, '7'), TIP);
    const whole = `${JSON.stringify(promoted, null, 1)}\n`;
    expect(spoil(whole)).not.toBe(whole);
    await place.put(promotionPath('default', promoted), spoil(whole));
    expect(await place.store.findRecord('default')).toMatchObject({ status: 'corrupt' });
  });

  test('that cannot be read is only a rejection once there is a later one', async () => {
    const [early, late] = ['2026-03-05T12:00:00.000Z', '2026-03-06T12:00:00.000Z'];
    const first = { ...promote(recordOf(TIP, '7'), TIP), when: early };
    await place.put(promotionPath('default', first), '{');
    await place.promote({ ...promote(recordOf(TIP, '8'), TIP), when: late });
    expect(await runsFound(place)).toEqual(['8']);
    await place.put(promotionPath('default', { ...first, when: '2026-03-07T12:00:00.000Z' }), '{');
    expect(await place.store.findRecord('default')).toMatchObject({ status: 'corrupt' });
  });

  test.each([
    ['another commit', `records/default/${TIP}/promotion-2026-03-05T120000000Z.json`],
    ['another name', `records/default/${PARENT}/9-1.json`],
  ])('that were moved to %s are ignored, and named', async (_, file) => {
    await place.store.save(recordOf(GRANDPARENT, '1'));
    const promoted = promote(recordOf(PARENT, '7'), PARENT);
    await place.put(file, JSON.stringify(promoted));
    expect(await runsFound(place)).toEqual(['1']);
    expect(await place.store.findRecord('default')).toMatchObject({
      rejected: [{ reason: 'it says that it belongs elsewhere' }],
    });
  });

  test('do not count as records for another suite', async () => {
    await place.promote(promote(recordOf(TIP, '7'), TIP));
    expect(await place.store.findRecord('other')).toEqual({ status: 'absent' });
  });

  test('that is doubted is ignored like a record, although it is the only one', async () => {
    if (kind !== 'branch') return;
    const asked: unknown[] = [];
    const doubted = open((record, { commit, promotion }) => {
      asked.push([record.provenance.runId, commit, promotion?.who]);
      return Promise.resolve(promotion && 'run 7 was for another repository');
    });
    await doubted.promote(promote(recordOf(PARENT, '7'), TIP));
    expect(await doubted.store.findRecord('default')).toMatchObject({
      status: 'untrusted',
      rejected: [{ reason: 'run 7 was for another repository' }],
    });
    expect(asked).toEqual([['7', TIP, 'Ada']]);
    await doubted.store.save(recordOf(PARENT, '2'));
    expect(await runsFound(doubted)).toEqual(['2']);
  });
});

describe('a promotion in a committed file', () => {
  const storeWith = (text: string | undefined): BaselinePort =>
    createCommittedStore({
      file: path.join(temp.path, 'base.json'),
      name: 'base.json',
      readAtBase: () => Promise.resolve(text),
    });

  test('replaces the record, and a later recording replaces it', async () => {
    const file = path.join(temp.path, 'base.json');
    await temp.write('base.json', formatRecord(recordOf(TIP, '1')));
    expect(await writePromotion({ file }, promote(recordOf(PARENT, '7'), null))).toBe(file);
    expect(await storeWith(await readFile(file, 'utf8')).findRecord('default')).toMatchObject({
      status: 'found',
      record: { provenance: { runId: '7' } },
      distance: null,
      promotion: { who: 'Ada', commit: null },
    });
    await storeWith(undefined).save(recordOf(TIP, '8'));
    const found = await storeWith(await readFile(file, 'utf8')).findRecord('default');
    expect(found).toMatchObject({ record: { provenance: { runId: '8' } } });
    expect(found).not.toHaveProperty('promotion');
  });

  test('is corrupt if it is cut or of another suite', async () => {
    const text = JSON.stringify(promote(recordOf(TIP, '7'), null));
    expect(await storeWith(text.slice(9)).findRecord('default')).toMatchObject({
      status: 'corrupt',
    });
    expect(await storeWith(text).findRecord('other')).toMatchObject({ status: 'corrupt' });
  });
});

test('a promotion is written once: the same again changes nothing, another in its place is refused', async () => {
  const promoted = promote(recordOf(TIP, '7'), TIP);
  const place = { folder: temp.path };
  const file = await writePromotion(place, promoted);
  expect(await writePromotion(place, promoted)).toBe(file);
  await expect(writePromotion(place, { ...promoted, why: 'another reason' })).rejects.toThrow(
    /already exists/,
  );
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(promoted);
});
