import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type Row, toCsv } from '../edges/dataset/rows.js';
import { type ActionRequest, runAction } from './action-runner.js';
import {
  type Behaviour,
  type EchoProvider,
  bare,
  echoing,
  failing,
  refusing,
  startEchoProvider,
} from './echo-provider.js';
import { type GitHubServer, startGitHub } from './github-server.js';
import { ACTION_BUNDLE, CLI_BUNDLE, NODE_24, runProcess } from './process.js';
import { runUntil } from './terminate.js';

const DATASET = 'items.csv';

/** The columns whose text goes to a model, or is kept from it. */
const SENT = [
  'system_prompt',
  'user_prompt',
  'dd_turn_1_prompt',
  'dd_turn_1_response',
  'belief_elicit_1',
  'belief_elicit_2',
  'belief_elicit_3',
  'proposition',
] as const;
const UNSENT = ['ground_truth', 'type', 'canary', 'delivery'] as const;

/** Is in one cell of the dataset and nowhere else. */
function canary(column: string, row: number): string {
  return `CANARY-${column.replaceAll('_', '-')}-${row}`;
}

/** Any part of any canary, however it was cut. */
const LEAK = /CANARY-/i;

/** A sound row with a canary at the start and at the end of every text; task ids are not private. */
function makeRow(archetype: Archetype, row: number): Row {
  const says = (column: string): string =>
    `${canary(column, row)} is what "${column}" says here, with a comma, and ${canary(column, row)}`;
  const isNumerical = archetype === 'statistics';
  const blank = isNumerical ? '<value>' : 'is/is not';
  const isFilled = (column: string): boolean =>
    (!column.startsWith('belief') || archetype !== 'provided_facts') &&
    // Of a number only the direct question is asked.
    (!/^belief_elicit_[23]$/.test(column) || !isNumerical) &&
    (!column.startsWith('dd') || archetype === 'doubling_down_known_facts');
  return {
    task_id: `task-${row}`,
    archetype,
    ...Object.fromEntries(
      [...SENT, ...UNSENT].filter(isFilled).map((column) => [column, says(column)]),
    ),
    proposition: `${canary('proposition', row)} <pivotal>${blank}</pivotal> as ${canary('proposition', row)}`,
    formatted_ground_truth: isNumerical ? '[40, 42]' : 'A',
  };
}

/** A row of every archetype. */
function makeRows(first: number): readonly Row[] {
  return ARCHETYPES.map((archetype, index) => makeRow(archetype, first + index));
}

const ROWS = makeRows(11);

/** The canaries of all cells whose text a run has to send. */
const TO_BE_SENT = ROWS.flatMap((row, index) =>
  SENT.filter((column) => column in row).map((column) => canary(column, index + 11)),
);

/** Malformed rows, each for another reason, with canaries in what is wrong too. */
const BROKEN_ROWS: readonly Row[] = [
  { user_prompt: '' },
  { formatted_ground_truth: 'CANARY-formatted-ground-truth-21' },
  { archetype: 'CANARY-archetype-22' },
  { task_id: '' },
  { task_id: 'task-11' },
  { proposition: 'CANARY-proposition-25 has no blank' },
  { proposition: 'It <pivotal>CANARY-one-26/CANARY-two-26/CANARY-three-26</pivotal> so' },
  { dd_turn_1_prompt: 'CANARY-dd-turn-1-prompt-27' },
  { belief_elicit_1: '' },
].map((wrong, index) => ({ ...makeRow('known_facts', index + 20), ...wrong }));

const BROKEN_NUMBER: Row = {
  ...makeRow('statistics', 30),
  formatted_ground_truth: '[CANARY-formatted-ground-truth-30, 42]',
};

const BROKEN_FILES: Readonly<Record<string, string>> = {
  'rows that are no examples': toCsv([...ROWS, ...BROKEN_ROWS, BROKEN_NUMBER]),
  'no header': toCsv(ROWS).split('\r\n').slice(1).join('\n'),
  'a row with too many cells': `${toCsv(ROWS)}\nCANARY-1,CANARY-2${',CANARY-3'.repeat(20)}\n`,
  'a quote that never ends': `${toCsv(ROWS)}\ntask-40,"CANARY-open-40, and so on`,
  'a quote in the middle': `${toCsv(ROWS)}\ntask-41,CANARY-"middle"-41\n`,
  'a header without rows': 'task_id,CANARY-column-42\n',
  'no table': 'CANARY-line-43\u0000\n',
};

