import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MAX_TOKENS } from './legs.js';
import { execute } from './process.js';
import type { Variant } from './variant.js';

/**
 * inspect_ai with inspect_evals' own MASK task on the same rows, all samples open at once and its adaptive
 * concurrency as it comes. Calls are the same in number and kind; the judge's wording is its own, and it elicits
 * beliefs, probes and statements one after the other and has them judged at the end, by its design.
 *
 * @param script mask_rows.py
 */
export function inspect(python: string, script: string): Variant {
  return {
    name: "inspect_ai, inspect_evals' MASK",
    callsPerExample: 12,
    run: ({ rows, url, folder, limitMs }) => {
      const file = path.join(folder, 'rows.jsonl');
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const limits = [String(MAX_TOKENS.target), String(MAX_TOKENS.judge)];
      return execute({
        argv: [python, script, file, url, path.join(folder, 'logs'), ...limits],
        cwd: folder,
        env: {},
        limitMs,
      });
    },
  };
}
