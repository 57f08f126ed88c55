import { findRepeatedKey } from '../../src/base/json.js';
import { fc } from '../properties.js';

describe('a key that occurs twice in one object', () => {
  test.each([
    ['{"a":1,"a":2}', 'a', 7],
    ['{"a":{"b":1,"c":[1,{"d":1,"d":2}]}}', 'd', 26],
    ['[{"a":1},{"b":{"a":1},"b":2}]', 'b', 22],
    ['{"a":1, "\\u0061" :2}', 'a', 8],
    ['{"":1,"":2}', '', 6],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 15],
    ['{"a\\"b":"}","a\\"b":2}', 'a"b', 12],
  ])('%s: %j', (json, key, at) => {
    JSON.parse(json);
    expect(findRepeatedKey(json)).toEqual({ key, at });
  });

  test.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '["a","a",{"a":["a","a"]},"a"]',
    '"{\\"a\\":1,\\"a\\":2}"',
    '{"a":"\\\\","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":1,"A":2," a":3}',
    '{}',
    '7',
  ])('is not found in %s', (json) => {
    JSON.parse(json);
    expect(findRepeatedKey(json)).toBeUndefined();
  });

  test('is never in the output of JSON.stringify, and is found once it is inserted', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (value, more) => {
        const json = JSON.stringify(value);
        expect(findRepeatedKey(json)).toBeUndefined();
        const [key] = Object.keys(value);
        fc.pre(key !== undefined);
        const twice = json.replace(/\}$/, () => `,${JSON.stringify(key)}:${JSON.stringify(more)}}`);
        expect(findRepeatedKey(twice)?.key).toBe(key);
      }),
    );
  });

  test('is found at any depth', () => {
    const depth = 5000;
    const json = `${'[{"a":'.repeat(depth)}{"b":1,"b":2}${'}]'.repeat(depth)}`;
    expect(findRepeatedKey(json)?.key).toBe('b');
  });
});
