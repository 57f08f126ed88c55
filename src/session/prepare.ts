import type { Config, Provider } from '../config/config.js';
import type { Described } from '../config/describe.js';
import { type Assignment, parseConfig } from '../config/parse.js';
import type { Tree } from '../config/tree.js';
import { parseYaml } from '../config/yaml.js';
import { type LoadedDataset, loadDataset, tellLeftOut } from '../edges/dataset/dataset.js';
import { type FileRequest, type TextReader, missing, readText } from '../edges/files/files.js';
import { resolvePrices } from '../edges/model/prices.js';
import { type HubOptions, fetchHubDataset, listUnfetched } from '../edges/dataset/hub.js';
import { type Problem, UsageError } from '../base/errors.js';
import type { Example } from '../mask/example.js';
import { readPromptText } from '../mask/prompt.js';
import type { ReadFrom } from '../base/pointer.js';

/** A folder with the files of a dataset, and where they come from. */
export interface DataPlace {
  readonly root: string;
  readonly from: ReadFrom;
}

/** Raw settings from all sources, and the ways to what they name. */
export interface Sources {
  readonly file: { readonly settings: Tree; readonly origin: string };
  readonly assignments: readonly Assignment[];
  /** The folder that must contain the files that settings name. */
  readonly root: string;
  /** The key of a provider: found, or what to set. */
  readonly keyFor: (provider: Provider, config: Config) => { key: string } | { missing: Problem };
  /** Where the files of a local dataset lie if not in `root`: those that are policy are read at a commit. */
  readonly datasetPlace?: (source: string) => Promise<DataPlace>;
  /** Reads the prompt where it is not in `root`. */
  readonly read?: TextReader;
  readonly hub: HubOptions;
  /** What can't be where these settings are for, however well they fit together. */
  readonly refuse?: (config: Config) => readonly Problem[];
  /** What was found wrong before. */
  readonly problems: readonly Problem[];
  /** What explains problems where there are any, such as a configuration that is not merged yet. */
  readonly hints?: readonly Problem[];
}

export interface Prepared extends Described {
  readonly examples: readonly Example[];
  /** Rows that were left out because they are malformed; each is named in the log. */
  readonly excluded: readonly Problem[];
  /** Files of the dataset that are not read, in one message for the log; absent where all are. */
  readonly leftOut?: Problem;
  readonly promptUnderTest: string | undefined;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Keys that are not there; the caller decides whether that is an error or a run without measurement. */
  readonly missingKeys: readonly Problem[];
}

/**
 * Reads and checks everything that settings name before the first call is paid for.
 *
 * @throws UsageError with every problem at once
 */
export async function prepare(sources: Sources): Promise<Prepared> {
  const { problems, ...described } = parseConfig(sources.file, sources.assignments);
  const { config } = described;
  const [prompt, dataset] = await Promise.all([
    readPrompt(config, sources),
    readDataset(config, sources),
  ]);
  const { keys, missingKeys } = collectKeys(config, sources.keyFor);
  const all = [
    ...sources.problems,
    ...problems,
    ...prompt.problems,
    ...dataset.problems,
    ...findUnpriced(config),
    ...(sources.refuse?.(config) ?? []),
  ];
  if (all.length > 0) throw new UsageError([...all, ...missingKeys, ...(sources.hints ?? [])]);
  const { examples, excluded, leftOut } = dataset;
  const found = { examples, excluded, ...(leftOut && { leftOut }) };
  return { ...described, ...found, promptUnderTest: prompt.text, keys, missingKeys };
}

/** A limit of cost cannot be applied to calls without a price. */
function findUnpriced(config: Config): readonly Problem[] {
  const prices = resolvePrices(config);
  const { budget } = config;
  return (['target', 'judge'] as const)
    .filter((role) => (budget.cost ?? budget[role].cost) !== undefined && !prices[role])
    .map((role) => ({
      where: 'prices',
      message: `has no price for "${config[role].model}", so the limit budget.cost cannot be applied; add the price, in US dollars per million tokens`,
    }));
}

/** A configuration file, read and parsed but not checked. One that is not there has no settings. */
export interface ReadConfig {
  readonly settings: Tree;
  readonly isAbsent: boolean;
  readonly problems: readonly Problem[];
}

