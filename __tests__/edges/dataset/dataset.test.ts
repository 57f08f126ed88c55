import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { type LoadedDataset, loadDataset } from '../../../src/edges/dataset/dataset.js';
import { ARCHETYPES } from '../../../src/mask/archetype.js';
import { CANARY, ONE_OF_EACH, type Row, makeRow, toCsv, toJsonl } from './rows.js';
import { useTempFolder } from '../temp.js';

const temp = useTempFolder();

async function loadText(name: string, text: string | Uint8Array): Promise<LoadedDataset> {
  await temp.write(name, text);
  return loadDataset(name, temp.path);
}

/** No file and no row of it has a problem. */
function expectSound({ problems, malformed }: LoadedDataset): void {
  expect(problems).toEqual([]);
  expect(malformed).toEqual([]);
}

/** Archetype and id of what was loaded, in order. */
const named = ({ examples }: LoadedDataset): readonly string[] =>
  examples.map(({ archetype, id }) => `${archetype}/${id}`);

describe('a valid dataset', () => {
  const expected = ARCHETYPES.map((archetype) => `${archetype}/${archetype}-1`);

  test.each([
    ['CSV', 'rows.csv', toCsv(ONE_OF_EACH)],
    ['CSV with a byte order mark', 'rows.csv', `\ufeff${toCsv(ONE_OF_EACH)}`],
    ['CSV with empty lines', 'rows.csv', `${toCsv(ONE_OF_EACH)}\r\n\r\n\r\n`],
    ['CSV with line feeds only', 'rows.csv', toCsv(ONE_OF_EACH).replaceAll('\r\n', '\n')],
    ['JSONL', 'rows.jsonl', toJsonl(ONE_OF_EACH)],
    ['JSONL with empty lines', 'rows.jsonl', toJsonl(ONE_OF_EACH).replaceAll('\n', '\n\n  \n')],
    ['JSONL with carriage returns', 'rows.jsonl', toJsonl(ONE_OF_EACH).replaceAll('\n', '\r\n')],
    ['JSONL without a last line end', 'rows.jsonl', toJsonl(ONE_OF_EACH).trimEnd()],
  ])('%s', async (_, name, text) => {
    const loaded = await loadText(name, text);
    expectSound(loaded);
    expect(named(loaded)).toEqual(expected);
  });

  test('is the same one, in every format', async () => {
    const csv = await loadText('rows.csv', toCsv(ONE_OF_EACH));
    const jsonl = await loadText('rows.jsonl', toJsonl(ONE_OF_EACH));
    expect(jsonl.examples).toEqual(csv.examples);
    expect(csv.examples[0]).toMatchObject({
      systemPrompt: `${CANARY} system, with a comma and a "quote".`,
      groundTruth: { kind: 'binary', side: 'A' },
    });
    expect(csv.examples[5]).toMatchObject({
      groundTruth: { kind: 'numerical', interval: { lower: 70, upper: 72 } },
    });
  });

  test('keeps line breaks within a cell', async () => {
    const loaded = await loadText(
      'known_facts.csv',
      toCsv([makeRow('known_facts', { user_prompt: 'one\n\ntwo' })]),
    );
    expectSound(loaded);
    expect(loaded.examples[0]?.userPrompt).toBe('one\n\ntwo');
  });
});

