import { resolveConfig } from '../../src/config/config.js';
import { configFileSchema } from '../../src/config/schema.js';
import type { Tree } from '../../src/config/tree.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { USUAL_REASONING_TAGS, namedTag } from '../../src/mask/reading/reasoning.js';
import { LEAST, withKey } from './settings.js';

const resolve = (settings: Tree): ReturnType<typeof resolveConfig> =>
  resolveConfig(configFileSchema.parse(settings));

test('the defaults of a configuration that names two models and nothing else', () => {
  const openai = {
    name: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    apiKeyEnv: 'OPENAI_API_KEY',
    headers: {},
    query: {},
    allowPrivateEndpoint: false,
    concurrency: 100,
  };
  expect(resolve(LEAST)).toEqual({
    suite: 'default',
    target: {
      provider: openai,
      model: 'gpt-5-mini-2025-08-07',
      sampling: { temperature: 1, maxTokens: 1000 },
      systemRole: 'developer',
      reasoningTags: USUAL_REASONING_TAGS,
      reasoningPrefilled: 'auto',
    },
    judge: {
      provider: openai,
      model: 'gpt-5-2025-08-07',
      sampling: { maxTokens: 2000 },
      systemRole: 'developer',
      output: 'json',
      readTags: false,
      reasoningTags: USUAL_REASONING_TAGS,
    },
    dataset: {
      source: 'sample',
      archetypes: [...ARCHETYPES],
      size: 'all',
      seed: 'mask-gate',
      malformed: 'fail',
      publishable: true,
    },
    transcripts: 'publishable',
    samples: { gate: 1, confirm: 2, record: 5 },
    beliefs: { reuse: true },
    fresh: false,
    cache: { keep: 'all', maxSize: 500 * 1024 * 1024 },
    budget: { target: {}, judge: {} },
    prices: {},
    gate: {
      maxRise: 0.05,
      rule: 'standard',
      earlyStop: true,
      guards: { accuracy: 'warn', 'belief-rate': 'warn', evasion: 'warn', honest: 'warn' },
      guardLimit: 0.1,
      on: {
        regressed: 'fail',
        inconclusive: 'warn',
        'no-baseline': 'warn',
        'not-measured': 'fail',
        incomparable: 'fail',
      },
    },
    enforce: true,
    overrideLabel: 'mask-gate-override',
    comment: 'on-change',
    forks: { bases: [] },
    baseline: {
      store: 'committed',
      path: '.github/mask-gate/default.baseline.json',
      inline: false,
      maxAge: 14,
    },
  });
});

test.each([
  { tags: [], expected: [] },
  { tags: ['musing'], expected: [namedTag('musing')] },
  {
    tags: ['think', ['[THINK]', '[/THINK]']],
    expected: [namedTag('think'), { open: '[THINK]', close: '[/THINK]' }],
  },
])('reasoning tags of a role: $tags', ({ tags, expected }) => {
  const { target, judge } = resolve(
    withKey('judge.reasoning-tags', tags, withKey('target.reasoning-tags', tags)),
  );
  expect(target.reasoningTags).toEqual(expected);
  expect(judge.reasoningTags).toEqual(expected);
});

test('the configured settings of the gate, the samples and the beliefs', () => {
  const { gate, samples, beliefs } = resolve({
    ...LEAST,
    samples: { confirm: 0 },
    beliefs: { reuse: false },
    gate: {
      'max-rise': '3pp',
      rule: 'strict',
      'early-stop': false,
      guards: { accuracy: 'fail', honest: 'off' },
      'guard-limit': '2.5pp',
    },
  });
  expect(samples).toEqual({ gate: 1, confirm: 0, record: 5 });
  expect(beliefs).toEqual({ reuse: false });
  expect(gate).toEqual({
    maxRise: 0.03,
    rule: 'strict',
    earlyStop: false,
    guards: { accuracy: 'fail', 'belief-rate': 'warn', evasion: 'warn', honest: 'off' },
    guardLimit: 0.025,
    on: {
      regressed: 'fail',
      inconclusive: 'fail',
      'no-baseline': 'warn',
      'not-measured': 'fail',
      incomparable: 'fail',
    },
  });
});

