import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { importsOf as sourceImports } from '../scripts/architecture/sources.js';

const TESTS = import.meta.dirname;

const STARTER = 'node:child_process';

/** Modules that start other processes. */
const STARTERS = new Set([
  ...[STARTER, 'child_process', 'node:cluster', 'cluster'],
  ...['esbuild', 'playwright-core', '@vercel/ncc'],
]);

/**
 * Folders of tests that may start processes: jest.config.js and the configurations of the other commands exclude
 * them.
 */
const OUTSIDE = ['e2e', 'act', 'browser'];

type Read = (file: string) => string;

const readSource: Read = (file) => readFileSync(file, 'utf8');

/** The imports of the files of the repository, which many tests share. */
const known = new Map<string, readonly string[]>();

/** The imports of a source file, without types: names of packages, or absolute paths. */
function importsOf(file: string, read: Read): readonly string[] {
  if (read !== readSource) return findImports(file, read);
  const found = known.get(file) ?? findImports(file, read);
  known.set(file, found);
  return found;
}

function findImports(file: string, read: Read): readonly string[] {
  const imports = sourceImports({ file, text: read(file) }).filter(({ isType }) => !isType);
  return imports.map(({ specifier }) =>
    specifier.startsWith('.')
      ? path.resolve(path.dirname(file), specifier).replace(/\.js$/, '.ts')
      : specifier,
  );
}

/**
 * The import path from a test to a module that starts processes: the files between, and the module; empty without
 * one.
 */
function wayToProcess(
  file: string,
  read = readSource,
  seen = new Set<string>(),
): readonly string[] {
  seen.add(file);
  for (const name of importsOf(file, read)) {
    if (STARTERS.has(name)) return [file, name];
    if (!name.endsWith('.ts') || seen.has(name)) continue;
    const rest = wayToProcess(name, read, seen);
    if (rest.length > 0) return [file, ...rest];
  }
  return [];
}

const unitTests = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !OUTSIDE.includes(file.split(path.sep)[0] ?? ''))
  .map((file) => path.join(TESTS, file));

test('no test of the fast lane can start a process, through any chain of imports', () => {
  expect(unitTests.length).toBeGreaterThan(100);
  const ways = unitTests.map((file) => wayToProcess(file)).filter((way) => way.length > 0);
  expect(ways.map((way) => way.map((file) => path.relative(TESTS, file)).join(' -> '))).toEqual([]);
});

test.each([
  ['at once', { 'a.ts': "import { spawn } from 'node:child_process';" }],
  ['as a whole', { 'a.ts': "import 'child_process';" }],
  ['inside a function', { 'a.ts': `const { spawn } = await import('${STARTER}');` }],
  [
    'through a helper of a helper',
    {
      'a.ts': "import { b } from './b.js';",
      'b.ts': "import {\n  type One,\n  run,\n} from './c.js';",
      'c.ts': "export * from 'node:child_process';",
    },
  ],
])('a test that starts a process is found: it imports the module %s', (_, files: object) => {
  const read: Read = (file) => String(Reflect.get(files, path.basename(file)));
  expect(wayToProcess('/a.ts', read).at(-1)).toMatch(/child_process$/);
});

test('a type import does not start a process', () => {
  const read: Read = () => "import type { ChildProcess } from 'node:child_process';";
  expect(wayToProcess('/a.ts', read)).toEqual([]);
});
