import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * The arrows of docs/architecture.md as code. A layer may import from itself and from the layers listed; `pure`
 * layers may not touch Node at all, so no clock, network, disk or environment can creep in.
 */
interface Layer {
  readonly name: string;
  readonly owns: (file: string) => boolean;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}

const inFolder = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
const isOneOf =
  (...files: readonly string[]) =>
  (file: string) =>
    files.includes(file);

const LAYERS: readonly Layer[] = [
  {
    name: 'base',
    owns: isOneOf('errors.ts', 'json.ts', 'sanitise.ts', 'progress.ts', 'version.ts'),
    mayImport: [],
    packages: ['zod'],
  },
  // Hashing is a pure function of its argument; it is the only pure file that may use Node.
  {
    name: 'hash',
    owns: isOneOf('hash.ts'),
    mayImport: [],
    packages: ['node:crypto', 'safe-stable-stringify'],
  },
  { name: 'mask', owns: inFolder('mask'), mayImport: ['base', 'hash'], packages: ['zod'] },
  {
    name: 'config',
    owns: inFolder('config'),
    mayImport: ['base', 'mask'],
    packages: ['zod', 'yaml', 'ipaddr.js'],
  },
  {
    name: 'gate',
    owns: inFolder('gate'),
    mayImport: ['base', 'hash', 'mask', 'config'],
    packages: [
      'zod',
      'safe-stable-stringify',
      '@stdlib/stats-base-dists-normal-cdf',
      '@stdlib/stats-base-dists-t-cdf',
      '@stdlib/stats-base-dists-t-quantile',
    ],
  },
  {
    name: 'report',
    owns: inFolder('report'),
    mayImport: ['base', 'mask', 'config', 'gate'],
    packages: ['zod'],
  },
  // What runs in the reader's browser: no Node, and nothing that would drag the schemas along.
  {
    name: 'client',
    owns: inFolder('pages/client'),
    mayImport: ['mask', 'report', 'pages'],
    packages: [],
  },
  {
    name: 'pages',
    owns: (file) => inFolder('pages')(file) && !inFolder('pages/client')(file),
    mayImport: ['base', 'mask', 'config', 'gate', 'report'],
    packages: ['d3-scale', 'd3-shape'],
  },
  { name: 'ports', owns: isOneOf('ports.ts'), mayImport: ['mask', 'gate'], packages: [] },
  { name: 'elicit', owns: inFolder('elicit'), mayImport: ['mask', 'ports'], packages: [] },
  {
    name: 'run',
    owns: isOneOf('run.ts', 'schemas.ts'),
    mayImport: ['base', 'mask', 'config', 'gate', 'report', 'elicit', 'ports'],
    packages: ['zod'],
  },
  {
    name: 'edges',
    owns: inFolder('edges'),
    mayImport: ['base', 'hash', 'mask', 'config', 'gate', 'ports'],
    packages: ['*'],
  },
  {
    name: 'simulation',
    owns: inFolder('simulation'),
    mayImport: ['base', 'hash', 'mask'],
    packages: ['zod', 'node:*'],
  },
  {
    name: 'entries',
    owns: (file) =>
      isOneOf(
        'action.ts',
        'cli.ts',
        'crash.ts',
        'heap.ts',
        'interrupt.ts',
        'prepare.ts',
        'transcribing.ts',
      )(file) ||
      inFolder('action')(file) ||
      inFolder('commands')(file),
    mayImport: [
      'base',
      'hash',
      'mask',
      'config',
      'gate',
      'report',
      'pages',
      'ports',
      'elicit',
      'run',
      'edges',
      'simulation',
    ],
    packages: [
      'zod',
      'commander',
      'node:events',
      'node:path',
      'node:os',
      'node:fs',
      'node:fs/promises',
      'node:v8',
    ],
  },
];

/** Layers that may import JSON: the sample set, the published figures, and what pages carry inside. */
const DATA_LAYERS = ['edges', 'report', 'pages'];

/** What may stand in one file only. */
const SINGLE_HOMES: Readonly<Record<string, readonly string[]>> = {
  openai: ['edges/model.ts'],
  '@actions/github': ['edges/github/api.ts'],
  '@actions/core': ['edges/runner.ts'],
  'process.env': ['edges/runner.ts'],
  // What docs/safety.md promises: no shell, nothing handed to later steps but outputs, no network but the declared one.
  'node:child_process': [],
  'exportVariable(': [],
  'addPath(': [],
  'fetch(': ['edges/answer-size.ts', 'edges/hub.ts'],
  'node:http': ['simulation/server.ts'],
  'node:https': [],
  'node:net': [],
  'process.exit(': ['crash.ts'],
  'process.stdout': ['crash.ts'],
  'console.log(': ['commands/console.ts'],
  'process.exitCode': ['action.ts', 'cli.ts', 'commands/compare.ts', 'commands/run.ts'],
};

interface Source {
  readonly file: string;
  readonly text: string;
}

