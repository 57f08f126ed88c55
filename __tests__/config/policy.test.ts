import { SUBJECT_KEYS, joinPolicyAndSubject } from '../../src/config/policy.js';
import { type Tree, listLeaves } from '../../src/config/tree.js';
import { parseSettings, withKey } from './settings.js';
import { draws, fc } from '../properties.js';

const BASE: Tree = {
  suite: 'support-bot',
  target: {
    provider: 'openai',
    model: 'gpt-5-mini-2025-08-07',
    temperature: 1,
    'top-p': 1,
    'max-tokens': 1000,
    'system-prompt': 'prompts/support.md',
  },
  judge: { model: 'gpt-5-2025-08-07', temperature: 0 },
  providers: {
    openai: { headers: { 'x-team': 'evals' } },
    lab: { 'base-url': 'https://lab.example.com/v1', 'api-key-env': 'LAB_KEY' },
  },
  dataset: { source: 'evals/private.csv', size: 240, archetypes: ['known_facts'] },
  gate: { 'max-rise': '5pp', 'on-regressed': 'fail', guards: { evasion: 'fail' } },
  baseline: { store: 'committed', path: 'evals/base.json' },
};

describe('a subject key takes effect from the head', () => {
  test.each([
    ['target.provider', 'lab'],
    ['target.model', 'gpt-5-nano'],
    ['target.temperature', 0],
    ['target.top-p', 0.5],
    ['target.max-tokens', 64],
    ['target.reasoning-effort', 'low'],
  ])('%s = %j', (key, value) => {
    const { settings, deferred } = joinPolicyAndSubject(BASE, withKey(key, value, BASE));
    expect(settings).toEqual(withKey(key, value, BASE));
    expect(deferred).toEqual([]);
  });

  test('and one that the head removes is removed', () => {
    const head = withKey('target.temperature', undefined, BASE);
    const { settings, deferred } = joinPolicyAndSubject(BASE, head);
    expect(settings).toEqual(head);
    expect(deferred).toEqual([]);
  });

  test('and there are only these six', () => {
    expect([...SUBJECT_KEYS].sort()).toEqual([
      'target.max-tokens',
      'target.model',
      'target.provider',
      'target.reasoning-effort',
      'target.temperature',
      'target.top-p',
    ]);
  });
});

describe('a policy key of the head changes nothing and is listed', () => {
  test.each<readonly [string, unknown, unknown]>([
    ['gate.max-rise', '5pp', '20pp'],
    ['gate.on-regressed', 'fail', 'pass'],
    ['gate.on-not-measured', undefined, 'pass'],
    ['suite', 'support-bot', 'other-bot'],
    ['providers.lab.base-url', 'https://lab.example.com/v1', 'https://evil.example.com/v1'],
    ['providers.lab.api-key-env', 'LAB_KEY', 'OTHER_KEY'],
    ['providers.evil.base-url', undefined, 'https://evil.example.com/v1'],
    ['providers.openai.base-url', undefined, 'https://evil.example.com/v1'],
    ['providers.openai.headers.x-team', 'evals', 'red'],
    ['providers.openai.headers.authorization', undefined, 'Bearer x'],
    ['providers.lab.allow-private-endpoint', undefined, true],
    ['target.system-prompt', 'prompts/support.md', 'prompts/other.md'],
    ['judge.model', 'gpt-5-2025-08-07', 'lenient-judge'],
    ['judge.temperature', 0, 2],
    ['judge.provider', undefined, 'evil'],
    ['dataset.source', 'evals/private.csv', 'sample'],
    ['dataset.size', 240, 30],
    ['dataset.ids', undefined, ['the-easy-one']],
    ['dataset.malformed', undefined, 'exclude'],
    ['dataset.publishable', undefined, true],
    ['transcripts', undefined, 'always'],
    ['dataset.revision', undefined, '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb'],
    ['judge.output', undefined, 'text'],
    ['dataset.seed', undefined, 'lucky'],
    ['dataset.archetypes', ['known_facts'], ['provided_facts']],
    ['samples.gate', undefined, 20],
    ['samples.confirm', undefined, 0],
    ['samples.record', undefined, 1],
    ['beliefs.reuse', undefined, false],
    ['gate.rule', undefined, 'standard'],
    ['gate.early-stop', undefined, false],
    ['gate.guards.accuracy', undefined, 'off'],
    ['gate.guards.belief-rate', undefined, 'off'],
    ['gate.guards.evasion', 'fail', 'off'],
    ['gate.guards.honest', undefined, 'warn'],
    ['gate.guard-limit', undefined, '100pp'],
    ['gate.on-inconclusive', undefined, 'pass'],
    ['baseline.path', 'evals/base.json', 'evals/planted.json'],
    ['baseline.store', 'committed', 'directory'],
    ['baseline.branch', undefined, 'planted'],
    ['comment', undefined, 'never'],
    ['baseline.max-age', undefined, '999d'],
    ['unknown', undefined, 1],
  ])('%s: %j -> %j', (key, from, to) => {
    const { settings, deferred } = joinPolicyAndSubject(BASE, withKey(key, to, BASE));
    expect(settings).toEqual(BASE);
    expect(deferred).toEqual([{ key, from, to }]);
  });

  test.each([
    ['gate.max-rise', '5pp'],
    ['judge.temperature', 0],
    ['providers.openai.headers.x-team', 'evals'],
    ['gate.guards.evasion', 'fail'],
    ['suite', 'support-bot'],
  ])('removed: %s', (key, from) => {
    const { settings, deferred } = joinPolicyAndSubject(BASE, withKey(key, undefined, BASE));
    expect(settings).toEqual(BASE);
    expect(deferred).toEqual([{ key, from, to: undefined }]);
  });

  test('several are listed in the order of their keys', () => {
    const head = withKey('suite', 'x', withKey('gate.max-rise', '9pp', withKey('a', 1, BASE)));
    const { deferred } = joinPolicyAndSubject(BASE, head);
    expect(deferred.map(({ key }) => key)).toEqual(['a', 'gate.max-rise', 'suite']);
  });

  test('another order of keys is not a difference', () => {
    const head = Object.fromEntries(Object.entries(BASE).reverse());
    expect(joinPolicyAndSubject(BASE, head).deferred).toEqual([]);
  });
});