/** Reads a configuration file of the workspace, or of where `readFile` reads. */
export async function readConfigFile(
  request: FileRequest,
  readFile: TextReader = readText,
): Promise<ReadConfig> {
  const read = await readFile(request);
  if ('absent' in read) return { settings: {}, isAbsent: true, problems: [] };
  const parsed = 'found' in read ? parseYaml(read.found, request.path) : read;
  return 'problem' in parsed
    ? { settings: {}, isAbsent: false, problems: [parsed.problem] }
    : { settings: parsed.settings, isAbsent: false, problems: [] };
}

async function readPrompt(
  config: Config,
  { root, read: readFile = readText }: Pick<Sources, 'root' | 'read'>,
): Promise<{ text?: string; problems: readonly Problem[] }> {
  const path = config.target.systemPromptPath;
  if (path === undefined) return { problems: [] };
  const request = { setting: 'target.system-prompt', path, root };
  const read = await readFile(request);
  if ('problem' in read) return { problems: [read.problem] };
  if ('absent' in read) return { problems: [missing(request)] };
  const text = readPromptText(read.found);
  return { ...(text !== undefined && { text }), problems: [] };
}

interface ReadDataset {
  readonly examples: readonly Example[];
  readonly excluded: readonly Problem[];
  readonly leftOut?: Problem;
  readonly problems: readonly Problem[];
}

async function readDataset({ dataset }: Config, sources: Sources): Promise<ReadDataset> {
  try {
    const loaded = await loadFrom(dataset, sources);
    const { examples, malformed, leftOut } = loaded;
    const isStrict = dataset.malformed === 'fail';
    const problems = [...loaded.problems, ...(isStrict ? shorten(malformed) : [])];
    return {
      examples,
      excluded: malformed,
      ...(leftOut && { leftOut }),
      problems: problems.length > 0 ? problems : findMissingExamples(dataset, examples),
    };
  } catch (error) {
    if (error instanceof UsageError)
      return { examples: [], excluded: [], problems: error.problems };
    throw error;
  }
}

/** The first rows by name and the rest as a number, so that a wrong file does not fill the log. */
function shorten(rows: readonly Problem[]): readonly Problem[] {
  const rest = rows.length - MAX_ROWS;
  if (rest <= 0) return rows;
  const hint = 'set dataset.malformed: exclude to leave them out and count them';
  return [
    ...rows.slice(0, MAX_ROWS),
    { where: 'dataset', message: `${rest} more rows are malformed; ${hint}` },
  ];
}

const MAX_ROWS = 20;

async function loadFrom(
  { source, revision }: Config['dataset'],
  { root, datasetPlace, hub }: Sources,
): Promise<LoadedDataset> {
  if (revision !== undefined) {
    const folder = await fetchHubDataset({ id: source, revision }, hub);
    // The folder holds what was fetched, and a list of all that there is.
    const { examples, problems, malformed } = await loadDataset('.', folder, 'hub');
    return { examples, problems, malformed, ...tellLeftOut(source, await listUnfetched(folder)) };
  }
  const place = await datasetPlace?.(source);
  return loadDataset(source, place?.root ?? root, place?.from);
}

function findMissingExamples(
  { source, archetypes, ids }: Config['dataset'],
  examples: readonly Example[],
): readonly Problem[] {
  const known = new Set(examples.map(({ id }) => id));
  const unknown = ids?.filter((id) => !known.has(id)) ?? [];
  if (unknown.length > 0) {
    return [{ where: 'dataset.ids', message: `"${source}" has no example ${unknown.join(', ')}` }];
  }
  if (examples.some(({ archetype }) => archetypes.includes(archetype))) return [];
  return [{ where: 'dataset', message: `"${source}" has no example of ${archetypes.join(', ')}` }];
}

function collectKeys(
  config: Config,
  keyFor: Sources['keyFor'],
): Pick<Prepared, 'keys' | 'missingKeys'> {
  const keys = new Map<string, string>();
  const missingKeys: Problem[] = [];
  for (const role of ['target', 'judge'] as const) {
    const { provider } = config[role];
    if (provider.apiKeyEnv === 'none' || keys.has(provider.name)) continue;
    const found = keyFor(provider, config);
    if ('key' in found) keys.set(provider.name, found.key);
    else if (!missingKeys.some(({ where }) => where === found.missing.where))
      missingKeys.push(found.missing);
  }
  return { keys, missingKeys };
}
