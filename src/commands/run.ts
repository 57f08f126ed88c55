import { Command, Option } from 'commander';
import { z } from 'zod';
import { assignFlags, assignInputs } from '../config/assignments.js';
import type { Provider } from '../config/config.js';
import { describeSettings } from '../config/describe.js';
import { DEFAULT_CONFIG, SETTINGS } from '../config/settings.js';
import { missing } from '../edges/files.js';
import { createModel } from '../edges/model.js';
import { readHubOptions, readVariable } from '../edges/runner.js';
import { prepareFolder, writeResults } from '../edges/results.js';
import { type Problem, UsageError } from '../errors.js';
import { NO_ORIGIN } from '../gate/record.js';
import { type Prepared, type Sources, prepare, readConfigFile } from '../prepare.js';
import { renderReport, reproduceLine } from '../report/comment.js';
import { renderJson } from '../report/json.js';
import { run } from '../run.js';
import { createProgress, note } from './console.js';
import { readBaselineFile } from './records.js';

const flagsSchema = z.object({
  config: z.string(),
  mode: z.string(),
  output: z.string(),
  set: z.array(z.string()),
  baseline: z.string().optional(),
  json: z.boolean().default(false),
});

type RunFlags = z.infer<typeof flagsSchema>;

/** `mask-gate run`: evaluate, compare with a record if one is given, write a record. */
export function runCommand(): Command {
  const command = new Command('run').description('Evaluate a model and write a record.');
  for (const { name, description, default: value, only } of SETTINGS) {
    if (only !== undefined) continue;
    const option = new Option(`--${name} <value>`, description.replaceAll('`', ''));
    command.addOption(value === undefined ? option : option.default(value));
  }
  return (
    command
      .option('--set <key=value>', 'Set any key of the configuration; repeatable.', collect, [])
      .option('--baseline <record>', 'Record to compare with.')
      .option('--json', 'Print the result as JSON.')
      // Unknown flags are listed with everything else that is wrong, not by themselves.
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (raw: unknown) => {
        const settings = settingsOf(command);
        process.exitCode = await execute(raw, { settings, unknown: command.args });
      })
  );
}

/** The flags that stand for a config key, by their names. */
function settingsOf(command: Command): Readonly<Record<string, string | undefined>> {
  const values = z.record(z.string(), z.unknown()).parse(command.opts());
  return Object.fromEntries(
    command.options.map((option) => {
      const value = values[option.attributeName()];
      return [option.long?.slice(2) ?? '', typeof value === 'string' ? value : undefined];
    }),
  );
}

/** What stood on the command line beside the flags of the command itself. */
interface Given {
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly unknown: readonly string[];
}

async function execute(raw: unknown, given: Given): Promise<number> {
  const flags = flagsSchema.parse(raw);
  const prepared = await prepareFromFlags(flags, given);
  const baseline = await readBaselineFile(flags.baseline);
  for (const row of prepared.excluded) note(`Left out: ${row.where}: ${row.message}`);
  if (!flags.json) for (const line of describeSettings(prepared)) note(line);

  await prepareFolder(flags.output);
  const progress = createProgress();
  const model = createModel({ roles: prepared.config, keys: prepared.keys, onFailure: note });
  const result = await run(
    { ...prepared, mode: flags.mode === 'record' ? 'record' : 'gate', origin: NO_ORIGIN },
    {
      model,
      baselines: { find: () => Promise.resolve(baseline), save: () => Promise.resolve('') },
      now: () => new Date(),
      onProgress: progress.report,
    },
  );
  progress.end();

  const report = renderReport({
    ...result,
    suite: prepared.config.suite,
    deferred: [],
    policyFromHead: false,
    reproduce: reproduceLine(flags.config),
  });
  const written = await writeResults(flags.output, result.record, report);
  console.log(flags.json ? renderJson(result, written) : report);
  note(`Written: ${Object.values(written).join(', ')}`);
  return result.decision.exitCode;
}

/** Reads and checks all settings; @throws UsageError with every problem at once. */
async function prepareFromFlags(flags: RunFlags, { settings, unknown }: Given): Promise<Prepared> {
  const root = '.';
  const inputs = assignInputs(settings, (name) => `--${name}`);
  const sets = assignFlags(flags.set);
  const request = { setting: '--config', path: flags.config, root };
  const file = await readConfigFile(request);
  // The file at the default place may be absent; one that was asked for may not.
  const isMissing = file.isAbsent && flags.config !== DEFAULT_CONFIG;
  const prepared = await prepare({
    file: { settings: file.settings, origin: flags.config },
    assignments: [...inputs.assignments, ...sets.assignments],
    root,
    keyFor: keyFromEnvironment,
    hub: readHubOptions(readVariable('HF_TOKEN')),
    problems: [
      ...unknown.map((word) => ({ where: word, message: 'is no flag; see mask-gate run --help' })),
      ...checkMode(flags.mode),
      ...inputs.problems,
      ...sets.problems,
      ...file.problems,
      ...(isMissing ? [missing(request)] : []),
    ],
  });
  if (prepared.missingKeys.length > 0) throw new UsageError(prepared.missingKeys);
  return prepared;
}

function checkMode(mode: string): readonly Problem[] {
  return ['auto', 'gate', 'record'].includes(mode)
    ? []
    : [{ where: '--mode', message: `must be auto, gate or record (found "${mode}")` }];
}

function keyFromEnvironment(provider: Provider): ReturnType<Sources['keyFor']> {
  const key = readVariable(provider.apiKeyEnv);
  if (key) return { key };
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
