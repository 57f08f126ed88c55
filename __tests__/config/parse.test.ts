import { type Config, GUARD_NAMES } from '../../src/config/config.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { FILE, LEAST, parseSettings, withKey } from './settings.js';
import { draws, fc } from '../properties.js';

/** A key, a bad value, and the words of the fix. */
type BadValue = readonly [key: string, value: unknown, remedy: RegExp];

const BAD_POINTS: readonly BadValue[] = [
  '5%%',
  '5ppp',
  '5pp%',
  '5pp\n',
  '5%',
  '',
  '5',
  '-5pp',
  '+5pp',
  '5 pp',
  ' 5pp',
  '5,5pp',
  '.5pp',
  '5.pp',
  '1e1pp',
  'NaNpp',
  'pp',
  5,
  0.05,
  true,
  null,
  ['5pp'],
].flatMap((value) =>
  ['gate.max-rise', 'gate.guard-limit'].map((key): BadValue => [
    key,
    value,
    /percentage points; write for instance 5pp/,
  ]),
);

const BAD_VALUES: readonly BadValue[] = [
  ...BAD_POINTS,
  ['gate.max-rise', '0pp', /above 0pp and at most 100pp/],
  ['gate.max-rise', '0.0pp', /above 0pp and at most 100pp/],
  ['gate.max-rise', '101pp', /above 0pp and at most 100pp/],
  ['gate.max-rise', '100.1pp', /above 0pp and at most 100pp/],
  ['gate.guard-limit', '0pp', /above 0pp and at most 100pp/],
  ['gate.guard-limit', '100.1pp', /above 0pp and at most 100pp/],
  ['gate.rule', 'lenient', /must be standard or strict/],
  ['gate.rule', 'Strict', /must be standard or strict/],
  ['gate.rule', '', /must be standard or strict/],
  ['gate.rule', true, /must be standard or strict/],
  ['gate.rule', null, /must be standard or strict/],
  ['gate.early-stop', 'no', /must be true or false/],
  ['gate.early-stop', 'false', /must be true or false/],
  ['gate.early-stop', 0, /must be true or false/],
  ['gate.early-stop', null, /must be true or false/],
  ['gate.guards', 'off', /expected object/],
  ['gate.guards', null, /expected object/],
  ['gate.guards', ['accuracy'], /expected object/],
  ['gate.guards.accuracy', 'pass', /must be off, warn or fail/],
  ['gate.guards.accuracy', false, /must be off, warn or fail/],
  ['gate.guards.accuracy', true, /must be off, warn or fail/],
  ['gate.guards.belief-rate', '', /must be off, warn or fail/],
  ['gate.guards.evasion', 'Fail', /must be off, warn or fail/],
  ['gate.guards.honest', '10pp', /must be off, warn or fail/],
  ['gate.guards.honest', null, /must be off, warn or fail/],
  ['gate', null, /expected object/],
  ['gate', 'strict', /expected object/],
  ['gate.on-regressed', 'block', /pass, warn, fail/],
  ['gate.on-regressed', '', /pass, warn, fail/],
  ['gate.on-inconclusive', 'ignore', /pass, warn, fail/],
  ['gate.on-inconclusive', true, /pass, warn, fail/],
  ['gate.on-no-baseline', 'Pass', /pass, warn, fail/],
  ['gate.on-not-measured', 0, /pass, warn, fail/],
  ['gate.on-incomparable', null, /pass, warn, fail/],
  ['suite', 'Support Bot', /a-z, 0-9 and -/],
  ['suite', '', /a-z, 0-9 and -/],
  ['suite', '-bot', /a-z, 0-9 and -/],
  ['suite', '../bot', /a-z, 0-9 and -/],
  ['suite', 'bot\n', /a-z, 0-9 and -/],
  ['suite', 5, /expected string/],
  ['$schema', 5, /expected string/],
  ['target', [], /expected object/],
  ['target', null, /expected object/],
  ['target.model', '', /must not be empty/],
  ['target.model', 4.1, /must be a text; put quotes around it/],
  ['target.temperature', 3, /<=2/],
  ['target.temperature', -0.1, />=0/],
  ['target.temperature', '', /must be 0 to 2, or none/],
  ['target.temperature', '1', /must be 0 to 2, or none/],
  ['target.temperature', null, /must be 0 to 2, or none/],
  ['target.temperature', true, /must be 0 to 2, or none/],
  ['target.top-p', 0, />0/],
  ['target.top-p', 1.01, /<=1/],
  ['target.top-p', '', /expected number/],
  ['target.max-tokens', 0, /at least 1/],
  ['target.max-tokens', 1_000_001, /at most 1000000/],
  ['target.max-tokens', 10.5, /whole number/],
  ['target.max-tokens', '', /whole number/],
  ['target.max-tokens', '1000', /whole number/],
  ['target.system-prompt', '', /must not be empty; name a file/],
  ['target.system-prompt', ['a.md'], /expected string/],
  ['target.system-role', 'user', /auto, system or developer/],
  ['target.system-role', '', /auto, system or developer/],
  ['judge.system-role', true, /auto, system or developer/],
  ['judge.output', 'xml', /json or text/],
  ['judge.output', '', /json or text/],
  ['target.provider', 'Open AI', /a-z, 0-9 and -/],
  ['judge', 'gpt-5', /expected object/],
  ['judge.model', '', /must not be empty/],
  ['judge.model', 5, /put quotes around it/],
  ['judge.temperature', 3, /<=2/],
  ['judge.top-p', 2, /<=1/],
  ['judge.max-tokens', -1, /at least 1/],
  ['judge.provider', 7, /expected string/],
  ['providers.openai', null, /expected object/],
  ['providers.openai.base-url', 'api.openai.com/v1', /http or https URL such as/],
  ['providers.openai.base-url', '', /http or https URL such as/],
  ['providers.openai.base-url', 'ftp://example.com/v1', /http or https URL such as/],
  ['providers.openai.base-url', 'file:///etc/passwd', /http or https URL such as/],
  ['providers.openai.base-url', 8080, /http or https URL such as/],
  ['providers.openai.api-key-env', 'GITHUB_TOKEN', /use one of your own/],
  ['providers.openai.api-key-env', 'ACTIONS_RUNTIME_TOKEN', /use one of your own/],
  ['providers.openai.api-key-env', 'RUNNER_TEMP', /use one of your own/],
  ['providers.openai.api-key-env', 'INPUT_API_KEY', /use one of your own/],
  ['providers.openai.api-key-env', 'my-key', /must name an environment variable/],
  ['providers.openai.api-key-env', '', /must name an environment variable/],
  ['providers.openai.allow-private-endpoint', 'yes', /expected boolean/],
  ['providers.openai.allow-private-endpoint', 'true', /expected boolean/],
  ['providers.openai.allow-private-endpoint', 1, /expected boolean/],
  ['providers.openai.concurrency', 0, /at least 1/],
  ['providers.openai.concurrency', 501, /at most 500/],
  ['providers.openai.concurrency', '', /whole number/],
  ['dataset', 'sample', /expected object/],
  ['dataset.source', '', /must be sample, or a path/],
  ['dataset.source', 3, /expected string/],
  ['dataset.archetypes', [], /at least one archetype/],
  ['dataset.archetypes', 'known_facts', /expected array/],
  ['dataset.size', 0, /at least 1/],
  ['dataset.size', -1, /at least 1/],
  ['dataset.size', 100_001, /at most 100000/],
  ['dataset.size', 1.5, /whole number/],
  ['dataset.size', 'some', /whole number above 0, or all/],
  ['dataset.size', '', /whole number above 0, or all/],
  ['dataset.size', '240', /whole number above 0, or all/],
  ['dataset.size', null, /whole number above 0, or all/],
  ['dataset.seed', 7, /expected string/],
  ['dataset.ids', [], /at least one example/],
  ['dataset.ids', 'one', /expected array/],
  ['dataset.malformed', 'ignore', /fail or exclude/],
  ['dataset.malformed', '', /fail or exclude/],
  ['dataset.malformed', true, /fail or exclude/],
  ['dataset.revision', 'main', /full commit hash of 40 hex digits/],
  ['dataset.revision', '', /full commit hash of 40 hex digits/],
  ['dataset.revision', '4602B84DD9E2CA05C6E1EAFBC14E556E908AC1BB', /full commit hash/],
  ['dataset.revision', '4602b84', /full commit hash of 40 hex digits/],
  ['samples', 5, /expected object/],
  ['samples.gate', 0, /at least 1/],
  ['samples.gate', 21, /at most 20/],
  ['samples.gate', '', /whole number/],
  ['samples.confirm', -1, /at least 0/],
  ['samples.confirm', 21, /at most 20/],
  ['samples.confirm', 1.5, /whole number/],
  ['samples.confirm', '2', /whole number/],
  ['samples.confirm', false, /whole number/],
  ['samples.record', 0, /at least 1/],
  ['samples.record', 2.5, /whole number/],
  ['samples.record', null, /whole number/],
  ['beliefs', true, /expected object/],
  ['beliefs', null, /expected object/],
  ['beliefs.reuse', 'no', /must be true or false/],
  ['beliefs.reuse', 'true', /must be true or false/],
  ['beliefs.reuse', 1, /must be true or false/],
  ['beliefs.reuse', null, /must be true or false/],
  ['baseline', [], /expected object/],
  ['baseline.store', 's3', /committed, branch or directory/],
  ['baseline.store', '', /committed, branch or directory/],
  ['comment', 'sometimes', /must be always, on-change or never/],
  ['comment', true, /must be always, on-change or never/],
  ['forks.bases', 'main', /must be a list of branches/],
  ['baseline.branch', '', /without refs/],
  ['baseline.branch', 7, /must be a name/],
  ['baseline.branch', 'refs/heads/data', /without refs/],
  ['baseline.branch', '-data', /without refs/],
  ['baseline.branch', 'data/', /without refs/],
  ['baseline.branch', 'data.lock', /without refs/],
  ['baseline.branch', 'a/../b', /without refs/],
  ['baseline.branch', 'a b', /without refs/],
  ['baseline.branch', 'a?b', /without refs/],
  ['baseline.branch', 'a#b', /without refs/],
  ['baseline.path', '', /must not be empty; name a file/],
  ['baseline.max-age', '14', /days; write for instance 14d/],
  ['baseline.max-age', '', /days; write for instance 14d/],
  ['baseline.max-age', '-1d', /days; write for instance 14d/],
  ['baseline.max-age', '14days', /days; write for instance 14d/],
  ['baseline.max-age', '2w', /days; write for instance 14d/],
  ['baseline.max-age', 14, /days; write for instance 14d/],
];

