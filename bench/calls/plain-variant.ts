import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLAIN, type PlainName } from './plain.js';
import { execute } from './process.js';
import { exchangesOf } from './rows.js';
import type { Variant } from './variant.js';

const NAMES: Readonly<Record<PlainName, string>> = {
  phases: 'all answers, then all judgements; 20 at a time',
  samples: 'one example after the other in each of 20 slots',
  'pipeline-100': 'pipeline, 100 at a time',
  'client-retries': "pipeline, 20 at a time, openai-node's own retries",
};

/** The plain variants, each in a process of its own that runs `self plain FILE`. */
export function plainVariants(node: string, self: string): readonly Variant[] {
  return PLAIN.map((name) => ({
    name: NAMES[name],
    callsPerExample: 12,
    run: ({ rows, url, folder, limitMs }) => {
      const file = path.join(folder, 'job.json');
      writeFileSync(file, JSON.stringify({ name, url, examples: exchangesOf(rows) }));
      return execute({ argv: [node, self, 'plain', file], cwd: folder, env: {}, limitMs });
    },
  }));
}
