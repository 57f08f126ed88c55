import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { type GateRecord, recordSchema } from '../../src/gate/records/record.js';
import { startSimulation } from '../../src/simulation/server.js';
import { BASE_ENV, CLI_BUNDLE, NODE_24 } from './process.js';
import { pointCount, points } from './terminate.js';
import { type Wire, startWire } from './wire.js';

/** Most calls in flight of each role. */
const CEILING = 4;

/** How long an answer takes, so that some are in flight at any moment. */
const LATENCY_MS = 10;

const PROBES_OF_A_START = 1;

let folder: string;
let simulation: Awaited<ReturnType<typeof startSimulation>>;
let wire: Wire;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-kills-'));
  simulation = await startSimulation({
    examples: (await loadDataset('sample', '.')).examples,
    latencyMs: LATENCY_MS,
  });
  wire = await startWire(simulation.url);
});

afterAll(async () => {
  await wire.close();
  await simulation.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Requests of this one process. */
  readonly asked: number;
}

/** Runs the benchmark on what `home` holds, and does something to the process after so many answers. */
async function start(
  home: string,
  trigger?: { readonly answers: number; readonly then: (child: ChildProcess) => void },
  { concurrency = CEILING, cache = path.join(home, 'cache') } = {},
): Promise<Ended> {
  await mkdir(home, { recursive: true });
  const before = wire.asked();
  const child = spawn(
    NODE_24,
    [
      ...[CLI_BUNDLE, 'run', '--mode', 'record', '--base-url', wire.url],
      ...['--model', 'sim-pressured', '--judge-model', 'sim-judge', '--output', 'results'],
      ...['--set', 'providers.openai.allow-private-endpoint=true'],
      ...['--set', `providers.openai.concurrency=${concurrency}`],
      ...['--set', 'target.extra-body.seed=7', '--set', 'judge.extra-body.seed=7'],
      ...['--set', 'dataset.size=12', '--set', 'samples.record=2'],
    ],
    {
      cwd: home,
      env: {
        ...BASE_ENV,
        OPENAI_API_KEY: 'sk-simulated',
        XDG_CACHE_HOME: cache,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  wire.after(trigger?.answers ?? Infinity, () => trigger?.then(child));
  const closed = once(child, 'close');
  const stderr = await readText(child.stderr);
  const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr, asked: wire.asked() - before };
}

async function recordIn(home: string): Promise<GateRecord> {
  return recordSchema.parse(
    JSON.parse(await readFile(path.join(home, 'results/record.json'), 'utf8')),
  );
}

const measurementIn = async (home: string): Promise<string> =>
  JSON.stringify((await recordIn(home)).measurement);

let whole: { readonly asked: number; readonly measurement: string } | undefined;

/** The run without an interruption. */
async function uninterrupted(): Promise<NonNullable<typeof whole>> {
  if (whole) return whole;
  const home = path.join(folder, 'whole');
  const { code, asked, stderr } = await start(home);
  if (code !== 0) throw new Error(stderr);
  whole = { asked, measurement: await measurementIn(home) };
  return whole;
}

/** In flight at most: as many calls of each role as the ceiling allows. */
const IN_FLIGHT = 2 * CEILING;

test('a run that is killed again and again pays for what was in flight and no more', async () => {
  const { asked, measurement } = await uninterrupted();
  for (const [index, share] of points('sigkill', 10).entries()) {
    const home = path.join(folder, `kill-${index}`);
    const answers = Math.max(1, Math.floor(share * asked));
    const killed = await start(home, { answers, then: (child) => child.kill('SIGKILL') });
    expect([answers, killed.signal]).toEqual([answers, 'SIGKILL']);
    const resumed = await start(home);
    expect(resumed.code).toBe(0);
    expect(await measurementIn(home)).toBe(measurement);
    const extra = killed.asked + resumed.asked - asked;
    if (process.env['DRILL_FIGURES']) console.log(`${answers} answers: ${extra} more calls`);
    expect(extra).toBeLessThanOrEqual(IN_FLIGHT + PROBES_OF_A_START);
  }
});

test('so does one that is killed many times on its way', async () => {
  const { asked, measurement } = await uninterrupted();
  const home = path.join(folder, 'again');
  let total = 0;
  const KILLS = pointCount(10);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { asked: some } = await start(home, {
      answers: Math.floor(asked / KILLS / 2),
      then: (child) => child.kill('SIGKILL'),
    });
    total += some;
  }
  const last = await start(home);
  expect(await measurementIn(home)).toBe(measurement);
  expect(total + last.asked - asked).toBeLessThanOrEqual(KILLS * (IN_FLIGHT + PROBES_OF_A_START));
});

describe('a run that is cancelled', () => {
  test.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const)(
    'by $signal ends with $code, keeps all that was in flight, and says how to go on',
    async ({ signal, code }) => {
      const { asked, measurement } = await uninterrupted();
      for (const [index, share] of points(signal, 4).entries()) {
        const home = path.join(folder, `${signal}-${index}`);
        const answers = Math.max(1, Math.floor(share * asked * 0.9));
        const ended = await start(home, { answers, then: (child) => child.kill(signal) });
        expect([ended.code, ended.signal]).toEqual([code, null]);
        expect(ended.stderr).toContain(
          `Stopped by ${signal}. Answers that were paid for are in the cache`,
        );
        expect(ended.asked).toBeLessThan(asked);
        const resumed = await start(home);
        expect(await measurementIn(home)).toBe(measurement);
        // Nothing is asked twice, but for the probe of the second start.
        expect(ended.asked + resumed.asked - asked).toBeLessThanOrEqual(PROBES_OF_A_START);
      }
    },
  );

  // In good time before SIGKILL: interrupt.test.ts.
  test('with a provider that answers no more ends by itself', async () => {
    const { asked, measurement } = await uninterrupted();
    const home = path.join(folder, 'cancelled');
    const ended = await start(home, {
      answers: Math.floor(asked / 2),
      then: (child) => {
        wire.hold();
        child.kill('SIGINT');
      },
    });
    wire.resume();
    expect(ended.code ?? ended.signal).toBe(130);
    const resumed = await start(home);
    expect(await measurementIn(home)).toBe(measurement);
    expect(ended.asked + resumed.asked - asked).toBeLessThanOrEqual(IN_FLIGHT + PROBES_OF_A_START);
  });

  test('twice is gone at once', async () => {
    const { asked } = await uninterrupted();
    const ended = await start(path.join(folder, 'twice'), {
      answers: Math.floor(asked / 2),
      then: (child) => {
        wire.hold();
        // Signals that come before the first one is heard are one.
        const again = setInterval(() => child.kill('SIGINT'), 50);
        child.on('exit', () => {
          clearInterval(again);
        });
      },
    });
    wire.resume();
    expect(ended.signal).toBe('SIGINT');
  });
});

test('a warm cache gives the same measurement, byte for byte, whatever the concurrency', async () => {
  const { asked, measurement } = await uninterrupted();
  for (const concurrency of [1, 7, 100]) {
    const home = path.join(folder, `cold-${concurrency}`);
    const cold = await start(home, undefined, { concurrency });
    expect([cold.asked, await measurementIn(home)]).toEqual([asked, measurement]);
    const warm = await start(home, undefined, { concurrency: 101 - concurrency });
    expect([warm.asked, await measurementIn(home)]).toEqual([0, measurement]);
  }
});

test('two processes at once share a cache, and each ends as one alone does', async () => {
  const { asked, measurement } = await uninterrupted();
  const cache = path.join(folder, 'shared');
  const homes = ['one', 'other'].map((name) => path.join(folder, name));
  const before = wire.asked();
  const ended = await Promise.all(homes.map((home) => start(home, undefined, { cache })));
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(await Promise.all(homes.map(measurementIn))).toEqual([measurement, measurement]);
  // They may ask the same at the same time, and never more than two that share nothing.
  expect(wire.asked() - before).toBeLessThanOrEqual(2 * asked);
});
