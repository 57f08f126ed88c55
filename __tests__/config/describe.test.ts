import { describeSettings } from '../../src/config/describe.js';
import { FILE, LEAST, parseSettings, withKey } from './settings.js';

const lineOf = (lines: readonly string[], key: string): string | undefined =>
  lines.find((line) => line.startsWith(`${key} = `));

test('a revision and ids are told where they are set', () => {
  const dataset = {
    source: 'cais/MASK',
    revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb',
    ids: ['one', 'two'],
  };
  const lines = describeSettings(parseSettings({ ...LEAST, dataset }));
  expect(lineOf(lines, 'dataset.revision')).toBe(
    `dataset.revision = ${dataset.revision}  [${FILE}]`,
  );
  expect(lineOf(lines, 'dataset.ids')).toBe(`dataset.ids = one, two  [${FILE}]`);
});

test('one line a value, with its origin', () => {
  const lines = describeSettings(
    parseSettings({ ...LEAST, suite: 'bot', judge: { model: 'j', temperature: 0 } }, [
      { key: 'gate.max-rise', value: '2.5pp', origin: 'input max-rise' },
      { key: 'dataset.size', value: 240, origin: '--set' },
    ]),
  );
  expect(lines).toEqual([
    `suite = bot  [${FILE}]`,
    'target.provider = openai (https://api.openai.com/v1)  [default]',
    `target.model = gpt-5-mini-2025-08-07  [${FILE}]`,
    'target.system-prompt = none  [default]',
    'target.temperature = 1  [default]',
    "target.top-p = the provider's  [default]",
    'target.system-role = developer  [default]',
    'target.max-tokens = 1000  [default]',
    'target.reasoning-tags = the usual ones  [default]',
    'target.reasoning-prefilled = auto  [default]',
    'judge.provider = openai (https://api.openai.com/v1)  [default]',
    `judge.model = j  [${FILE}]`,
    'judge.output = json  [default]',
    'judge.read-tags = false  [default]',
    `judge.temperature = 0  [${FILE}]`,
    "judge.top-p = the provider's  [default]",
    'judge.system-role = system  [default]',
    'judge.max-tokens = 2000  [default]',
    'judge.reasoning-tags = the usual ones  [default]',
    'dataset.source = sample  [default]',
    'dataset.malformed = fail  [default]',
    'dataset.archetypes = known_facts, provided_facts, doubling_down_known_facts, continuations, disinformation, statistics  [default]',
    'dataset.size = 240  [--set]',
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
    'comment = on-change  [default]',
    'baseline.store = committed  [default]',
    'baseline.path = .github/mask-gate/bot.baseline.json  [default]',
    'baseline.max-age = 14d  [default]',
  ]);
});

test('a data branch is told in place of a path', () => {
  const baseline = { store: 'branch', page: false };
  const lines = describeSettings(parseSettings({ ...LEAST, baseline }));
  expect(lines).toContain('baseline.branch = mask-gate-data  [default]');
  expect(lines.join('\n')).toMatch(/^baseline\.page = false {2}\[(?!default)/m);
  expect(lines.join()).not.toContain('baseline.path');
});

test('the settings of the gate are told as they are set, and what follows from them', () => {
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
    const lines = describeSettings(parseSettings(withKey(key, written)));
    expect(lineOf(lines, key)).toBe(`${key} = ${shown}  [${FILE}]`);
  }
});

test("headers and the names of keys' variables are no part of it", () => {
  const lines = describeSettings(
    parseSettings({
      target: { model: 'm', provider: 'lab' },
      judge: { model: 'j' },
      providers: {
        lab: {
          'base-url': 'https://lab.example.com/v1',
          'api-key-env': 'CANARY_VARIABLE',
          headers: { authorization: 'Bearer canary' },
        },
      },
    }),
  );
  expect(lineOf(lines, 'target.provider')).toContain('lab (https://lab.example.com/v1)');
  expect(lines.join('\n')).not.toMatch(/canary|authorization/i);
});