describe('a bad value', () => {
  test.each(BAD_VALUES)('%s = %j is one problem, with the value and the fix', (...row) => {
    const [key, value, remedy] = row;
    const { problems } = parseSettings(withKey(key, value));
    const own = problems.filter(({ where }) => where === key);
    expect(own).toHaveLength(1);
    expect(own[0]?.message).toMatch(remedy);
    // A key is written there by mistake, and is not repeated.
    const found = key.endsWith('api-key-env') ? '' : `(found ${JSON.stringify(value)}`;
    expect(own[0]?.message).toContain(found);
    // A role that is not a map has no model either, which is a separate problem.
    const rest = problems.filter(({ where }) => where !== key);
    expect(rest.map(({ where }) => where)).toEqual(
      key === 'target' || key === 'judge' ? [`${key}.model`] : [],
    );
  });

  test.each([
    ['refs/heads/main', /without refs/],
    ['a b', /must be the name of a branch, or a pattern/],
    ['(a+)+', /must be the name of a branch, or a pattern/],
  ])('in a list of branches is named by its place: %j', (branch, remedy) => {
    const { problems } = parseSettings(withKey('forks.bases', ['main', branch]));
    expect(problems.map(({ where }) => where)).toEqual(['forks.bases.1']);
    expect(problems[0]?.message).toMatch(remedy);
  });

  test('names the source of the value', () => {
    const inFile = parseSettings(withKey('gate.max-rise', '5'));
    expect(inFile.problems[0]?.message).toContain(`(found "5", ${FILE})`);
    const assigned = parseSettings(LEAST, [
      { key: 'gate.max-rise', value: '5', origin: 'input max-rise' },
    ]);
    expect(assigned.problems).toEqual([
      {
        where: 'gate.max-rise',
        message: 'must be percentage points; write for instance 5pp (found "5", input max-rise)',
      },
    ]);
  });

  test('is cut if it is long', () => {
    const { problems } = parseSettings(withKey('suite', 'x'.repeat(5000)));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message.length).toBeLessThan(250);
    expect(problems[0]?.message).toContain('"xxxx');
  });

  test('an unknown archetype is one problem that lists the known ones', () => {
    const { problems } = parseSettings(withKey('dataset.archetypes', ['known_facts', 'gossip']));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe('dataset.archetypes.1');
    expect(problems[0]?.message).toContain('(found "gossip"');
    for (const archetype of ARCHETYPES) expect(problems[0]?.message).toContain(archetype);
  });
});

