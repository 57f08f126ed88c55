import type { Limits } from './budget.js';
import { USUAL_REASONING_TAGS } from '../mask/reading/reasoning.js';
import type { Config, Role } from './config.js';

/** A configuration and where its values came from, by key; a key without an origin has its default. */
interface Described {
  readonly config: Config;
  readonly origins: ReadonlyMap<string, string>;
}

/** One value in force. `origin` is `default` where nobody set it. */
export interface EffectiveSetting {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

/** The effective configuration and where each value came from, one line a value; secrets are no part of it. */
export function describeSettings(described: Described): readonly string[] {
  return effectiveSettings(described).map(
    ({ key, value, origin }) => `${key} = ${value}  [${origin}]`,
  );
}

/** The same as data, in the same order. */
export function effectiveSettings({ config, origins }: Described): readonly EffectiveSetting[] {
  const { target, judge, dataset, samples, gate, baseline } = config;
  const values: readonly (readonly [string, string])[] = [
    ['suite', config.suite],
    ['target.provider', `${target.provider.name} (${target.provider.baseUrl})`],
    ['target.model', target.model],
    ['target.system-prompt', target.systemPromptPath ?? 'none'],
    ...samplingOf('target', target),
    ['target.reasoning-prefilled', String(target.reasoningPrefilled)],
    ['judge.provider', `${judge.provider.name} (${judge.provider.baseUrl})`],
    ['judge.model', judge.model],
    ['judge.output', judge.output],
    ['judge.read-tags', String(judge.readTags)],
    ...samplingOf('judge', judge),
    ['dataset.source', dataset.source],
    ...optional('dataset.revision', dataset.revision),
    ...optional('dataset.ids', dataset.ids?.join(', ')),
    ['dataset.malformed', dataset.malformed],
    ['dataset.archetypes', dataset.archetypes.join(', ')],
    ['dataset.size', String(dataset.size)],
    ['dataset.seed', dataset.seed],
    ['dataset.publishable', String(dataset.publishable)],
    ['transcripts', config.transcripts],
    ['samples.gate', String(samples.gate)],
    ['samples.confirm', String(samples.confirm)],
    ['samples.record', String(samples.record)],
    ['beliefs.reuse', String(config.beliefs.reuse)],
    ['fresh', String(config.fresh)],
    ['cache.keep', config.cache.keep],
    ['cache.max-size', String(config.cache.maxSize / 1024 ** 2)],
    ...limitsOf('budget', config.budget),
    ...limitsOf('budget.target', config.budget.target),
    ...limitsOf('budget.judge', config.budget.judge),
    ['gate.max-rise', inPoints(gate.maxRise)],
    ['gate.rule', gate.rule],
    ['gate.early-stop', String(gate.earlyStop)],
    ...Object.entries(gate.guards).map(([name, guard]) => [`gate.guards.${name}`, guard] as const),
    ['gate.guard-limit', inPoints(gate.guardLimit)],
    ...Object.entries(gate.on).map(([verdict, policy]) => [`gate.on-${verdict}`, policy] as const),
    ['comment', config.comment],
    ...(config.forks.bases.length > 0
      ? ([['forks.bases', config.forks.bases.join(', ')]] as const)
      : []),
    ['baseline.store', baseline.store],
    ...(baseline.store === 'branch'
      ? ([
          ['baseline.branch', baseline.branch],
          ['baseline.page', String(baseline.page)],
        ] as const)
      : ([['baseline.path', baseline.path]] as const)),
    ['baseline.max-age', `${baseline.maxAge}d`],
  ];
  return values.map(([key, value]) => ({ key, value, origin: origins.get(key) ?? 'default' }));
}

function inPoints(fraction: number): string {
  return `${+(fraction * 100).toFixed(6)}pp`;
}

function samplingOf(name: string, role: Role): readonly (readonly [string, string])[] {
  const { sampling } = role;
  return [
    [`${name}.temperature`, String(sampling.temperature ?? "the provider's")],
    [`${name}.top-p`, String(sampling.topP ?? "the provider's")],
    [`${name}.system-role`, role.systemRole],
    [`${name}.max-tokens`, String(sampling.maxTokens)],
    ...optional(`${name}.reasoning-effort`, sampling.reasoningEffort),
    [`${name}.reasoning-tags`, tagsOf(role)],
    ...optional(`${name}.extra-body`, sampling.extraBody && JSON.stringify(sampling.extraBody)),
  ];
}

function tagsOf({ reasoningTags }: Role): string {
  if (reasoningTags === USUAL_REASONING_TAGS) return 'the usual ones';
  if (reasoningTags.length === 0) return 'none';
  return reasoningTags.map(({ open, close }) => `${open} ${close}`).join(', ');
}

function limitsOf(name: string, limits: Limits): readonly (readonly [string, string])[] {
  return Object.entries(limits)
    .filter(([, limit]) => typeof limit === 'number')
    .map(([kind, limit]) => [`${name}.${kind}`, String(limit)]);
}

function optional(key: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[key, value]];
}
