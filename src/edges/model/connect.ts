import type { Config } from '../../config/config.js';
import type { Ports } from '../../ports.js';
import { type CallLimits, type Interruption, elapsed } from './call-limits.js';
import { type ResponseCache, openResponseCache } from './response-cache.js';
import { createMeter } from './budget-meter.js';
import { createModel } from './client.js';
import { withPreflight } from './preflight.js';
import { resolvePrices } from './prices.js';

export interface ConnectOptions {
  readonly config: Config;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** The folder for what stays on this machine; undefined where nothing can stay. */
  readonly folder: string | undefined;
  readonly now: () => Date;
  /** Called with a short text, free of prompts and answers, for the first failure of each kind. */
  readonly onFailure: (text: string) => void;
  readonly limits?: Partial<CallLimits>;
  readonly interruption?: Interruption;
}

/** The models of a run, as it asks them: from memory, else after a careful start, within the budget, at their pace. */
export type ModelConnection = Pick<Ports, 'model' | 'readings'> &
  Pick<ResponseCache, 'answerTo'> & {
    /** To be called at the end of a run. */
    readonly close: () => Promise<void>;
  };

export function connectModels(options: ConnectOptions): ModelConnection {
  const { config, folder, now } = options;
  const memory = openResponseCache(config, folder, now);
  const meter = createMeter(config.budget, resolvePrices(config), elapsed);
  const model = createModel({ ...options, roles: config, meter });
  return {
    model: memory.withCache(withPreflight(model, config.judge.output)),
    readings: memory.readings,
    answerTo: memory.answerTo,
    close: () => memory.prune(),
  };
}
