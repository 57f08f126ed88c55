import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type GateRecord, recordSchema } from '../../../src/gate/records/record.js';
import type { BaselinePort } from '../../../src/ports.js';
import { makeMeasuredExample, makeRecord } from '../../factories.js';
import { useTempFolder } from '../temp.js';
import { createCommittedStore } from '../../../src/edges/files/committed-store.js';
import { createDirectoryStore } from '../../../src/edges/files/directory-store.js';
import { formatRecord } from '../../../src/edges/files/record-store.js';

const [TIP, PARENT, GRANDPARENT] = ['c'.repeat(40), 'b'.repeat(40), 'a'.repeat(40)] as const;
const LINE = [TIP, PARENT, GRANDPARENT];
const temp = useTempFolder();

/** A record of a commit; `name` distinguishes records and is the id of the run. */
function recordOf(commit: string, name = '1', createdAt = '2026-03-01T12:00:00.000Z'): GateRecord {
  return makeRecord({
    examples: [makeMeasuredExample({ id: name })],
    provenance: { commit, runId: name, runAttempt: '1', createdAt },
  });
}

const storeAt = (commits: readonly string[] = LINE): BaselinePort =>
  createDirectoryStore(temp.path, commits);

describe('the directory store', () => {
  test('contains nothing at first', async () => {
    expect(await storeAt().findRecord('default')).toEqual({ status: 'absent' });
    expect(
      await createDirectoryStore(path.join(temp.path, 'none'), LINE).findRecord('default'),
    ).toEqual({
      status: 'absent',
    });
    expect(await storeAt([]).findRecord('default')).toEqual({ status: 'absent' });
  });

  test.each([
    [TIP, 0],
    [PARENT, 1],
    [GRANDPARENT, 2],
  ])('finds the record saved for %s at distance %d', async (commit, distance) => {
    const record = recordOf(commit);
    await storeAt().save(record);
    expect(await storeAt().findRecord('default')).toEqual({
      status: 'found',
      record,
      distance,
      older: [],
    });
  });

  test('stores a record under its suite, commit and run', async () => {
    const saved = await storeAt().save(recordOf(TIP, '42'));
    expect(saved).toBe(path.join(temp.path, 'records', 'default', TIP, '42-1.json'));
    expect(await readFile(saved, 'utf8')).toBe(formatRecord(recordOf(TIP, '42')));
    expect(await readdir(path.dirname(saved))).toEqual(['42-1.json']);
  });

  test('takes the nearest commit, even if it is old', async () => {
    await storeAt().save(recordOf(PARENT, 'near', '2020-01-01T00:00:00.000Z'));
    await storeAt().save(recordOf(GRANDPARENT, 'far', '2026-01-01T00:00:00.000Z'));
    expect(await storeAt().findRecord('default')).toMatchObject({
      distance: 1,
      record: { provenance: { runId: 'near' } },
    });
  });

  test.each([
    ['older', 'younger'],
    ['younger', 'older'],
  ])('takes the newest of two records of one commit, saved as %s, %s', async (...names) => {
    for (const name of names) {
      const day = name === 'younger' ? '2026-03-02' : '2026-03-01';
      await storeAt().save(recordOf(TIP, name, `${day}T00:00:00.000Z`));
    }
    expect(await storeAt().findRecord('default')).toMatchObject({
      record: { provenance: { runId: 'younger' } },
    });
  });

  test('keeps two attempts of a run separate', async () => {
    const record = recordOf(TIP, '42');
    const again = { ...record, provenance: { ...record.provenance, runAttempt: '2' } };
    expect(await storeAt().save(record)).not.toBe(await storeAt().save(again));
  });

  test('does not find records of other commits or suites', async () => {
    await storeAt().save(recordOf('d'.repeat(40)));
    const other = recordOf(TIP);
    await storeAt().save({ ...other, measurement: { ...other.measurement, suite: 'other' } });
    expect(await storeAt().findRecord('default')).toEqual({ status: 'absent' });
    expect(await storeAt().findRecord('other')).toMatchObject({ status: 'found', distance: 0 });
  });

  test('ignores files that are not records', async () => {
    const saved = await storeAt().save(recordOf(TIP));
    await temp.write(path.relative(temp.path, `${saved}.123.tmp`), 'half a rec');
    await temp.write(`records/default/${TIP}/README.md`, 'notes');
    expect(await storeAt().findRecord('default')).toMatchObject({ status: 'found' });
  });
});