describe('the archetype of a row', () => {
  test.each([
    ['the name of the file', 'statistics.jsonl', 'statistics.jsonl'],
    ['the name of its folder', 'disinformation/test-00000-of-00001.jsonl', 'disinformation'],
    [
      'the name of its folder, asked for as a file',
      'continuations/a.jsonl',
      'continuations/a.jsonl',
    ],
  ])('comes from %s', async (_, name, source) => {
    const archetype = ARCHETYPES.find((known) => name.includes(known)) ?? 'known_facts';
    await temp.write(name, toJsonl([makeRow(archetype)]));
    const loaded = await loadDataset(source, temp.path);
    expectSound(loaded);
    expect(named(loaded)).toEqual([`${archetype}/${archetype}-1`]);
  });

  test('comes from its column rather than from the name of its file', async () => {
    const rows = [
      makeRow('continuations', { archetype: 'continuations', task_id: 'a' }),
      makeRow('known_facts', { task_id: 'b' }),
      makeRow('known_facts', { archetype: '', task_id: 'c' }),
    ];
    const loaded = await loadText('known_facts.csv', toCsv(rows));
    expectSound(loaded);
    expect(named(loaded)).toEqual(['continuations/a', 'known_facts/b', 'known_facts/c']);
  });

  test.each([
    [undefined, /has no archetype; add a column archetype/],
    ['', /has no archetype; add a column archetype/],
    [CANARY, /has an unknown archetype; known are known_facts, provided_facts/],
    ['Known Facts', /has an unknown archetype/],
    ['constructor', /has an unknown archetype/],
  ])('that is %j is a problem', async (archetype, message) => {
    const row = archetype === undefined ? makeRow() : makeRow('known_facts', { archetype });
    const { examples, malformed } = await loadText('rows.csv', toCsv([row]));
    expect(examples).toEqual([]);
    expect(malformed).toHaveLength(1);
    expect(malformed[0]?.where).toBe('rows.csv line 2 (known_facts-1)');
    expect(malformed[0]?.message).toMatch(message);
    expect(malformed[0]?.message).not.toContain(CANARY);
  });
});

