import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { computeHash } from '../../src/base/hash.js';
import { isThorough } from '../thorough.js';
import { BASE_ENV, type Finished } from './process.js';

/** Runs a program as `runProcess` does, sends it SIGTERM as soon as the moment has come, and waits for its end. */
export async function runUntil(
  moment: Promise<unknown>,
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Finished> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...BASE_ENV, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const streams = Promise.all([text(child.stdout), text(child.stderr)]);
  await Promise.race([moment, closed]);
  child.kill('SIGTERM');
  const [stdout, stderr] = await streams;
  await closed;
  return { code: child.exitCode, stdout, stderr };
}

/** Of so many points of a run, all are tried in CI, and one of three outside of it, two at least. */
export function pointCount(all: number): number {
  return isThorough ? all : Math.max(2, Math.ceil(all / 3));
}

/** Points of a run, by the share of its answers, seeded: `all` of them where that is asked for. */
export function points(seed: string, all: number): readonly number[] {
  const count = pointCount(all);
  return Array.from({ length: count }, (_, index) => {
    const share = parseInt(computeHash([seed, index]).slice(0, 8), 16) / 0x1_0000_0000;
    // One in each part of the run, wherever in it.
    return (index + share) / count;
  });
}
