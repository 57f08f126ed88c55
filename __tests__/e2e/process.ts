import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = path.resolve(import.meta.dirname, '../..');

export const ACTION_BUNDLE = path.join(ROOT, 'dist/index.js');
export const CLI_BUNDLE = path.join(ROOT, 'dist/cli/index.js');

/** Node 24, on which GitHub runs the Action: the `node` package among the development dependencies. */
export const NODE_24 = path.join(ROOT, 'node_modules/.bin/node');

/**
 * The Node of the machine, on which people run the command line: the first one that npm did not install. The tests of
 * the command line itself use it; all others take Node 24 for both programs, which is there on every machine.
 */
export function machineNode(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const own = folders.filter((folder) => !folder.includes('node_modules'));
  const found = own.map((folder) => path.join(folder, 'node')).find((file) => existsSync(file));
  return found ?? process.execPath;
}

/**
 * What every process of a test has in its environment: where programs are found, and where Node from 22 on keeps the
 * bundles in compiled form, so that not every start compiles them again.
 */
export const BASE_ENV: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/compiled-bundles'),
};

/**
 * Runs a program to its end in an environment that holds nothing but `BASE_ENV` and what is given. It finds nothing that an earlier
 * one has kept on this machine, unless `XDG_CACHE_HOME` says where.
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Gets the process as soon as there is one. */
    readonly onStart?: (child: ChildProcess) => void;
  },
): Promise<Finished> {
  const unused = await mkdtemp(path.join(tmpdir(), 'mask-gate-cache-'));
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...BASE_ENV, XDG_CACHE_HOME: unused, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await rm(unused, { recursive: true, force: true });
  return { code, stdout, stderr };
}
