import type { Archetype } from '../mask/archetype.js';
import { type ReasoningTag, USUAL_REASONING_TAGS } from '../mask/reading/reasoning.js';
import type { JudgeOutput } from '../mask/rubric.js';
import type { Budget, Prices } from './budget.js';
import { chooseSystemRole } from './models.js';
import { type BaselinePlace, chooseMaxAge, resolvePlace } from './place.js';
import type { ConfigFile } from './schema.js';
import type { EffectPolicy } from './values.js';

/** The effective configuration: complete, checked, and independent of where each value came from. */
export interface Config {
  readonly suite: string;
  readonly target: Role & {
    readonly systemPromptPath?: string;
    /** Whether the chat template opens the reasoning, so that replies hold its closing tag only. */
    readonly reasoningPrefilled: 'auto' | boolean;
  };
  readonly judge: Role & { readonly output: JudgeOutput; readonly readTags: boolean };
  readonly dataset: {
    readonly source: string;
    /** Commit on the Hugging Face Hub; makes `source` an `owner/name` there. */
    readonly revision?: string;
    readonly ids?: readonly string[];
    readonly malformed: 'fail' | 'exclude';
    readonly archetypes: readonly Archetype[];
    readonly size: number | 'all';
    readonly seed: string;
    /** Whether its texts may be read by all who see what a run leaves. */
    readonly publishable: boolean;
  };
  readonly transcripts: 'always' | 'publishable' | 'never';
  /** Pressured replies per example: when gating, to confirm a suspicion, when recording. */
  readonly samples: { readonly gate: number; readonly confirm: number; readonly record: number };
  /** Whether beliefs are taken over from the baseline where they hold for this run too. */
  readonly beliefs: { readonly reuse: boolean };
  /** Whether everything is measured again, without beliefs and answers of earlier runs. */
  readonly fresh: boolean;
  /** What stays on this machine, and how much of it. */
  readonly cache: {
    readonly keep: 'all' | 'readings' | 'nothing';
    /** In bytes. */
    readonly maxSize: number;
  };
  readonly budget: Budget;
  readonly prices: Prices;
  readonly gate: GatePolicy;
  /** Whether a failing verdict of the gate fails the check. */
  readonly enforce: boolean;
  /** The label by which a maintainer lets one commit through, or `none`. */
  readonly overrideLabel: string;
  /** When a pull request is commented on. */
  readonly comment: 'always' | 'on-change' | 'never';
  readonly forks: {
    /** Branches, in addition to the default one, that approved forks may be measured for. */
    readonly bases: readonly string[];
  };
  readonly baseline: BaselinePlace & {
    /** In days. */
    readonly maxAge: number;
    /** Whether the base is measured in the job where no record exists. */
    readonly inline: boolean;
  };
}

export interface GatePolicy {
  /** Smallest rise of P(Lie) that counts as a regression, as a fraction (0.05 is 5 points). */
  readonly maxRise: number;
  /** `strict` passes only what excludes a rise of `maxRise`. */
  readonly rule: 'standard' | 'strict';
  readonly earlyStop: boolean;
  readonly guards: Readonly<Record<GuardName, 'off' | 'warn' | 'fail'>>;
  /** Smallest move of a guard that counts, as a fraction. */
  readonly guardLimit: number;
  readonly on: Readonly<Record<GatedVerdict, EffectPolicy>>;
  /** What a rise that a recording finds does; absent for `fail` on tags and releases, and `warn` elsewhere. */
  readonly onRecordedRise?: 'warn' | 'fail';
}

/** Measures, in addition to P(Lie), that a change must not move the wrong way. */
export const GUARD_NAMES = ['accuracy', 'belief-rate', 'evasion', 'honest'] as const;

export type GuardName = (typeof GUARD_NAMES)[number];

/** The verdicts whose effect on the check is a choice; `pass` and `unchanged` always pass, `error` never does. */
export type GatedVerdict =
  'regressed' | 'inconclusive' | 'no-baseline' | 'not-measured' | 'incomparable';

/** A model in one of the two roles, with the endpoint that serves it. */
export interface Role {
  readonly provider: Provider;
  readonly model: string;
  readonly sampling: Sampling;
  /** What the endpoint calls the role of the first message. */
  readonly systemRole: 'system' | 'developer';
  /** What the model puts around its reasoning, where that is part of the reply. */
  readonly reasoningTags: readonly ReasoningTag[];
}

/** Sampling parameters as sent; what is absent is left to the provider. */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens: number;
  readonly reasoningEffort?: string;
  /** Further fields of the request. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

export interface Provider {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKeyEnv: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly allowPrivateEndpoint: boolean;
  /** Maximum number of calls in flight, per model. */
  readonly concurrency: number;
}

/** The provider that needs no declaration. */
const OPENAI: Omit<Provider, 'name'> = {
  baseUrl: 'https://api.openai.com/v1',
  apiKeyEnv: 'OPENAI_API_KEY',
  headers: {},
  query: {},
  allowPrivateEndpoint: false,
  concurrency: 100,
};

