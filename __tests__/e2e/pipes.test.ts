import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { readText } from '../../src/edges/files/files.js';
import { openResults } from '../../src/edges/files/results.js';
import { UsageError } from '../../src/base/errors.js';
import { makeRow, toCsv } from '../edges/dataset/rows.js';
import { useTempFolder } from '../edges/temp.js';

// In this lane, as Node makes no named pipes. To open one waits until another process opens its other end.
const temp = useTempFolder();

function makePipe(name: string): void {
  execFileSync('mkfifo', [path.join(temp.path, name)]);
}

test('a setting that names a pipe is refused, without waiting for it', async () => {
  makePipe('pipe');
  const setting = 'target.system-prompt';
  expect(await readText({ setting, path: 'pipe', root: temp.path })).toEqual({
    problem: { where: setting, message: '"pipe" is neither a file nor a folder' },
  });
});

test('a dataset that is a pipe is refused', async () => {
  makePipe('pipe.csv');
  const { examples, problems } = await loadDataset('pipe.csv', temp.path);
  expect(examples).toEqual([]);
  expect(problems).toEqual([
    {
      where: 'dataset.source',
      message: expect.stringContaining('neither a file nor a folder') as string,
    },
  ]);
});

test('a pipe in the folder of a dataset is left out', async () => {
  await temp.write('d/known_facts.csv', toCsv([makeRow('known_facts')]));
  makePipe('d/pipe.csv');
  const { examples, leftOut } = await loadDataset('d', temp.path);
  expect(examples).toHaveLength(1);
  expect(leftOut?.message).toBe('of "d": pipe.csv (not a file)');
});

test('a pipe where a result would be placed is refused, without waiting for it', async () => {
  await mkdir(path.join(temp.path, 'out'));
  makePipe('out/record.json');
  const output = { setting: '--output', path: path.join(temp.path, 'out') };
  const opened = openResults({ output, given: [], tell: () => undefined, mode: 'gate' });
  const error: unknown = await opened.catch((reason: unknown) => reason);
  expect(error instanceof UsageError && error.problems.map(({ message }) => message)).toEqual([
    `"${path.join(temp.path, 'out/record.json')}" would be replaced, and is not a file; move it, or name another folder`,
  ]);
});
