/** Packages, or parts of the program, that only some files may use. */
export const IMPORT_HOMES: Readonly<Record<string, readonly string[]>> = {
  openai: ['edges/model/endpoint.ts'],
  '@actions/github': ['edges/github/api.ts'],
  '@actions/core': ['edges/github/runner.ts'],
  'node:crypto': [
    'base/hash.ts',
    'edges/dataset/hub.ts',
    'edges/files/drafts.ts',
    'edges/model/file-cache.ts',
    'simulation/completion.ts',
    'simulation/server.ts',
  ],
  // What docs/safety.md promises: no shell, and no network but the declared one.
  'node:child_process': [],
  'node:worker_threads': [],
  'node:http': ['simulation/server.ts'],
  'node:https': [],
  'node:net': [],
  'node:tls': [],
  'node:dgram': [],
  'node:dns': [],
  'node:process': [],
  'node:vm': [],
};

/** Files that may use a global of the machine, and what of it. Pure rooms may use none. */
export const GLOBAL_HOMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  process: {
    'action.ts': ['exitCode'],
    'action/context/dataset.ts': ['once'],
    'cli.ts': ['argv', 'exitCode'],
    'commands/compare.ts': ['exitCode'],
    'commands/console.ts': ['stderr'],
    'commands/run.ts': ['exitCode'],
    'edges/files/drafts.ts': ['kill', 'pid', 'uptime'],
    'edges/files/lock.ts': ['pid'],
    'edges/github/event-file.ts': ['env'],
    'edges/github/runner.ts': ['env'],
    'session/crash.ts': ['exit', 'on', 'stderr', 'stdout'],
    'session/interrupt.ts': ['off', 'on'],
  },
  console: { 'commands/console.ts': ['error', 'log'], 'cli.ts': ['error'] },
  fetch: { 'edges/dataset/hub.ts': [], 'edges/model/response-limit.ts': [] },
  globalThis: {},
  eval: {},
  Function: {},
};

/** What nothing may call, wherever it is imported from: GitHub's ways to hand something to later steps. */
export const FORBIDDEN_CALLS = ['exportVariable', 'addPath'];
