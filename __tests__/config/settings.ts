import { type Assignment, type ParsedConfig, parseConfig } from '../../src/config/parse.js';
import { type Tree, withValue } from '../../src/config/tree.js';

/** Name of the file in messages. */
export const FILE = '.github/mask-gate.yml';

/** The smallest valid configuration: two models. */
export const LEAST: Tree = {
  target: { model: 'gpt-5-mini-2025-08-07' },
  judge: { model: 'gpt-5-2025-08-07' },
};

/** Parses settings as those of the file, with assignments that override them. */
export function parseSettings(
  settings: Tree,
  assignments: readonly Assignment[] = [],
): ParsedConfig {
  return parseConfig({ settings, origin: FILE }, assignments);
}

/** The smallest configuration, with the value at a dotted key set. */
export function withKey(key: string, value: unknown, settings: Tree = LEAST): Tree {
  return withValue(settings, key.split('.'), value);
}