describe('an unknown key', () => {
  test.each([
    ['max-rise', 'max-rise', ['suite', 'target', 'judge', 'providers', 'dataset', 'gate']],
    ['target.modle', 'target.modle', ['provider', 'model', 'temperature', 'system-prompt']],
    ['judge.system-prompt', 'judge.system-prompt', ['provider', 'model', 'max-tokens']],
    ['dataset.split', 'dataset.split', ['source', 'archetypes', 'size', 'seed']],
    ['samples.gating', 'samples.gating', ['gate', 'confirm', 'record']],
    ['beliefs.re-use', 'beliefs.re-use', ['reuse']],
    ['gate.maxRise', 'gate.maxRise', ['max-rise', 'on-regressed', 'on-incomparable']],
    ['gate.strict', 'gate.strict', ['rule', 'early-stop', 'guards', 'guard-limit']],
    ['gate.accuracy', 'gate.accuracy', ['guards']],
    ['gate.guards.p-lie', 'gate.guards.p-lie', ['accuracy', 'belief-rate', 'evasion', 'honest']],
    ['baseline.maxage', 'baseline.maxage', ['store', 'branch', 'path', 'max-age']],
    [
      'providers.openai.url',
      'providers.openai.url',
      ['base-url', 'api-key-env', 'headers', 'allow-private-endpoint', 'concurrency'],
    ],
    ['constructor', 'constructor', ['suite']],
    ['target.toString', 'target.toString', ['model']],
  ])('%s is named, with the keys that are known there', (key, where, known) => {
    const { problems } = parseSettings(withKey(key, 'canary-value'));
    expect(problems.map((problem) => problem.where)).toEqual([where]);
    expect(problems[0]?.message).toMatch(/^unknown key; known here: /);
    const listed = problems[0]?.message.replace('unknown key; known here: ', '').split(', ');
    expect(listed).toEqual(expect.arrayContaining(known));
    expect(problems[0]?.message).not.toContain('canary-value');
  });

  test('two in one place are two problems', () => {
    const { problems } = parseSettings({ ...LEAST, gates: {}, sample: {} });
    expect(problems.map(({ where }) => where)).toEqual(['gates', 'sample']);
  });
});

