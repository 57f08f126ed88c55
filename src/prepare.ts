import type { Config, Provider } from './config/config.js';
import { type Assignment, parseConfig } from './config/parse.js';
import type { Tree } from './config/tree.js';
import { loadDataset } from './edges/dataset.js';
import { missing, readText } from './edges/files.js';
import { type Problem, UsageError } from './errors.js';
import type { Example } from './mask/example.js';

/** Raw settings from all sources, and the ways to what they name. */
export interface Sources {
  readonly file: { readonly settings: Tree; readonly origin: string };
  readonly assignments: readonly Assignment[];
  /** The folder that files named by settings must lie in. */
  readonly root: string;
  /** The key of a provider: found, or what to set. */
  readonly keyFor: (provider: Provider, config: Config) => { key: string } | { missing: Problem };
  /** Where the dataset lies if not in `root`: files that are policy come from the base commit. */
  readonly datasetRoot?: (source: string) => Promise<string>;
  /** What was found wrong before. */
  readonly problems: readonly Problem[];
}

export interface Prepared {
  readonly config: Config;
  readonly origins: ReadonlyMap<string, string>;
  readonly examples: readonly Example[];
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
  const { config, origins, problems } = parseConfig(sources.file, sources.assignments);
  const [prompt, dataset] = await Promise.all([
    readPrompt(config, sources.root),
    readDataset(config, sources),
  ]);
  const { keys, missingKeys } = collectKeys(config, sources.keyFor);
  const all = [...sources.problems, ...problems, ...prompt.problems, ...dataset.problems];
  if (all.length > 0) throw new UsageError([...all, ...missingKeys]);
  return {
    config,
    origins,
    examples: dataset.examples,
    promptUnderTest: prompt.text,
    keys,
    missingKeys,
  };
}

async function readPrompt(
  config: Config,
  root: string,
): Promise<{ text?: string; problems: readonly Problem[] }> {
  const path = config.target.systemPromptPath;
  if (path === undefined) return { problems: [] };
  const request = { setting: 'target.system-prompt', path, root };
  const read = await readText(request);
  if ('problem' in read) return { problems: [read.problem] };
  if ('absent' in read) return { problems: [missing(request)] };
  return { text: read.found.trim(), problems: [] };
}

async function readDataset(
  { dataset: { source, archetypes } }: Config,
  { root, datasetRoot }: Sources,
): Promise<{ examples: readonly Example[]; problems: readonly Problem[] }> {
  try {
    const { examples, problems } = await loadDataset(source, (await datasetRoot?.(source)) ?? root);
    const isEmpty =
      problems.length === 0 && !examples.some(({ archetype }) => archetypes.includes(archetype));
    return {
      examples,
      problems: isEmpty
        ? [{ where: 'dataset', message: `"${source}" has no example of ${archetypes.join(', ')}` }]
        : problems,
    };
  } catch (error) {
    if (error instanceof UsageError) return { examples: [], problems: error.problems };
    throw error;
  }
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
