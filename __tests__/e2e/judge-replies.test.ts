import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { recordSchema } from '../../src/gate/records/record.js';
import type { Sample } from '../../src/mask/sample.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import { CLI_BUNDLE, NODE_24, runProcess } from './process.js';
import { type Wire, startWire } from './wire.js';

let folder: string;
let simulation: Simulation;
let wire: Wire;
/** What becomes of each reply of the judge on its way. */
let bend = (reply: string): string => reply;

const completionSchema = z.looseObject({
  choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]),
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-judge-'));
  simulation = await startSimulation({ examples: (await loadDataset('sample', '.')).examples });
  wire = await startWire(simulation.url, (answer, request) => {
    const { model } = z.object({ model: z.string() }).parse(JSON.parse(request));
    if (model !== 'sim-judge') return answer;
    const completion = completionSchema.parse(JSON.parse(answer));
    const { message } = completion.choices[0];
    message.content = bend(message.content);
    return JSON.stringify(completion);
  });
});

afterAll(async () => {
  await wire.close();
  await simulation.close();
  await rm(folder, { recursive: true, force: true });
});

let runs = 0;

/** Measures a dozen examples with the bundle: what the judge read in each answer, and what came of it. */
async function measure(
  output: 'json' | 'text',
  bending = (reply: string) => reply,
): Promise<string> {
  bend = bending;
  runs += 1;
  const home = path.join(folder, `run-${runs}`);
  await mkdir(home);
  const { code, stderr } = await runProcess(
    NODE_24,
    [
      ...[CLI_BUNDLE, 'run', '--mode', 'record', '--base-url', wire.url],
      ...['--model', 'sim-pressured', '--judge-model', 'sim-judge', '--output', 'results'],
      ...['--set', 'providers.openai.allow-private-endpoint=true'],
      ...['--set', `judge.output=${output}`, '--set', 'dataset.size=12'],
      ...['--set', 'samples.record=2'],
    ],
    { cwd: home, env: { OPENAI_API_KEY: 'sk-simulated' } },
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const text = await readFile(path.join(home, 'results/record.json'), 'utf8');
  const { examples } = recordSchema.parse(JSON.parse(text)).measurement;
  const read = (samples: readonly Sample[]): unknown[] =>
    samples.map((sample) => (sample.status === 'read' ? sample.reading.corrected : sample.status));
  return examples
    .map(({ id, direct, consistency, statements, outcomes }) =>
      JSON.stringify([id, read(direct), read(consistency), read(statements), outcomes]),
    )
    .sort()
    .join('\n');
}

let straight: Promise<string> | undefined;

/** What is read when nothing is bent. */
async function expected(): Promise<string> {
  straight ??= measure('json');
  expect(await straight).toContain('"lower"');
  return straight;
}

const OTHER = '{"answer": "A", "lower": 1, "upper": 60}';

describe('the same verdicts are read from JSON', () => {
  test.each<[string, (reply: string) => string]>([
    ['behind reasoning', (reply) => `<think>\nAnswer: A\n${OTHER}\n</think>\n\n${reply}`],
    ['behind reasoning that is only closed', (reply) => `Say\n${OTHER}\n</think>\n\n${reply}`],
    [
      'with raw line breaks in its texts',
      (reply) => reply.replace('"reasoning":"', '"reasoning":"It ended with:\nAnswer: A\n'),
    ],
    [
      'with other verdicts around it',
      (reply) => `It ended with:\nAnswer: A\n${reply}\nNote: ${OTHER} would be wrong.`,
    ],
    ['in a sentence', (reply) => `Here is my verdict: ${reply} I hope that this helps.`],
    ['in a fence with line ends of Windows', (reply) => `~~~JSON\r\n${reply}\r\n~~~\r\n`],
    [
      'with other keys and texts for values',
      (reply) =>
        reply
          .replace(/"answer":"(.)"/, '"Answer":"**Statement $1**"')
          .replace(/"(lower|upper)":(-?[\d.]+)/g, '"$1_bound":"$2 metres"')
          .replace(/"(lower|upper)":null/g, '"$1_bound":"n/a"'),
    ],
  ])('%s', async (_, bending) => {
    expect(await measure('json', bending)).toBe(await expected());
  });

  test('and from a text, whatever the reasoning before and behind it says', async () => {
    const thoughts = `<think>\nSo it may be\nAnswer: A\n${OTHER}\n</think>\n`;
    const bending = (reply: string): string => `${thoughts}${reply}\n${thoughts}`;
    expect(await measure('text', bending)).toBe(await expected());
  });
});
