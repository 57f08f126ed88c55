import path from 'node:path';
import { readReadings } from '../../../src/edges/files/readings-file.js';
import { type Problem, UsageError } from '../../../src/base/errors.js';
import { CANARY } from '../dataset/rows.js';
import { useTempFolder } from '../temp.js';

const temp = useTempFolder();

const GOOD = {
  archetype: 'known_facts',
  proposition: 'binary',
  groundTruth: 'A',
  statements: ['A'],
};

/** A valid line with this id. */
function line(id: string, overrides: object = {}): string {
  return JSON.stringify({ id, ...GOOD, ...overrides });
}

async function idsOf(content: string): Promise<readonly string[]> {
  const rows = await readReadings(await temp.write('readings.jsonl', content));
  return rows.map(({ id }) => id);
}

/** The problems of a file, each with its place relative to its folder. */
async function problemsOf(content: string): Promise<readonly Problem[]> {
  const file = await temp.write('readings.jsonl', content);
  const thrown: unknown = await readReadings(file).catch((error: unknown) => error);
  if (!(thrown instanceof UsageError)) throw new Error('the file was read');
  return thrown.problems.map(({ where, message }) => ({
    where: where.replace(`${temp.path}${path.sep}`, ''),
    message,
  }));
}

describe('a readings file', () => {
  test.each([
    { name: 'one line', content: line('a'), ids: ['a'] },
    { name: 'lines in their order', content: `${line('b')}\n${line('a')}\n`, ids: ['b', 'a'] },
    { name: 'a byte order mark', content: `\ufeff${line('a')}\n`, ids: ['a'] },
    { name: 'Windows line ends', content: `${line('a')}\r\n${line('b')}\r\n`, ids: ['a', 'b'] },
    {
      name: 'blank lines anywhere',
      content: `\n  \n${line('a')}\n\t\n\r\n${line('b')}\n\n`,
      ids: ['a', 'b'],
    },
    { name: 'space around the object', content: `  ${line('a')}\t`, ids: ['a'] },
    {
      name: 'ids that differ only in case',
      content: `${line('a')}\n${line('A')}`,
      ids: ['a', 'A'],
    },
    { name: 'other scripts', content: line('Größe 数 🙂'), ids: ['Größe 数 🙂'] },
  ])('with $name is read', async ({ content, ids }) => {
    expect(await idsOf(content)).toEqual(ids);
  });

  test('returns the rows of its schema, with empty values for missing fields', async () => {
    const file = await temp.write(
      'readings.jsonl',
      [
        line('one', { statements: ['A', null, { text: 'Answer: B' }] }),
        JSON.stringify({
          id: 'two',
          archetype: 'statistics',
          proposition: 'numerical',
          groundTruth: [null, 5],
          direct: [[1, 2]],
          statements: [[3, null]],
        }),
      ].join('\n'),
    );
    expect(await readReadings(file)).toEqual([
      {
        id: 'one',
        ...GOOD,
        direct: [],
        consistency: [],
        statements: ['A', null, { text: 'Answer: B' }],
      },
      {
        id: 'two',
        archetype: 'statistics',
        proposition: 'numerical',
        groundTruth: [null, 5],
        direct: [[1, 2]],
        consistency: [],
        statements: [[3, null]],
      },
    ]);
  });
});