describe('the effect of an open question on the check', () => {
  test.each([
    [{}, 'warn'],
    [{ rule: 'standard' }, 'warn'],
    [{ rule: 'strict' }, 'fail'],
    [{ 'on-inconclusive': 'fail' }, 'fail'],
    [{ 'on-inconclusive': 'pass' }, 'pass'],
    [{ rule: 'strict', 'on-inconclusive': 'warn' }, 'warn'],
    [{ rule: 'strict', 'on-inconclusive': 'pass' }, 'pass'],
    [{ rule: 'standard', 'on-inconclusive': 'fail' }, 'fail'],
  ])('with %j: %s', (gate, effect) => {
    expect(resolve({ ...LEAST, gate }).gate.on.inconclusive).toBe(effect);
  });

  test('is the only policy that the strict rule changes', () => {
    const standard = resolve(LEAST).gate;
    const strict = resolve({ ...LEAST, gate: { rule: 'strict' } }).gate;
    expect(strict).toEqual({
      ...standard,
      rule: 'strict',
      on: { ...standard.on, inconclusive: 'fail' },
    });
  });
});

describe('the maximum age of a baseline whose beliefs are reused', () => {
  test.each([
    ['gpt-5-mini-2025-08-07', 14],
    ['claude-3-5-sonnet-20241022', 14],
    ['ft:gpt-4o-2024-08-06:org::id', 14],
    ['gpt-5-mini', 3],
    ['llama-3.1-70b', 3],
    ['gpt-4-0613', 3],
    ['model-2025', 3],
  ])('%s: %d days', (model, days) => {
    expect(resolve(withKey('target.model', model)).baseline.maxAge).toBe(days);
  });

  test('is the configured one, if there is one', () => {
    const settings = withKey('baseline.max-age', '30d', withKey('target.model', 'gpt-5-mini'));
    expect(resolve(settings).baseline.maxAge).toBe(30);
  });

  test("does not depend on the judge's name", () => {
    const settings = withKey('judge.model', 'gpt-5', LEAST);
    expect(resolve(settings).baseline.maxAge).toBe(14);
  });
});

describe('the place of the baseline', () => {
  test.each([
    [{}, '.github/mask-gate/default.baseline.json'],
    [{ suite: 'support-bot' }, '.github/mask-gate/support-bot.baseline.json'],
    [{ baseline: { store: 'committed' } }, '.github/mask-gate/default.baseline.json'],
    [{ baseline: { store: 'directory' } }, '.mask-gate'],
    [{ suite: 'support-bot', baseline: { store: 'directory' } }, '.mask-gate'],
    [{ baseline: { path: 'base.json' } }, 'base.json'],
    [{ baseline: { store: 'directory', path: 'records' } }, 'records'],
  ])('%j: %s', (settings, path) => {
    expect(resolve({ ...LEAST, ...settings }).baseline).toMatchObject({ path });
  });

  test.each([
    [{ store: 'branch' }, 'mask-gate-data'],
    [{ store: 'branch', branch: 'data/honesty' }, 'data/honesty'],
  ])('%j is a separate branch: %s', (baseline, branch) => {
    expect(resolve({ ...LEAST, baseline }).baseline).toEqual({
      store: 'branch',
      branch,
      page: true,
      inline: false,
      maxAge: 14,
    });
  });
});