describe('a folder', () => {
  test('in the layout of cais/MASK', async () => {
    for (const archetype of ARCHETYPES) {
      await temp.write(`mask/${archetype}/test-00000-of-00001.csv`, toCsv([makeRow(archetype)]));
    }
    await temp.write('mask/README.md', 'a text that is not data');
    await temp.write('mask/.gitattributes', '');
    const loaded = await loadDataset('mask', temp.path);
    expectSound(loaded);
    expect([...named(loaded)].sort()).toEqual(
      ARCHETYPES.map((archetype) => `${archetype}/${archetype}-1`).sort(),
    );
  });

  test('may mix formats and shards, and is read in the order of names', async () => {
    await temp.write(
      'd/known_facts/b.jsonl',
      toJsonl([makeRow('known_facts', { task_id: 'two' })]),
    );
    await temp.write('d/known_facts/a.csv', toCsv([makeRow('known_facts', { task_id: 'one' })]));
    const loaded = await loadDataset('d', temp.path);
    expectSound(loaded);
    expect(loaded.examples.map(({ id }) => id)).toEqual(['one', 'two']);
  });

  test.each(['empty', 'texts'])('without data is refused: %s', async (folder) => {
    await temp.write('empty/.gitkeep', '');
    await temp.write('texts/notes.txt', 'x');
    expect(await loadDataset(folder, temp.path)).toEqual({
      examples: [],
      malformed: [],
      problems: [
        {
          where: 'dataset.source',
          message: `"${folder}" holds no .parquet, .csv or .jsonl file`,
        },
      ],
    });
  });

  test('does not follow links out of the workspace', async () => {
    await temp.write('outside/known_facts.jsonl', toJsonl([makeRow()]));
    await temp.write('workspace/data/known_facts.csv', toCsv([makeRow('known_facts')]));
    const data = path.join(temp.path, 'workspace/data');
    await symlink('../../outside/known_facts.jsonl', path.join(data, 'linked.jsonl'));
    await symlink('../../outside', path.join(data, 'linked'));
    const loaded = await loadDataset('data', path.join(temp.path, 'workspace'));
    expectSound(loaded);
    expect(named(loaded)).toEqual(['known_facts/known_facts-1']);
  });

  test('names files that it leaves out once, and reads the others with any case of their type', async () => {
    const rowOf = (id: string): Row =>
      makeRow('known_facts', { task_id: id, archetype: 'known_facts' });
    await temp.write('d/a.csv', toCsv([rowOf('a')]));
    await temp.write('d/B.CSV', toCsv([rowOf('b')]));
    await temp.write('d/within/f.JSONL', toJsonl([rowOf('f')]));
    await temp.write('d/README.md', 'a text');
    await temp.write('d/rows.json', '[]');
    await temp.write('d/within/rows.csv.gz', 'x');
    await temp.write('d/.hidden.csv', toCsv([rowOf('hidden')]));
    await temp.write('d/.checkpoints/a.csv', toCsv([rowOf('checkpoint')]));
    await temp.write('d/.checkpoints/b.csv', toCsv([rowOf('checkpoint')]));
    await symlink('a.csv', path.join(temp.path, 'd/link.csv'));
    await symlink('within', path.join(temp.path, 'd/linked'));
    const loaded = await loadDataset('d', temp.path);
    expectSound(loaded);
    expect(loaded.examples.map(({ id }) => id)).toEqual(['b', 'a', 'f']);
    const other = 'not .parquet, .csv, .jsonl';
    expect(loaded.leftOut).toEqual({
      where: 'dataset.source',
      message: `of "d": ${[
        '.checkpoints (hidden)',
        '.hidden.csv (hidden)',
        `README.md (${other})`,
        'link.csv (a link)',
        'linked (a link)',
        `rows.json (${other})`,
        `within/rows.csv.gz (${other})`,
      ].join(', ')}`,
    });
  });

  test('counts the other files that it leaves out', async () => {
    await temp.write('d/known_facts.csv', toCsv([makeRow('known_facts')]));
    for (let number = 10; number < 35; number += 1) await temp.write(`d/note-${number}.txt`, '');
    const { leftOut } = await loadDataset('d', temp.path);
    expect(leftOut?.message).toContain('note-29.txt (not .parquet, .csv, .jsonl), 5 more');
    expect(leftOut?.message).not.toContain('note-30');
  });

  test('says nothing if it reads everything', async () => {
    await temp.write('d/known_facts.csv', toCsv([makeRow('known_facts')]));
    expect(await loadDataset('d', temp.path)).not.toHaveProperty('leftOut');
  });

  test('one bad file does not hide the problems of another', async () => {
    await temp.write('d/known_facts.csv', 'a,b\n"open\n');
    await temp.write('d/statistics.jsonl', toJsonl([makeRow('statistics', { proposition: '' })]));
    await temp.write('d/continuations.jsonl', toJsonl([makeRow('continuations')]));
    const { examples, problems, malformed } = await loadDataset('d', temp.path);
    expect(examples).toHaveLength(1);
    expect(problems.map(({ where }) => where)).toEqual(['dataset.source']);
    expect(malformed.map(({ where }) => where)).toEqual(['statistics.jsonl line 1 (statistics-1)']);
  });
});

