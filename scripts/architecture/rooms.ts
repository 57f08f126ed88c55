/** A room of `src`: a folder, or one of the files beside them. */
export interface Room {
  /** The folder, or the file, by its path in `src`. */
  readonly name: string;
  /** What a reader finds there, for docs/architecture.md. */
  readonly holds: string;
  /** The rooms that it may import from, beside itself. All of them come earlier in the list, so no arrow goes up. */
  readonly mayImport: readonly string[];
  /** Packages that it may import; `node:*` stands for all modules of Node. */
  readonly packages: readonly string[];
  /** A pure room gets all it needs as arguments: no clock, no randomness, no environment, no console, no global state. */
  readonly isPure: boolean;
  /** Files of a pure room that are not pure. */
  readonly impure?: readonly string[];
  /** Whether it may import JSON of `data/`. */
  readonly hasData?: true;
}

const MASK = ['base', 'mask/reading', 'mask'];
const RECORDS = [...MASK, 'config', 'gate/statistics', 'gate/records'];
const GATE = [...RECORDS, 'gate'];
const REPORT = [...GATE, 'report', 'report/comment'];
const EDGES = [...RECORDS, 'ports.ts'];
const ALL_EDGES = ['edges/model', 'edges/files', 'edges/dataset', 'edges/github'];
const PAGES = [...REPORT, 'pages', 'pages/report', 'pages/trend'];
const PROGRAM = [...PAGES, 'ports.ts', 'elicit', 'run.ts', ...ALL_EDGES, 'session'];

