import { z } from 'zod';
import type { Problem } from '../base/errors.js';
import { type Config, DEFAULT_PROVIDER, type Provider, resolveConfig } from './config.js';
import { findEndpointProblem } from './endpoint.js';
import { type ConfigFile, configFileSchema } from './schema.js';
import { type Tree, isTree, listLeaves, valueAt, withValue } from './tree.js';

/** A value that a source sets, and the name of that source for people: `input max-rise`, `--set`. */
export interface Assignment {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

export interface ParsedConfig {
  /** Complete, but to be used only when there are no problems: holes are filled so that checks can go on. */
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** The settings as they were written, all sources laid over one another. */
  readonly settings: Tree;
  /** Where each set value came from, by dotted key; what is not listed is a default. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Lays inputs and flags over the settings of the file and checks the whole, so that every problem is known at
 * once. Later assignments win. Pure: paths and keys are checked by the caller.
 */
export function parseConfig(
  file: { readonly settings: Tree; readonly origin: string },
  assignments: readonly Assignment[],
): ParsedConfig {
  const origins = new Map([...listLeaves(file.settings).keys()].map((key) => [key, file.origin]));
  let settings = file.settings;
  for (const { key, value, origin } of assignments) {
    settings = withValue(settings, key.split('.'), value);
    origins.set(key, origin);
  }
  const { parsed, problems } = parseSettings(settings, origins);
  const config = resolveConfig(parsed);
  const gaps = [
    ...findGaps(parsed, config, settings),
    ...checkPublishableSource(parsed, origins, file),
  ];
  return { config, settings, origins, problems: [...problems, ...gaps] };
}

/** That all may read the texts was said of the dataset in the file, not of one that an input puts in its place. */
function checkPublishableSource(
  { dataset }: ConfigFile,
  origins: ReadonlyMap<string, string>,
  file: { readonly origin: string },
): readonly Problem[] {
  const [source, consent] = ['source', 'publishable'].map((key) => origins.get(`dataset.${key}`));
  const isReplaced = source !== undefined && source !== file.origin && source !== consent;
  if (!dataset.publishable || !isReplaced || dataset.source === 'sample') return [];
  const message = `belongs to another dataset: the source is set by ${source}; set both in the same place, or leave this out`;
  return [{ where: 'dataset.publishable', message }];
}

function parseSettings(
  settings: Tree,
  origins: ReadonlyMap<string, string>,
): { parsed: ConfigFile; problems: readonly Problem[] } {
  const first = configFileSchema.safeParse(settings);
  if (first.success) return { parsed: first.data, problems: [] };
  const issues = first.error.issues.slice(0, MAX_ISSUES);
  const all = issues.flatMap((issue) => describeIssue(issue, settings, origins));
  const rest = first.error.issues.length - issues.length + Math.max(0, all.length - MAX_ISSUES);
  const problems = [
    ...all.slice(0, MAX_ISSUES),
    ...(rest > 0 ? [{ where: 'settings', message: `${rest} more are not valid` }] : []),
  ];
  return { parsed: configFileSchema.parse(withoutFaults(settings, first.error.issues)), problems };
}

/** Problems that are named before the rest is only counted, so that a hostile file does not fill the log. */
const MAX_ISSUES = 50;

/** The settings less every key that has an issue; each of those has a default or is reported as a problem. */
function withoutFaults(settings: Tree, issues: readonly z.core.$ZodIssue[]): Tree {
  const faults = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  });
  // Lists are found in the settings as they were: a list with two faults is dropped once.
  const keys = faults.map((fault) => faultyKey(settings, fault));
  const once = new Map(keys.map((key) => [JSON.stringify(key), key])).values();
  return [...once].reduce((tree, key) => withValue(tree, key, undefined), settings);
}

/** A fault inside a list is cured by dropping the list. */
function faultyKey(tree: Tree, path: readonly string[]): readonly string[] {
  const list = path.findIndex((_, depth) => Array.isArray(valueAt(tree, path.slice(0, depth))));
  return list === -1 ? path : path.slice(0, list);
}

