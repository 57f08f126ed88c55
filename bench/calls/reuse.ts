import { rmSync } from 'node:fs';
import { sumCounts } from './counters.js';
import type { Leg } from './legs.js';
import { makeFolder, round } from './measure.js';
import { type ProductRun, runProduct } from './product.js';
import { makeRows } from './rows.js';
import type { BenchServer } from './server.js';
import type { Setting } from './variant.js';

/** What a second run saves. */
export interface Reuse {
  readonly leg: string;
  readonly firstCalls: number;
  readonly secondCalls: number;
  readonly saved: number;
  readonly seconds: number;
  readonly exitCode: number | null;
}

interface Script {
  readonly name: string;
  readonly first: ProductRun;
  readonly second: ProductRun;
}

function scripts(server: BenchServer, leg: Leg): readonly Script[] {
  const isHalfDone = (): boolean => sumCounts(server.counts()).complete >= leg.examples * 6;
  const recorded = { flags: ['--mode', 'record', '--output', 'first'], systemPrompt: 'Be brief.' };
  const gated = ['--mode', 'gate', '--baseline', 'first/record.json'];
  return [
    { name: 'warm cache', first: {}, second: {} },
    {
      name: 'resumed after SIGKILL at half',
      first: { isEnough: isHalfDone },
      second: {},
    },
    {
      name: 'prompt-only change',
      first: recorded,
      second: { flags: gated, systemPrompt: 'Be very brief.' },
    },
    { name: 'unchanged', first: recorded, second: { flags: gated, systemPrompt: 'Be brief.' } },
  ];
}

/** Runs the product twice in the same folder and counts what the second run need not ask. */
export async function measureReuse(
  server: BenchServer,
  leg: Leg,
  command: { readonly node: string; readonly bundle: string },
): Promise<readonly Reuse[]> {
  const results: Reuse[] = [];
  for (const script of scripts(server, leg)) {
    const folder = makeFolder();
    const setting = { leg, rows: makeRows(leg.examples), url: server.url, folder, limitMs: 60_000 };
    results.push(await runTwice(server, command, { script, setting }));
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

async function runTwice(
  server: BenchServer,
  { node, bundle }: { readonly node: string; readonly bundle: string },
  { script, setting }: { readonly script: Script; readonly setting: Setting },
): Promise<Reuse> {
  server.begin(setting.leg.behaviour);
  await runProduct(node, bundle, setting, script.first);
  const first = sumCounts(server.counts()).calls;
  server.begin(setting.leg.behaviour);
  const { seconds, exitCode } = await runProduct(node, bundle, setting, script.second);
  const second = sumCounts(server.counts()).calls;
  const planned = setting.leg.examples * 12;
  return {
    leg: script.name,
    firstCalls: first,
    secondCalls: second,
    saved: planned - second,
    seconds: round(seconds),
    exitCode,
  };
}
