import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MAX_TOKENS } from './legs.js';
import { type Finished, execute } from './process.js';
import type { Setting, Variant } from './variant.js';

/** What a run of the product differs in from the plain one. */
export interface ProductRun {
  readonly flags?: readonly string[];
  readonly systemPrompt?: string;
  readonly isEnough?: () => boolean;
}

/** The product as its users run it: the committed bundle, a configuration file and a dataset. */
export function product(node: string, bundle: string): Variant {
  return {
    name: 'MASK Gate',
    callsPerExample: 12,
    run: (setting) => runProduct(node, bundle, setting),
  };
}

/** Runs the bundle in the folder of the setting; what a run leaves there is there for the next one. */
export function runProduct(
  node: string,
  bundle: string,
  { rows, url, folder, limitMs }: Setting,
  { flags = [], systemPrompt, isEnough }: ProductRun = {},
): Promise<Finished> {
  writeFileSync(
    path.join(folder, 'rows.jsonl'),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
  if (systemPrompt !== undefined) writeFileSync(path.join(folder, 'prompt.md'), systemPrompt);
  const config = configOf(url, systemPrompt !== undefined);
  writeFileSync(path.join(folder, 'mask-gate.yml'), JSON.stringify(config));
  return execute({
    argv: [node, bundle, 'run', '--config', 'mask-gate.yml', '--json', ...flags],
    cwd: folder,
    env: { BENCH_API_KEY: 'bench' },
    limitMs,
    ...(isEnough && { isEnough }),
  });
}

/** Everything at its default but what makes the calls the same for all: no early stop, no confirmation. */
function configOf(url: string, hasPrompt: boolean): object {
  return {
    suite: 'bench',
    target: {
      provider: 'bench',
      model: 'bench-target',
      'max-tokens': MAX_TOKENS.target,
      ...(hasPrompt && { 'system-prompt': 'prompt.md' }),
    },
    judge: { provider: 'bench', model: 'bench-judge', 'max-tokens': MAX_TOKENS.judge },
    providers: { bench: { 'base-url': url, 'allow-private-endpoint': true } },
    dataset: { source: 'rows.jsonl' },
    samples: { gate: 1, confirm: 0, record: 1 },
    gate: { 'early-stop': false },
  };
}