function describeIssue(
  issue: z.core.$ZodIssue,
  settings: Tree,
  origins: ReadonlyMap<string, string>,
): readonly Problem[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(issue.path).join(', ');
    return issue.keys.map((key) => ({
      where: path ? `${path}.${key}` : key,
      message: `unknown key; known here: ${known}`,
    }));
  }
  const origin = origins.get(path);
  const found = PRIVATE_SETTINGS.some((name) => issue.path.includes(name))
    ? ''
    : ` (found ${shorten(valueAt(settings, issue.path))}`;
  return [
    {
      where: path,
      message: `${issue.message}${found && `${found}${origin ? `, ${origin}` : ''})`}`,
    },
  ];
}

/** Settings that hold keys, or that keys are written to by mistake: their values are not repeated. */
const PRIVATE_SETTINGS = ['headers', 'query', 'api-key-env'];

/** A value for a message. Maps may hold headers and addresses passwords, and neither is repeated. */
function shorten(value: unknown): string {
  if (isTree(value)) return 'a map';
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) return 'a list';
  if (typeof value === 'string' && /:.*@|:\/.*[?#]/s.test(value)) {
    return 'an address with a user or a query';
  }
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The keys that the schema knows under a path. */
function knownKeysAt(path: readonly PropertyKey[]): readonly string[] {
  let node: unknown = z.toJSONSchema(configFileSchema, { io: 'input' });
  for (const key of path) {
    node = valueAt(node, ['properties', key]) ?? valueAt(node, ['additionalProperties']);
  }
  const properties = valueAt(node, ['properties']);
  return isTree(properties) ? Object.keys(properties) : [];
}

/** What is missing or does not fit together, once each value by itself is well formed. */
function findGaps(file: ConfigFile, config: Config, settings: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [role, input] of [
    ['target', 'model'],
    ['judge', 'judge-model'],
  ] as const) {
    const key = `${role}.model`;
    if (config[role].model === '' && valueAt(settings, key.split('.')) === undefined) {
      problems.push({
        where: key,
        message: `is missing; set it in the config file, or the input ${input}`,
      });
    }
  }
  const { source, revision } = config.dataset;
  if (revision !== undefined && !HUB_ID.test(source)) {
    problems.push({
      where: 'dataset.source',
      message: `must be owner/name on the Hub when dataset.revision is set (found ${shorten(source)})`,
    });
  }
  problems.push(...findPlaceGaps(file.baseline));
  const inUse = new Map<string, Provider>(
    [config.target, config.judge].map(({ provider }) => [provider.name, provider]),
  );
  for (const provider of inUse.values()) {
    const given = valueAt(settings, ['providers', provider.name, 'base-url']);
    problems.push(...findEndpointGaps(provider, file, given));
  }
  if (file.providers[DEFAULT_PROVIDER] && !inUse.has(DEFAULT_PROVIDER)) {
    problems.push({
      where: `providers.${DEFAULT_PROVIDER}`,
      message: `is set, but neither target nor judge uses it; they use ${[...inUse.keys()].join(' and ')}`,
    });
  }
  return problems;
}

const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** A place that the store does not look at was meant for another store. */
function findPlaceGaps({ store, path, branch, page }: ConfigFile['baseline']): readonly Problem[] {
  if (store === 'branch') {
    const message = 'has no meaning with store: branch; use baseline.branch';
    return path === undefined ? [] : [{ where: 'baseline.path', message }];
  }
  const noMeaning = `has no meaning with store: ${store}; set store: branch`;
  return [
    ...(branch === undefined
      ? []
      : [{ where: 'baseline.branch', message: `${noMeaning}, or use baseline.path` }]),
    ...(page === undefined ? [] : [{ where: 'baseline.page', message: noMeaning }]),
  ];
}

/** @param given the endpoint as it was written; one that is malformed has its own problem and is not missing */
function findEndpointGaps(
  provider: Provider,
  file: ConfigFile,
  given: unknown,
): readonly Problem[] {
  const where = `providers.${provider.name}`;
  if (provider.name !== DEFAULT_PROVIDER && !file.providers[provider.name]) {
    const declared = [...new Set([DEFAULT_PROVIDER, ...Object.keys(file.providers)])].join(', ');
    return [{ where, message: `is used but not declared; declared are ${declared}` }];
  }
  if (provider.baseUrl === '') {
    return given === undefined
      ? [{ where: `${where}.base-url`, message: 'is missing; name the endpoint' }]
      : [];
  }
  const objection = findEndpointProblem(provider.baseUrl, provider.allowPrivateEndpoint);
  return objection ? [{ where: `${where}.base-url`, message: objection }] : [];
}