describe('a source that cannot be used', () => {
  test.each([
    ['missing.csv', /"missing.csv" does not exist/],
    ['../outside.csv', /leads out of the workspace/],
    ['/etc/passwd', /leads out of the workspace/],
    ['rows.json', /"rows.json" is no .parquet, .csv or .jsonl file/],
    ['rows.txt', /is no .parquet, .csv or .jsonl file/],
    ['rows', /is no .parquet, .csv or .jsonl file/],
    ['link.csv', /leads out of the workspace/],
  ])('%s', async (source, message) => {
    const root = path.join(temp.path, 'workspace');
    for (const name of ['rows.json', 'rows.txt', 'rows']) {
      await temp.write(`workspace/${name}`, toJsonl(ONE_OF_EACH));
    }
    await temp.write('outside.csv', toCsv(ONE_OF_EACH));
    await symlink('../outside.csv', path.join(root, 'link.csv'));
    const { examples, problems } = await loadDataset(source, root);
    expect(examples).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe('dataset.source');
    expect(problems[0]?.message).toMatch(message);
  });

  test.each([
    ['an empty CSV', 'known_facts.csv', ''],
    ['a CSV with a header only', 'known_facts.csv', 'task_id,user_prompt\n'],
    ['an empty JSONL', 'known_facts.jsonl', ''],
    ['a JSONL of empty lines', 'known_facts.jsonl', '\n\n  \n'],
  ])('%s has no rows', async (_, name, text) => {
    expect(await loadText(name, text)).toEqual({
      examples: [],
      malformed: [],
      problems: [{ where: 'dataset.source', message: `"${name}" has no rows` }],
    });
  });

  test.each([
    [
      'an open quote',
      `a,b\n1,2\n3,"${CANARY},x\n`,
      'line 3: a quote is opened and not closed (column 2)',
    ],
    [
      'a cell too many',
      `a,b\n${CANARY},2,3\n`,
      'line 2 has 3 cells; the header on line 1 has 2 cells',
    ],
    ['a cell too few', `a,b\n${CANARY}\n`, 'line 2 has 1 cell; the header on line 1 has 2 cells'],
    [
      'rows of other lengths',
      `\n\na,b\n1\n1,2\n"${CANARY}\r\n${CANARY}","\n",3\n${'1,2,3,4\n'.repeat(7)}`,
      'line 4 has 1 cell, line 6 has 3 cells, line 9 has 4 cells, line 10 has 4 cells, line 11 has 4 cells, and so on for 4 more; the header on line 3 has 2 cells',
    ],
    [
      'a quote within a cell',
      `a,b\n1,2\n3,${CANARY}"x"y\n`,
      'line 3: a quote is within a cell that does not begin with one (column 2)',
    ],
    [
      'text after a quote',
      `a,b\n"${CANARY}"x,2\n`,
      'line 2: text follows the quote that closes a cell (column 1)',
    ],
    [
      'semicolons',
      `task_id;user_prompt\n${CANARY};2\n`,
      'line 1 has one column; columns must be separated by commas',
    ],
  ])('a CSV with %s is reported by its place, not by its text', async (_, text, fault) => {
    const { examples, problems } = await loadText('known_facts.csv', text);
    expect(examples).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe('dataset.source');
    expect(problems[0]?.message).toBe(`"known_facts.csv" is not readable as csv: ${fault}`);
  });
});

describe.each(['csv', 'jsonl'])('a .%s file that is not UTF-8 text is refused', (format) => {
  test.each<readonly [string, Buffer, string]>([
    ['Latin-1', Buffer.from('a\n\ncaf\u00e9\n', 'latin1'), 'line 3 is not UTF-8 text'],
    ['a cut character', Buffer.from('a\n\u00e9').subarray(0, 3), 'line 2 is not UTF-8 text'],
    [
      'UTF-16 with a byte order mark',
      Buffer.from(`\ufeff${CANARY}`, 'utf16le'),
      'it is UTF-16 text; save it as UTF-8',
    ],
    [
      'the other UTF-16',
      Buffer.from(`\ufeff${CANARY}`, 'utf16le').swap16(),
      'it is UTF-16 text; save it as UTF-8',
    ],
    [
      'UTF-16 without a mark',
      Buffer.from(CANARY, 'utf16le'),
      'line 1 holds a NUL byte; save the file as UTF-8 text',
    ],
    [
      'a NUL byte',
      Buffer.from(`a,b\r\n${CANARY},\0\r\n`),
      'line 2 holds a NUL byte; save the file as UTF-8 text',
    ],
    // A lone surrogate in the form that UTF-8 would have for it.
    ['half of a pair', Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80]), 'line 2 is not UTF-8 text'],
  ])('%s', async (_, bytes, fault) => {
    const name = `known_facts.${format}`;
    const message = `"${name}" is not readable as ${format}: ${fault}`;
    expect(await loadText(name, bytes)).toEqual({
      examples: [],
      malformed: [],
      problems: [{ where: 'dataset.source', message }],
    });
  });
});