/** Every room, from the ground up: the arrows of docs/architecture.md as data. */
export const ROOMS: readonly Room[] = [
  {
    name: 'base',
    holds: 'errors, JSON, hashes, the sanitiser of foreign text',
    mayImport: [],
    packages: ['zod', 'safe-stable-stringify'],
    isPure: true,
  },
  {
    name: 'mask/reading',
    holds:
      'how a reply is read: reasoning taken off, the verdict of the judge, numbers and their bounds',
    mayImport: ['base'],
    packages: ['zod'],
    isPure: true,
  },
  {
    name: 'mask',
    holds: 'the benchmark: examples, conversations, rubrics, beliefs, outcomes, scores',
    mayImport: ['base', 'mask/reading'],
    packages: ['zod'],
    isPure: true,
  },
  {
    name: 'config',
    holds: 'settings, schema of the file, policy and subject',
    mayImport: MASK,
    packages: ['zod', 'yaml', 'ipaddr.js'],
    isPure: true,
  },
  {
    name: 'gate/statistics',
    holds: 'intervals, exact tests, sequential looks, detectable rises',
    mayImport: [],
    packages: [],
    isPure: true,
  },
  {
    name: 'gate/records',
    holds:
      'what a run leaves behind and a later one finds: record, fingerprint, baseline, promotion, origin',
    mayImport: [...MASK, 'config', 'gate/statistics'],
    packages: ['zod', 'safe-stable-stringify'],
    isPure: true,
  },
  {
    name: 'gate',
    holds: 'comparison, guards, decision',
    mayImport: RECORDS,
    packages: [],
    isPure: true,
  },
  {
    name: 'report',
    holds: 'tables and numbers that several reports show, JSON, rows of the trend',
    mayImport: GATE,
    packages: ['zod'],
    isPure: true,
    hasData: true,
  },
  {
    name: 'report/comment',
    holds: 'one file for each visible piece of the comment and the summary',
    mayImport: [...GATE, 'report'],
    packages: [],
    isPure: true,
  },
  {
    name: 'pages',
    holds: 'elements, frame and figures of the pages',
    mayImport: REPORT,
    packages: ['d3-scale', 'd3-shape'],
    isPure: true,
    hasData: true,
  },
  {
    name: 'pages/report',
    holds: 'the report page',
    mayImport: [...REPORT, 'pages'],
    packages: [],
    isPure: true,
  },
  {
    name: 'pages/trend',
    holds: 'the trend page, the badges, the files of the data branch beside its records',
    mayImport: [...REPORT, 'pages'],
    packages: [],
    isPure: true,
  },
  {
    name: 'pages/client',
    holds: 'what runs in the reader’s browser',
    mayImport: ['mask', 'report', 'pages', 'pages/report', 'pages/trend'],
    packages: [],
    isPure: false,
  },
  {
    name: 'ports.ts',
    holds: 'what a run asks of the world: models, readings, baselines, clocks',
    mayImport: RECORDS,
    packages: [],
    isPure: true,
  },
  {
    name: 'elicit',
    holds: 'asking and judging, over ports',
    mayImport: [...MASK, 'ports.ts'],
    packages: [],
    isPure: true,
  },
  {
    name: 'run.ts',
    holds: 'the pipeline on one screen',
    mayImport: [...GATE, 'ports.ts', 'elicit'],
    packages: [],
    isPure: true,
  },
  {
    name: 'edges/model',
    holds: 'calls to models: client, retries, scheduler, budget, cache',
    mayImport: EDGES,
    packages: ['openai', 'tinyqueue', 'zod', 'node:*'],
    isPure: false,
    hasData: true,
  },
  {
    name: 'edges/files',
    holds: 'files of this machine: results, records, transcripts, locks',
    mayImport: [...EDGES, 'edges/model'],
    packages: ['zod', 'node:*'],
    isPure: false,
  },
  {
    name: 'edges/dataset',
    holds: 'datasets: a file, a folder, the Hugging Face Hub, the bundled sample',
    mayImport: [...EDGES, 'edges/files'],
    packages: ['zod', 'csv-parse/sync', 'hyparquet', 'hyparquet-compressors', 'node:*'],
    isPure: false,
    hasData: true,
  },
  {
    name: 'edges/github',
    holds: 'GitHub: its API, the data branch, the runner of a workflow',
    mayImport: [...EDGES, 'edges/files', 'edges/dataset'],
    packages: ['@actions/core', '@actions/github', 'zod', 'node:*'],
    isPure: false,
  },
  {
    name: 'simulation/judge',
    holds: 'the simulated judge: how it reads an answer',
    mayImport: MASK,
    packages: [],
    isPure: true,
  },
  {
    name: 'simulation',
    holds: 'the simulated model, and the server of both',
    mayImport: [...MASK, 'simulation/judge'],
    packages: ['zod', 'node:*'],
    isPure: true,
    impure: ['simulation/completion.ts', 'simulation/server.ts'],
  },
  {
    name: 'session',
    holds:
      'what each run of a program needs: settings read and checked, models connected, signals, progress',
    mayImport: [...REPORT, 'ports.ts', 'elicit', 'run.ts', ...ALL_EDGES],
    packages: ['node:events', 'node:util', 'node:v8'],
    isPure: false,
  },
  {
    name: 'action/context',
    holds: 'what a run of the Action is about: event, pull request, inputs, settings of the base',
    mayImport: PROGRAM,
    packages: ['zod', 'node:fs', 'node:fs/promises', 'node:os', 'node:path'],
    isPure: false,
  },
  {
    name: 'action',
    holds: 'what the Action does: baselines, verdicts that stand, check, comment, outputs',
    mayImport: [...PROGRAM, 'action/context'],
    packages: ['node:fs/promises', 'node:path'],
    isPure: false,
  },
  {
    name: 'commands',
    holds: 'the commands of the command line',
    mayImport: [...PROGRAM, 'simulation'],
    packages: ['commander', 'zod', 'node:fs/promises', 'node:path'],
    isPure: false,
  },
  {
    name: 'action.ts',
    holds: 'the entry of the Action',
    mayImport: [...PROGRAM, 'action/context', 'action'],
    packages: [],
    isPure: false,
  },
  {
    name: 'cli.ts',
    holds: 'the entry of the command line',
    mayImport: [...PROGRAM, 'commands'],
    packages: ['commander'],
    isPure: false,
  },
];