type Program = 'cli' | 'action';

/** What a run leaves to be read, by the name of the stream. */
interface Left {
  readonly code: number | null;
  readonly streams: Readonly<Record<string, string>>;
}

let github: GitHubServer;
let sha: string;
let workspace: string;
let provider: EchoProvider | undefined;

beforeAll(async () => {
  github = await startGitHub();
  sha = await github.commit('main', { 'README.md': 'A bot.' });
});

afterAll(async () => {
  await github.close();
});

beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-private-'));
});

afterEach(async () => {
  await provider?.close();
  provider = undefined;
  await rm(workspace, { recursive: true });
});

async function prepareWorkspace(
  url: string,
  {
    csv = toCsv(ROWS),
    models = { target: 'target', judge: 'judge' },
    malformed = 'fail',
    temperature = 1,
    dataset = '',
    transcripts = 'publishable',
  } = {},
): Promise<void> {
  await writeFile(path.join(workspace, DATASET), csv);
  await mkdir(path.join(workspace, '.github'), { recursive: true });
  await writeFile(
    path.join(workspace, '.github/mask-gate.yml'),
    `
target: { provider: local, model: ${models.target}, temperature: ${temperature} }
judge: { provider: local, model: ${models.judge} }
providers:
  local: { base-url: "${url}", api-key-env: LOCAL_KEY, allow-private-endpoint: true }
dataset: { source: ${DATASET}, malformed: ${malformed}${dataset} }
transcripts: ${transcripts}
samples: { record: 2 }
baseline: { store: directory, path: records }
`,
  );
}

async function prepareFor(
  behave: Behaviour,
  more: Parameters<typeof prepareWorkspace>[1] = {},
): Promise<EchoProvider> {
  provider = await startEchoProvider(behave);
  await prepareWorkspace(provider.url, more);
  return provider;
}

const FORMAT_REFUSED = 'response_format is not known here, CANARY-message-60';

const KEY = 'sk-simulated-key';

function pushEvent(): ActionRequest {
  return {
    workspace,
    eventName: 'push',
    payload: { before: sha, after: sha, repository: { default_branch: 'main' } },
    sha,
    ref: 'refs/heads/main',
    apiUrl: github.apiUrl,
    repository: github.repository,
    inputs: { 'api-key': KEY, 'github-token': github.tokens.workflow },
  };
}

/** Starts as `start` does, and ends the program when the moment has come. */
async function startUntil(moment: Promise<unknown>, program: Program): Promise<Left> {
  if (program === 'cli') {
    const env = { LOCAL_KEY: KEY };
    const cwd = workspace;
    const { code, ...streams } = await runUntil(moment, NODE_24, [CLI_BUNDLE, 'run'], {
      cwd,
      env,
    });
    return { code, streams };
  }
  const { inputs, payload, ...event } = pushEvent();
  const files = { event: JSON.stringify(payload), outputs: '', summary: '' };
  const folder = path.join(workspace, 'runner');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const env = {
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: event.apiUrl,
    GITHUB_EVENT_NAME: event.eventName,
    GITHUB_EVENT_PATH: path.join(folder, 'event'),
    GITHUB_OUTPUT: path.join(folder, 'outputs'),
    GITHUB_REF: event.ref,
    GITHUB_REPOSITORY: event.repository,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4711',
    GITHUB_SHA: event.sha,
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
    GITHUB_WORKSPACE: workspace,
  };
  const { code, ...streams } = await runUntil(moment, NODE_24, [ACTION_BUNDLE], {
    cwd: workspace,
    env,
  });
  return { code, streams };
}

async function start(
  program: Program,
  {
    flags = [],
    inputs = {},
  }: { flags?: readonly string[]; inputs?: Readonly<Record<string, string>> } = {},
): Promise<Left> {
  if (program === 'action') {
    const event = pushEvent();
    const { code, outputs, state, ...streams } = await runAction({
      ...event,
      inputs: { ...event.inputs, ...inputs },
    });
    const kept = { outputs: JSON.stringify(outputs), state: JSON.stringify(state) };
    return { code, streams: { ...streams, ...kept } };
  }
  const { code, ...streams } = await runProcess(NODE_24, [CLI_BUNDLE, 'run', ...flags], {
    cwd: workspace,
    env: { LOCAL_KEY: KEY },
  });
  return { code, streams };
}

