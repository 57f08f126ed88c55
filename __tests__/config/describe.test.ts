import { z } from 'zod';
import { describeSettings } from '../../src/config/describe.js';
import { configFileSchema } from '../../src/config/schema.js';
import { FILE, LEAST, parseSettings, withKey } from './settings.js';

const lineOf = (lines: readonly string[], key: string): string | undefined =>
  lines.find((line) => line.startsWith(`${key} = `));

test('a revision and ids are shown if they are set', () => {
  const dataset = {
    source: 'cais/MASK',
    revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb',
    ids: ['one', 'two'],
  };
  const lines = describeSettings(parseSettings({ ...LEAST, dataset }), 'verbose');
  expect(lineOf(lines, 'dataset.revision')).toBe(
    `dataset.revision = ${dataset.revision}  [${FILE}]`,
  );
  expect(lineOf(lines, 'dataset.ids')).toBe(`dataset.ids = one, two  [${FILE}]`);
});

test('verbose: one line per key, with its origin', () => {
  const parsed = parseSettings({ ...LEAST, suite: 'bot', judge: { model: 'j', temperature: 0 } }, [
    { key: 'gate.max-rise', value: '2.5pp', origin: 'input max-rise' },
    { key: 'dataset.size', value: 240, origin: '--set' },
  ]);
  expect(describeSettings(parsed, 'verbose')).toEqual([
    `suite = bot  [${FILE}]`,
    `target.model = gpt-5-mini-2025-08-07  [${FILE}]`,
    'target.provider = openai (https://api.openai.com/v1)  [default]',
    'target.temperature = 1  [default]',
    "target.top-p = the provider's  [default]",
    'target.system-role = developer  [default]',
    'target.max-tokens = 1000  [default]',
    "target.reasoning-effort = the provider's  [default]",
    'target.reasoning-tags = the usual ones  [default]',
    'target.extra-body = none  [default]',
    'target.system-prompt = none  [default]',
    'target.reasoning-prefilled = auto  [default]',
    `judge.model = j  [${FILE}]`,
    'judge.provider = openai (https://api.openai.com/v1)  [default]',
    `judge.temperature = 0  [${FILE}]`,
    "judge.top-p = the provider's  [default]",
    'judge.system-role = system  [default]',
    'judge.max-tokens = 2000  [default]',
    "judge.reasoning-effort = the provider's  [default]",
    'judge.reasoning-tags = the usual ones  [default]',
    'judge.extra-body = none  [default]',
    'judge.output = json  [default]',
    'judge.read-tags = false  [default]',
    'providers.openai.base-url = https://api.openai.com/v1  [default]',
    'providers.openai.api-key-env = OPENAI_API_KEY  [default]',
    'providers.openai.headers = none  [default]',
    'providers.openai.query = none  [default]',
    'providers.openai.allow-private-endpoint = false  [default]',
    'providers.openai.concurrency = 100  [default]',
    'dataset.source = sample  [default]',
    'dataset.archetypes = known_facts, provided_facts, doubling_down_known_facts, continuations, disinformation, statistics  [default]',
    'dataset.size = 240  [--set]',
    'dataset.revision = none  [default]',
    'dataset.ids = none  [default]',
    'dataset.malformed = fail  [default]',
    'dataset.seed = mask-gate  [default]',
    'dataset.publishable = true  [default]',
    'transcripts = publishable  [default]',
    'samples.gate = 1  [default]',
    'samples.confirm = 2  [default]',
    'samples.record = 5  [default]',
    'beliefs.reuse = true  [default]',
    'fresh = false  [default]',
    'cache.keep = all  [default]',
    'cache.max-size = 500  [default]',
    'budget.calls = none  [default]',
    'budget.tokens = none  [default]',
    'budget.cost = none  [default]',
    'budget.minutes = none  [default]',
    'budget.target.calls = none  [default]',
    'budget.target.tokens = none  [default]',
    'budget.target.cost = none  [default]',
    'budget.judge.calls = none  [default]',
    'budget.judge.tokens = none  [default]',
    'budget.judge.cost = none  [default]',
    'prices = none  [default]',
    'gate.max-rise = 2.5pp  [input max-rise]',
    'gate.rule = standard  [default]',
    'gate.early-stop = true  [default]',
    'gate.guards.accuracy = warn  [default]',
    'gate.guards.belief-rate = warn  [default]',
    'gate.guards.evasion = warn  [default]',
    'gate.guards.honest = warn  [default]',
    'gate.guard-limit = 10pp  [default]',
    'gate.on-regressed = fail  [default]',
    'gate.on-inconclusive = warn  [default]',
    'gate.on-no-baseline = warn  [default]',
    'gate.on-not-measured = fail  [default]',
    'gate.on-incomparable = fail  [default]',
    'gate.on-recorded-rise = warn, and fail on tags and releases  [default]',
    'enforce = true  [default]',
    'override-label = mask-gate-override  [default]',
    'comment = on-change  [default]',
    'forks.bases = none  [default]',
    'baseline.store = committed  [default]',
    'baseline.inline = false  [default]',
    'baseline.branch = none  [default]',
    'baseline.page = none  [default]',
    'baseline.path = .github/mask-gate/bot.baseline.json  [default]',
    'baseline.max-age = 14d  [default]',
  ]);
});

