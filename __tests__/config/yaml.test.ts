import {
  MAX_YAML_ALIASES,
  MAX_YAML_DEPTH,
  MAX_YAML_KEYS,
  MAX_YAML_LENGTH,
  parseYaml,
  readYaml,
} from '../../src/config/yaml.js';

const NAME = '.github/mask-gate.yml';

describe('a valid file', () => {
  test.each<readonly [string, unknown]>([
    ['', {}],
    ['# only a comment\n', {}],
    ['---\n', {}],
    ['suite: bot\ngate: { max-rise: 5pp }\n', { suite: 'bot', gate: { 'max-rise': '5pp' } }],
    ['\ufeffsuite: bot\n', { suite: 'bot' }],
    ['suite: bot\r\njudge:\r\n  model: x\r\n', { suite: 'bot', judge: { model: 'x' } }],
    ['target:\n', { target: null }],
    ['a: &a x\nb: *a\n', { a: 'x', b: 'x' }],
    // YAML 1.1 would read these words as truth values.
    [
      'gate: { guards: { honest: off, evasion: on } }\n',
      { gate: { guards: { honest: 'off', evasion: 'on' } } },
    ],
    ['gate:\n  early-stop: false\n', { gate: { 'early-stop': false } }],
    ['a: yes\nb: 2026-01-01\nc: 007\n', { a: 'yes', b: '2026-01-01', c: 7 }],
  ])('%j', (text, settings) => {
    expect(parseYaml(text, NAME)).toEqual({ settings });
  });
});

describe('broken YAML names the file and the line, and quotes nothing', () => {
  test.each<readonly [string, string, number]>([
    ['a key twice', 'suite: canary\nsuite: canary-2\n', 2],
    ['a key twice further down', 'gate:\n  max-rise: 5pp\n  max-rise: canary\n', 3],
    ['a tab', 'suite: a\ntarget:\n\tmodel: canary\n', 3],
    ['an open quote', 'suite: "canary\n', 1],
    ['an open list', 'suite: [canary\n', 1],
    ['two documents', 'suite: canary\n---\nsuite: b\n', 2],
    ['a stray colon', 'suite: canary: b\n', 1],
    ['wrong indentation', 'target:\n   model: a\n  canary: b\n', 3],
  ])('%s', (_, text, line) => {
    const parsed = parseYaml(text, NAME);
    expect(parsed).toMatchObject({ problem: { where: NAME } });
    const message = 'problem' in parsed ? parsed.problem.message : '';
    expect(Number(/line (\d+)/.exec(message)?.[1])).toBeGreaterThanOrEqual(line);
    expect(message).toMatch(/^is not valid YAML, line \d+ \([A-Z_]+\)$/);
    expect(JSON.stringify(parsed)).not.toContain('canary');
  });
});

test.each(['- canary\n- b\n', 'canary', '42', 'true', '"canary"'])(
  'YAML that is not a map is refused: %j',
  (text) => {
    expect(parseYaml(text, NAME)).toEqual({
      problem: {
        where: NAME,
        message:
          'must contain settings such as `suite: my-bot`, not a list, a text or broken aliases',
      },
    });
  },
);

test('an alias bomb is not expanded', () => {
  const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const bomb = levels.map((name, index) => {
    const before = levels[index - 1];
    return `${name}: &${name} [${Array(9)
      .fill(before ? `*${before}` : 'x')
      .join(', ')}]`;
  });
  expect(parseYaml(bomb.join('\n'), NAME)).toEqual({
    problem: { where: NAME, message: expect.stringContaining('broken aliases') as unknown },
  });
});

test('an alias without its anchor is a problem, and the message quotes nothing', () => {
  const parsed = parseYaml('target:\n  model: *canary\n', NAME);
  expect(parsed).toHaveProperty('problem');
  expect(JSON.stringify(parsed)).not.toContain('canary');
});