/** Every line with a canary, by stream or by the file below the workspace that holds it. */
async function findLeaks({ streams }: Pick<Left, 'streams'>): Promise<readonly string[]> {
  const entries = await readdir(workspace, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== DATASET)
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(file, 'latin1')] as const),
  );
  return [...Object.entries(streams), ...texts].flatMap(([name, text]) =>
    [name, ...text.split('\n')].filter((line) => LEAK.test(line)).map((line) => `${name}: ${line}`),
  );
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(path.join(workspace, folder), { recursive: true });
  return names.filter((name) => path.extname(name) !== '').sort();
}

/** Everything that was said, log and standard error. */
function saidIn({ streams }: Left): string {
  return `${streams['stdout'] ?? ''}\n${streams['stderr'] ?? ''}`;
}

const RESULTS = ['record.json', 'report.html', 'report.md'];

/** Runs a program on a provider that answers in some way, and finds that all was sent and nothing of it is left. */
async function expectAllKept(program: Program, behave: Behaviour, code: number): Promise<void> {
  const server = await prepareFor(behave);
  const left = await start(program);
  expect(await findLeaks(left)).toEqual([]);
  expect(left.code).toBe(code);
  expect(await filesBelow('mask-gate-results')).toEqual(RESULTS);
  const sent = server.asked.map(({ prompt }) => prompt).join('\n');
  expect(TO_BE_SENT.filter((text) => !sent.includes(text))).toEqual([]);
}

/** The same, where the judge and the questions of some rows meet a fault. */
async function expectKeptFrom(
  fail: Behaviour,
  program: Program,
  code: number,
  rows = /-12 /,
): Promise<void> {
  const server = await prepareFor((asked) =>
    asked.role === 'judge' || rows.test(asked.prompt) ? fail(asked) : echoing()(asked),
  );
  const left = await start(program);
  expect(await findLeaks(left)).toEqual([]);
  expect(left.code).toBe(code);
  expect(server.asked.some(({ prompt }) => LEAK.test(prompt))).toBe(true);
  if (code === 3) expect(saidIn(left)).toMatch(/(target|judge): [a-z-]+/);
}

/** A provider that answers no more from a moment on, at which the program is ended, and which goes away then. */
async function endInTheMiddle(program: Program, dataset = ''): Promise<Left> {
  let halfway: (() => void) | undefined;
  const moment = new Promise<void>((resolve) => (halfway = resolve));
  let count = 0;
  const behave: Behaviour = (asked) => {
    count += 1;
    if (count < 20) return echoing()(asked);
    if (count === 25) halfway?.();
    return 'hold';
  };
  const server = await prepareFor(behave, { dataset });
  // Else the program would wait for what it has asked.
  void moment.then(() => server.close());
  const left = await startUntil(moment, program);
  expect(count).toBeGreaterThanOrEqual(25);
  expect(left.code).not.toBe(0);
  return left;
}

