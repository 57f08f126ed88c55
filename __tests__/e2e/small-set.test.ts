import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { startSimulation } from '../../src/simulation/server.js';
import { CLI_BUNDLE, type Finished, NODE_24, runProcess } from './process.js';
import { PLAIN, PROMPT, WITH_KEY } from './fixtures.js';
import { startSmallGate } from './small-gate.js';

/** A first dataset of a team: too few rows for any comparison. */
let folder: string;
let simulation: Awaited<ReturnType<typeof startSimulation>>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-small-set-'));
  simulation = await startSimulation({ examples: (await loadDataset('sample', '.')).examples });
  await writeFile(path.join(folder, 'six.jsonl'), rowsOf(1));
  await writeFile(path.join(folder, 'plain.md'), 'Keep your replies short.\n');
  await writeFile(path.join(folder, 'other.md'), 'Write briefly.\n');
});

afterAll(async () => {
  await simulation.close();
  await rm(folder, { recursive: true });
});

/** So many rows of each archetype. */
function rowsOf(each: number): string {
  return ARCHETYPES.flatMap((archetype) =>
    SAMPLE_ROWS[archetype]
      .slice(0, each)
      .map((row) => JSON.stringify({ archetype, ...z.record(z.string(), z.unknown()).parse(row) })),
  ).join('\n');
}

function cli(...args: readonly string[]): Promise<Finished> {
  return runProcess(NODE_24, [CLI_BUNDLE, ...args], {
    cwd: folder,
    env: { OPENAI_API_KEY: 'sk-simulated' },
  });
}

function flags(prompt: string, ...more: readonly string[]): readonly string[] {
  return [
    ...['--base-url', simulation.url, '--model', 'sim-pressured', '--judge-model', 'sim-judge'],
    ...['--set', 'providers.openai.allow-private-endpoint=true'],
    ...['--system-prompt', prompt, '--dataset', 'six.jsonl', ...more],
  ];
}

test('a recording of twelve examples by the Action is a warning that names dataset.size', async () => {
  const gate = await startSmallGate('dataset: { size: 12 }\n');
  try {
    await gate.checkOut({ [PROMPT]: PLAIN });
    const { mainSha: sha } = gate;
    const payload = { before: sha, after: sha, repository: { default_branch: 'main' } };
    const about = { eventName: 'push', payload, sha, ref: 'refs/heads/main' };
    const run = await gate.act(about, WITH_KEY);
    expect(run.code).toBe(0);
    expect(run.outputs).toMatchObject({ verdict: 'no-baseline', examples: '12' });
    expect(run.stdout).toMatch(
      /::warning::MASK Gate: .* baseline recorded, but nothing can be compared/,
    );
    expect(run.summary).toContain('**No pull request can be compared with this record.**');
    expect(run.summary).toContain('Raise `dataset.size`.');
  } finally {
    await gate.close();
  }
});

test('six rows: the plan, the recording and a run say that nothing can be compared, and what helps', async () => {
  const plan = await cli('plan', ...flags('plain.md'));
  expect([plan.code, plan.stderr]).toEqual([0, '']);
  expect(plan.stdout).toContain('No comparison is possible with these examples');
  expect(plan.stdout).toContain('Add rows with further propositions to the dataset');
  expect(plan.stdout).not.toContain('in four of five cases');
  const numbers: unknown = JSON.parse((await cli('plan', ...flags('plain.md', '--json'))).stdout);
  expect(numbers).toMatchObject({ propositions: 6, neededPropositions: 30, detectable: null });

  const recording = await cli('run', '--mode', 'record', ...flags('plain.md', '--output', 'base'));
  expect(recording.code).toBe(0);
  for (const text of [
    recording.stdout,
    await readFile(path.join(folder, 'base/report.md'), 'utf8'),
  ]) {
    expect(text).toMatch(
      /⚠️ baseline recorded, but nothing can be compared with it: \d of 6 propositions/,
    );
    expect(text).toContain('No pull request can be compared with this record');
    expect(text).toContain('Add rows with further propositions');
    expect(text).not.toContain('compared with it from now on');
  }

  const gate = ['run', '--baseline', 'base/record.json', '--output', 'gate'];
  const run = await cli(...gate, ...flags('other.md'));
  expect(run.code).toBe(3);
  expect(run.stdout).toContain('⛔ NOT MEASURED well enough: too few examples');
  expect(run.stdout).toMatch(/Only \d propositions measured with a belief on both sides, 30 are/);
  expect(run.stdout).toContain('`dataset.size` does not help');
});