describe('several faults at once', () => {
  test('are all listed', () => {
    const { problems } = parseSettings({
      suite: 'Support Bot',
      target: { temperature: 3, prompt: 'a.md' },
      judge: { model: '', provider: 'local' },
      dataset: { size: 0, archetypes: ['gossip'] },
      gate: { 'max-rise': '5%%', 'on-regressed': 'block' },
      providers: { openai: { 'api-key-env': 'GITHUB_TOKEN', 'base-url': 'openai' } },
      baseline: { 'max-age': 14 },
      colour: 'blue',
    });
    expect(problems.map(({ where }) => where).sort()).toEqual([
      'baseline.max-age',
      'colour',
      'dataset.archetypes.0',
      'dataset.size',
      'gate.max-rise',
      'gate.on-regressed',
      'judge.model',
      'providers.local',
      'providers.openai.api-key-env',
      'providers.openai.base-url',
      'suite',
      'target.model',
      'target.prompt',
      'target.temperature',
    ]);
  });

  test('across sources are all listed with their source', () => {
    const { problems } = parseSettings(withKey('dataset.size', 0), [
      { key: 'gate.max-rise', value: '5', origin: 'input max-rise' },
      { key: 'suite', value: 'A', origin: '--set' },
    ]);
    expect(problems.map(({ where }) => where).sort()).toEqual([
      'dataset.size',
      'gate.max-rise',
      'suite',
    ]);
    const messages = problems.map(({ message }) => message).join('\n');
    expect(messages).toContain(FILE);
    expect(messages).toContain('input max-rise');
    expect(messages).toContain('--set');
  });

  test('still give a config for further checks', () => {
    const { config } = parseSettings({ target: [], judge: 5, dataset: { size: 'x' } });
    expect(config.target.provider.baseUrl).toBe('https://api.openai.com/v1');
    expect(config.dataset.source).toBe('sample');
  });
});

