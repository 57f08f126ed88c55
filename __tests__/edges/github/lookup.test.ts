import { type Line, createLine } from '../../../src/gate/records/line.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import { makeMeasuredExample, makeRecord } from '../../factories.js';
import { useTempFolder } from '../temp.js';
import { createCommittedStore } from '../../../src/edges/files/committed-store.js';
import { createDirectoryStore } from '../../../src/edges/files/directory-store.js';
import { formatRecord } from '../../../src/edges/files/record-store.js';

const temp = useTempFolder();

const commitOf = (number: number): string => number.toString(16).padStart(40, '0');
const LINE = Array.from({ length: 100 }, (_, index) => commitOf(index));

function recordOf(number: number, run = `${number}`): GateRecord {
  return makeRecord({
    examples: [makeMeasuredExample({ id: run })],
    provenance: { commit: commitOf(number), runId: run, runAttempt: '1' },
  });
}

/** A line of which only the first commits are visible. */
function cutAfter(commits: number): Line {
  const line = createLine(LINE.slice(0, commits));
  return { ...line, extent: () => ({ commits, isCut: true }) };
}

describe('a search that is cut', () => {
  test('does not count as a search without a record', async () => {
    await createDirectoryStore(temp.path, LINE).save(recordOf(30));
    expect(await createDirectoryStore(temp.path, cutAfter(20)).findRecord('default')).toEqual({
      status: 'unreached',
      records: 1,
      commits: 20,
    });
    expect(await createDirectoryStore(temp.path, cutAfter(40)).findRecord('default')).toMatchObject(
      {
        status: 'found',
        distance: 30,
      },
    );
  });

  test('returns the record that it reached', async () => {
    const store = createDirectoryStore(temp.path, LINE);
    for (const number of [5, 50]) await store.save(recordOf(number));
    expect(await createDirectoryStore(temp.path, cutAfter(20)).findRecord('default')).toMatchObject(
      {
        status: 'found',
        distance: 5,
        older: [],
      },
    );
  });
});

test('the line is not requested if the suite has no record', async () => {
  await createDirectoryStore(temp.path, LINE).save(recordOf(1));
  const line: Line = {
    places: (commits) => {
      expect(commits.size).toBe(0);
      return createLine([]).places(commits, () => false);
    },
    extent: () => ({ commits: 0, isCut: false }),
  };
  expect(await createDirectoryStore(temp.path, line).findRecord('other')).toEqual({
    status: 'absent',
  });
});

describe('a committed file', () => {
  const storeWith = (
    text: string,
    findRejection?: Parameters<typeof createCommittedStore>[0]['findRejection'],
  ): ReturnType<typeof createCommittedStore> =>
    createCommittedStore({
      file: 'base.json',
      name: 'base.json',
      readAtBase: () => Promise.resolve(text),
      ...(findRejection && { findRejection }),
    });

  test('is checked for its origin by the commit that it names', async () => {
    const asked: unknown[] = [];
    const store = storeWith(formatRecord(recordOf(7)), (record, found) => {
      asked.push([record.provenance.runId, found]);
      return Promise.resolve(undefined);
    });
    expect(await store.findRecord('default')).toMatchObject({ status: 'found' });
    expect(asked).toEqual([
      ['7', { file: 'base.json', commit: commitOf(7), promotion: undefined }],
    ]);
  });

  test('that is doubted is untrusted, and one that cannot be read remains corrupt', async () => {
    const rejection = (): Promise<string> => Promise.resolve('GitHub knows no run 7');
    expect(await storeWith(formatRecord(recordOf(7)), rejection).findRecord('default')).toEqual({
      status: 'untrusted',
      rejected: [{ where: 'base.json', reason: 'GitHub knows no run 7' }],
    });
    expect(await storeWith('{', rejection).findRecord('default')).toMatchObject({
      status: 'corrupt',
    });
  });
});
