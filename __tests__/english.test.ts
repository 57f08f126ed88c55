import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { HABITS } from '../scripts/english/habits.js';
import { type Piece, splitMarkdown, splitSource } from '../scripts/english/prose.js';

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => file.endsWith(ending) && !file.endsWith('.d.ts'));
}

/** Files that describe the habits themselves. */
const ABOUT_HABITS = ['scripts/english/habits.ts', '__tests__/english.test.ts'];

/**
 * Strings that are not checked: what simulated people say, the judge's prompts, whose words change with
 * `RUBRIC_VERSION` only, and the sentences of reports and pages.
 */
const STRINGS_ELSEWHERE = /^src\/(?:simulation|report|pages)\/|^src\/mask\/rubric\.ts$/;

/** What people read in a file of the repository. */
function read(file: string): readonly Piece[] {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.md')) return splitMarkdown(text);
  // Without any habit in all of it there is none in its parts, which take far longer to find.
  if (findHabits(text.replaceAll(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ')).length === 0) return [];
  const { comments, names, strings, titles } = splitSource({ file, text });
  // Most strings of a test are data or what the product says; its titles are its own.
  if (file.startsWith('__tests__')) return [...comments, ...names, ...titles];
  return [...comments, ...names, ...(STRINGS_ELSEWHERE.test(file) ? [] : strings)];
}

/** The habits in a text, by name, each with the words around it. */
function findHabits(text: string): readonly string[] {
  return HABITS.flatMap(({ name, pattern, plain }) => {
    const words = plain ? text.replaceAll(new RegExp(plain, `${plain.flags}g`), '…') : text;
    const found = pattern.exec(words);
    return found
      ? [`${name}: ${words.slice(Math.max(0, found.index - 40), found.index + 60)}`]
      : [];
  });
}

const FILES = [
  ...['src', '__tests__', 'scripts', 'bench'].flatMap((folder) => filesIn(folder, '.ts')),
  ...['docs', 'bench', 'data', 'examples'].flatMap((folder) => filesIn(folder, '.md')),
  'README.md',
  'CONTRIBUTING.md',
].filter((file) => !ABOUT_HABITS.includes(file) && file !== 'docs/gallery.md');

test('no file has a habit that tires readers', () => {
  expect(FILES.length).toBeGreaterThan(500);
  const found = FILES.flatMap((file) =>
    read(file).flatMap(({ line, text }) =>
      findHabits(text).map((habit) => `${file}:${line}: ${habit}`),
    ),
  );
  expect(found).toEqual([]);
});

describe('a planted sentence is found', () => {
  test.each([
    ['is no X', 'The value is no number.'],
    ['is no X', 'Rows that are no examples are left out.'],
    ['is no X', 'What can be no folder is refused.'],
    ['anew', 'Everything is measured anew.'],
    ['a rate with "a"', 'Two replies an example are enough.'],
    ['a rate with "a"', 'At most 60 calls a minute are sent.'],
    ['an unnamed actor', 'Nobody approved this run.'],
    ['an unnamed actor', 'Whoever opened the pull request is told.'],
    ['stands in', 'The path stands in the configuration.'],
    ['lies in', 'The prompt lies in another folder.'],
    ['a superlative as a limit', 'const MOST_ROWS = 20;'],
    ['a superlative as a limit', 'LONGEST_WAIT_MS'],
  ])('%s: %s', (name, sentence) => {
    expect(findHabits(sentence).map((found) => found.slice(0, name.length))).toEqual([name]);
  });

  test('in a comment over several lines, in a name, in a string, in a title', () => {
    const text = [
      '/**',
      ' * The value is',
      ' * no number.',
      ' */',
      'const MOST_ROWS = `${1} was written',
      'anew`;',
      '// Nobody',
      '// reads it.',
      "test.each([1])('it lies in a folder', () => undefined);",
    ].join('\n');
    const { comments, names, strings, titles } = splitSource({ file: 'planted.ts', text });
    const habits = (pieces: readonly Piece[]): readonly string[] =>
      pieces.flatMap((piece) => findHabits(piece.text).map((found) => found.split(':')[0] ?? ''));
    expect(habits(comments)).toEqual(['is no X', 'an unnamed actor']);
    expect(habits(names)).toEqual(['a superlative as a limit']);
    expect(habits(strings)).toEqual(['anew', 'lies in']);
    expect(habits(titles)).toEqual(['lies in']);
    expect(comments.map(({ line }) => line)).toEqual([1, 7]);
  });

  test('in a page, but not in its code', () => {
    const page =
      'A value\nis no number.\n\n`is no number`\n\n```\nis no number\n```\n\n- written anew\n';
    const found = splitMarkdown(page).flatMap(({ line, text }) => findHabits(text).map(() => line));
    expect(found).toEqual([1, 10]);
  });
});

test.each([
  'Lies rose by 5 points.',
  'There is no baseline.',
  'The model lies in this run and at the baseline.',
  'The run is no longer needed.',
  'The name stands for an endpoint.',
  'An example has two replies.',
])('a plain sentence is not found: %s', (sentence) => {
  expect(findHabits(sentence)).toEqual([]);
});