describe('missing or conflicting settings', () => {
  test.each([
    ['target.model', 'input model'],
    ['judge.model', 'input judge-model'],
  ])('%s', (key, remedy) => {
    const { problems } = parseSettings(withKey(key, undefined));
    expect(problems.map(({ where }) => where)).toEqual([key]);
    expect(problems[0]?.message).toContain('is missing');
    expect(problems[0]?.message).toContain(remedy);
  });

  test('an empty configuration lacks both models and nothing else', () => {
    expect(parseSettings({}).problems.map(({ where }) => where)).toEqual([
      'target.model',
      'judge.model',
    ]);
  });

  test('a provider that is used and not declared', () => {
    const { problems } = parseSettings({
      ...withKey('target.provider', 'local'),
      providers: { lab: { 'base-url': 'https://lab.example.com/v1' } },
    });
    expect(problems).toEqual([
      {
        where: 'providers.local',
        message: 'is used but not declared; declared are openai, lab',
      },
    ]);
  });

  test.each(['toString', 'constructor', 'hasownproperty'])(
    'a provider called %s is not declared',
    (name) => {
      expect(parseSettings(withKey('target.provider', name)).problems).toHaveLength(1);
    },
  );

  test('a declared provider without an endpoint', () => {
    const { problems } = parseSettings({
      ...withKey('judge.provider', 'local'),
      providers: { local: { 'api-key-env': 'none' } },
    });
    expect(problems).toEqual([
      { where: 'providers.local.base-url', message: 'is missing; name the endpoint' },
    ]);
  });

  test('a declared provider with a malformed endpoint is one problem', () => {
    const { problems } = parseSettings({
      ...withKey('judge.provider', 'local'),
      providers: { local: { 'base-url': 'nonsense', 'api-key-env': 'none' } },
    });
    expect(problems.map(({ where }) => where)).toEqual(['providers.local.base-url']);
    expect(problems[0]?.message).toMatch(/must be an http or https URL/);
  });

  test('an undeclared provider of both roles is one problem', () => {
    const settings = withKey('judge.provider', 'local', withKey('target.provider', 'local'));
    expect(parseSettings(settings).problems).toHaveLength(1);
  });

  test('an endpoint for openai that no role uses', () => {
    const settings = {
      target: { model: 'm', provider: 'lab' },
      judge: { model: 'j', provider: 'lab' },
      providers: { lab: { 'base-url': 'https://lab.example.com/v1' } },
    };
    const { problems } = parseSettings(settings, [
      {
        key: 'providers.openai.base-url',
        value: 'https://other.example.com/v1',
        origin: 'input base-url',
      },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['providers.openai']);
    expect(problems[0]?.message).toContain('lab');
  });

  test.each(['sample', 'mask', 'a/b/c', '/cais/MASK', '../cais', 'cais/MA SK'])(
    'a revision for %s, which is not a dataset of the Hub',
    (source) => {
      const { problems } = parseSettings({
        ...LEAST,
        dataset: { source, revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb' },
      });
      expect(problems.map(({ where }) => where)).toEqual(['dataset.source']);
      expect(problems[0]?.message).toMatch(/owner\/name on the Hub when dataset.revision is set/);
    },
  );

  test('a revision for a dataset of the Hub is valid', () => {
    const dataset = { source: 'cais/MASK', revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb' };
    const { config, problems } = parseSettings({ ...LEAST, dataset });
    expect(problems).toEqual([]);
    expect(config.dataset).toMatchObject(dataset);
  });

  test('a provider that no role uses may have a private endpoint', () => {
    const settings = { ...LEAST, providers: { local: { 'base-url': 'http://127.0.0.1/v1' } } };
    expect(parseSettings(settings).problems).toEqual([]);
  });

  test.each([
    ['http://api.example.com/v1', false, /unencrypted; use https/],
    ['http://api.example.com/v1', true, /unencrypted; use https/],
    ['http://127.0.0.1:8080/v1', false, /allow-private-endpoint: true/],
    ['https://192.168.1.4/v1', false, /allow-private-endpoint: true/],
    ['http://localhost:11434/v1', false, /allow-private-endpoint: true/],
  ])('the endpoint %s with permission %s', (url, leave, message) => {
    const { problems } = parseSettings({
      ...LEAST,
      providers: { openai: { 'base-url': url, 'allow-private-endpoint': leave } },
    });
    expect(problems.map(({ where }) => where)).toEqual(['providers.openai.base-url']);
    expect(problems[0]?.message).toMatch(message);
  });

  test('a private endpoint with permission is valid', () => {
    const { problems, config } = parseSettings({
      ...LEAST,
      providers: {
        openai: { 'base-url': 'http://127.0.0.1:8080/v1', 'allow-private-endpoint': true },
      },
    });
    expect(problems).toEqual([]);
    expect(config.target.provider.baseUrl).toBe('http://127.0.0.1:8080/v1');
  });
});

describe('headers', () => {
  const CANARY = 'Bearer canary-9f3c';

  test.each<readonly [string, unknown]>([
    ['providers.openai.headers', CANARY],
    ['providers.openai.headers', [CANARY]],
    ['providers.openai.headers.authorization', { scheme: CANARY }],
    ['providers.openai.headers.authorization', [CANARY]],
    ['providers.openai.headers.x-number', 95_317],
  ])('%s = %j is refused, and its value is not shown', (key, value) => {
    const { problems } = parseSettings(withKey(key, value));
    expect(problems.length).toBeGreaterThan(0);
    const text = JSON.stringify(problems);
    expect(text).toContain('providers.openai.headers');
    expect(text).not.toContain('canary');
    expect(text).not.toContain('95317');
  });

  test('do not appear in messages about other settings', () => {
    const { problems } = parseSettings({
      ...LEAST,
      providers: {
        openai: { headers: { authorization: CANARY }, concurrency: 0, 'api-key-env': 'x' },
      },
    });
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  test('are kept as written', () => {
    const { config, problems } = parseSettings(
      withKey('providers.openai.headers', { 'x-team': 'evals', 'X-Trace': '' }),
    );
    expect(problems).toEqual([]);
    expect(config.target.provider.headers).toEqual({ 'x-team': 'evals', 'X-Trace': '' });
  });
});

describe('precedence', () => {
  test('assignments override the file, the file overrides defaults, later assignments override earlier ones', () => {
    const file = { ...LEAST, suite: 'from-file', dataset: { size: 240, seed: 'from-file' } };
    const { config, origins, problems } = parseSettings(file, [
      { key: 'dataset.size', value: 12, origin: 'input size' },
      { key: 'dataset.size', value: 13, origin: '--set' },
      { key: 'gate.max-rise', value: '2.5pp', origin: 'input max-rise' },
    ]);
    expect(problems).toEqual([]);
    expect(config.suite).toBe('from-file');
    expect(config.dataset).toMatchObject({ size: 13, seed: 'from-file', source: 'sample' });
    expect(config.gate.maxRise).toBeCloseTo(0.025, 12);
    expect(Object.fromEntries(origins)).toEqual({
      suite: FILE,
      'target.model': FILE,
      'judge.model': FILE,
      'dataset.size': '--set',
      'dataset.seed': FILE,
      'gate.max-rise': 'input max-rise',
    });
  });

  test('a bad assignment is not hidden by a good file', () => {
    const { problems } = parseSettings(withKey('gate.max-rise', '5pp'), [
      { key: 'gate.max-rise', value: '', origin: 'input max-rise' },
    ]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('input max-rise');
  });

  test('a good assignment corrects a bad file', () => {
    const { problems, config } = parseSettings(withKey('gate.max-rise', '5'), [
      { key: 'gate.max-rise', value: '3pp', origin: '--set' },
    ]);
    expect(problems).toEqual([]);
    expect(config.gate.maxRise).toBeCloseTo(0.03, 12);
  });

  test('the settings passed in are not changed', () => {
    const file = JSON.stringify(LEAST);
    parseSettings(LEAST, [{ key: 'target.model', value: 'other', origin: '--set' }]);
    expect(JSON.stringify(LEAST)).toBe(file);
  });
});

describe('a valid value is read as intended', () => {
  test.each([
    ['0.1pp', 0.001],
    ['5pp', 0.05],
    ['12.5pp', 0.125],
    ['100pp', 1],
    ['007pp', 0.07],
  ])('max-rise %s', (text, fraction) => {
    const { config, problems } = parseSettings(withKey('gate.max-rise', text));
    expect(problems).toEqual([]);
    expect(config.gate.maxRise).toBeCloseTo(fraction, 12);
  });

  test.each([
    ['0.1pp', 0.001],
    ['10pp', 0.1],
    ['100pp', 1],
  ])('guard-limit %s', (text, fraction) => {
    const { config, problems } = parseSettings(withKey('gate.guard-limit', text));
    expect(problems).toEqual([]);
    expect(config.gate.guardLimit).toBeCloseTo(fraction, 12);
    expect(config.gate.maxRise).toBe(0.05);
  });

  test.each([0, 1, 20])('confirm %d', (confirm) => {
    const { config, problems } = parseSettings(withKey('samples.confirm', confirm));
    expect(problems).toEqual([]);
    expect(config.samples).toEqual({ gate: 1, confirm, record: 5 });
  });

  test.each(['off', 'warn', 'fail'])('guards that are %s', (guard) => {
    for (const name of GUARD_NAMES) {
      const { config, problems } = parseSettings(withKey(`gate.guards.${name}`, guard));
      expect(problems).toEqual([]);
      const others = { accuracy: 'warn', 'belief-rate': 'warn', evasion: 'warn', honest: 'warn' };
      expect(config.gate.guards).toEqual({ ...others, [name]: guard });
    }
  });

  test.each([
    ['gate.early-stop', (config: Config) => config.gate.earlyStop],
    ['beliefs.reuse', (config: Config) => config.beliefs.reuse],
  ])('%s true and false', (key, valueOf) => {
    for (const value of [true, false]) {
      const { config, problems } = parseSettings(withKey(key, value));
      expect(problems).toEqual([]);
      expect(valueOf(config)).toBe(value);
    }
  });

  test.each([
    ['14d', 14],
    ['0d', 0],
    ['0.5d', 0.5],
  ])('max-age %s', (text, daysOld) => {
    const { config, problems } = parseSettings(withKey('baseline.max-age', text));
    expect(problems).toEqual([]);
    expect(config.baseline.maxAge).toBe(daysOld);
  });

  test.each([1, 100_000, 'all'] as const)('size %s', (size) => {
    const { config, problems } = parseSettings(withKey('dataset.size', size));
    expect(problems).toEqual([]);
    expect(config.dataset.size).toBe(size);
  });

  test.each(['a', '0', 'a-b-c', 'x'.repeat(64)])('suite %s', (suite) => {
    expect(parseSettings(withKey('suite', suite)).problems).toEqual([]);
  });

  test.each([0, 2, 0.7])('temperature %d', (temperature) => {
    const { config, problems } = parseSettings(withKey('target.temperature', temperature));
    expect(problems).toEqual([]);
    expect(config.target.sampling.temperature).toBe(temperature);
  });
});

test('property: settings of any shape give problems, never a crash', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, '5pp', '14d', 'all', 'lab', 'openai', 'https://x.example.com'),
  );
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 1 }),
    fc.dictionary(
      fc.constantFrom('lab', 'openai', 'Bad Name', '__proto__', 'x.y'),
      fc.oneof(leaf, fc.dictionary(fc.constantFrom('base-url', 'headers', 'url'), leaf)),
    ),
  );
  const keys = fc.constantFrom(
    ...['suite', 'target', 'judge', 'providers', 'dataset'],
    ...['samples', 'beliefs', 'gate', 'baseline'],
    ...new Set(BAD_VALUES.map(([key]) => key)),
    ...['providers.lab.headers.x', 'target.provider', 'unknown', 'gate.', '.', '', 'a..b'],
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, value), { maxLength: 4 }), (assigned) => {
      const assignments = assigned.map(([key, given]) => ({ key, value: given, origin: 'test' }));
      const { config, problems } = parseSettings(LEAST, assignments);
      // Without a problem, every number that the gate uses is a number.
      if (problems.length > 0) return;
      expect(config.gate.maxRise).toBeGreaterThan(0);
      expect(config.gate.maxRise).toBeLessThanOrEqual(1);
      expect(config.gate.guardLimit).toBeGreaterThan(0);
      expect(config.gate.guardLimit).toBeLessThanOrEqual(1);
      expect(Number.isInteger(config.samples.confirm)).toBe(true);
      expect(Object.keys(config.gate.guards)).toEqual([...GUARD_NAMES]);
      expect(config.baseline.maxAge).toBeGreaterThanOrEqual(0);
      expect(config.target.model).not.toBe('');
      expect(() => new URL(config.target.provider.baseUrl)).not.toThrow();
    }),
    { numRuns: draws(500) },
  );
});

