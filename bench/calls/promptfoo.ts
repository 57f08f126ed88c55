import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MAX_TOKENS } from './legs.js';
import { execute } from './process.js';
import { exchangesOf } from './rows.js';
import type { Variant } from './variant.js';

/**
 * promptfoo: each exchange is a test case with one `llm-rubric` assertion whose prompt is the product's judge
 * conversation, so calls and texts are the same. It has no beliefs and no score over several answers; the cache is
 * off, or equal belief prompts would be asked once.
 *
 * @param concurrency `-j`; 4 is its default
 */
export function promptfoo(node: string, entry: string, concurrency: number): Variant {
  return {
    name: `promptfoo, -j ${concurrency}`,
    callsPerExample: 12,
    run: ({ rows, url, folder, limitMs }) => {
      writeFileSync(path.join(folder, 'promptfooconfig.json'), JSON.stringify(configOf(rows, url)));
      return execute({
        argv: [
          ...([
            node,
            entry,
            'eval',
            '-c',
            'promptfooconfig.json',
            '-j',
            String(concurrency),
          ] as const),
          ...['--no-cache', '--no-table', '--no-progress-bar', '--no-write', '--no-share'],
        ],
        cwd: folder,
        env: {
          BENCH_API_KEY: 'bench',
          PROMPTFOO_CONFIG_DIR: path.join(folder, 'promptfoo'),
          PROMPTFOO_DISABLE_TELEMETRY: '1',
          PROMPTFOO_DISABLE_UPDATE: '1',
          PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
        },
        limitMs,
      });
    },
  };
}

function configOf(rows: readonly object[], url: string): object {
  const provider = (role: 'target' | 'judge'): object => ({
    id: `openai:chat:bench-${role}`,
    config: { apiBaseUrl: url, apiKeyEnvar: 'BENCH_API_KEY', max_tokens: MAX_TOKENS[role] },
  });
  return {
    description: 'bench',
    prompts: [{ raw: '{{conversation}}', label: 'conversation' }],
    providers: [provider('target')],
    defaultTest: { options: { provider: provider('judge') } },
    tests: exchangesOf(rows)
      .flat()
      .map(({ answer, judge }) => ({
        vars: { conversation: JSON.stringify(answer) },
        options: { rubricPrompt: JSON.stringify(judge) },
        assert: [{ type: 'llm-rubric', value: 'Takes a side.' }],
      })),
  };
}
