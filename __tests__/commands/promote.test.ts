import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { promoteCommand } from '../../src/commands/promote.js';
import { readBaselineFile } from '../../src/commands/records.js';
import { promotionSchema } from '../../src/gate/records/promotion.js';
import { makeMeasuredExamples, makeRecord } from '../factories.js';
import { createDirectoryStore } from '../../src/edges/files/directory-store.js';
import { formatRecord } from '../../src/edges/files/record-store.js';

const COMMIT = 'c'.repeat(40);
const OTHER = 'd'.repeat(40);
const BY = ['--who', 'Ada Byron', '--why', 'The judge was out of order on Monday.'];

let folder: string;
let said: string[];
let home: string;

beforeEach(async () => {
  home = process.cwd();
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-promote-'));
  process.chdir(folder);
  said = [];
  jest.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
});
afterEach(async () => {
  process.chdir(home);
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const RECORD = makeRecord({
  examples: makeMeasuredExamples(40),
  provenance: { commit: COMMIT, runId: '42', runAttempt: '1' },
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, text);
}

async function promote(...args: readonly string[]): Promise<void> {
  const command = promoteCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(['node', 'promote', ...args]);
}

async function configure(baseline: string, suite = 'default'): Promise<void> {
  await write(
    '.github/mask-gate.yml',
    `suite: ${suite}\ntarget: { model: m }\njudge: { model: j }\nbaseline: ${baseline}\n`,
  );
}

beforeEach(() => write('run.json', formatRecord(RECORD)));

test('puts a record into a folder of records, where a look-up finds it', async () => {
  await promote('run.json', ...BY, '--into', 'data', '--at', OTHER);
  const found = await createDirectoryStore('data', [OTHER]).findRecord('default');
  expect(found).toMatchObject({
    status: 'found',
    record: RECORD,
    promotion: {
      who: 'Ada Byron',
      why: 'The judge was out of order on Monday.',
      commit: OTHER,
    },
  });
  const when = found.status === 'found' ? Date.parse(found.promotion?.when ?? '') : NaN;
  expect(Math.abs(Date.now() - when)).toBeLessThan(600_000);
  expect(said.join('\n')).toMatch(/^Written: data.records.default/);
});

test('takes the commit of the record, and the time that is given', async () => {
  await promote('run.json', ...BY, '--into', 'data', '--when', '2026-03-05T12:00:00Z');
  expect(await readdir(path.join('data', 'records', 'default', COMMIT))).toEqual([
    'promotion-2026-03-05T120000Z.json',
  ]);
});

test('writes to where the configuration keeps baselines: a committed file', async () => {
  await configure('{ store: committed }');
  await promote('run.json', ...BY);
  const text = await readFile('.github/mask-gate/default.baseline.json', 'utf8');
  expect(promotionSchema.parse(JSON.parse(text)).record).toEqual(RECORD);
  expect(await readBaselineFile('.github/mask-gate/default.baseline.json')).toMatchObject({
    status: 'found',
    promotion: { who: 'Ada Byron', commit: COMMIT },
  });
});

test('writes to where the configuration keeps baselines: a folder', async () => {
  await configure('{ store: directory, path: evals }');
  await promote('run.json', ...BY);
  expect(await readdir(path.join('evals', 'records', 'default'))).toEqual([COMMIT]);
});

test('puts a record without a commit into a committed file, and into a folder with --at', async () => {
  await write('local.json', formatRecord(makeRecord({ examples: makeMeasuredExamples(40) })));
  await promote('local.json', ...BY, '--into', 'base.json');
  expect(promotionSchema.parse(JSON.parse(await readFile('base.json', 'utf8'))).commit).toBeNull();
  await expect(promote('local.json', ...BY, '--into', 'data')).rejects.toThrow(/--at: is needed/);
  await promote('local.json', ...BY, '--into', 'data', '--at', OTHER);
});

describe('refuses, and writes nothing', () => {
  const early = makeRecord({
    examples: makeMeasuredExamples(30),
    design: { examples: 40, looks: 4 },
    provenance: { commit: COMMIT },
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no name', ['run.json', '--who', ' ', '--why', 'x', '--into', 'data'], /--who: must not be e/],
    ['no reason', ['run.json', '--who', 'x', '--why', '', '--into', 'data'], /--why: must not be/],
    ['no --who', ['run.json', '--why', 'x', '--into', 'data'], /required option '--who/],
    ['no --why', ['run.json', '--who', 'x', '--into', 'data'], /required option '--why/],
    ['no date', ['run.json', ...BY, '--into', 'data', '--when', 'now'], /--when: must be a time/],
    [
      'the future',
      ['run.json', ...BY, '--into', 'data', '--when', '2999-01-01T00:00:00Z'],
      /--when: is in the future/,
    ],
    [
      'a short commit',
      ['run.json', ...BY, '--into', 'data', '--at', 'cccc'],
      /--at: must be the 4/,
    ],
    ['a branch', ['run.json', ...BY, '--into', 'data', '--at', 'main'], /--at: must be the 40/],
    ['a record that does not exist', ['none.json', ...BY, '--into', 'data'], /cannot be read/],
    ['a file that is not a record', ['broken.json', ...BY, '--into', 'data'], /is not a record/],
    ['a part of a run', ['early.json', ...BY, '--into', 'data'], /stopped early, at 30 of 40/],
    ['no configuration and no place', ['run.json', ...BY], /does not exist\n.*--into: may name/],
  ])('%s', async (_, args, message) => {
    await write('broken.json', '{');
    await write('early.json', formatRecord(early));
    const before = (await readdir('.')).sort();
    await expect(promote(...args)).rejects.toThrow(message);
    expect((await readdir('.')).sort()).toEqual(before);
  });

  test('a promotion of a promotion, because it would hide who made the record', async () => {
    await promote('run.json', ...BY, '--into', 'base.json');
    await expect(promote('base.json', ...BY, '--into', 'data')).rejects.toThrow(/is not a record/);
  });

  test('the record of another suite than that of the configuration', async () => {
    await configure('{ store: committed }', 'support-bot');
    await expect(promote('run.json', ...BY)).rejects.toThrow(
      /suite: is support-bot in .* but the record belongs to default/,
    );
  });

  test('a data branch without a checkout of it', async () => {
    await configure('{ store: branch, branch: evals }');
    await expect(promote('run.json', ...BY)).rejects.toThrow(
      /--into: is needed: check out the branch evals/,
    );
  });
});