describe('columns that could be mistaken for one another are refused by name', () => {
  const row = makeRow('known_facts');
  const cells = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, String(value)]),
  );

  /** A table of one row with one further column at the end. */
  const withColumn = (name: string): string => {
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    return [
      [...Object.keys(cells), name].map(quote).join(','),
      [...Object.values(cells), 'other'].map(quote).join(','),
    ].join('\n');
  };

  test.each([
    ['user_prompt', /has the column user_prompt twice: columns 3 and 11/],
    [' user_prompt', /has the column user_prompt twice: columns 3 and 11/],
    ['user_prompt\t', /has the column user_prompt twice/],
    ['\ufeffuser_prompt', /has the column user_prompt twice/],
    ['user_ prompt', /has the column user_prompt twice/],
    ['type', /has a column of one name twice: columns 7 and 11/],
    [' dd_turn_1_prompt', /has column 11 in another spelling than dd_turn_1_prompt/],
    ['DD_turn_1_prompt', /has column 11 in another spelling than dd_turn_1_prompt/],
  ])('CSV: %j', async (name, fault) => {
    const { examples, problems } = await loadText('known_facts.csv', withColumn(name));
    expect(examples).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(fault)]);
    expect(problems[0]?.message).toMatch(/^"known_facts\.csv" is not readable as csv: line 1 has /);
    expect(JSON.stringify(problems)).not.toContain(CANARY);
  });

  test.each([
    ['"user_prompt":"x"', /^has the key user_prompt twice in one object \(character \d+\)$/],
    ['"user\\u005fprompt":"x"', /^has the key user_prompt twice in one object/],
    ['" user_prompt":"x"', /^has the key user_prompt twice: keys 3 and 11, white space aside$/],
    ['"Dd_turn_1_prompt":"x"', /^has key 11 in another spelling than dd_turn_1_prompt/],
    [`"notes":{"a":[{"${CANARY}":1,"${CANARY}":2}]}`, /^has a key twice in one object/],
  ])('JSONL: %s', async (member, fault) => {
    const line = JSON.stringify(row).replace(/\}$/, `,${member}}`);
    const text = `\n${JSON.stringify(makeRow('known_facts', { task_id: 'good' }))}\r\n${line}\r\n`;
    const { examples, problems, malformed } = await loadText('known_facts.jsonl', text);
    expect(problems).toEqual([]);
    expect(examples.map(({ id }) => id)).toEqual(['good']);
    expect(malformed).toEqual([
      { where: 'known_facts.jsonl line 3', message: expect.stringMatching(fault) as string },
    ]);
    expect(JSON.stringify(malformed)).not.toContain(CANARY);
  });

  test('further columns without a name are not read and not refused', async () => {
    const text = withColumn('').replaceAll('\n', ',"x"\n').replace(',"x"\n', ',""\n');
    const loaded = await loadText('known_facts.csv', `${text},"x"`);
    expectSound(loaded);
    expect(loaded.examples).toHaveLength(1);
  });

  test('a key may occur in two objects', async () => {
    const further = { notes: [{ a: 1 }, { a: 2, b: { a: 3 } }], system: '{"a":1,"a":2}' };
    const loaded = await loadText('known_facts.jsonl', toJsonl([{ ...row, ...further }]));
    expectSound(loaded);
  });
});

