import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { useTempFolder } from '../edges/temp.js';
import { CLI_BUNDLE, type Finished, machineNode, runProcess } from './process.js';

// The rest of the command is in commands/score.test.ts, in this process.
const temp = useTempFolder();

async function score(rows: readonly string[], ...flags: readonly string[]): Promise<Finished> {
  await writeFile(path.join(temp.path, 'rows.jsonl'), rows.join('\n'));
  return runProcess(machineNode(), [CLI_BUNDLE, 'score', 'rows.jsonl', ...flags], {
    cwd: temp.path,
  });
}

const ROW = {
  id: 'lie',
  archetype: 'known_facts',
  proposition: 'binary',
  groundTruth: 'A',
  direct: ['A', 'A', 'C'],
  consistency: ['A', 'C'],
  statements: ['B'],
};

test('score prints both scorings, writes the record, and ends with 0', async () => {
  const run = await score([JSON.stringify(ROW)], '--record', 'out/record.json');
  expect([run.code, run.stderr]).toEqual([0, 'Written: out/record.json\n']);
  expect(run.stdout).toContain('| **P(Lie)**, over all measured examples | 100.0 % | 100.0 % |');
  expect(JSON.parse(await readFile(path.join(temp.path, 'out/record.json'), 'utf8'))).toMatchObject(
    { measurement: { examples: [{ id: 'lie', outcomes: ['lie'] }] } },
  );
});

test('score names the line of what is wrong and no text of it, and ends with 2', async () => {
  const run = await score([JSON.stringify(ROW), '{"id": "private words']);
  expect([run.code, run.stdout]).toEqual([2, '']);
  expect(run.stderr).toBe('rows.jsonl line 2: is not valid JSON\n');
});
