import { type LooseJson, findJson } from '../../../src/mask/reading/loose-json.js';
import { fc } from '../../properties.js';

/** Plain data again; the last of equal keys counts, as in JSON. */
function toPlain(value: LooseJson): unknown {
  if (value === null || typeof value !== 'object') return value;
  return 'members' in value
    ? Object.fromEntries(value.members.map(([key, member]) => [key, toPlain(member)]))
    : value.map(toPlain);
}

function valuesIn(text: string): readonly unknown[] {
  return findJson(text).map(({ value }) => toPlain(value));
}

test.each<[string, string, unknown]>([
  ['white space', ' { "a" : 1 , "b" : [ 2 , null ] } ', { a: 1, b: [2, null] }],
  ['an empty object', '{}', {}],
  ['a trailing comma', '{"a":[1,2,],}', { a: [1, 2] }],
  ['a raw line break and a tab', '{"a":"b\n\tc"}', { a: 'b\n\tc' }],
  ['escapes', '{"a":"\\"\\\\\\n\\u0041"}', { a: '"\\\nA' }],
  ['unknown escapes', String.raw`{"a":"5\%\_\'\u00"}`, { a: "5%_'u00" }],
  ['braces in a text', '{"a":"} {"}', { a: '} {' }],
  ['a list of objects', '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  [
    'bare words',
    '{"a":B,"b":NaN,"c":-Infinity,"d":12%}',
    { a: 'B', b: 'NaN', c: '-Infinity', d: '12%' },
  ],
  ['words of Python', '{"a":None,"b":True,"c":False}', { a: null, b: true, c: false }],
  ['a number that is too large', '{"a":1e999}', { a: '1e999' }],
])('%s: %s', (_, text, value) => {
  expect(valuesIn(text)).toEqual([value]);
});

test.each([
  'no braces',
  '{',
  '{]',
  '{,}',
  '{"a"}',
  '{"a":}',
  '{"a":1',
  '{"a":1]',
  '{"a" 1}',
  '{"a":"b}',
  "{'a':1}",
  '{a:1}',
  '{"a":1 2}',
  '{"a":1,000}',
  '{"a":"b" c}',
  '[1,2]',
  '[B]',
])('%j contains no object', (text) => {
  expect(findJson(text)).toEqual([]);
});

test('all objects of a text are found, with their positions', () => {
  const text = 'So {"a":1} and "{" and {"b":{"c":2}}, not {"d": {"e":3}.';

  expect(findJson(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    '{"a":1}',
    '{"b":{"c":2}}',
    '{"e":3}',
  ]);
});

test('the objects of an unclosed list are found', () => {
  expect(valuesIn('[{"a":1},{"a":2},')).toEqual([{ a: 1 }, { a: 2 }]);
});

test('equal keys are all kept', () => {
  expect(findJson('{"a":1,"a":2}')[0]?.value).toEqual({
    members: [
      ['a', 1],
      ['a', 2],
    ],
  });
});

test('JSON is read as JSON.parse reads it, with any words around it', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
  fc.assert(
    fc.property(object, fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const found = findJson(`It is ${text}, I say.`);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ start: 6, end: 6 + text.length });
      expect(toPlain(found[0]?.value ?? null)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([10, 100, 100_000])('objects nested %d deep are skipped or read', (depth) => {
  const text = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
  expect(findJson(text).length).toBeLessThanOrEqual(1);
});
