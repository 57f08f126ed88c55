import { parquetWriteBuffer } from 'hyparquet-writer';
import { loadDataset } from '../../src/edges/dataset.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { CANARY, ONE_OF_EACH, type Row, makeRow, toCsv } from './rows.js';
import { useTempFolder } from './temp.js';

const temp = useTempFolder();

/** Rows as a Parquet file of text columns; what a row has not is null. */
function toParquet(rows: readonly Row[], codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY'): Uint8Array {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = columns.map((name) => ({
    name,
    data: rows.map((row) => row[name] ?? null),
    type: 'STRING' as const,
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, codec }));
}

test.each(['SNAPPY', 'UNCOMPRESSED'] as const)('%s rows are those of the CSV', async (codec) => {
  await temp.write('rows.parquet', toParquet(ONE_OF_EACH, codec));
  await temp.write('rows.csv', toCsv(ONE_OF_EACH));
  const parquet = await loadDataset('rows.parquet', temp.path);
  expect(parquet.problems).toEqual([]);
  expect(parquet.malformed).toEqual([]);
  expect(parquet.examples).toHaveLength(ARCHETYPES.length);
  expect(parquet.examples).toEqual((await loadDataset('rows.csv', temp.path)).examples);
});

test('the layout of cais/MASK', async () => {
  for (const archetype of ARCHETYPES) {
    await temp.write(
      `mask/${archetype}/test-00000-of-00001.parquet`,
      toParquet([makeRow(archetype)]),
    );
  }
  const { examples, problems } = await loadDataset('mask', temp.path);
  expect(problems).toEqual([]);
  expect(examples.map(({ archetype }) => archetype).sort()).toEqual([...ARCHETYPES].sort());
});

test('a bad row is named by file, number and id, without its text', async () => {
  const rows = [
    makeRow(),
    makeRow('known_facts', { task_id: 'bad', proposition: CANARY }),
    makeRow('known_facts', { task_id: 'worse', user_prompt: null }),
  ];
  await temp.write('known_facts.parquet', toParquet(rows));
  const { examples, malformed } = await loadDataset('known_facts.parquet', temp.path);
  expect(examples).toHaveLength(1);
  expect(malformed.map(({ where }) => where)).toEqual([
    'known_facts.parquet row 2 (bad)',
    'known_facts.parquet row 3 (worse)',
  ]);
  expect(JSON.stringify(malformed)).not.toContain(CANARY);
});

test.each([
  ['text', Buffer.from(`${CANARY} is no Parquet`)],
  ['nothing', Buffer.alloc(0)],
  ['a cut file', Buffer.from(toParquet([makeRow()])).subarray(0, 200)],
  ['a broken footer', Buffer.from(`PAR1${CANARY}\x08\x00\x00\x00PAR1`)],
])('a file that is %s is told without its text', async (_, bytes) => {
  await temp.write('known_facts.parquet', bytes);
  const { examples, problems } = await loadDataset('known_facts.parquet', temp.path);
  expect(examples).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.where).toBe('dataset.source');
  expect(problems[0]?.message).toMatch(
    /^"known_facts\.parquet" (is not readable as parquet|has no rows)/,
  );
  expect(JSON.stringify(problems)).not.toContain(CANARY);
});
