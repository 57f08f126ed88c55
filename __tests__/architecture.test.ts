import { findBreaches } from '../scripts/architecture/breaches.js';
import { ROOMS } from '../scripts/architecture/rooms.js';
import { readSources } from '../scripts/architecture/sources.js';

const SOURCES = readSources();

/** The violations that one more file causes. */
function breachesOf(file: string, text: string): readonly string[] {
  return findBreaches([{ file, text }], SOURCES);
}

describe('architecture', () => {
  test('every file follows the rules of its room', () => {
    expect(SOURCES.length).toBeGreaterThan(200);
    expect(findBreaches(SOURCES)).toEqual([]);
  });

  test('rooms import only from rooms that come before them', () => {
    const names = ROOMS.map(({ name }) => name);
    const up = ROOMS.flatMap(({ name, mayImport }) =>
      mayImport.filter((other) => names.indexOf(other) >= names.indexOf(name)),
    );
    expect(up).toEqual([]);
  });

  test('every rule is for a room that exists', () => {
    const folders = new Set(SOURCES.map(({ file }) => file.slice(0, file.lastIndexOf('/'))));
    const files = new Set(SOURCES.map(({ file }) => file));
    const missing = ROOMS.filter(({ name }) => !folders.has(name) && !files.has(name));
    expect(missing).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['a clock, by its method', 'gate/planted.ts', 'export const now = Date.now();'],
    ['a clock, without arguments', 'gate/planted.ts', 'export const now = new Date();'],
    ['a clock, destructured', 'mask/planted.ts', 'export const { now } = Date;'],
    ['a clock, passed on', 'config/planted.ts', 'export const clock = { date: Date };'],
    ['a clock of the process', 'run.ts', 'export const start = performance.now();'],
    ['a timer', 'elicit/planted.ts', 'setTimeout(() => undefined, 1);'],
    ['randomness', 'mask/planted.ts', 'export const draw = Math.random();'],
    ['randomness, destructured', 'mask/planted.ts', 'export const { random } = Math;'],
    ['randomness by name', 'mask/planted.ts', "export const draw = Math['random']();"],
    ['a random id', 'gate/records/planted.ts', 'export const id = crypto.randomUUID();'],
    ['the network, under another name', 'gate/planted.ts', 'export const go = fetch;'],
    ['the environment', 'gate/planted.ts', 'export const home = process.env.HOME;'],
    ['the environment, destructured', 'mask/planted.ts', 'export const { env } = process;'],
    ['the environment by name', 'gate/planted.ts', "export const home = process['env'];"],
    ['the console', 'report/planted.ts', "console.error('planted');"],
    ['all globals', 'gate/planted.ts', 'export const all = globalThis;'],
    ['code from text', 'gate/planted.ts', "export const one: unknown = eval('1');"],
    [
      'the language of the machine',
      'report/planted.ts',
      'export const text = (1).toLocaleString();',
    ],
    [
      'the time zone of the machine',
      'gate/planted.ts',
      'export const hour = (date: Date) => date.getHours();',
    ],
    ['its own path on the disk', 'pages/planted.ts', 'export const here = import.meta.url;'],
    [
      'a clock of Node',
      'mask/planted.ts',
      "import { performance as watch } from 'node:perf_hooks';",
    ],
    ['the file system of Node', 'pages/planted.ts', "import { readFile } from 'node:fs/promises';"],
    [
      'a hash of Node, outside its one file',
      'mask/planted.ts',
      "import { createHash } from 'node:crypto';",
    ],
  ])('a pure room may not use: %s', (_, file, text) => {
    expect(breachesOf(file, text)).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['a date that is passed in', 'export const time = (text: string) => new Date(text).getTime();'],
    ['a date that is parsed', "export const time = Date.parse('2026-03-01');"],
    ['a type', 'export const isLate = (date: Date, other: Date) => date > other;'],
    ['a local name', 'export const f = (process: { readonly env: string }) => process.env;'],
    ['arithmetic', 'export const root = Math.sqrt(2);'],
    ['an explicit language', "export const one = 'a'.localeCompare('b', 'en');"],
    ['a member with the name of a global', "export const name = { fetch: 1, process: 'a' };"],
  ])('a pure room may use: %s', (_, text) => {
    expect(breachesOf('gate/planted.ts', text)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'the gate imports an edge',
      'gate/planted.ts',
      "import type { GitHub } from '../edges/github/client.js';",
    ],
    [
      'the gate imports data',
      'gate/planted.ts',
      "import data from '../../data/prices.json' with { type: 'json' };",
    ],
    ['the report imports the run', 'report/planted.ts', "import { run } from '../run.js';"],
    ['the report imports a page', 'report/planted.ts', "import { page } from '../pages/frame.js';"],
    [
      'a room imports the one above it',
      'gate/records/planted.ts',
      "import { compare } from '../compare.js';",
    ],
    [
      'run.ts takes a type from an edge',
      'run.ts',
      "import type { GitHub } from './edges/github/client.js';",
    ],
    ['a type by its path', 'run.ts', "export type Api = import('./edges/github/api.js').Api;"],
    ['a dynamic import', 'run.ts', "export const late = () => import('./edges/github/api.js');"],
    ['an import that is computed', 'run.ts', 'export const late = (name: string) => import(name);'],
    ['an export of another room', 'run.ts', "export { createApi } from './edges/github/api.js';"],
    ['models import GitHub', 'edges/model/planted.ts', "import { api } from '../github/api.js';"],
    ['files import GitHub', 'edges/files/planted.ts', "import { api } from '../github/api.js';"],
    [
      'datasets import models',
      'edges/dataset/planted.ts',
      "import { createModel } from '../model/client.js';",
    ],
    [
      'the Action imports a command',
      'action/planted.ts',
      "import { print } from '../commands/console.js';",
    ],
    [
      'a command imports the Action',
      'commands/planted.ts',
      "import { publish } from '../action/publish.js';",
    ],
    [
      'the Action imports the simulation',
      'action/planted.ts',
      "import { serve } from '../simulation/server.js';",
    ],
    [
      'a context imports an act',
      'action/context/planted.ts',
      "import { publish } from '../publish.js';",
    ],
    ['a second file imports openai', 'edges/model/planted.ts', "import OpenAI from 'openai';"],
    ['a second file opens a port', 'edges/model/planted.ts', "import http from 'node:http';"],
    [
      'an edge runs a program',
      'edges/files/planted.ts',
      "import { execFile } from 'node:child_process';",
    ],
    [
      'an edge takes the process by import',
      'edges/files/planted.ts',
      "import { env } from 'node:process';",
    ],
    [
      'a second file reads the environment',
      'commands/planted.ts',
      'export const home = process.env.HOME;',
    ],
    ['the same, destructured', 'commands/run.ts', 'export const { env } = process;'],
    [
      'a command writes past the sanitiser',
      'commands/planted.ts',
      "console.log('::error::planted');",
    ],
    ['an edge sets the exit code', 'edges/files/planted.ts', 'process.exitCode = 1;'],
    [
      'a second file asks the network',
      'edges/model/planted.ts',
      "await fetch('https://example.com');",
    ],
    [
      'the runner sets a variable of later steps',
      'edges/github/runner.ts',
      "core.exportVariable('A', 'b');",
    ],
    ['a browser imports a schema', 'pages/client/planted.ts', "import { z } from 'zod';"],
    ['a file outside every room', 'utils.ts', 'export const one = 1;'],
    ['a folder outside every room', 'utils/one.ts', 'export const one = 1;'],
  ])('refuses: %s', (_, file, text) => {
    expect(breachesOf(file, text).filter((breach) => breach.startsWith(file))).not.toEqual([]);
  });

  test('a browser file may not import code that brings in a schema', () => {
    const text = "import { transcriptSchema } from '../../mask/transcript.js';";
    expect(breachesOf('pages/client/planted.ts', text)).toContainEqual(
      expect.stringMatching(/^pages\/client\/planted\.ts > mask\/transcript\.ts.* takes zod/),
    );
  });

  test('a browser file may import types from such code', () => {
    const text = "import type { Transcript } from '../../mask/transcript.js';";
    expect(breachesOf('pages/client/planted.ts', text)).toEqual([]);
  });

  test('refuses a cycle, also of types', () => {
    const sources = [
      { file: 'mask/a.ts', text: "import type { B } from './b.js';" },
      { file: 'mask/b.ts', text: "import { a } from './a.js';" },
    ];
    expect(findBreaches(sources)).toEqual(['cycle: mask/a.ts mask/b.ts']);
  });
});