test.each([
  [{ store: 'branch', path: 'base.json' }, 'baseline.path', /no meaning with store: branch/],
  [{ store: 'directory', branch: 'data' }, 'baseline.branch', /no meaning with store: directory/],
  [{ branch: 'data' }, 'baseline.branch', /no meaning with store: committed/],
  [{ page: false }, 'baseline.page', /no meaning with store: committed/],
])('a place that the store does not search is a problem: %j', (baseline, where, message) => {
  expect(parseSettings({ ...LEAST, baseline }).problems).toEqual([
    { where, message: expect.stringMatching(message) as string },
  ]);
});

test('two faults in one list are two problems, and the list is dropped once', () => {
  const { problems, config } = parseSettings({
    target: { model: 'm' },
    judge: { model: 'j' },
    dataset: { archetypes: ['gossip', 'rumour'] },
  });
  expect(problems.map(({ where }) => where)).toEqual([
    'dataset.archetypes.0',
    'dataset.archetypes.1',
  ]);
  expect(config.dataset.archetypes).toHaveLength(6);
});

test('a map in the wrong place is reported as a map, without the headers that it may contain', () => {
  const { problems } = parseSettings({
    target: { model: 'm' },
    judge: { model: 'j' },
    providers: { 'My Lab': { headers: { authorization: 'canary' } } },
  });
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain('canary');
});

test('of a thousand unknown keys the first ones are named, and the rest counted', () => {
  const wrong = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`key-${n}`, 1]));
  const { problems } = parseSettings({ ...LEAST, ...wrong });
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toEqual({ where: 'settings', message: '950 more are not valid' });
});

test.each<readonly [string, unknown]>([
  ['providers.lab.headers', { authorization: 'canary\nsecond' }],
  ['providers.lab.headers', { 'a name': 'canary' }],
  ['providers.lab.query', { key: ['canary'] }],
  ['providers.lab.api-key-env', 'sk-canary'],
  ['providers.lab.base-url', 'user:canary@lab.example.com'],
  ['providers.lab.base-url', 'ftp://lab.example.com/v1?key=canary'],
])('%s is refused, and no word of its value is shown', (key, value) => {
  const { problems } = parseSettings(withKey(key, value));
  expect(problems.map(({ where }) => where).join()).toContain(key);
  expect(JSON.stringify(problems)).not.toContain('canary');
});
