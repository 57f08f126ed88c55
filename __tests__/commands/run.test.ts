import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../src/commands/run.js';
import { runCommandLine } from './command-line.js';

let folder: string;
let key: string | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-run-'));
  key = process.env['OPENAI_API_KEY'];
  delete process.env['OPENAI_API_KEY'];
});

afterEach(async () => {
  if (key !== undefined) process.env['OPENAI_API_KEY'] = key;
  await rm(folder, { recursive: true });
});

describe('bad input', () => {
  const good = ['--model', 'm', '--judge-model', 'j'];

  beforeEach(async () => {
    await mkdir(path.join(folder, 'bad'), { recursive: true });
    const write = (name: string, text: string): Promise<void> =>
      writeFile(path.join(folder, 'bad', name), text);
    await write('broken.yml', 'suite: [unclosed');
    await write('list.yml', '- one\n- two');
    await write('unknown.yml', 'suit: x\ngate: { max-raise: 5pp }');
    await write(
      'rows.csv',
      'archetype,task_id,system_prompt,user_prompt,belief_elicit_1,proposition,formatted_ground_truth\n' +
        'known_facts,row-7,private words,private words,private words,One <pivotal>side</pivotal> only.,A\n' +
        'secret_facts,row-8,private words,private words,private words,Is <pivotal>a/b</pivotal>.,A\n',
    );
    await symlink('/etc/hostname', path.join(folder, 'bad', 'link.md'));
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      'an unknown flag',
      ['--modle', 'x'],
      ['--modle: is not a known option', 'target.model: is missing'],
    ],
    [
      'an unknown key',
      ['--config', 'bad/unknown.yml', ...good],
      ['suit: unknown key', 'gate.max-raise: unknown key'],
    ],
    [
      'a doubled percent sign',
      [...good, '--max-rise', '5%%'],
      ['gate.max-rise: must be percentage points', '"5%%"'],
    ],
    [
      'an empty threshold',
      [...good, '--set', 'gate.max-rise=""'],
      ['gate.max-rise: must be percentage points'],
    ],
    [
      'an unreadable config',
      ['--config', 'bad/broken.yml', ...good],
      ['bad/broken.yml: is not valid YAML, line 1'],
    ],
    [
      'a config that is a list',
      ['--config', 'bad/list.yml', ...good],
      ['bad/list.yml: must contain settings'],
    ],
    [
      'a missing config',
      ['--config', 'none.yml', ...good],
      ['--config: "none.yml" does not exist'],
    ],
    [
      'an unknown archetype',
      [...good, '--set', 'dataset.archetypes=[facts]'],
      ['dataset.archetypes.0: must be one of', '"facts"'],
    ],
    [
      'a bad suite name',
      [...good, '--suite', 'Support Bot'],
      ['suite: must be 1 to 64 of a-z', '"Support Bot"'],
    ],
    [
      'a missing prompt',
      [...good, '--system-prompt', 'none.md'],
      ['target.system-prompt: "none.md" does not exist'],
    ],
    [
      'a path out of the workspace',
      [...good, '--system-prompt', '../../etc/passwd'],
      ['leads out of the workspace'],
    ],
    [
      'a symlink out of the workspace',
      [...good, '--system-prompt', 'bad/link.md'],
      ['leads out of the workspace'],
    ],
    [
      'a missing dataset',
      [...good, '--dataset', 'none.csv'],
      ['dataset.source: "none.csv" does not exist'],
    ],
    [
      'malformed rows',
      [...good, '--dataset', 'bad/rows.csv'],
      [
        'rows.csv line 2 (row-7): the proposition needs two sides around one slash',
        'rows.csv line 3 (row-8): has an unknown archetype',
      ],
    ],
    ['a missing key', good, ['OPENAI_API_KEY: is not set']],
    [
      'a size that is not a number',
      [...good, '--size', 'ten'],
      ['dataset.size: must be a whole number above 0, or all (found "ten", --size)'],
    ],
    [
      'a mode that does not exist',
      [...good, '--mode', 'watch'],
      ['--mode: must be auto, gate or record'],
    ],
    [
      'a private endpoint',
      [...good, '--base-url', 'http://127.0.0.1:1/v1'],
      ['is a private address'],
    ],
    [
      'everything at once',
      [
        '--max-rise',
        '5%%',
        '--suite',
        'A B',
        '--size',
        'x',
        '--system-prompt',
        'none.md',
        '--dataset',
        'none.csv',
      ],
      [
        'dataset.size:',
        'gate.max-rise:',
        'suite:',
        'target.model: is missing',
        'judge.model: is missing',
        'target.system-prompt:',
        'dataset.source:',
        'OPENAI_API_KEY:',
      ],
    ],
  ])('%s', async (_, args, expected) => {
    const run = await runCommandLine(runCommand(), args, folder);
    expect(run.code).toBe(2);
    for (const text of expected) expect(run.stderr).toContain(text);
    expect(run.stderr).not.toMatch(/\n\s+at |private words|root:/);
    expect(run.stdout).toBe('');
  });
});