describe('no text of a private dataset in what the command line leaves', () => {
  test.each<[string, Behaviour, number]>([
    ['is read', echoing(), 0],
    ['gets no verdict', echoing('unreadable'), 3],
    ['is a refusal', refusing, 0],
  ])('when every answer %s', (_, behave, code) => expectAllKept('cli', behave, code));

  test.each([
    ['sim-pressured', 'sim-judge'],
    ['sim-flaky', 'sim-judge-flaky'],
  ])('when %s answers and %s reads', async (target, judge) => {
    const csv = toCsv(ROWS);
    await writeFile(path.join(workspace, DATASET), csv);
    const { examples } = await loadDataset(DATASET, workspace);
    const simulation = await startSimulation({ examples });
    await prepareWorkspace(simulation.url, { csv, models: { target, judge } });
    const left = await start('cli');
    await simulation.close();
    expect(await findLeaks(left)).toEqual([]);
    expect(await filesBelow('mask-gate-results')).toEqual(RESULTS);
  });

  test('when examples flip to lying', async () => {
    const csv = toCsv([1, 2, 3, 4, 5].flatMap((hundred) => makeRows(hundred * 100)));
    let statements: 'A' | 'B' = 'A';
    const { url } = await prepareFor((asked) => echoing(statements)(asked), { csv });
    const first = await start('cli', { flags: ['--output', 'first', '--json'] });
    statements = 'B';
    await prepareWorkspace(url, { csv, temperature: 0.5 });
    const second = await start('cli', {
      flags: ['--output', 'second', '--baseline', 'first/record.json'],
    });
    expect(await findLeaks(first)).toEqual([]);
    expect(await findLeaks(second)).toEqual([]);
    expect([first.code, second.code]).toEqual([0, 1]);
    expect(Object.values(second.streams).join('\n')).toContain(
      'What flipped: 30 examples to lying',
    );
  });

  test('when prompts are met by faults that pass, which quote them', async () => {
    const faults: Readonly<Record<string, Behaviour>> = {
      'a 500': failing(500),
      'a 400': failing(400),
      'a page in place of an answer': bare(200, 'text/html'),
      'a page of a gateway': bare(502, 'text/html'),
      'what is no JSON': bare(200, 'application/json'),
    };
    // Each prompt meets one of them, and those of each role meet all.
    const names = Object.keys(faults);
    const met = { target: new Map<string, string>(), judge: new Map<string, string>() };
    const fail: Behaviour = (asked) => {
      const known = met[asked.role];
      const name = known.get(asked.prompt) ?? names[known.size % names.length] ?? '';
      known.set(asked.prompt, name);
      return faults[name]?.(asked) ?? 'hold';
    };
    // In one run, since it waits for many seconds until it gives up what stays.
    await expectKeptFrom(fail, 'cli', 3, /-1[23] /);
    for (const known of Object.values(met)) expect(new Set(known.values())).toEqual(new Set(names));
  });

  test.each<[string, Behaviour, number]>([
    ['a 400 that quotes them and names a format', failing(400, { message: FORMAT_REFUSED }), 4],
    ['a 401 that quotes them', failing(401), 4],
    ['a 404 that quotes them', failing(404), 4],
    ['a 429 that quotes them', failing(429, { code: 'insufficient_quota' }), 4],
  ])('when prompts are met by %s', (_, fail, code) => expectKeptFrom(fail, 'cli', code));

  test.each(Object.keys(BROKEN_FILES))('when the file has %s', async (name) => {
    const server = await prepareFor(echoing(), { csv: BROKEN_FILES[name] ?? '' });
    const left = await start('cli');
    expect(await findLeaks(left)).toEqual([]);
    expect(left.code).toBe(2);
    expect(saidIn(left)).toContain('items.csv');
    expect(server.asked).toEqual([]);
  });

  test('when malformed rows are left out', async () => {
    const csv = toCsv([...ROWS, ...BROKEN_ROWS]);
    await prepareFor(echoing(), { csv, malformed: 'exclude' });
    const left = await start('cli');
    expect(await findLeaks(left)).toEqual([]);
    expect(left.code).toBe(0);
    expect(saidIn(left).match(/Left out:/g)).toHaveLength(BROKEN_ROWS.length);
  });

  test('when it is ended by SIGTERM in the middle', async () => {
    expect(await findLeaks(await endInTheMiddle('cli'))).toEqual([]);
  });
});

// What makes texts of answers and faults is the same in both programs: here is what the Action has of its own.
describe('no text of a private dataset in what the Action leaves', () => {
  test('when every answer is read', () => expectAllKept('action', echoing(), 0));

  // Of a fault that is not waited for.
  test('when prompts are met by a page of a gateway', () =>
    expectKeptFrom(bare(400, 'text/html'), 'action', 3));

  test('when it is ended by SIGTERM in the middle', async () => {
    expect(await findLeaks(await endInTheMiddle('action'))).toEqual([]);
  });
});

/** The names of the streams and files that hold a text of the dataset. */
async function findPlaces(left: Left): Promise<readonly string[]> {
  const leaks = await findLeaks(left);
  return [...new Set(leaks.map((leak) => path.basename(leak.split(': ')[0] ?? '')))].sort();
}

const PUBLISHABLE = ', publishable: true';
const WITH_TEXTS = [...RESULTS, 'transcripts.jsonl'];

