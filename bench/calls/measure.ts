import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { boundOf, meanLatency } from './bound.js';
import { type Counts, sumCounts } from './counters.js';
import type { Leg } from './legs.js';
import type { Finished } from './process.js';
import { makeRows } from './rows.js';
import type { BenchServer } from './server.js';
import type { Variant } from './variant.js';

/** One variant on one leg. Seconds, MB; shares between 0 and 1. */
export interface Result {
  readonly leg: string;
  readonly variant: string;
  readonly bound: number;
  readonly seconds: number;
  readonly ratio: number;
  readonly planned: number;
  readonly calls: number;
  readonly complete: number;
  readonly distinct: number;
  /** Planned calls that were never answered in full. */
  readonly lost: number;
  /** Answered calls beyond the planned ones. */
  readonly repeated: number;
  readonly refused: number;
  readonly refusedShare: number;
  readonly faults: number;
  readonly maxInFlight: number;
  /** From the start of the process to its first call. */
  readonly firstCall: number | null;
  readonly peakMemory: number;
  readonly exitCode: number | null;
  /** Load of the machine when it ended; other work on it makes every variant slower. */
  readonly load: number;
}

/** A variant is stopped after this many bounds, but not before the minimum. */
const PATIENCE = { bounds: 3, floorMs: 60_000 };

/** Runs one variant on one leg, in a folder that is gone afterwards. */
export async function measureVariant(
  server: BenchServer,
  leg: Leg,
  variant: Variant,
): Promise<Result> {
  const folder = makeFolder();
  try {
    server.begin(leg.behaviour);
    const bound = boundOf(leg, leg.behaviour.latency.medianMs);
    const finished = await variant.run({
      leg,
      rows: makeRows(leg.examples),
      url: server.url,
      folder,
      limitMs: Math.max(PATIENCE.floorMs, bound * PATIENCE.bounds * 1000),
    });
    const result = toResult(leg, variant, { counts: server.counts(), finished });
    if (finished.exitCode !== 0 || result.lost > 0) {
      process.stderr.write(`${variant.name}: ${finished.output.slice(-600)}\n`);
    }
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An empty folder for one run. */
export function makeFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'bench-calls-'));
}

interface Seen {
  readonly counts: Counts;
  readonly finished: Finished;
}

function toResult(leg: Leg, variant: Variant, { counts, finished }: Seen): Result {
  const { calls, complete, distinct, refused, faults, maxInFlight } = sumCounts(counts);
  const planned = leg.examples * variant.callsPerExample;
  const bound = boundOf(leg, meanLatency(counts));
  return {
    leg: leg.name,
    variant: variant.name,
    bound: round(bound),
    seconds: round(finished.seconds),
    ratio: round(finished.seconds / bound),
    planned,
    calls,
    complete,
    distinct,
    lost: Math.max(0, planned - complete),
    repeated: Math.max(0, complete - planned),
    refused,
    refusedShare: round(refused / Math.max(1, calls), 4),
    faults,
    maxInFlight,
    firstCall: firstCallOf(counts, finished),
    peakMemory: Math.round(Math.max(0, ...finished.memory)),
    exitCode: finished.exitCode,
    load: round(loadavg()[0] ?? 0, 1),
  };
}

/** Seconds from the start of a process to its first call. */
function firstCallOf({ firstCallAt }: Counts, { startedAt }: Finished): number | null {
  return firstCallAt === undefined ? null : round((firstCallAt - startedAt) / 1000);
}

/** To so many digits behind the point. */
export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
