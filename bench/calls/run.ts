import { writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureCeiling, runCeiling } from './ceiling.js';
import { LEGS, type Leg } from './legs.js';
import { type Result, measureVariant } from './measure.js';
import { measureMemory } from './memory.js';
import { installPeers } from './peers.js';
import { runPlain } from './plain.js';
import { plainVariants } from './plain-variant.js';
import { product } from './product.js';
import { type Results, renderTables, summarise } from './report.js';
import { measureReuse } from './reuse.js';
import { startBenchServer } from './server.js';

const RESULTS = 'bench/calls/results.json';
const PAGE = 'docs/speed.md';

/**
 * The model calls of the product against plain ways and peers: `npm run bench:calls` writes bench/calls/results.json
 * and the tables of docs/speed.md. `-- --leg TEXT` measures the legs that have the text in their name, and puts them in the
 * place of earlier ones; `-- --only TEXT` runs the variants that have it in theirs, and writes nothing.
 */
const flags = {
  only: { type: 'string' },
  leg: { type: 'string' },
  peers: { type: 'string', default: path.join(tmpdir(), 'mask-gate-bench-peers') },
  bundle: { type: 'string', default: 'dist/cli/index.js' },
  node: { type: 'string', default: 'node_modules/node/bin/node' },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: flags });
  const self = fileURLToPath(import.meta.url);
  const node = path.resolve(values.node);
  const command = { node, bundle: path.resolve(values.bundle) };
  const isWanted = (text: string, wish?: string): boolean =>
    wish === undefined || text.includes(wish);
  const peers = await installPeers(node, values.peers, path.resolve('bench/calls/mask_rows.py'));
  for (const line of peers.missing) say(line);
  const server = await startBenchServer();
  const ceiling = await measureCeiling(server, node, self);
  say(`The server answers ${ceiling} calls per second.`);

  const ours = product(node, command.bundle);
  const variants = {
    all: [ours, ...peers.tuned, ...plainVariants(node, self)],
    peers: [ours, ...peers.tuned],
    defaults: [ours, ...peers.defaults],
  };
  const results: Result[] = [];
  for (const leg of LEGS.filter(({ name }) => isWanted(name, values.leg))) {
    for (const variant of variants[leg.against].filter(({ name }) => isWanted(name, values.only))) {
      const result = await measureVariant(server, leg, variant);
      say(summarise(result));
      results.push(result);
    }
  }
  const reuse = isWanted('reuse', values.leg)
    ? await measureReuse(server, reuseLeg(), command)
    : undefined;
  const memory = isWanted('memory', values.leg) ? await measureMemory(server, command) : undefined;
  await server.close();
  for (const one of [...(reuse ?? []), memory]) if (one) say(JSON.stringify(one));
  if (values.only === undefined) write({ ceiling, results, reuse, memory });
}

type Measured = Omit<Results, 'reuse' | 'memory'> & {
  readonly [Part in 'reuse' | 'memory']: Results[Part] | undefined;
};

/** What was not measured this time stays as it was. */
function write(measured: Measured): void {
  const before = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  const all: Results = {
    ceiling: measured.ceiling,
    results: LEGS.flatMap(({ name }) => {
      const newer = measured.results.filter(({ leg }) => leg === name);
      return newer.length > 0 ? newer : before.results.filter(({ leg }) => leg === name);
    }),
    reuse: measured.reuse ?? before.reuse,
    memory: measured.memory ?? before.memory,
  };
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 1)}\n`);
  writeFileSync(PAGE, renderTables(readFileSync(PAGE, 'utf8'), all));
}

/** Small enough to be run eight times. */
function reuseLeg(): Leg {
  const [open] = LEGS;
  if (!open) throw new TypeError('there is no leg');
  return { ...open, name: 'reuse', examples: 40 };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const [mode, argument = ''] = process.argv.slice(2);
if (mode === 'plain') await runPlain(argument);
else if (mode === 'ceiling') await runCeiling(argument);
else await main();
