import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { runCommand } from '../src/commands/run.js';
import { parseConfig } from '../src/config/parse.js';
import { CONFIG_KEYS } from '../src/config/keys.js';
import { SETTINGS } from '../src/config/settings.js';
import { TOOL } from '../src/base/version.js';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('statements in two places agree', () => {
  test('mask-gate run has a flag for every input that is not for workflows only', () => {
    const flags = runCommand().options.map((option) => option.long);
    const inputs = SETTINGS.filter(({ only }) => only === undefined).map(({ name }) => `--${name}`);
    expect(flags).toEqual([
      ...inputs,
      '--set',
      '--baseline',
      '--base-transcripts',
      '--junit',
      '--json',
      '--quiet',
      '--verbose',
    ]);
  });

  test.each(SETTINGS.flatMap(({ name, sets }) => (sets === undefined ? [] : [[name, sets]])))(
    'the input %s sets a key that the configuration knows: %s',
    (_, key) => {
      const { problems } = parseConfig({ settings: {}, origin: '' }, [
        { key, value: {}, origin: '' },
      ]);
      expect(problems.map(({ where }) => where)).toContain(key);
      expect(problems.map(({ message }) => message).join()).not.toContain('unknown key');
    },
  );

  test.each(SETTINGS.flatMap(({ name, sets }) => (sets === undefined ? [name] : [])))(
    'the input %s is read by the Action',
    (name) => {
      const sources = [
        'src/action.ts',
        ...readdirSync('src/action', { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts'))
          .map((file) => path.join('src/action', file)),
      ];
      expect(sources.map(read).join('\n')).toContain(`'${name}'`);
    },
  );

  test('every key of the configuration has a description, and no two share an input', () => {
    expect(CONFIG_KEYS.filter(({ description }) => description === '')).toEqual([]);
    const names = CONFIG_KEYS.flatMap(({ input }) => input?.name ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(8);
  });

  test('records carry the version of the package', () => {
    const { name, version } = z
      .object({ name: z.string(), version: z.string() })
      .parse(JSON.parse(read('package.json')));
    expect(TOOL).toBe(`${name} ${version}`);
  });

  test('the README shows existing commands, and the two that a new user needs', () => {
    const readme = read('README.md');
    for (const command of [
      'demo',
      'run',
      'compare',
      'promote',
      'render',
      'trend',
      'simulate',
      'schema',
    ]) {
      expect(readme).toMatch(new RegExp(`^\\| \`${command}[ \`]`, 'm'));
    }
    expect(readme).toContain('node dist/cli/index.js demo');
    expect(readme).toContain('npm cit');
  });
});
