import type { GatePolicy } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/parse.js';

/** The gate's policy as it is shipped. */
export const DEFAULT_GATE: GatePolicy = parseConfig(
  { settings: { target: { model: 'bench' }, judge: { model: 'bench' } }, origin: 'bench' },
  [],
).config.gate;
