import { Command } from 'commander';
import { resolvePrices } from '../edges/model/prices.js';
import { planRuns } from '../gate/plan.js';
import { chooseSubset } from '../mask/subset.js';
import { renderPlan } from '../report/comment/plan.js';
import { printLine } from './console.js';
import { prepareFromFlags, withSettings } from './settings.js';

/** `mask-gate plan`: what runs of a configuration would ask and could see; asks no model and needs no key. */
export function planCommand(): Command {
  const command = new Command('plan').description(
    'Show what runs would cost and could find, without asking a model.',
  );
  return withSettings(command, ['mode', 'output'])
    .option('--json', 'Print the plan as JSON.')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { config, examples, promptUnderTest } = await prepareFromFlags(command, {
        keyFor: () => ({ key: '' }),
      });
      const chosen = chooseSubset(examples, config.dataset);
      const available = chooseSubset(examples, { ...config.dataset, size: 'all' });
      const plan = planRuns(chosen, config, promptUnderTest, available);
      printLine(
        json
          ? JSON.stringify(plan, null, 2)
          : renderPlan(plan, chosen, { ...config, known: resolvePrices(config) }),
      );
    });
}