test('keys with the names of built-in properties remain plain keys', () => {
  const parsed = parseYaml('__proto__: { polluted: 1 }\nconstructor: 2\n', NAME);
  expect(Object.hasOwn('settings' in parsed ? parsed.settings : {}, '__proto__')).toBe(true);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test.each(['target: &a\n  model: *a\n', 'x: &a [*a]\n', 'x: *unknown\n'])(
  'aliases that lead nowhere or back to themselves are a problem: %j',
  (text) => {
    expect(parseYaml(text, 'mask-gate.yml')).toHaveProperty('problem');
  },
);

describe('input that would take disproportionate time is refused at a bound', () => {
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
  const keys = (count: number): string =>
    numbers(count)
      .map((n) => `key${n}: 1\n`)
      .join('');
  const inParts = (count: number): string =>
    numbers(count / 2)
      .map((n) => `part${n}:\n  key: 1\n`)
      .join('');
  const aliases = (count: number): string => {
    const pairs = numbers(count).map((n) => `&a${n} 1, *a${n}`);
    return `list: [${pairs.join(', ')}]\n`;
  };
  const lists = (levels: number): string =>
    `a: ${'['.repeat(levels - 2)}1${']'.repeat(levels - 2)}\n`;
  const maps = (levels: number): string =>
    numbers(levels - 1)
      .map((n) => `${' '.repeat(n)}a:`)
      .join('\n') + ' 1\n';
  const padded = (length: number): string => 'a: 1 # '.padEnd(length, 'x');

  test.each([
    { name: 'keys', make: keys, bound: MAX_YAML_KEYS },
    { name: 'keys of many maps', make: inParts, bound: MAX_YAML_KEYS, step: 2 },
    { name: 'aliases', make: aliases, bound: MAX_YAML_ALIASES },
    { name: 'levels of lists', make: lists, bound: MAX_YAML_DEPTH },
    { name: 'levels of maps', make: maps, bound: MAX_YAML_DEPTH },
    { name: 'characters', make: padded, bound: MAX_YAML_LENGTH },
  ])('$name: $bound are read, and more are refused', ({ make, bound, step = 1 }) => {
    expect(parseYaml(make(bound), NAME)).toHaveProperty('settings');
    expect(parseYaml(make(bound + step), NAME)).toEqual({
      problem: {
        where: NAME,
        message: expect.stringMatching(/^(has more|is larger) than \d+/) as unknown,
      },
    });
  });

  test.each(['[', '{a: ', '- ', '? ', ': ', '"', '&a ', '!a ', '}\n', '*a,'])(
    'as many of %j as fit are parsed or refused, and nothing is thrown',
    (part) => {
      expect(parseYaml(part.repeat(5000), NAME)).toHaveProperty('problem');
    },
  );

  test.each([
    ['a number and its text', '1: a\n"1": b\n'],
    ['two spellings of one number', '0x10: a\n16: b\n'],
    ['nothing and an empty text', '~: a\n"": b\n'],
    ['two in a map of a list', 'a: [{ x: 1, x: 2 }]\n'],
    ['two in a key that is a map', '? { x: 1, x: 2 }\n: a\n'],
  ])('keys that settings could not tell apart: %s', (_, text) => {
    expect(parseYaml(text, NAME)).toMatchObject({
      problem: { message: expect.stringContaining('(DUPLICATE_KEY)') as unknown },
    });
  });

  test('the first duplicate key is the one that is named', () => {
    const text = 'a: 1\nb: { x: 1, x: 2 }\na: 2\n';
    expect(parseYaml(text, NAME)).toMatchObject({
      problem: { message: 'is not valid YAML, line 2 (DUPLICATE_KEY)' },
    });
  });

  test('values other than settings have the same bounds', () => {
    expect(readYaml('[1, 2]')).toEqual({ value: [1, 2] });
    expect(readYaml('')).toEqual({ value: null });
    expect(readYaml(`{${numbers(MAX_YAML_KEYS + 1).join(',')}}`)).toHaveProperty('fault');
  });
});
