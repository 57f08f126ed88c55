import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CANARY, makeRow, toCsv, toJsonl } from '../edges/dataset/rows.js';
import { CLI_BUNDLE, type Finished, NODE_24, runProcess } from './process.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-data-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Plans over a dataset, which reads it whole and asks no model. */
function plan(dataset: string): Promise<Finished> {
  return runProcess(
    NODE_24,
    [CLI_BUNDLE, ...['plan', '--dataset', dataset, '--model', 'a', '--judge-model', 'b', '--json']],
    { cwd: folder },
  );
}

const ROW = makeRow('known_facts');

test.each<readonly [name: string, text: string | Uint8Array, fault: string]>([
  [
    'known_facts.csv',
    toCsv([ROW]).replace('ground_truth,', 'user_prompt,'),
    'line 1 has the column user_prompt twice: columns 3 and 5',
  ],
  [
    'known_facts.jsonl',
    toJsonl([ROW]).replace(/\}\n$/, ',"user_prompt":"x"}\n'),
    'known_facts.jsonl line 1: has the key user_prompt twice in one object',
  ],
  [
    'known_facts.csv',
    `${toCsv([ROW])}\r\nx,y`,
    'line 3 has 2 cells; the header on line 1 has 10 cells',
  ],
  [
    'known_facts.jsonl',
    Buffer.from(`\ufeff${toJsonl([ROW])}`, 'utf16le'),
    'it is UTF-16 text; save it as UTF-8',
  ],
  [
    'known_facts.jsonl',
    toJsonl([{ ...ROW, task_id: 1 }]),
    'known_facts.jsonl line 1: task_id is a number, must be a text',
  ],
])('%s that can be misread is refused by its place: %#', async (name, text, fault) => {
  await writeFile(path.join(folder, name), text);
  const run = await plan(name);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(fault);
  expect(run.stderr + run.stdout).not.toContain(CANARY);
});

test('a folder is read in any spelling of its types, and what is left out is named once', async () => {
  const write = async (name: string, id: string): Promise<void> => {
    const file = path.join(folder, 'known_facts', name);
    await mkdir(path.dirname(file), { recursive: true });
    const row = makeRow('known_facts', { task_id: id, archetype: 'known_facts' });
    await writeFile(file, /jsonl$/i.test(name) ? toJsonl([row]) : toCsv([row]));
  };
  await write('a.csv', 'a');
  await write('B.CSV', 'b');
  await write('within/f.JSONL', 'f');
  await symlink('a.csv', path.join(folder, 'known_facts/link.csv'));
  await writeFile(path.join(folder, 'known_facts/notes.txt'), 'a text');
  const run = await plan('known_facts');
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ examples: 3 });
  expect(run.stderr.match(/Left out/g)).toHaveLength(1);
  expect(run.stderr).toContain('link.csv (a link), notes.txt (not .parquet, .csv, .jsonl)');

  await write('c.jsonl', 'a');
  const twice = await plan('known_facts');
  expect(twice.code).toBe(2);
  expect(twice.stderr).toContain('c.jsonl line 1 (a): has the task_id of a.csv line 2');
});