describe('a whole section that the head replaces', () => {
  test('by a text keeps the policy and leaves the subject empty', () => {
    const { settings, deferred } = joinPolicyAndSubject(BASE, { ...BASE, target: 'gpt' });
    expect(settings).toEqual({ ...BASE, target: { 'system-prompt': 'prompts/support.md' } });
    expect(deferred).toContainEqual({ key: 'target', from: undefined, to: 'gpt' });
  });

  test('by nothing removes the subject, not the policy', () => {
    const { settings } = joinPolicyAndSubject(BASE, {});
    expect(settings).toEqual({ ...BASE, target: { 'system-prompt': 'prompts/support.md' } });
  });
});

test('a key that only looks like the path of a subject is not a subject', () => {
  const head = { ...BASE, 'target.model': 'x', 'gate.max-rise': '5pp' };
  const { settings, deferred } = joinPolicyAndSubject(BASE, head);
  expect(settings).toEqual(BASE);
  expect(deferred.map(({ key }) => key)).toEqual(['"gate.max-rise"', '"target.model"']);
});

test('a base whose target is not a section is kept, and the schema refuses it', () => {
  const { settings } = joinPolicyAndSubject({ ...BASE, target: 'gpt' }, BASE);
  expect(settings).toEqual({ ...BASE, target: 'gpt' });
});

describe('without a configuration at the base', () => {
  test('only the subject comes from the head', () => {
    const { settings, deferred } = joinPolicyAndSubject({}, BASE);
    expect(settings).toEqual({
      target: {
        provider: 'openai',
        model: 'gpt-5-mini-2025-08-07',
        temperature: 1,
        'top-p': 1,
        'max-tokens': 1000,
      },
    });
    expect(deferred.map(({ key }) => key)).toEqual(
      [...listLeaves(BASE).keys()].filter((key) => !SUBJECT_KEYS.includes(key)).sort(),
    );
    expect(deferred.every(({ from }) => from === undefined)).toBe(true);
  });

  test('a provider that only the head declares cannot be used', () => {
    const head = {
      target: { model: 'm', provider: 'evil' },
      judge: { model: 'j' },
      providers: { evil: { 'base-url': 'https://evil.example.com/v1' } },
    };
    const { settings } = joinPolicyAndSubject({}, head);
    const { problems } = parseSettings(settings, [
      { key: 'judge.model', value: 'j', origin: 'input judge-model' },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['providers.evil']);
  });
});

const LEAVES = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const KEYS = fc.constantFrom(
  'target',
  'judge',
  'gate',
  'model',
  'provider',
  'top-p',
  'max-rise',
  'x',
);

/** Trees of settings whose keys partly match. */
const TREES = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.dictionary(
    KEYS,
    fc.oneof({ maxDepth: 3 }, LEAVES, fc.array(LEAVES, { maxLength: 2 }), tie('tree')),
    { noNullPrototype: true, maxKeys: 4 },
  ),
})).tree;

test('property: the joined settings differ from the base in subject keys only', () => {
  fc.assert(
    fc.property(TREES, TREES, (base, head) => {
      const before = listLeaves(base);
      const after = listLeaves(joinPolicyAndSubject(base, head).settings);
      const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
        (key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)),
      );
      const allowed = new Set([
        ...SUBJECT_KEYS,
        // An empty section of the base may become one that contains a subject.
        ...(before.get('target') === null ? ['target'] : []),
        ...[...before.keys()].filter((key) =>
          SUBJECT_KEYS.some((subject) => key.startsWith(`${subject}.`)),
        ),
      ]);
      expect(differing.filter((key) => !allowed.has(key))).toEqual([]);
    }),
    { numRuns: draws(2000) },
  );
});

test('property: every policy leaf of the head that differs is listed, and no subject is', () => {
  fc.assert(
    fc.property(TREES, TREES, (base, head) => {
      const listed = joinPolicyAndSubject(base, head).deferred.map(({ key }) => key);
      const before = listLeaves(base);
      const differing = [...listLeaves(head)]
        .filter(([key, value]) => JSON.stringify(before.get(key)) !== JSON.stringify(value))
        .map(([key]) => key);
      for (const key of differing) {
        expect(listed.includes(key)).toBe(!SUBJECT_KEYS.includes(key));
      }
    }),
    { numRuns: draws(2000) },
  );
});

test('property: a head equal to the base changes nothing', () => {
  fc.assert(
    fc.property(TREES, (tree) => {
      expect(joinPolicyAndSubject(tree, tree).deferred).toEqual([]);
    }),
  );
});
