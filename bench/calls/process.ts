import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** It is ended after this; what it got done until then counts. */
  readonly limitMs: number;
  /** Called every 100 ms; true ends it with SIGKILL. */
  readonly isEnough?: () => boolean;
}

export interface Finished {
  readonly startedAt: number;
  readonly seconds: number;
  /** Null when it was ended from outside. */
  readonly exitCode: number | null;
  readonly output: string;
  /** Resident memory of the process and its children in MB, ten times per second. */
  readonly memory: readonly number[];
}

const POLL_MS = 100;

/** Runs a command and watches its memory; never rejects for its failure. */
export async function execute({ argv, cwd, env, limitMs, isEnough }: Command): Promise<Finished> {
  const startedAt = Date.now();
  const [file, ...rest] = argv;
  const child = spawn(file, rest, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => parts.push(chunk.toString('utf8')));
  }
  const exit = once(child, 'exit');
  const state = { isOver: false, endedAt: 0 };
  const over = exit.then(() => {
    state.isOver = true;
    state.endedAt = Date.now();
  });
  const memory: number[] = [];
  while (!state.isOver) {
    memory.push(residentMegabytes(child.pid ?? 0));
    if (Date.now() - startedAt > limitMs || isEnough?.()) child.kill('SIGKILL');
    await Promise.race([sleep(POLL_MS), over]);
  }
  return {
    startedAt,
    seconds: (state.endedAt - startedAt) / 1000,
    exitCode: child.exitCode,
    output: parts.join(''),
    memory: memory.filter((value) => value > 0),
  };
}

/** Of a process with all its children, as Linux counts it; 0 once it is gone, or where there is no /proc. */
function residentMegabytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const pids = children === '' ? [] : children.split(' ').map(Number);
    return pids.reduce((sum, child) => sum + residentMegabytes(child), own);
  } catch {
    return 0;
  }
}