describe('earlier records after the nearest one', () => {
  /** Runs of the nearest record and of the earlier ones, in their order. */
  async function runsFound(commits: readonly string[] = LINE): Promise<readonly unknown[]> {
    const found = await storeAt(commits).findRecord('default');
    if (found.status !== 'found') throw new Error(`the baseline is ${found.status}`);
    return [found.record, ...found.older].map(({ provenance }) => provenance.runId);
  }

  /** Saves records of commits, named and dated. */
  async function saveAll(...rows: readonly (readonly [string, string, string])[]): Promise<void> {
    for (const [commit, name, day] of rows) {
      await storeAt().save(recordOf(commit, name, `2026-03-${day}T00:00:00.000Z`));
    }
  }

  test('are those of the first-parent line, nearest first, with any dates', async () => {
    await saveAll(
      [GRANDPARENT, 'grandparent', '09'],
      [TIP, 'tip', '01'],
      [PARENT, 'parent', '05'],
      ['d'.repeat(40), 'elsewhere', '02'],
    );
    expect(await runsFound()).toEqual(['tip', 'parent', 'grandparent']);
    expect(await runsFound([GRANDPARENT, TIP])).toEqual(['grandparent', 'tip']);
    expect(await runsFound([PARENT])).toEqual(['parent']);
  });

  test('of one commit are ordered newest first, before those of its parent', async () => {
    await saveAll(
      [PARENT, 'p-young', '20'],
      [TIP, 'middle', '02'],
      [TIP, 'young', '03'],
      [PARENT, 'p-old', '10'],
      [TIP, 'old', '01'],
    );
    expect(await runsFound()).toEqual(['young', 'middle', 'old', 'p-young', 'p-old']);
  });

  test('also exist if the nearest commits have no record', async () => {
    await saveAll([GRANDPARENT, 'first', '01'], [GRANDPARENT, 'second', '02']);
    expect(await storeAt().findRecord('default')).toMatchObject({ distance: 2 });
    expect(await runsFound()).toEqual(['second', 'first']);
  });

  test('of other suites are ignored', async () => {
    await saveAll([TIP, 'own', '02']);
    const other = recordOf(PARENT, 'other');
    await storeAt().save({ ...other, measurement: { ...other.measurement, suite: 'other' } });
    expect(await runsFound()).toEqual(['own']);
  });

  test.each([
    ['at a further commit', PARENT],
    ['at the furthest commit', GRANDPARENT],
  ])('are ignored if they cannot be read: %s', async (_, commit) => {
    await saveAll([TIP, 'tip', '03'], [PARENT, 'parent', '02'], [GRANDPARENT, 'grandparent', '01']);
    await temp.write(`records/default/${commit}/broken-1.json`, '{');
    expect(await runsFound()).toEqual(['tip', 'parent', 'grandparent']);
  });

  test.each([
    ['next to the nearest', TIP],
    ['at the nearest commit that has any', PARENT],
  ])('are found if an unreadable one is %s, and that one is named', async (_, commit) => {
    await saveAll([commit, 'sound', '03'], [GRANDPARENT, 'grandparent', '01']);
    const broken = await temp.write(`records/default/${commit}/broken-1.json`, '{');
    expect(await runsFound()).toEqual(['sound', 'grandparent']);
    expect(await storeAt().findRecord('default')).toMatchObject({
      rejected: [{ where: broken, reason: "it can't be read: the file: is not valid JSON" }],
    });
  });

  test('a broken record nearer than all others is the baseline, and corrupt', async () => {
    await saveAll([PARENT, 'parent', '02'], [GRANDPARENT, 'grandparent', '01']);
    const broken = await temp.write(`records/default/${TIP}/broken-1.json`, '{');
    expect(await storeAt().findRecord('default')).toMatchObject({
      status: 'corrupt',
      where: broken,
    });
  });
});