export const DEFAULT_PROVIDER = 'openai';

/** MASK samples its subject at temperature 1 with 1,000 tokens. */
const TARGET_SAMPLING = { temperature: 1, maxTokens: 1000 } as const;

/** MASK gives the judge 500 tokens; a reasoning judge spends those on thinking and says nothing. */
const JUDGE_SAMPLING = { maxTokens: 2000 } as const;

const BYTES_IN_MB = 1024 * 1024;

/**
 * Turns a parsed file into the effective configuration. A missing model or endpoint becomes an empty string
 * here, which `findGaps` reports, so that later checks can go on and list everything at once.
 */
export function resolveConfig(file: ConfigFile): Config {
  const providers = declaredProviders(file);
  const targetModel = file.target.model ?? '';
  const systemPromptPath = file.target['system-prompt'];
  return {
    suite: file.suite,
    target: {
      ...resolveRole(file.target, providers, TARGET_SAMPLING),
      ...(systemPromptPath !== undefined && { systemPromptPath }),
      reasoningPrefilled: file.target['reasoning-prefilled'],
    },
    judge: {
      ...resolveRole(file.judge, providers, JUDGE_SAMPLING),
      output: file.judge.output,
      readTags: file.judge['read-tags'],
    },
    dataset: resolveDataset(file.dataset),
    transcripts: file.transcripts,
    samples: file.samples,
    beliefs: { reuse: file.beliefs.reuse && !file.fresh },
    fresh: file.fresh,
    cache: { keep: file.cache.keep, maxSize: file.cache['max-size'] * BYTES_IN_MB },
    budget: file.budget,
    prices: file.prices,
    gate: resolveGate(file.gate),
    enforce: file.enforce,
    overrideLabel: file['override-label'],
    comment: file.comment,
    forks: { bases: file.forks.bases ?? [] },
    baseline: {
      ...resolvePlace(file.baseline, file.suite),
      inline: file.baseline.inline,
      maxAge: file.baseline['max-age'] ?? chooseMaxAge(targetModel),
    },
  };
}

function resolveGate(gate: ConfigFile['gate']): GatePolicy {
  return {
    maxRise: gate['max-rise'],
    rule: gate.rule,
    earlyStop: gate['early-stop'],
    guards: gate.guards,
    guardLimit: gate['guard-limit'],
    on: {
      regressed: gate['on-regressed'],
      // In strict mode the pull request has to prove itself, so an inconclusive run fails.
      inconclusive: gate['on-inconclusive'] ?? (gate.rule === 'strict' ? 'fail' : 'warn'),
      'no-baseline': gate['on-no-baseline'],
      'not-measured': gate['on-not-measured'],
      incomparable: gate['on-incomparable'],
    },
    ...(gate['on-recorded-rise'] !== undefined && { onRecordedRise: gate['on-recorded-rise'] }),
  };
}

/** Providers by name: those of the file, and `openai` unless the file declares its own. */
function declaredProviders(file: ConfigFile): ReadonlyMap<string, Provider> {
  const declared = Object.entries(file.providers).map(([name, entry]): [string, Provider] => [
    name,
    {
      name,
      baseUrl: entry['base-url'] ?? (name === DEFAULT_PROVIDER ? OPENAI.baseUrl : ''),
      apiKeyEnv: entry['api-key-env'] ?? `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`,
      headers: entry.headers,
      query: entry.query,
      allowPrivateEndpoint: entry['allow-private-endpoint'],
      concurrency: entry.concurrency,
    },
  ]);
  return new Map([[DEFAULT_PROVIDER, { name: DEFAULT_PROVIDER, ...OPENAI }], ...declared]);
}

function resolveDataset({ revision, ids, ...rest }: ConfigFile['dataset']): Config['dataset'] {
  return {
    ...rest,
    publishable: rest.publishable || (rest.source === 'sample' && revision === undefined),
    ...(revision !== undefined && { revision }),
    ...(ids !== undefined && { ids }),
  };
}

function resolveRole(
  file: Omit<ConfigFile['judge'], 'output' | 'read-tags'>,
  providers: ReadonlyMap<string, Provider>,
  defaults: Sampling,
): Role {
  const name = file.provider ?? DEFAULT_PROVIDER;
  const topP = file['top-p'];
  const temperature = file.temperature ?? defaults.temperature;
  const effort = file['reasoning-effort'];
  const extraBody = file['extra-body'];
  const model = file.model ?? '';
  return {
    provider: providers.get(name) ?? { name, ...OPENAI, baseUrl: '' },
    model,
    systemRole: chooseSystemRole(file['system-role'] ?? 'auto', model),
    reasoningTags: file['reasoning-tags'] ?? USUAL_REASONING_TAGS,
    sampling: {
      ...(temperature !== undefined && temperature !== 'none' && { temperature }),
      ...(topP !== undefined && { topP }),
      maxTokens: file['max-tokens'] ?? defaults.maxTokens,
      ...(effort !== undefined && { reasoningEffort: effort }),
      ...(Object.keys(extraBody).length > 0 && { extraBody }),
    },
  };
}
