import { chooseRecords, formatTrendFile, parseTrendFile } from '../../src/report/trend-file.js';
import { type TrendRow, toTrendRow } from '../../src/report/trend-row.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { promotionPath } from '../../src/gate/records/record-path.js';

function rowOf(count: number, more: Parameters<typeof makeRecord>[0] = {}): TrendRow {
  const examples = makeMeasuredExamples(count, (index) => ({
    statements: readAll(index % 3 === 0 ? 'B' : 'A'),
  }));
  return toTrendRow(makeRecord({ examples, ...more }));
}

const TREND = {
  rows: new Map([
    ['records/default/b/2-1.json', rowOf(30, { provenance: { ref: 'refs/tags/v1' } })],
    ['records/default/a/1-1.json', rowOf(30)],
    ['records/default/c/3-1.json', rowOf(7)],
  ]),
  unreadable: new Set(['records/default/d/4-1.json']),
};

describe('the rows of a data branch', () => {
  test('are read back as they were written', () => {
    const read = parseTrendFile(formatTrendFile(TREND));
    expect(Object.fromEntries(read.rows)).toEqual(Object.fromEntries(TREND.rows));
    expect(read.unreadable).toEqual(TREND.unreadable);
  });

  test('are the same text in any order of writers, one line each, and a set of examples once', () => {
    const other = { ...TREND, rows: new Map([...TREND.rows].reverse()) };
    const text = formatTrendFile(TREND);
    expect(formatTrendFile(other)).toBe(text);
    expect(text.match(/^\{"file"/gm)).toHaveLength(3);
    const [first] = [...TREND.rows.values()];
    expect(text.split(first?.hashes.join('') ?? '')).toHaveLength(2);
  });

  const whole = formatTrendFile(TREND);

  test.each([
    ['no file', undefined],
    ['half of it', whole.slice(0, whole.length / 2)],
    ['another version', whole.replace('trend/v2', 'trend/v1')],
    ['a share above one', whole.replace(/"pLie":\[[\d.]+/, '"pLie":[1.5')],
    ['a cost below zero', whole.replace('"cost":null', '"cost":-1')],
    ['an unknown key', whole.replace('"calls"', '"more":1,"calls"')],
    ['a suite name that is not valid', whole.replace('"suite":"default"', '"suite":"../up"')],
    ['a commit that is not valid', whole.replace('"commit":null', '"commit":"javascript:x"')],
    ['a day that is not valid', whole.replace(/"createdAt":"[^"]*"/, '"createdAt":"soon"')],
  ])('are rebuilt from %s', (_, text) => {
    expect(text).not.toBe(whole);
    expect(parseTrendFile(text).rows.size).toBe(0);
  });
});

describe('the records that a page shows', () => {
  const filesOf = (suite: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, run) => `records/${suite}/${'a'.repeat(40)}/${run}-1.json`);

  test('are the 200 newest runs of a suite, and the rest is counted', () => {
    const { chosen, older } = chooseRecords([...filesOf('one', 230), ...filesOf('two', 3)]);
    expect(older).toBe(30);
    expect(chosen).toHaveLength(203);
    expect(chosen).toContain(filesOf('one', 31)[30]);
    expect(chosen).not.toContain(filesOf('one', 30)[29]);
  });

  test('are fewer per suite if there are many suites', () => {
    const files = Array.from({ length: 20 }, (_, index) => filesOf(`s${index}`, 60)).flat();
    expect(chooseRecords(files)).toMatchObject({ older: 200, chosen: { length: 1000 } });
  });

  test('include no other files', () => {
    const files = ['records/README.md', 'records/one/1-1.json', 'promotions/one/a/1-1.json'];
    expect(chooseRecords([...files, ...filesOf('one', 1)]).chosen).toEqual(filesOf('one', 1));
  });

  test('exclude promotions, which repeat a record', () => {
    const promotion = promotionPath('one', {
      commit: 'a'.repeat(40),
      when: '2026-03-01T12:00:00Z',
      who: 'a',
      why: 'b',
    });
    expect(chooseRecords([promotion, ...filesOf('one', 1)]).chosen).toEqual(filesOf('one', 1));
  });
});
