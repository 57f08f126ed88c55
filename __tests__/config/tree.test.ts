import { type Tree, isTree, listLeaves, valueAt, withValue } from '../../src/config/tree.js';
import { parseSettings } from './settings.js';
import { draws, fc } from '../properties.js';

const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** Whether any object got a property that it should not have. */
function isPolluted(): boolean {
  return Reflect.get({}, 'polluted') !== undefined || Reflect.get([], 'polluted') !== undefined;
}

test.each<readonly [unknown, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['a', false],
  [1, false],
])('isTree(%j) is %s', (value, expected) => {
  expect(isTree(value)).toBe(expected);
});

test('leaves are named by dotted paths; a list is one value', () => {
  const leaves = listLeaves({ a: 1, b: { c: [1, { d: 2 }], e: { f: null, g: {} } } });
  expect([...leaves]).toEqual([
    ['a', 1],
    ['b.c', [1, { d: 2 }]],
    ['b.e.f', null],
  ]);
});

test.each<readonly [readonly string[], unknown]>([
  [[], { a: { b: 1 }, l: [1] }],
  [['a'], { b: 1 }],
  [['a', 'b'], 1],
  [['a', 'b', 'c'], undefined],
  [['x', 'y'], undefined],
  [['l', '0'], 1],
  [['l', '1'], undefined],
  [['l', 'length'], undefined],
])('valueAt(%j)', (path, expected) => {
  expect(valueAt({ a: { b: 1 }, l: [1] }, path)).toEqual(expected);
});

test.each<readonly [readonly string[], unknown, Tree]>([
  [['a'], 2, { a: 2, b: { c: 1, d: 2 } }],
  [['b', 'c'], 9, { a: 1, b: { c: 9, d: 2 } }],
  [['b', 'c'], undefined, { a: 1, b: { d: 2 } }],
  [['b'], undefined, { a: 1 }],
  [['x', 'y'], 1, { a: 1, b: { c: 1, d: 2 }, x: { y: 1 } }],
  [['a', 'y'], 1, { a: 1, b: { c: 1, d: 2 } }],
  [[], 1, { a: 1, b: { c: 1, d: 2 } }],
  [['a'], null, { a: null, b: { c: 1, d: 2 } }],
])('withValue(%j, %j)', (path, value, expected) => {
  const tree = { a: 1, b: { c: 1, d: 2 } };
  expect(withValue(tree, path, value)).toEqual(expected);
  expect(tree).toEqual({ a: 1, b: { c: 1, d: 2 } });
});

describe('hostile keys', () => {
  test.each(HOSTILE)('%s does not reach the prototype', (key) => {
    const made = withValue({}, [key, 'polluted'], true);
    expect(isPolluted()).toBe(false);
    expect(Object.hasOwn(made, key)).toBe(true);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    const deeper = withValue({ a: made }, ['a', key, 'polluted'], undefined);
    expect(isPolluted()).toBe(false);
    expect(isTree(deeper)).toBe(true);
  });

  test.each(HOSTILE)('%s as an assignment sets only its own key', (key) => {
    parseSettings({}, [
      { key: `${key}.polluted`, value: true, origin: '--set' },
      { key: `target.${key}.polluted`, value: true, origin: '--set' },
      { key: `${key}.${key}.polluted`, value: true, origin: '--set' },
    ]);
    expect(isPolluted()).toBe(false);
  });

  test('__proto__ does not pass settings on', () => {
    const settings = JSON.parse(
      '{"target": {"__proto__": {"model": "evil"}}, "__proto__": {"suite": "evil"}}',
    ) as Tree;
    const { config, problems } = parseSettings(settings);
    expect(config.suite).toBe('default');
    expect(config.target.model).toBe('');
    expect(problems.map(({ where }) => where)).toContain('target.__proto__');
  });
});

test('a key that contains a dot is told apart from a path', () => {
  expect([...listLeaves({ 'a.b': 1, a: { b: 2, 'c.d': 3 } })]).toEqual([
    ['"a.b"', 1],
    ['a.b', 2],
    ['a."c.d"', 3],
  ]);
});

test('property: a value that is set is found, and nothing else changes', () => {
  const keys = fc.oneof(fc.constantFrom(...HOSTILE), fc.stringMatching(/^[a-z]{1,3}$/));
  const leaves = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(
      fc.dictionary(keys, fc.oneof(leaves, fc.dictionary(keys, leaves))),
      fc.array(keys, { minLength: 1, maxLength: 3 }),
      leaves,
      (tree, path, value) => {
        const parent: unknown = valueAt(tree, path.slice(0, 1));
        fc.pre(path.length < 2 || parent === undefined || isTree(parent));
        fc.pre(path.length < 3 || !isTree(parent) || !Object.hasOwn(parent, path[1] ?? ''));
        const before = JSON.stringify(tree);
        const made = withValue(tree, path, value);
        expect(listLeaves(made).get(path.join('.'))).toBe(value);
        expect(JSON.stringify(tree)).toBe(before);
        expect(isPolluted()).toBe(false);
        const [top] = path;
        for (const key of Object.keys(tree)) {
          if (key !== top) expect(Reflect.get(made, key)).toBe(Reflect.get(tree, key));
        }
      },
    ),
    { numRuns: draws(1000) },
  );
});
