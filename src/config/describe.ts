import { USUAL_REASONING_TAGS } from '../mask/reading/reasoning.js';
import type { Config, Provider, Role } from './config.js';
import { CONFIG_KEYS } from './keys.js';
import { type Tree, valueAt } from './tree.js';

/** A configuration, and where its values came from. */
export interface Described {
  readonly config: Config;
  /** The settings as they were written, all sources laid over one another. */
  readonly settings: Tree;
  /** By dotted key; a key without an origin has its default. */
  readonly origins: ReadonlyMap<string, string>;
}

/** One value in force. `origin` is `default` where nothing sets it. */
export interface EffectiveSetting {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

/** How much of the effective configuration is printed: nothing, what is not a default, or every key. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** The effective configuration and where each value came from, one line per value; secrets are not part of it. */
export function describeSettings(described: Described, verbosity: Verbosity): readonly string[] {
  if (verbosity === 'quiet') return [];
  const all = effectiveSettings(described);
  const shown = verbosity === 'verbose' ? all : all.filter(({ origin }) => origin !== DEFAULT);
  const hidden = all.length - shown.length;
  return [
    ...shown.map(({ key, value, origin }) => `${key} = ${value}  [${origin}]`),
    ...(hidden > 0 ? [`${hidden} more keys have their default values; see --verbose.`] : []),
  ];
}

const DEFAULT = 'default';

/** The value in force of every key, in the order of the schema. */
export function effectiveSettings(described: Described): readonly EffectiveSetting[] {
  const { config, origins } = described;
  return CONFIG_KEYS.flatMap((declared) =>
    listInstances(declared.key, config).map(({ key, effective }) => {
      const value = effective ?? valueAt(described.settings, key.split('.')) ?? declared.default;
      return { key, value: formatValue(value), origin: describeOrigin(key, origins) };
    }),
  );
}

interface Instance {
  readonly key: string;
  /** What is in force, where that is not simply what is written. */
  readonly effective?: unknown;
}

/** A key as it is; one of `providers` for each provider that the run uses. */
function listInstances(key: string, config: Config): readonly Instance[] {
  const [, name] = /^providers\.<name>\.(.+)$/.exec(key) ?? [];
  if (name === undefined) {
    const [section = '', ...rest] = key.split('.');
    const effective =
      section === 'target' || section === 'judge'
        ? ROLE_VALUES[rest.join('.')]?.(config[section])
        : VALUES[key]?.(config);
    return [{ key, effective }];
  }
  const providers = new Map(
    [config.target, config.judge].map(({ provider }) => [provider.name, provider]),
  );
  return [...providers.values()].map((provider) => ({
    key: `providers.${provider.name}.${name}`,
    effective: PROVIDER_VALUES[name]?.(provider),
  }));
}

const NOT_SET = 'none';
const LEFT_TO_PROVIDER = "the provider's";

/** Values of a role whose default depends on the role or the model. */
const ROLE_VALUES: Readonly<Partial<Record<string, (role: Role) => unknown>>> = {
  provider: ({ provider }) => `${provider.name} (${provider.baseUrl})`,
  temperature: ({ sampling }) => sampling.temperature ?? LEFT_TO_PROVIDER,
  'top-p': ({ sampling }) => sampling.topP ?? LEFT_TO_PROVIDER,
  'system-role': ({ systemRole }) => systemRole,
  'max-tokens': ({ sampling }) => sampling.maxTokens,
  'reasoning-effort': ({ sampling }) => sampling.reasoningEffort ?? LEFT_TO_PROVIDER,
  'reasoning-tags': describeTags,
  'extra-body': ({ sampling }) => sampling.extraBody ?? NOT_SET,
};

/** Other values that depend on more than what is written. */
const VALUES: Readonly<Partial<Record<string, (config: Config) => unknown>>> = {
  'dataset.source': ({ dataset }) => dataset.source,
  'dataset.publishable': ({ dataset }) => dataset.publishable,
  'beliefs.reuse': ({ beliefs }) => beliefs.reuse,
  'gate.on-inconclusive': ({ gate }) => gate.on.inconclusive,
  'gate.on-recorded-rise': ({ gate }) =>
    gate.onRecordedRise ?? 'warn, and fail on tags and releases',
  'baseline.branch': ({ baseline }) => ('branch' in baseline ? baseline.branch : NOT_SET),
  'baseline.page': ({ baseline }) => ('page' in baseline ? baseline.page : NOT_SET),
  'baseline.path': ({ baseline }) => ('path' in baseline ? baseline.path : NOT_SET),
  'baseline.max-age': ({ baseline }) => `${baseline.maxAge}d`,
  prices: ({ prices }) =>
    Object.entries(prices).map(([model, { input, output }]) => `${model} ${input}/${output}`),
};

/** Headers and parameters are named only: users put secrets there, although they should not. */
const PROVIDER_VALUES: Readonly<Partial<Record<string, (provider: Provider) => unknown>>> = {
  'base-url': ({ baseUrl }) => baseUrl,
  'api-key-env': ({ apiKeyEnv }) => apiKeyEnv,
  headers: ({ headers }) => Object.keys(headers),
  query: ({ query }) => Object.keys(query),
  'allow-private-endpoint': ({ allowPrivateEndpoint }) => allowPrivateEndpoint,
  concurrency: ({ concurrency }) => concurrency,
};

function describeTags({ reasoningTags }: Role): unknown {
  if (reasoningTags === USUAL_REASONING_TAGS) return 'the usual ones';
  return reasoningTags.map(({ open, close }) => `${open} ${close}`);
}

function formatValue(value: unknown): string {
  if (value === undefined) return NOT_SET;
  if (Array.isArray(value)) return value.map(formatValue).join(', ') || NOT_SET;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The origin of a map is the origin of its entries. */
function describeOrigin(key: string, origins: ReadonlyMap<string, string>): string {
  const inside = [...origins].find(([name]) => name === key || name.startsWith(`${key}.`));
  return inside?.[1] ?? DEFAULT;
}