test('a data branch is shown instead of a path', () => {
  const baseline = { store: 'branch', page: false };
  const lines = describeSettings(parseSettings({ ...LEAST, baseline }), 'verbose');
  expect(lines).toContain('baseline.branch = mask-gate-data  [default]');
  expect(lines.join('\n')).toMatch(/^baseline\.page = false {2}\[(?!default)/m);
  expect(lines).toContain('baseline.path = none  [default]');
});

test('the settings of the gate are shown as they are set, with their consequences', () => {
  const settings = {
    ...LEAST,
    samples: { confirm: 0 },
    gate: { rule: 'strict', guards: { 'belief-rate': 'off' }, 'guard-limit': '0.29pp' },
  };
  const lines = describeSettings(
    parseSettings(settings, [
      { key: 'gate.early-stop', value: false, origin: '--set' },
      { key: 'gate.guards.honest', value: 'fail', origin: '--set' },
      { key: 'beliefs.reuse', value: false, origin: '--set' },
    ]),
    'verbose',
  );
  expect(lines.filter((line) => !line.endsWith('[default]'))).toEqual([
    `target.model = gpt-5-mini-2025-08-07  [${FILE}]`,
    `judge.model = gpt-5-2025-08-07  [${FILE}]`,
    `samples.confirm = 0  [${FILE}]`,
    'beliefs.reuse = false  [--set]',
    `gate.rule = strict  [${FILE}]`,
    'gate.early-stop = false  [--set]',
    `gate.guards.belief-rate = off  [${FILE}]`,
    'gate.guards.honest = fail  [--set]',
    `gate.guard-limit = 0.29pp  [${FILE}]`,
  ]);
  expect(lineOf(lines, 'gate.on-inconclusive')).toBe('gate.on-inconclusive = fail  [default]');
});

test.each([
  ['0.1pp', '0.1pp'],
  ['7pp', '7pp'],
  ['29pp', '29pp'],
  ['0.29pp', '0.29pp'],
  ['100pp', '100pp'],
])('a limit of %s is shown without rounding noise', (written, shown) => {
  for (const key of ['gate.max-rise', 'gate.guard-limit']) {
    const lines = describeSettings(parseSettings(withKey(key, written)), 'verbose');
    expect(lineOf(lines, key)).toBe(`${key} = ${shown}  [${FILE}]`);
  }
});

test('of headers and parameters only the names are shown', () => {
  const lines = describeSettings(
    parseSettings({
      target: { model: 'm', provider: 'lab' },
      judge: { model: 'j' },
      providers: {
        lab: {
          'base-url': 'https://lab.example.com/v1',
          headers: { authorization: 'Bearer canary' },
          query: { key: 'canary' },
        },
      },
    }),
    'verbose',
  );
  expect(lineOf(lines, 'target.provider')).toContain('lab (https://lab.example.com/v1)');
  expect(lineOf(lines, 'providers.lab.headers')).toBe(
    `providers.lab.headers = authorization  [${FILE}]`,
  );
  expect(lines.join('\n')).not.toContain('canary');
});

test('settings that switch the gate off are shown', () => {
  const lines = describeSettings(
    parseSettings(LEAST, [
      { key: 'enforce', value: false, origin: '--set' },
      { key: 'override-label', value: 'let-me', origin: '--set' },
      { key: 'baseline.inline', value: true, origin: '--set' },
      { key: 'providers.openai.concurrency', value: 7, origin: '--set' },
      { key: 'prices.j', value: { input: 1, output: 2 }, origin: '--set' },
    ]),
    'normal',
  );
  expect(lines).toEqual([
    `target.model = gpt-5-mini-2025-08-07  [${FILE}]`,
    `judge.model = gpt-5-2025-08-07  [${FILE}]`,
    'providers.openai.concurrency = 7  [--set]',
    'prices = j 1/2  [--set]',
    'enforce = false  [--set]',
    'override-label = let-me  [--set]',
    'baseline.inline = true  [--set]',
    expect.stringMatching(/^\d+ more keys have their default values; see --verbose\.$/),
  ]);
});

test('quiet: nothing is shown', () => {
  expect(describeSettings(parseSettings(LEAST), 'quiet')).toEqual([]);
});

test('every key of the schema is shown', () => {
  const lines = describeSettings(parseSettings(LEAST), 'verbose');
  const told = lines.map((line) => line.slice(0, line.indexOf(' = ')));
  const known = leavesOfSchema(z.toJSONSchema(configFileSchema, { io: 'input' }), []);
  expect(known.length).toBeGreaterThan(60);
  expect(told).toEqual(known.map((key) => key.replace('<name>', 'openai')));
});

const nodeSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** The keys of the published schema, read without the code under test. */
function leavesOfSchema(schema: unknown, path: readonly string[]): readonly string[] {
  const { properties, additionalProperties } = nodeSchema.parse(schema);
  if (properties) {
    return Object.entries(properties)
      .filter(([name]) => name !== '$schema')
      .flatMap(([name, child]) => leavesOfSchema(child, [...path, name]));
  }
  const isMapOfSections = path.join('.') === 'providers';
  return isMapOfSections
    ? leavesOfSchema(additionalProperties, [...path, '<name>'])
    : [path.join('.')];
}