describe('a cell is read as it is written', () => {
  const asked = 'user_prompt';

  test.each([
    ['CRLF', 'one\r\n\r\ntwo'],
    ['a carriage return', 'one\rtwo'],
    ['a byte order mark', '\ufeffone'],
    ['white space around', '  one\t '],
    ['an emoji', '\u{1f600}'],
  ])('%s, in every format', async (_, text) => {
    const rows = [makeRow('known_facts', { [asked]: text })];
    for (const [name, written] of [
      ['known_facts.csv', toCsv(rows)],
      ['known_facts.jsonl', toJsonl(rows)],
    ] as const) {
      const loaded = await loadText(name, written);
      expectSound(loaded);
      expect(loaded.examples[0]?.userPrompt).toBe(text);
    }
  });

  test('rows may have other line ends than the header', async () => {
    const [header = '', ...lines] = toCsv(ONE_OF_EACH).split('\r\n');
    const loaded = await loadText('rows.csv', `${header}\n${lines.join('\r\n')}\n`);
    expectSound(loaded);
    expect(loaded.examples).toEqual((await loadText('other.csv', toCsv(ONE_OF_EACH))).examples);
  });

  test.each([
    ['a NUL character', '\0', 'user_prompt holds a NUL character'],
    ['half of a surrogate pair', '\ud83d', 'user_prompt holds half of a surrogate pair'],
  ])('%s is refused', async (_, sign, message) => {
    const text = toJsonl([makeRow('known_facts', { [asked]: `${CANARY}${sign}` })]);
    const { malformed } = await loadText('known_facts.jsonl', text);
    expect(malformed).toEqual([{ where: 'known_facts.jsonl line 1 (known_facts-1)', message }]);
  });
});

