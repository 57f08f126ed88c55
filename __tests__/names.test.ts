import { findDoubleNames } from '../scripts/architecture/names.js';
import { readSources } from '../scripts/architecture/sources.js';

/** Those of Node and of the tests, and those of browsers that a reader would take for the real ones. */
const GLOBALS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...['Window', 'Document', 'Node', 'Element', 'Text', 'Comment', 'Range', 'Selection', 'Location'],
  ...['History', 'Cache', 'Storage', 'Lock', 'Notification', 'Plugin', 'Option', 'Image'],
  ...['open', 'close', 'print', 'stop', 'find', 'alert', 'confirm', 'prompt', 'focus', 'blur'],
]);

test('each type, each exported name and each global has one meaning', () => {
  expect(GLOBALS.size).toBeGreaterThan(150);
  expect(findDoubleNames(readSources(), GLOBALS)).toEqual([]);
});

test.each([
  ['a type twice', ['type Place = string;', 'interface Place {}'], 'Place is declared in 0.ts and'],
  [
    'an exported function twice',
    ['export function toLine() {}', 'export const toLine = 1;'],
    'toLine is declared in 0.ts and in 1.ts',
  ],
  ['a class twice', ['class Limit {}', 'export class Limit {}'], 'Limit is declared in'],
  ['a global of Node', ['interface Request {}'], 'Request in 0.ts hides a global'],
  ['a global function', ['function escape() {}'], 'escape in 0.ts hides a global'],
  ['a global of browsers', ['const print = 1;'], 'print in 0.ts hides a global'],
])('a planted double meaning is found: %s', (_, texts, line) => {
  const sources = texts.map((text, index) => ({ file: `${index}.ts`, text }));
  expect(findDoubleNames(sources, GLOBALS).join('\n')).toContain(line);
});

test.each([
  ['helpers of two files', ['function toRow() {}', 'function toRow() {}']],
  ['overloads in one file', ['export function f(a: 1): 1;\nexport function f(a: 2): 2;']],
  ['a name inside a function', ['export function f() { const print = 1; return print; }']],
])('one meaning is left alone: %s', (_, texts) => {
  const sources = texts.map((text, index) => ({ file: `${index}.ts`, text }));
  expect(findDoubleNames(sources, GLOBALS)).toEqual([]);
});