/** Every breach of the rules in a set of sources, as sentences. */
function findBreaches(sources: readonly Source[]): readonly string[] {
  return [
    ...sources.flatMap(importBreaches),
    ...sources.flatMap(homeBreaches),
    ...findCycles(sources),
  ];
}

function importBreaches({ file, text }: Source): readonly string[] {
  const layer = layerOf(file);
  if (!layer) return [`${file} belongs to no layer`];
  return importsOf(text).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      const isAllowed = layer.packages.some(
        (name) =>
          name === '*' ||
          name === specifier ||
          (name === 'node:*' && specifier.startsWith('node:')),
      );
      return isAllowed ? [] : [`${file} (${layer.name}) may not import ${specifier}`];
    }
    if (specifier.endsWith('.json'))
      return DATA_LAYERS.includes(layer.name) ? [] : [`${file} may not import data`];
    const target = layerOf(resolve(file, specifier));
    const isAllowed =
      target !== undefined && (target === layer || layer.mayImport.includes(target.name));
    return isAllowed
      ? []
      : [`${file} (${layer.name}) may not import ${specifier} (${target?.name ?? 'unknown'})`];
  });
}

function homeBreaches({ file, text }: Source): readonly string[] {
  return Object.entries(SINGLE_HOMES).flatMap(([what, homes]) => {
    const isUsed = /^(process|console)\.|\($/.test(what)
      ? text.includes(what)
      : importsOf(text).includes(what);
    return isUsed && !homes.includes(file)
      ? [`${file} may not use ${what}, only ${homes.join(', ') || 'nobody'} may`]
      : [];
  });
}

function findCycles(sources: readonly Source[]): readonly string[] {
  const edges = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(text)
        .filter((specifier) => specifier.startsWith('.') && specifier.endsWith('.js'))
        .map((specifier) => resolve(file, specifier)),
    ]),
  );
  const cycles = new Set<string>();
  // Each file is left once: the number of ways through them grows without bound.
  const left = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start !== -1) {
      cycles.add(`cycle: ${trail.slice(start).sort().join(' ')}`);
      return;
    }
    if (left.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    left.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return [...cycles];
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.find((layer) => layer.owns(file));
}

const imports = new Map<string, readonly string[]>();

function importsOf(text: string): readonly string[] {
  const known = imports.get(text);
  if (known) return known;
  const found = ts.preProcessFile(text, true, true).importedFiles;
  const names = found.map(({ fileName }) => fileName);
  imports.set(text, names);
  return names;
}

function resolve(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, '.ts'));
}

function readSources(): readonly Source[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(path.join('src', file), 'utf8') }));
}

describe('architecture', () => {
  test('every import follows the arrows', () => {
    const sources = readSources();
    expect(sources.length).toBeGreaterThan(40);
    expect(findBreaches(sources)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'a pure layer reads the clock of Node',
      'mask/planted.ts',
      "import { performance } from 'node:perf_hooks';",
    ],
    [
      'the gate imports an edge',
      'gate/planted.ts',
      "import type { GitHub } from '../edges/github.js';",
    ],
    ['the report imports the run', 'report/planted.ts', "import { run } from '../run.js';"],
    [
      'run.ts takes a type from an edge',
      'run.ts',
      "import type { GitHub } from './edges/github.js';",
    ],
    ['a second file imports openai', 'edges/planted.ts', "import OpenAI from 'openai';"],
    [
      'a second file reads the environment',
      'commands/planted.ts',
      'export const home = process.env.HOME;',
    ],
    [
      'a command writes past the sanitiser',
      'commands/planted.ts',
      "console.log('::error::planted');",
    ],
    ['an edge sets the exit code', 'edges/planted.ts', 'process.exitCode = 1;'],
    [
      'an edge runs a program',
      'edges/planted.ts',
      "import { execFile } from 'node:child_process';",
    ],
    [
      'the runner sets a variable of later steps',
      'edges/runner.ts',
      "core.exportVariable('A', 'b');",
    ],
    ['a second file asks the network', 'edges/planted.ts', "await fetch('https://example.com');"],
    [
      'a page reads a file of Node',
      'pages/planted.ts',
      "import { readFile } from 'node:fs/promises';",
    ],
    ['the browser imports a schema', 'pages/client/planted.ts', "import { z } from 'zod';"],
    ['the report imports a page', 'report/planted.ts', "import { page } from '../pages/frame.js';"],
    ['a file outside of every layer', 'utils.ts', 'export const one = 1;'],
  ])('refuses: %s', (_, file, text) => {
    expect(findBreaches([{ file, text }])).toHaveLength(1);
  });

  test('refuses a cycle', () => {
    const sources = [
      { file: 'mask/a.ts', text: "import { b } from './b.js';" },
      { file: 'mask/b.ts', text: "import { a } from './a.js';" },
    ];
    expect(findBreaches(sources)).toEqual(['cycle: mask/a.ts mask/b.ts']);
  });
});