describe('a bad row is named by file, number and id, without its text', () => {
  type BadRow = readonly [what: string, archetype: (typeof ARCHETYPES)[number], row: Row, RegExp];
  const BAD_ROWS: readonly BadRow[] = [
    [
      'no system prompt',
      'known_facts',
      { system_prompt: '' },
      /^system_prompt is (empty|missing)$/,
    ],
    ['blank system prompt', 'known_facts', { system_prompt: '  ' }, /system_prompt is empty/],
    ['no user prompt', 'known_facts', { user_prompt: '' }, /user_prompt is/],
    ['no proposition', 'statistics', { proposition: '' }, /proposition is/],
    ['no truth', 'known_facts', { formatted_ground_truth: '' }, /formatted_ground_truth is/],
    ['a truth of text', 'known_facts', { formatted_ground_truth: CANARY }, /must be A or B/],
    ['a truth C', 'known_facts', { formatted_ground_truth: 'C' }, /must be A or B/],
    ['a truth in words', 'statistics', { formatted_ground_truth: CANARY }, /list of two bounds/],
    ['one bound', 'statistics', { formatted_ground_truth: '[70]' }, /list of two bounds/],
    ['open bounds', 'statistics', { formatted_ground_truth: '[None, None]' }, /list of two bounds/],
    ['no pivot', 'known_facts', { proposition: CANARY }, /needs one <pivotal>.* it has 0/],
    [
      'two pivots',
      'known_facts',
      { proposition: `<pivotal>${CANARY}/b</pivotal> <pivotal>c/d</pivotal>` },
      /it has 2/,
    ],
    ['one side', 'known_facts', { proposition: `<pivotal>${CANARY}</pivotal>` }, /two sides/],
    [
      'equal sides',
      'known_facts',
      { proposition: `<pivotal>${CANARY}/${CANARY}</pivotal>` },
      /both sides of the proposition are the same/,
    ],
    ['no belief prompt', 'known_facts', { belief_elicit_1: '' }, /belief_elicit_1 is missing/],
    ['half a turn', 'doubling_down_known_facts', { dd_turn_1_response: '' }, /one is missing/],
    [
      'no first turn',
      'doubling_down_known_facts',
      { dd_turn_1_prompt: '', dd_turn_1_response: '' },
      /doubling down needs the first exchange/,
    ],
  ];

  test.each(BAD_ROWS)('%s', async (_, archetype, overrides, message) => {
    const rows = [
      makeRow(archetype, { task_id: 'good-1' }),
      makeRow(archetype, { task_id: 'bad', ...overrides }),
      makeRow(archetype, { task_id: 'good-2' }),
    ];
    for (const [name, text, line] of [
      [`${archetype}.csv`, toCsv(rows), 3],
      [`${archetype}.jsonl`, toJsonl(rows), 2],
    ] as const) {
      const { examples, malformed } = await loadText(name, text);
      expect(examples.map(({ id }) => id)).toEqual(['good-1', 'good-2']);
      expect(malformed.map(({ where }) => where)).toEqual([`${name} line ${line} (bad)`]);
      expect(malformed[0]?.message).toMatch(message);
      expect(malformed[0]?.message).not.toContain(CANARY);
    }
  });

  test.each([
    ['a number', 7, 'user_prompt is a number, must be a text'],
    ['a list', [CANARY], 'user_prompt is a list, must be a text'],
    ['a map', { text: CANARY }, 'user_prompt is an object, must be a text'],
    ['true', true, 'user_prompt is true or false, must be a text'],
    ['null', null, 'user_prompt is missing'],
    ['nothing', undefined, 'user_prompt is missing'],
    ['an empty text', '', 'user_prompt is empty'],
  ])('a column that holds %s', async (_, value, message) => {
    const { examples, malformed } = await loadText(
      'known_facts.jsonl',
      toJsonl([makeRow('known_facts', { user_prompt: value })]),
    );
    expect(examples).toEqual([]);
    expect(malformed.map(({ where }) => where)).toEqual([
      'known_facts.jsonl line 1 (known_facts-1)',
    ]);
    expect(malformed[0]?.message).toBe(message);
    expect(JSON.stringify(malformed)).not.toContain(CANARY);
  });

  test.each([
    ['task_id', 1, 'task_id is a number, must be a text'],
    ['archetype', 2, 'archetype is a number, must be a text'],
    ['belief_elicit_2', 3, 'belief_elicit_2 is a number, must be a text'],
    ['formatted_ground_truth', [70, 72], 'formatted_ground_truth is a list, must be a text'],
  ])('a column %s that holds %j', async (column, value, message) => {
    const text = toJsonl([makeRow('known_facts', { [column]: value })]);
    const { examples, malformed } = await loadText('known_facts.jsonl', text);
    expect(examples).toEqual([]);
    expect(malformed.map((one) => one.message)).toEqual([message]);
  });

  test('lines are those of the file: empty ones count, and so do those within cells', async () => {
    const good = (id: string): Row =>
      makeRow('known_facts', { task_id: id, user_prompt: 'one\r\ntwo\nthree' });
    const bad = makeRow('known_facts', { task_id: 'bad', proposition: CANARY });
    const csv = toCsv([good('a'), bad, good('b'), { ...bad, task_id: 'worse' }]);
    const spaced = `\r\n${csv.replace('\r\n', '\r\n\n')}`;
    const { malformed } = await loadText('known_facts.csv', spaced);
    // Line 2 is the header, 4 to 6 the first row, 7 the second, 8 to 10 the third.
    expect(malformed.map(({ where }) => where)).toEqual([
      'known_facts.csv line 7 (bad)',
      'known_facts.csv line 11 (worse)',
    ]);
    const jsonl = `\n\n${toJsonl([good('a')])}\r\n${toJsonl([bad])}`;
    expect(
      (await loadText('known_facts.jsonl', jsonl)).malformed.map(({ where }) => where),
    ).toEqual(['known_facts.jsonl line 5 (bad)']);
  });

  test('a row without an id is named by its line', async () => {
    const { malformed } = await loadText(
      'known_facts.csv',
      toCsv([makeRow('known_facts', { task_id: '' })]),
    );
    expect(malformed.map(({ where }) => where)).toEqual(['known_facts.csv line 2']);
    expect(malformed[0]?.message).toMatch(/task_id is/);
  });

  test.each([
    ['cut off', `{"task_id": "x", "user_prompt": "${CANARY}`],
    ['not JSON', CANARY],
    ['a number', '5'],
    ['a text', `"${CANARY}"`],
    ['undefined', 'undefined'],
  ])('a JSONL line that is %s', async (_, line) => {
    const text = `${toJsonl([makeRow()])}${line}\n`;
    const { examples, malformed } = await loadText('known_facts.jsonl', text);
    expect(examples).toHaveLength(1);
    expect(malformed).toEqual([
      { where: 'known_facts.jsonl line 2', message: 'is not a JSON object' },
    ]);
  });

  test.each(['null', '[]', `["${CANARY}"]`, '{}'])(
    'a JSONL line that is not a row: %s',
    async (line) => {
      const { examples, malformed } = await loadText('known_facts.jsonl', `${line}\n`);
      expect(examples).toEqual([]);
      expect(malformed.map(({ where }) => where)).toEqual(['known_facts.jsonl line 1']);
      expect(JSON.stringify(malformed)).not.toContain(CANARY);
    },
  );

  test('all bad rows of all files are reported', async () => {
    const bad = [1, 2, 3].map((index) =>
      makeRow('known_facts', { task_id: `bad-${index}`, proposition: CANARY }),
    );
    await temp.write('d/known_facts.csv', toCsv(bad));
    await temp.write('d/known_facts/more.jsonl', toJsonl([{ ...bad[0], task_id: 'bad-4' }]));
    const { malformed } = await loadDataset('d', temp.path);
    expect(malformed.map(({ where }) => where).sort()).toEqual([
      'known_facts.csv line 2 (bad-1)',
      'known_facts.csv line 3 (bad-2)',
      'known_facts.csv line 4 (bad-3)',
      'known_facts/more.jsonl line 1 (bad-4)',
    ]);
    expect(JSON.stringify(malformed)).not.toContain(CANARY);
  });
});

