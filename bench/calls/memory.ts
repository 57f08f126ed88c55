import { rmSync } from 'node:fs';
import { sumCounts } from './counters.js';
import type { Leg } from './legs.js';
import { makeFolder, round } from './measure.js';
import { runProduct } from './product.js';
import { makeRows } from './rows.js';
import type { BenchServer } from './server.js';

/** Resident memory of the product over one long run, in MB. */
export interface Memory {
  readonly examples: number;
  readonly samples: number;
  readonly calls: number;
  readonly lost: number;
  readonly seconds: number;
  readonly peak: number;
  /** Median of each tenth of the run. */
  readonly tenths: readonly number[];
}

const EXAMPLES = 1500;
const SAMPLES = 10;

/** 1,500 examples with ten pressured replies each, recorded without latency: 45,000 calls. */
export async function measureMemory(
  server: BenchServer,
  { node, bundle }: { readonly node: string; readonly bundle: string },
): Promise<Memory> {
  const folder = makeFolder();
  const behaviour = {
    seed: 'bench-memory',
    latency: { medianMs: 5, spread: 0 },
    headers: 'full',
    faults: 0,
  } as const;
  const leg: Leg = {
    name: 'memory',
    what: 'memory',
    behaviour,
    examples: EXAMPLES,
    against: 'all',
  };
  server.begin(behaviour);
  const setting = { leg, rows: makeRows(EXAMPLES), url: server.url, folder, limitMs: 240_000 };
  const flags = ['--mode', 'record', '--set', `samples.record=${SAMPLES}`];
  const { memory, seconds } = await runProduct(node, bundle, setting, { flags });
  const { complete } = sumCounts(server.counts());
  rmSync(folder, { recursive: true, force: true });
  const planned = EXAMPLES * 2 * (5 + SAMPLES);
  return {
    examples: EXAMPLES,
    samples: SAMPLES,
    calls: complete,
    lost: Math.max(0, planned - complete),
    seconds: round(seconds),
    peak: Math.round(Math.max(...memory)),
    tenths: Array.from({ length: 10 }, (_, tenth) => {
      const part = memory.slice(
        Math.floor((tenth * memory.length) / 10),
        Math.floor(((tenth + 1) * memory.length) / 10),
      );
      return Math.round(median(part));
    }),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
