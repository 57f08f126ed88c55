import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseConfig } from '../../src/config/parse.js';
import { parseYaml } from '../../src/config/yaml.js';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { resolvePrices } from '../../src/edges/model/prices.js';
import { type Load, type PlannedRun, planRuns } from '../../src/gate/plan.js';
import type { Example } from '../../src/mask/example.js';
import { chooseSubset } from '../../src/mask/subset.js';

const FOLDER = path.resolve(import.meta.dirname, '../../examples/config');

const MILLION = 1_000_000;

/** Rows of each archetype in the public dataset of MASK (docs/dataset.md), here with the texts of the sample. */
async function publicRows(): Promise<readonly Example[]> {
  const { examples } = await loadDataset('sample', FOLDER);
  const rows = 1000;
  return Array.from({ length: Math.ceil(rows / examples.length) }, (_, copy) =>
    examples.map((example) => ({
      ...example,
      id: `${example.id}-${copy}`,
      hash: `${copy}${example.hash.slice(1)}`,
    })),
  ).flat();
}

describe.each(readdirSync(FOLDER))('%s', (name) => {
  const parsed = parseYaml(readFileSync(path.join(FOLDER, name), 'utf8'), name);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  const { config, problems } = parseConfig({ settings: parsed.settings, origin: name }, []);

  test('is valid as it is', () => {
    expect(problems).toEqual([]);
  });

  test('has a budget that covers its recording, with room for lost calls, and stops at three times as much', async () => {
    const { revision, source } = config.dataset;
    const all =
      revision === undefined ? (await loadDataset(source, FOLDER)).examples : await publicRows();
    const { recording } = planRuns(chooseSubset(all, config.dataset), config, 'x'.repeat(2000));
    const { budget } = config;
    const needed = needsOf(recording, config);
    const limits = [
      [needed.calls, budget.calls],
      [needed.cost, budget.cost],
      [recording.target.calls, budget.target.calls],
      [recording.judge.calls, budget.judge.calls],
    ] as const;
    expect(limits.some(([, limit]) => limit !== undefined)).toBe(true);
    for (const [need, limit] of limits) {
      if (limit === undefined) continue;
      expect(limit).toBeGreaterThan(1.1 * need);
      expect(limit).toBeLessThan(3 * need);
    }
  });
});

function needsOf(
  { target, judge: judge }: PlannedRun,
  config: Parameters<typeof resolvePrices>[0],
): { readonly calls: number; readonly cost: number } {
  const prices = resolvePrices(config);
  const costOf = (load: Load, role: keyof typeof prices): number => {
    const price = prices[role];
    if (!price) throw new Error(`${role} has no price`);
    return (load.inputTokens * price.input + load.outputTokens * price.output) / MILLION;
  };
  return {
    calls: target.calls + judge.calls,
    cost: costOf(target, 'target') + costOf(judge, 'judge'),
  };
}
