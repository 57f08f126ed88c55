import type { Problem } from '../base/errors.js';
import type { Assignment } from './parse.js';
import { SETTINGS, type Setting } from './settings.js';
import { readYaml } from './yaml.js';

export interface Assigned {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly Problem[];
}

/**
 * Settings from inputs of the Action, or from flags of the same names.
 *
 * @param label how messages call the source of a value: `input max-rise`, `--max-rise`
 */
export function assignInputs(
  values: Readonly<Record<string, string | undefined>>,
  label: (name: string) => string,
): Assigned {
  const assignments: Assignment[] = [];
  const problems: Problem[] = [];
  for (const { name, sets, kind } of SETTINGS) {
    const raw = values[name];
    if (sets === undefined || raw === undefined) continue;
    const read = readInput(raw, kind);
    if ('problem' in read) problems.push({ where: label(name), message: read.problem });
    else assignments.push({ key: sets, value: read.value, origin: label(name) });
  }
  return { assignments, problems };
}

/** Inputs are always texts: reads the kind of value that the key takes. */
function readInput(
  raw: string,
  kind: Setting['kind'],
): { readonly value: unknown } | { readonly problem: string } {
  if (raw.trim() === '') return { problem: 'is empty; leave it out or give it a value' };
  // A value that is not a number may still be a word of the key, such as `all`.
  if (kind === 'number') return { value: /^\d+$/.test(raw) ? Number(raw) : raw };
  if (kind === 'boolean') {
    return raw === 'true' || raw === 'false'
      ? { value: raw === 'true' }
      : { problem: `must be true or false (found "${raw}")` };
  }
  return { value: raw };
}

/** Settings from `--set key=value`; the value is read as YAML, so that numbers and lists can be written. */
export function assignFlags(flags: readonly string[]): Assigned {
  const assignments: Assignment[] = [];
  const problems: Problem[] = [];
  for (const flag of flags) {
    // Headers and addresses may hold keys.
    const shown = /headers|providers/.test(flag) ? flag.replace(/=.*$/s, '=…') : flag;
    const [, key, text] = /^([\w$.-]+)=(.*)$/s.exec(flag) ?? [];
    if (key === undefined || text === undefined) {
      problems.push({
        where: '--set',
        message: `must be key=value, such as gate.max-rise=5pp (found "${shown}")`,
      });
      continue;
    }
    const read = readYaml(text);
    if ('value' in read) {
      assignments.push({ key, value: read.value, origin: '--set' });
    } else {
      const message = `has a value that is not valid YAML (found "${shown}")`;
      problems.push({ where: `--set ${key}`, message });
    }
  }
  return { assignments, problems };
}
