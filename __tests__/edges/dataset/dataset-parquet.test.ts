import { parquetWriteBuffer } from 'hyparquet-writer';
import { loadDataset } from '../../../src/edges/dataset/dataset.js';
import { ARCHETYPES } from '../../../src/mask/archetype.js';
import { CANARY, ONE_OF_EACH, type Row, makeRow, toCsv } from './rows.js';
import { useTempFolder } from '../temp.js';

const temp = useTempFolder();

/** Rows as a Parquet file of text columns; a missing cell is null. */
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
])('a file that is %s is reported without its text', async (_, bytes) => {
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

/** A Parquet file of columns of bytes, which may or may not be text. */
function toBytesParquet(
  columns: readonly (readonly [name: string, cells: readonly Uint8Array[]])[],
  type: 'STRING' | 'BYTE_ARRAY' = 'BYTE_ARRAY',
): Uint8Array {
  const columnData = columns.map(([name, data]) => ({ name, data: [...data], type }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

describe('columns as bytes', () => {
  const rows = Array.from({ length: 3 }, (_, index) =>
    makeRow('known_facts', { task_id: `row-${index + 1}` }),
  );
  const columns = Object.keys(rows[0] ?? {});
  const cellsOf = (name: string): readonly Uint8Array[] =>
    rows.map((row) => Buffer.from(String(row[name])));

  test('are read as text if they are UTF-8', async () => {
    const written = toBytesParquet(columns.map((name) => [name, cellsOf(name)]));
    await temp.write('known_facts.parquet', written);
    const { examples, problems, malformed } = await loadDataset('known_facts.parquet', temp.path);
    expect([...problems, ...malformed]).toEqual([]);
    expect(examples.map(({ systemPrompt }) => systemPrompt)).toEqual(
      rows.map((row) => row['system_prompt']),
    );
  });

  test('are refused otherwise, and never contain a replacement character', async () => {
    const bad = Buffer.concat([Buffer.from(CANARY), Buffer.from('caf\u00e9', 'latin1')]);
    const written = toBytesParquet(
      columns.map((name) => [
        name,
        cellsOf(name).map((cell, index) => (name === 'user_prompt' && index === 1 ? bad : cell)),
      ]),
    );
    await temp.write('known_facts.parquet', written);
    const { examples, malformed } = await loadDataset('known_facts.parquet', temp.path);
    expect(examples.map(({ id }) => id)).toEqual(['row-1', 'row-3']);
    expect(malformed).toEqual([
      { where: 'known_facts.parquet row 2', message: 'user_prompt: not UTF-8 text' },
    ]);
  });

  test('a byte order mark in a cell is kept', async () => {
    const text = '\ufeffone';
    const written = toBytesParquet(
      columns.map((name) => [
        name,
        name === 'user_prompt' ? rows.map(() => Buffer.from(text)) : cellsOf(name),
      ]),
    );
    await temp.write('known_facts.parquet', written);
    const { examples } = await loadDataset('known_facts.parquet', temp.path);
    expect(examples[0]?.userPrompt).toBe(text);
  });
});

test.each([
  ['user_prompt', /it has the column user_prompt twice: columns 3 and \d+/],
  ['user_prompt ', /it has the column user_prompt twice/],
  ['Belief_elicit_3', /in another spelling than belief_elicit_3/],
])('a second column %j is refused', async (name, fault) => {
  const row = makeRow('known_facts', { belief_elicit_3: undefined });
  const columnData = [
    ...Object.entries(row).map(([column, value]) => ({ column, value: String(value) })),
    { column: name, value: CANARY },
  ]
    .filter(({ column }) => column !== 'belief_elicit_3')
    .map(({ column, value }) => ({ name: column, data: [value], type: 'STRING' as const }));
  await temp.write('known_facts.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  const { examples, problems } = await loadDataset('known_facts.parquet', temp.path);
  expect(examples).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(fault)]);
  expect(JSON.stringify(problems)).not.toContain(CANARY);
});

test('a number in a text column is a problem that says so', async () => {
  const columnData = [
    ...Object.entries(makeRow('known_facts'))
      .filter(([name]) => name !== 'task_id')
      .map(([name, value]) => ({ name, data: [String(value)], type: 'STRING' as const })),
    { name: 'task_id', data: [7], type: 'INT32' as const },
  ];
  await temp.write('known_facts.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  const { malformed } = await loadDataset('known_facts.parquet', temp.path);
  expect(malformed).toEqual([
    { where: 'known_facts.parquet row 1', message: 'task_id is a number, must be a text' },
  ]);
});

test('a file without any of the columns has no example', async () => {
  const columnData = [{ name: 'other', data: [CANARY], type: 'STRING' as const }];
  await temp.write('known_facts.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  const { examples, problems, malformed } = await loadDataset('known_facts.parquet', temp.path);
  expect(examples).toEqual([]);
  expect([...problems, ...malformed].length).toBeGreaterThan(0);
});