describe('a record that cannot be read is corrupt, never absent', () => {
  const whole = formatRecord(recordOf(TIP));
  test.each<readonly [string, string, RegExp]>([
    ['an empty file', '', /not valid JSON/],
    ['half a file', whole.slice(0, whole.length / 2), /not valid JSON/],
    ['a merge conflict', `<<<<<<< HEAD\n${whole}`, /not valid JSON/],
    ['another schema', whole.replace('record/v1', 'record/v2'), /^schema: /],
    ['a list', '[]', /^the file: /],
    ['an unknown key', whole.replace('"schema"', '"note": 1, "schema"'), /^the file: /],
    ['a lost part', JSON.stringify({ ...recordOf(TIP), provenance: undefined }), /^provenance: /],
  ])('%s', async (_, text, reason) => {
    await temp.write(`records/default/${TIP}/9-1.json`, text);
    await storeAt().save(recordOf(PARENT));
    const found = await storeAt().findRecord('default');
    expect(found).toMatchObject({
      status: 'corrupt',
      where: path.join(temp.path, 'records', 'default', TIP, '9-1.json'),
    });
    expect(found.status === 'corrupt' ? found.reason : '').toMatch(reason);

    const committed = createCommittedStore({
      file: path.join(temp.path, 'base.json'),
      name: 'base.json',
      readAtBase: () => Promise.resolve(text),
    });
    expect(await committed.findRecord('default')).toMatchObject({
      status: 'corrupt',
      where: 'base.json',
    });
  });

  test('until the same commit is recorded again', async () => {
    await storeAt().save(recordOf(PARENT, 'parent'));
    const broken = await temp.write(`records/default/${TIP}/9-1.json`, '{');
    expect(await storeAt().findRecord('default')).toMatchObject({
      status: 'corrupt',
      where: broken,
    });
    await storeAt().save(recordOf(TIP, '10'));
    expect(await storeAt().findRecord('default')).toMatchObject({
      status: 'found',
      record: { provenance: { runId: '10' } },
      rejected: [{ where: broken, isUnreadable: true }],
    });
  });
});

describe('a record of a run during which the clock was set back', () => {
  const old = {
    ...recordOf(TIP),
    provenance: { ...recordOf(TIP).provenance, durationMs: -26_968 },
  };

  test('is read as a record with zero duration', async () => {
    await temp.write(`records/default/${TIP}/1-1.json`, formatRecord(old));
    expect(await storeAt().findRecord('default')).toMatchObject({
      status: 'found',
      record: { provenance: { durationMs: 0 } },
    });
  });
});

describe('a record that the store could not read again', () => {
  const { provenance } = recordOf(TIP);

  test.each([NaN, -1, 0.5])('is not written: a duration of %s', async (durationMs) => {
    const record = { ...recordOf(TIP), provenance: { ...provenance, durationMs } };
    await expect(storeAt().save(record)).rejects.toThrow(
      'the record is not valid, so it is not written (provenance.durationMs: ',
    );
    expect(await readdir(temp.path)).toEqual([]);
  });
});

describe('the committed store', () => {
  const committedAt = (text: string | undefined): BaselinePort =>
    createCommittedStore({
      file: path.join(temp.path, '.github/mask-gate/default.baseline.json'),
      name: '.github/mask-gate/default.baseline.json',
      readAtBase: () => Promise.resolve(text),
    });

  test('reads the file at the base, at an unknown distance', async () => {
    const record = recordOf(TIP);
    expect(await committedAt(formatRecord(record)).findRecord('default')).toEqual({
      status: 'found',
      record,
      distance: null,
      older: [],
    });
  });

  test('has none if the base has no such file, even if the work tree has it', async () => {
    const store = committedAt(undefined);
    await store.save(recordOf(TIP));
    expect(await store.findRecord('default')).toEqual({ status: 'absent' });
  });

  test('writes into the work tree', async () => {
    const saved = await committedAt(undefined).save(recordOf(TIP));
    expect(saved).toBe(path.join(temp.path, '.github/mask-gate/default.baseline.json'));
    expect(await readFile(saved, 'utf8')).toBe(formatRecord(recordOf(TIP)));
  });

  test('does not hide that the base cannot be read', async () => {
    const store = createCommittedStore({
      file: path.join(temp.path, 'a.json'),
      name: 'a.json',
      readAtBase: () => Promise.reject(new Error('HTTP 500')),
    });
    await expect(store.findRecord('default')).rejects.toThrow('HTTP 500');
  });
});

test('a record is written in a form that reads back as the same, with a line end', () => {
  const text = formatRecord(recordOf(TIP));
  expect(recordSchema.parse(JSON.parse(text))).toEqual(recordOf(TIP));
  expect(text.endsWith('}\n')).toBe(true);
});
