import { assignFlags, assignInputs } from '../../src/config/assignments.js';
import { configFileSchema } from '../../src/config/schema.js';
import { SETTINGS } from '../../src/config/settings.js';
import { LEAST, parseSettings } from './settings.js';

const label = (name: string): string => `input ${name}`;

describe('inputs', () => {
  test('set their keys, in any order', () => {
    const { assignments, problems } = assignInputs(
      {
        'max-rise': '5pp',
        size: '240',
        dataset: 'evals/private.csv',
        'base-url': 'https://lab.example.com/v1',
        'judge-model': 'j',
        'system-prompt': 'prompts/a.md',
        model: 'm',
        suite: 'bot',
      },
      label,
    );
    expect(problems).toEqual([]);
    expect(Object.fromEntries(assignments.map(({ key, value }) => [key, value]))).toEqual({
      suite: 'bot',
      'target.model': 'm',
      'target.system-prompt': 'prompts/a.md',
      'judge.model': 'j',
      'providers.openai.base-url': 'https://lab.example.com/v1',
      'dataset.source': 'evals/private.csv',
      'dataset.size': 240,
      'gate.max-rise': '5pp',
    });
    for (const { origin } of assignments) expect(origin).toMatch(/^input [a-z-]+$/);
  });

  test.each([{}, { model: undefined }])('that are not given are absent: %j', (values) => {
    expect(assignInputs(values, label)).toEqual({ assignments: [], problems: [] });
  });

  test('that are given but empty are problems, not defaults', () => {
    const { assignments, problems } = assignInputs({ 'max-rise': '', size: ' ' }, label);
    expect(assignments).toEqual([]);
    expect(problems.map(({ where }) => where)).toEqual(['input size', 'input max-rise']);
  });

  test('that belong to no key are ignored', () => {
    const values = { 'api-key': 'canary', mode: 'gate', output: 'out', config: 'x', nonsense: 'y' };
    expect(assignInputs(values, label)).toEqual({ assignments: [], problems: [] });
  });

  test.each(['0', '1', '240', '007'])('a size of %j is a number', (size) => {
    const { assignments, problems } = assignInputs({ size }, label);
    expect(problems).toEqual([]);
    expect(assignments).toEqual([
      { key: 'dataset.size', value: Number(size), origin: 'input size' },
    ]);
  });

  test.each([
    'some',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    ' 5',
    '5 ',
    '٣',
    'NaN',
    'Infinity',
    '+5',
    '5,000',
  ])('a size of %j is one problem', (size) => {
    const { assignments, problems } = assignInputs({ size }, label);
    const parsed = parseSettings(LEAST, assignments);
    expect([...problems, ...parsed.problems]).toEqual([
      {
        where: 'dataset.size',
        message: `must be a whole number above 0, or all (found ${JSON.stringify(size)}, input size)`,
      },
    ]);
  });

  test('a size of all is all', () => {
    const { assignments } = assignInputs({ size: 'all' }, label);
    const { config, problems } = parseSettings(LEAST, assignments);
    expect([config.dataset.size, problems]).toEqual(['all', []]);
  });

  test('a text that looks like a number stays a text', () => {
    const { assignments } = assignInputs({ model: '4', 'max-rise': '5', suite: '1' }, label);
    expect(assignments.map(({ value }) => value)).toEqual(['1', '4', '5']);
  });

  test('are named by the label of their source', () => {
    const { assignments } = assignInputs({ model: 'm' }, (name) => `--${name}`);
    expect(assignments[0]?.origin).toBe('--model');
  });

  const SAMPLES: Readonly<Record<string, string>> = {
    'providers.openai.base-url': 'https://x.example.com',
    comment: 'always',
  };

  test('set only keys that the schema knows', () => {
    for (const { sets, kind } of SETTINGS) {
      if (sets === undefined) continue;
      const text = SAMPLES[sets] ?? '5pp';
      const value = { number: 30, boolean: true, text }[kind];
      const { problems } = parseSettings(LEAST, [{ key: sets, value, origin: 'test' }]);
      expect({ sets, problems }).toEqual({ sets, problems: [] });
    }
  });
});

describe('--set', () => {
  test.each<readonly [string, string, unknown]>([
    ['gate.max-rise=5pp', 'gate.max-rise', '5pp'],
    ['dataset.size=240', 'dataset.size', 240],
    ['dataset.size=all', 'dataset.size', 'all'],
    ['target.temperature=0.5', 'target.temperature', 0.5],
    ['target.model="4"', 'target.model', '4'],
    [
      'dataset.archetypes=[known_facts, statistics]',
      'dataset.archetypes',
      ['known_facts', 'statistics'],
    ],
    [
      'providers.lab={base-url: https://x.example.com}',
      'providers.lab',
      { 'base-url': 'https://x.example.com' },
    ],
    [
      'providers.openai.allow-private-endpoint=true',
      'providers.openai.allow-private-endpoint',
      true,
    ],
    ['gate.early-stop=false', 'gate.early-stop', false],
    ['gate.guards.honest=off', 'gate.guards.honest', 'off'],
    ['gate.guards={evasion: fail}', 'gate.guards', { evasion: 'fail' }],
    ['samples.confirm=0', 'samples.confirm', 0],
    ['target.model=a=b', 'target.model', 'a=b'],
    ['$schema=x', '$schema', 'x'],
    ['suite=', 'suite', null],
    ['suite=""', 'suite', ''],
    ['target.model=a\nb', 'target.model', 'a b'],
  ])('%j', (flag, key, value) => {
    expect(assignFlags([flag])).toEqual({
      assignments: [{ key, value, origin: '--set' }],
      problems: [],
    });
  });

  test.each(['gate.max-rise', '=5pp', '', 'gate max-rise=5pp', 'gate.max-rise: 5pp', ' a=1'])(
    '%j is not key=value',
    (flag) => {
      expect(assignFlags([flag])).toEqual({
        assignments: [],
        problems: [
          {
            where: '--set',
            message: `must be key=value, such as gate.max-rise=5pp (found "${flag}")`,
          },
        ],
      });
    },
  );

  test.each(['suite=[a', 'suite="a', 'suite=a: b: c', 'suite=*a', 'suite={a: 1, a: 2}'])(
    '%j has a value that is not valid YAML',
    (flag) => {
      const { assignments, problems } = assignFlags([flag]);
      expect(assignments).toEqual([]);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.where).toBe('--set suite');
      expect(problems[0]?.message).toContain('not valid YAML');
    },
  );

  test('all of them are read, and all problems are reported', () => {
    const { assignments, problems } = assignFlags(['a', 'suite=x', 'b', 'suite=y']);
    expect(assignments.map(({ value }) => value)).toEqual(['x', 'y']);
    expect(problems).toHaveLength(2);
  });

  test('an empty value is an error of the key, never its default', () => {
    const { problems } = parseSettings(LEAST, assignFlags(['dataset.size=']).assignments);
    expect(problems.map(({ where }) => where)).toEqual(['dataset.size']);
  });
});

test('the keys of SETTINGS that name sections of the file exist there', () => {
  const sections = Object.keys(configFileSchema.shape);
  for (const { sets } of SETTINGS) {
    if (sets !== undefined) expect(sections).toContain(sets.split('.')[0]);
  }
});