describe('errors are reported with their line', () => {
  test('all errors are reported, and lines are counted as in an editor', async () => {
    const content = [
      `\ufeff${line('a')}`,
      '',
      '{"id": ',
      line('b', { groundTruth: 'C' }),
      line('a'),
      '   ',
      line('c', { archetype: 'gossip', statements: [] }),
      line('d'),
    ].join('\r\n');
    expect(await problemsOf(content)).toEqual([
      { where: 'readings.jsonl line 3', message: 'is not valid JSON' },
      {
        where: 'readings.jsonl line 4',
        message: 'groundTruth must be A or B for a binary proposition',
      },
      { where: 'readings.jsonl line 5', message: 'has the id of line 1' },
      {
        where: 'readings.jsonl line 7',
        message:
          'archetype must be one of known_facts, provided_facts, doubling_down_known_facts, continuations, disinformation, statistics; statements needs at least one reading',
      },
    ]);
  });

  test.each([
    { name: 'no id', content: line('x', { id: undefined }), says: /^id / },
    { name: 'a bad reading', content: line('x', { direct: ['A', 'E'] }), says: /^direct\.1 / },
    {
      name: 'an unknown field',
      content: line('x', { note: 1 }),
      says: /^unrecognized key: "note"/,
    },
    {
      name: 'a hash that is not valid',
      content: line('x', { hash: '12' }),
      says: /^hash must be a SHA/,
    },
    { name: 'no kind', content: line('x', { proposition: undefined }), says: /^proposition / },
    { name: 'a list', content: '[1, 2]', says: /array/ },
    { name: 'a text', content: '"A"', says: /string/ },
    { name: 'null', content: 'null', says: /null/ },
    { name: 'two objects', content: `${line('x')}${line('y')}`, says: /^is not valid JSON$/ },
    { name: 'a trailing comma', content: `${line('x')},`, says: /^is not valid JSON$/ },
    {
      name: 'a second byte order mark',
      content: `\ufeff\ufeff${line('x')}`,
      says: /^is not valid/,
    },
  ])('$name', async ({ content, says }) => {
    expect(await problemsOf(content)).toEqual([
      { where: 'readings.jsonl line 1', message: expect.stringMatching(says) as string },
    ]);
  });

  test('a key that occurs twice, of which JSON would keep the last', async () => {
    const twice = line('x').replace(/\}$/, ',"statements":["B"]}');
    const within = line('y', { direct: [{ text: 'A' }] }).replace('"text"', '"text":"B","text"');
    expect(await problemsOf(`${line('a')}\n\n${twice}\n${within}`)).toEqual([
      { where: 'readings.jsonl line 3', message: 'has the key statements twice in one object' },
      { where: 'readings.jsonl line 4', message: 'has the key text twice in one object' },
    ]);
  });

  test('a whole JSON file is reported line by line as not JSONL', async () => {
    const problems = await problemsOf(JSON.stringify([{ id: 'a', ...GOOD }], null, 2));
    expect(problems[0]).toEqual({ where: 'readings.jsonl line 1', message: 'is not valid JSON' });
  });

  test('an id that occurs often is reported at every line but the first', async () => {
    const problems = await problemsOf([line('a'), line('b'), line('a'), line('a')].join('\n'));
    expect(problems.map(({ where }) => where)).toEqual([
      'readings.jsonl line 3',
      'readings.jsonl line 4',
    ]);
    expect(problems[0]?.message).toBe('has the id of line 1');
  });

  test.each([
    { name: 'no byte', content: '' },
    { name: 'blank lines', content: '\n \n\t\r\n' },
    { name: 'a byte order mark', content: '\ufeff' },
  ])('$name: it holds no readings', async ({ content }) => {
    expect(await problemsOf(content)).toEqual([
      { where: 'readings.jsonl', message: 'contains no readings; see mask-gate schema readings' },
    ]);
  });

  test.each([
    { wrong: 19, shown: 19 },
    { wrong: 20, shown: 20 },
    { wrong: 21, shown: 20 },
    { wrong: 500, shown: 20 },
  ])('of $wrong wrong lines $shown are shown, and the rest counted', async ({ wrong, shown }) => {
    const bad = Array.from({ length: wrong }, () => 'no JSON');
    const problems = await problemsOf([line('a'), ...bad, line('b')].join('\n'));
    const lines = problems.slice(0, shown).map(({ where }) => where);
    expect(lines).toEqual(
      Array.from({ length: shown }, (_, index) => `readings.jsonl line ${index + 2}`),
    );
    expect(problems.slice(shown)).toEqual(
      wrong === shown
        ? []
        : [
            {
              where: 'readings.jsonl',
              message: `${wrong - shown} more lines are wrong; see mask-gate schema readings`,
            },
          ],
    );
  });
});

test.each([
  { name: 'a text', content: line('x', { direct: [{ text: CANARY, more: 1 }] }) },
  { name: 'a text instead of a letter', content: line('x', { statements: [CANARY] }) },
  { name: 'a text that is a list', content: line('x', { statements: [{ text: [CANARY] }] }) },
  { name: 'a text as truth', content: line('x', { groundTruth: CANARY }) },
  { name: 'a text as archetype', content: line('x', { archetype: CANARY }) },
  { name: 'a text as hash', content: line('x', { hash: CANARY }) },
  { name: 'a text as kind', content: line('x', { proposition: CANARY }) },
  { name: 'an unknown field', content: line('x', { answer: CANARY }) },
  {
    name: 'a line that is cut',
    content: line('x', { statements: [{ text: CANARY }] }).slice(0, -1),
  },
  { name: 'a plain text', content: CANARY },
  { name: 'a text in quotes', content: JSON.stringify(CANARY) },
  { name: 'an id that occurs twice', content: `${line(CANARY)}\n${line(CANARY)}` },
])('no message repeats text from the file: $name', async ({ content }) => {
  const problems = await problemsOf(content);
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain(CANARY);
});

test.each([
  { name: 'a file that does not exist', file: 'none.jsonl' },
  { name: 'a folder', file: '.' },
])('$name cannot be read', async ({ file }) => {
  const where = path.join(temp.path, file);
  await expect(readReadings(where)).rejects.toEqual(
    new UsageError([{ where, message: 'cannot be read; name a JSONL file' }]),
  );
});
