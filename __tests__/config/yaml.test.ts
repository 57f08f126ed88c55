import { parseYaml } from '../../src/config/yaml.js';

const NAME = '.github/mask-gate.yml';

describe('a sound file', () => {
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
    expect(message).toMatch(/^is no valid YAML, line \d+ \([A-Z_]+\)$/);
    expect(JSON.stringify(parsed)).not.toContain('canary');
  });
});

test.each(['- canary\n- b\n', 'canary', '42', 'true', '"canary"'])(
  'YAML that is no map is refused: %j',
  (text) => {
    expect(parseYaml(text, NAME)).toEqual({
      problem: {
        where: NAME,
        message: 'must hold settings such as `suite: my-bot`, not a list, a text or broken aliases',
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

test('an alias without its anchor is a problem that quotes nothing', () => {
  const parsed = parseYaml('target:\n  model: *canary\n', NAME);
  expect(parsed).toHaveProperty('problem');
  expect(JSON.stringify(parsed)).not.toContain('canary');
});

test('keys that name parts of every object stay plain keys', () => {
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
