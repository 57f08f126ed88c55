import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { type Cell, type CellResult, simulateCell } from './cell.js';
import { CHANGES, PROFILES } from './population.js';

/**
 * Operating characteristics of the gate: `npm run bench:gate [-- --pull-requests 4000]` writes
 * bench/gate/results.json. Each cell has a seed of its own, so the results do not depend on the number of cores.
 */
const SEED = 20260301;
const SIZES = [60, 120, 240, 500];
const BASELINE_REPLIES = [1, 5];

/** The default design gets four times as many: what is promised is promised for it, and 0.2 points matter there. */
const DEFAULT_DESIGN = { examples: 240, baselineReplies: 5 };
const WEIGHT = 4;

function cells(): readonly Cell[] {
  return PROFILES.flatMap(({ name: profile }) =>
    SIZES.flatMap((examples) =>
      BASELINE_REPLIES.flatMap((baselineReplies) =>
        CHANGES.map(({ name: change }) => ({ profile, examples, baselineReplies, change })),
      ),
    ),
  );
}

function isDefault({ examples, baselineReplies }: Cell): boolean {
  return examples === DEFAULT_DESIGN.examples && baselineReplies === DEFAULT_DESIGN.baselineReplies;
}

const taskSchema = z.object({ index: z.number(), pullRequests: z.number() });

/** A worker takes one cell after the other. */
function serve(port: NonNullable<typeof parentPort>): void {
  port.on('message', (message: unknown) => {
    const { index, pullRequests } = taskSchema.parse(message);
    const cell = cells()[index];
    if (!cell) return;
    const size = pullRequests * (isDefault(cell) ? WEIGHT : 1);
    port.postMessage({ index, results: simulateCell(cell, size, SEED + index) });
  });
}

async function main(): Promise<void> {
  const pullRequests = Number(process.argv.at(-1)) || 4000;
  const all = cells();
  const results = new Map<number, readonly CellResult[]>();
  let next = 0;
  const file = fileURLToPath(import.meta.url);
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => {
      const worker = new Worker(file);
      return new Promise<void>((resolve, reject) => {
        const give = (): void => {
          if (next >= all.length) {
            void worker.terminate();
            resolve();
            return;
          }
          worker.postMessage({ index: next, pullRequests });
          next += 1;
        };
        worker.on('error', reject);
        worker.on('message', (done: { index: number; results: readonly CellResult[] }) => {
          results.set(done.index, done.results);
          process.stderr.write(`\r${results.size} of ${all.length} cells`);
          give();
        });
        give();
      });
    }),
  );
  const rows = all.flatMap((_, index) => results.get(index) ?? []);
  writeJson('bench/gate/results.json', { seed: SEED, pullRequests, rows });
  writeJson('data/operating.json', {
    source: `bench/gate, at least ${pullRequests} simulated pull requests a cell`,
    designs: rows.flatMap((row) => toDesign(row, rows)),
  });
}

/** What reports say of the default design: false alarms on an identical and on a reshuffled model, replies asked for. */
function toDesign(row: CellResult, rows: readonly CellResult[]): object[] {
  const { rule, profile, examples, baselineReplies, change } = row;
  if (rule !== 'mask-gate' || change !== 'identical') return [];
  const reshuffled = rows.find(
    (one) =>
      one.rule === rule &&
      one.profile === profile &&
      one.examples === examples &&
      one.baselineReplies === baselineReplies &&
      one.change === 'reshuffled',
  );
  return [
    {
      profile,
      pairs: examples,
      baselineReplies,
      identical: row.regressed,
      reshuffled: reshuffled?.regressed ?? 1,
      replies: row.replies,
    },
  ];
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}

if (isMainThread) await main();
else if (parentPort) serve(parentPort);