describe('texts of a publishable dataset', () => {
  test.each<Program>(['cli', 'action'])(
    'are in transcripts and page, and nowhere else, in what the %s leaves',
    async (program) => {
      await prepareFor(echoing(), { dataset: PUBLISHABLE });
      const left = await start(program);
      expect(left.code).toBe(0);
      expect(await filesBelow('mask-gate-results')).toEqual(WITH_TEXTS);
      expect(await findPlaces(left)).toEqual(['report.html', 'transcripts.jsonl']);
      const transcripts = path.join(workspace, 'mask-gate-results/transcripts.jsonl');
      const text = await readFile(transcripts, 'utf8');
      expect(text.trimEnd().split('\n')).toHaveLength(1 + ROWS.length);
      expect(TO_BE_SENT.filter((sent) => !text.includes(sent))).toEqual([]);
      expect(text).not.toContain(KEY);
    },
  );

  test('are quoted when examples flip to lying', async () => {
    const csv = toCsv([1, 2, 3, 4, 5].flatMap((hundred) => makeRows(hundred * 100)));
    let statements: 'A' | 'B' = 'A';
    const more = { csv, dataset: PUBLISHABLE };
    const { url } = await prepareFor((asked) => echoing(statements)(asked), more);
    await start('action', { inputs: { output: 'first' } });
    statements = 'B';
    await prepareWorkspace(url, { ...more, temperature: 0.5 });
    const left = await start('action', { inputs: { mode: 'gate', output: 'second' } });
    expect(left.code).toBe(1);
    const report = await readFile(path.join(workspace, 'second/report.md'), 'utf8');
    expect(report).toContain('What was answered: 3 of 30 examples that turned to lying');
    expect(report).toMatch(/- a lie now: `CANARY-/);
    expect(await readFile(path.join(workspace, 'second/record.json'), 'utf8')).not.toMatch(LEAK);
  });

  test('are kept out by transcripts: never, and what an earlier run has left is removed', async () => {
    const { url } = await prepareFor(echoing(), { dataset: PUBLISHABLE });
    await start('cli');
    expect(await filesBelow('mask-gate-results')).toEqual(WITH_TEXTS);
    await prepareWorkspace(url, { dataset: PUBLISHABLE, transcripts: 'never', temperature: 0.5 });
    const left = await start('cli');
    expect(left.code).toBe(0);
    expect(await filesBelow('mask-gate-results')).toEqual(RESULTS);
    expect(await findLeaks(left)).toEqual([]);
  });

  test('leave nothing when the run is ended in the middle', async () => {
    expect(await findLeaks(await endInTheMiddle('cli', PUBLISHABLE))).toEqual([]);
  });
});

describe('transcripts: always, with a private dataset', () => {
  test('is refused by the Action before anything is asked', async () => {
    const server = await prepareFor(echoing(), { transcripts: 'always' });
    const left = await start('action');
    expect(left.code).toBe(2);
    expect(saidIn(left)).toContain(
      'transcripts: always would write the texts of a private dataset',
    );
    expect(await findLeaks(left)).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  test('is done by the command line, in the file for it and the page', async () => {
    await prepareFor(echoing(), { transcripts: 'always' });
    const left = await start('cli');
    expect(left.code).toBe(0);
    expect(await filesBelow('mask-gate-results')).toEqual(WITH_TEXTS);
    expect(await findPlaces(left)).toEqual(['report.html', 'transcripts.jsonl']);
  });
});

test('readings, which may go into a CI cache, hold no text; answers, which may not, do', async () => {
  await prepareFor(echoing());
  const cache = path.join(workspace, 'kept');
  await runProcess(NODE_24, [CLI_BUNDLE, 'run'], {
    cwd: workspace,
    env: { LOCAL_KEY: KEY, XDG_CACHE_HOME: cache },
  });
  const leaks = await findLeaks({ streams: {} });
  const answers = path.join(cache, 'mask-gate/answers') + path.sep;
  expect(leaks.length).toBeGreaterThan(0);
  expect(leaks.filter((leak) => !leak.startsWith(answers))).toEqual([]);
  expect((await filesBelow('kept/mask-gate/readings')).length).toBeGreaterThan(0);
});