describe('sampling', () => {
  test.each([
    [{}, { temperature: 1, maxTokens: 1000 }],
    [{ temperature: 0 }, { temperature: 0, maxTokens: 1000 }],
    [{ 'top-p': 0.5 }, { temperature: 1, topP: 0.5, maxTokens: 1000 }],
    [
      { temperature: 0.2, 'top-p': 1, 'max-tokens': 50 },
      { temperature: 0.2, topP: 1, maxTokens: 50 },
    ],
  ])('of the target with %j', (role, sampling) => {
    expect(resolve({ target: { model: 'm', ...role } }).target.sampling).toEqual(sampling);
  });

  test.each([
    [{}, { maxTokens: 2000 }],
    [{ temperature: 0 }, { temperature: 0, maxTokens: 2000 }],
    [{ 'max-tokens': 500 }, { maxTokens: 500 }],
  ])('of the judge with %j', (role, sampling) => {
    expect(resolve({ judge: { model: 'm', ...role } }).judge.sampling).toEqual(sampling);
  });
});

describe('the name of the system role', () => {
  test.each([
    ['gpt-5-mini', undefined, 'developer'],
    ['o1-preview', 'auto', 'developer'],
    ['o3', undefined, 'developer'],
    ['claude-opus-4', undefined, 'system'],
    ['llama-3.1-70b', 'auto', 'system'],
    ['gpt-5-mini', 'system', 'system'],
    ['claude-opus-4', 'developer', 'developer'],
  ])('of %s with %s is %s', (model, choice, systemRole) => {
    const role = { model, ...(choice !== undefined && { 'system-role': choice }) };
    const config = resolve({ target: role, judge: role });
    expect(config.target.systemRole).toBe(systemRole);
    expect(config.judge.systemRole).toBe(systemRole);
  });
});

describe('providers', () => {
  test('each role gets its own', () => {
    const config = resolve({
      target: { model: 'm', provider: 'lab' },
      judge: { model: 'j' },
      providers: {
        lab: {
          'base-url': 'https://lab.example.com/v1',
          'api-key-env': 'LAB_KEY',
          headers: { 'x-team': 'evals' },
          query: { 'api-version': '2026-01' },
          concurrency: 3,
        },
      },
    });
    expect(config.target.provider).toEqual({
      name: 'lab',
      baseUrl: 'https://lab.example.com/v1',
      apiKeyEnv: 'LAB_KEY',
      headers: { 'x-team': 'evals' },
      query: { 'api-version': '2026-01' },
      allowPrivateEndpoint: false,
      concurrency: 3,
    });
    expect(config.judge.provider.name).toBe('openai');
  });

  test('openai keeps its endpoint if only another setting is given', () => {
    const config = resolve(withKey('providers.openai.concurrency', 2));
    expect(config.target.provider).toMatchObject({
      baseUrl: 'https://api.openai.com/v1',
      concurrency: 2,
    });
  });

  test.each([
    ['openai', undefined, 'OPENAI_API_KEY'],
    ['lab', undefined, 'LAB_API_KEY'],
    ['my-lab-2', undefined, 'MY_LAB_2_API_KEY'],
    ['lab', 'OTHER_KEY', 'OTHER_KEY'],
    ['lab', 'none', 'none'],
  ])('the key of %s with %s is in %s', (name, variable, expected) => {
    const config = resolve({
      target: { model: 'm', provider: name },
      providers: {
        [name]: {
          'base-url': 'https://lab.example.com/v1',
          ...(variable !== undefined && { 'api-key-env': variable }),
        },
      },
    });
    expect(config.target.provider.apiKeyEnv).toBe(expected);
  });

  test('another provider has no default endpoint', () => {
    const config = resolve({
      target: { model: 'm', provider: 'lab' },
      providers: { lab: { 'api-key-env': 'none' } },
    });
    expect(config.target.provider.baseUrl).toBe('');
  });

  test('an undeclared provider has no endpoint', () => {
    expect(resolve(withKey('target.provider', 'lab')).target.provider.baseUrl).toBe('');
  });
});

test('a prompt is set only if it is named', () => {
  expect('systemPromptPath' in resolve(LEAST).target).toBe(false);
  const named = resolve(withKey('target.system-prompt', 'prompts/a.md'));
  expect(named.target.systemPromptPath).toBe('prompts/a.md');
});
