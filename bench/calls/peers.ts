import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execute } from './process.js';
import { inspect } from './inspect.js';
import { promptfoo } from './promptfoo.js';
import type { Variant } from './variant.js';

/** What is measured, by version. Only the bench installs it, into a folder outside of the repository. */
const PEERS = {
  promptfoo: 'promptfoo@0.123.1',
  inspect: ['inspect_ai==0.3.285', 'inspect_evals==0.26.0', 'openai==3.52.0'],
} as const;

const INSTALL_LIMIT_MS = 600_000;
const DEFAULT_CONCURRENCY = 4;
const TUNED_CONCURRENCY = 100;

export interface Peers {
  /** Each at its best setting. */
  readonly tuned: readonly Variant[];
  /** As they come; inspect_ai is at its best then. */
  readonly defaults: readonly Variant[];
  /** Why a peer is not there. */
  readonly missing: readonly string[];
}

/** Installs what is not there yet. A peer that can't be installed is named and left out. */
export async function installPeers(node: string, folder: string, script: string): Promise<Peers> {
  mkdirSync(folder, { recursive: true });
  const missing: string[] = [];
  const entry = path.join(folder, 'promptfoo/node_modules/promptfoo/dist/src/entrypoint.js');
  const python = path.join(folder, 'venv/bin/python');
  const package_ = path.join(folder, 'promptfoo');
  mkdirSync(package_, { recursive: true });
  if (!existsSync(entry)) {
    writeFileSync(path.join(package_, 'package.json'), '{"private":true}\n');
    await install(['npm', 'install', '--no-audit', '--no-fund', PEERS.promptfoo], package_, node);
  }
  if (!existsSync(path.join(folder, 'venv/bin/inspect'))) {
    await install(['python3', '-m', 'venv', 'venv'], folder, node);
    await install([python, '-m', 'pip', 'install', '--quiet', ...PEERS.inspect], folder, node);
  }
  const hasPromptfoo = existsSync(entry);
  const hasInspect = existsSync(path.join(folder, 'venv/bin/inspect'));
  if (!hasPromptfoo) missing.push(`${PEERS.promptfoo} could not be installed`);
  if (!hasInspect) missing.push(`${PEERS.inspect.join(' ')} could not be installed`);
  return {
    tuned: [
      ...(hasPromptfoo ? [promptfoo(node, entry, TUNED_CONCURRENCY)] : []),
      ...(hasInspect ? [inspect(python, script)] : []),
    ],
    defaults: [
      ...(hasPromptfoo ? [promptfoo(node, entry, DEFAULT_CONCURRENCY)] : []),
      ...(hasInspect ? [inspect(python, script)] : []),
    ],
    missing,
  };
}

async function install(
  argv: readonly [string, ...string[]],
  cwd: string,
  node: string,
): Promise<void> {
  process.stderr.write(`installing: ${argv.join(' ')}\n`);
  const env = {
    PATH: `${path.dirname(node)}:${process.env['PATH'] ?? ''}`,
    HOME: process.env['HOME'] ?? cwd,
  };
  const { exitCode, output } = await execute({ argv, cwd, env, limitMs: INSTALL_LIMIT_MS });
  if (exitCode !== 0) process.stderr.write(output.slice(-2000));
}