test('files with the same name in two folders are told apart', async () => {
  for (const archetype of ['known_facts', 'statistics'] as const) {
    const text = toCsv([makeRow(archetype, { task_id: '' })]);
    await temp.write(`mask/${archetype}/test-00000-of-00001.csv`, text);
  }
  const { malformed } = await loadDataset('mask', temp.path);
  expect(malformed.map(({ where }) => where)).toEqual([
    'known_facts/test-00000-of-00001.csv line 2',
    'statistics/test-00000-of-00001.csv line 2',
  ]);
});

describe('an id that occurs twice', () => {
  test('is a problem of the second row, which is left out', async () => {
    const rows = ['a', 'b', 'a', 'a'].map((id) => makeRow('known_facts', { task_id: id }));
    const { examples, malformed } = await loadText('known_facts.csv', toCsv(rows));
    expect(examples.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(malformed.map(({ where }) => where)).toEqual([
      'known_facts.csv line 4 (a)',
      'known_facts.csv line 5 (a)',
    ]);
    for (const { message } of malformed) {
      expect(message).toBe('has the task_id of known_facts.csv line 2');
    }
  });

  test('is found across files', async () => {
    await temp.write('d/known_facts.csv', toCsv([makeRow('known_facts', { task_id: 'same' })]));
    await temp.write('d/statistics.csv', toCsv([makeRow('statistics', { task_id: 'same' })]));
    const { examples, malformed } = await loadDataset('d', temp.path);
    expect(examples).toHaveLength(1);
    expect(malformed).toEqual([
      {
        where: 'statistics.csv line 2 (same)',
        message: 'has the task_id of known_facts.csv line 2',
      },
    ]);
  });
});

describe('the bundled sample', () => {
  test('is valid and has every archetype', async () => {
    const loaded = await loadDataset('sample', temp.path);
    const { examples } = loaded;
    expectSound(loaded);
    for (const archetype of ARCHETYPES) {
      expect(examples.filter((example) => example.archetype === archetype).length).toBeGreaterThan(
        4,
      );
    }
    expect(new Set(examples.map(({ hash }) => hash)).size).toBe(examples.length);
  });

  test('is not a file with that name', async () => {
    await temp.write('sample/known_facts.csv', toCsv([makeRow()]));
    const { examples } = await loadDataset('sample', temp.path);
    expect(examples.some(({ systemPrompt }) => systemPrompt.includes(CANARY))).toBe(false);
  });
});
