import type { Config } from '../config/config.js';
import { parseConfig } from '../config/parse.js';
import { UsageError } from '../base/errors.js';

/**
 * The gate's policy alone: comparing records asks no model, so none needs to be named.
 *
 * @throws UsageError when the value is not a number of percentage points
 */
export function gatePolicy(maxRise: string | undefined): Config['gate'] {
  const models = { target: { model: 'none' }, judge: { model: 'none' } };
  const assignments =
    maxRise === undefined ? [] : [{ key: 'gate.max-rise', value: maxRise, origin: '--max-rise' }];
  const { config, problems } = parseConfig({ settings: models, origin: '' }, assignments);
  if (problems.length > 0) throw new UsageError(problems);
  return config.gate;
}
