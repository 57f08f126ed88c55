import { type Command, Option } from 'commander';
import { z } from 'zod';
import { assignFlags, assignInputs } from '../config/assignments.js';
import type { Provider } from '../config/config.js';
import { DEFAULT_CONFIG, SETTINGS } from '../config/settings.js';
import { missing } from '../edges/files/files.js';
import { readHubOptions, readKeyVariable } from '../edges/github/runner.js';
import { type Problem, UsageError } from '../base/errors.js';
import { findKeyProblem } from '../base/keys.js';
import { type Prepared, type Sources, prepare, readConfigFile } from '../session/prepare.js';
import { note } from './console.js';

/** Gives a command the flags of configuration keys, and `--set` for all others. */
export function withSettings(command: Command, without: readonly string[] = []): Command {
  for (const { name, description, default: value, kind, only } of SETTINGS) {
    if (only !== undefined || without.includes(name)) continue;
    const isSwitch = kind === 'boolean';
    const flag = isSwitch ? `--${name} [value]` : `--${name} <value>`;
    const option = new Option(flag, description.replaceAll('`', ''));
    if (isSwitch) option.preset('true');
    command.addOption(value === undefined ? option : option.default(value));
  }
  return (
    command
      .option('--set <key=value>', 'Set any key of the configuration; repeatable.', collect, [])
      // Unknown flags are listed with everything else that is wrong, not by themselves.
      .allowUnknownOption()
      .allowExcessArguments()
  );
}

const flagsSchema = z.object({ config: z.string(), set: z.array(z.string()) });

/**
 * Reads and checks all settings of a command, and what they name.
 *
 * @param options.problems what else was found wrong
 * @param options.keyFor what gives keys, if not the environment
 * @throws UsageError with every problem at once
 */
export async function prepareFromFlags(
  command: Command,
  {
    problems = [],
    keyFor = keyFromEnvironment,
  }: { readonly problems?: readonly Problem[]; readonly keyFor?: Sources['keyFor'] } = {},
): Promise<Prepared> {
  const flags = flagsSchema.parse(command.opts());
  const root = '.';
  const inputs = assignInputs(readSettingFlags(command), (name) => `--${name}`);
  const sets = assignFlags(flags.set);
  const request = { setting: '--config', path: flags.config, root };
  const file = await readConfigFile(request);
  // The file at the default place may be absent; one that was asked for may not.
  const isMissing = file.isAbsent && flags.config !== DEFAULT_CONFIG;
  const token = readKeyVariable('HF_TOKEN');
  const objection = findKeyProblem(token ?? '');
  // Nothing may be asked with it.
  if (objection !== undefined) throw new UsageError([{ where: 'HF_TOKEN', message: objection }]);
  const prepared = await prepare({
    file: { settings: file.settings, origin: flags.config },
    assignments: [...inputs.assignments, ...sets.assignments],
    root,
    keyFor,
    hub: readHubOptions(token),
    problems: [
      ...describeUnknownArguments(command),
      ...problems,
      ...inputs.problems,
      ...sets.problems,
      ...file.problems,
      ...(isMissing ? [missing(request)] : []),
    ],
  });
  const { leftOut } = prepared;
  if (leftOut) note(`Left out: ${leftOut.where}: ${leftOut.message}`);
  return prepared;
}

/** Arguments that are not flags. The value of a flag that does not exist, such as `--api-key`, may be a key. */
function describeUnknownArguments(command: Command): readonly Problem[] {
  const { args } = command;
  const isGiven = (index: number): boolean => /^-[^=]*$/.test(args[index - 1] ?? '');
  return args
    .filter((word, index) => word.startsWith('-') || !isGiven(index))
    .map((word) => ({
      where: word.startsWith('-') ? word.replace(/=.*$/s, '=…') : word,
      message: `is not a known option; see mask-gate ${command.name()} --help`,
    }));
}

/** The flags that set a configuration key, by their names. */
function readSettingFlags(command: Command): Readonly<Record<string, string | undefined>> {
  const values = z.record(z.string(), z.unknown()).parse(command.opts());
  return Object.fromEntries(
    command.options.map((option) => {
      const value = values[option.attributeName()];
      return [option.long?.slice(2) ?? '', typeof value === 'string' ? value : undefined];
    }),
  );
}

function keyFromEnvironment(provider: Provider): ReturnType<Sources['keyFor']> {
  const key = readKeyVariable(provider.apiKeyEnv);
  const objection = findKeyProblem(key ?? '');
  if (objection !== undefined) {
    return { missing: { where: provider.apiKeyEnv, message: objection } };
  }
  if (key !== undefined) return { key };
  return {
    missing: {
      where: provider.apiKeyEnv,
      message: `is not set; export the key of provider ${provider.name}, or name another variable in providers.${provider.name}.api-key-env`,
    },
  };
}

function collect(value: string, known: readonly string[]): readonly string[] {
  return [...known, value];
}
