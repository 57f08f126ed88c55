import { renderComment, renderReport } from '../../src/report/comment/comment.js';
import { code, withoutCommands } from '../../src/base/sanitise.js';
import { commandsIn, dangersIn, parseMarkdown, shapeOf } from '../report/github-markdown.js';
import { HOSTILE } from '../report/hostile.js';
import { reportWithMany, reportsWith, trendWith } from '../report/hostile-reports.js';
import { draws, fc } from '../properties.js';

/** Attacks, parts of attacks, and joints that may combine them into something new. */
const HOSTILE_TEXTS = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...HOSTILE.filter(({ length }) => length < 200)) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          ...[
            '`',
            '``',
            '```',
            '~~~',
            '|',
            '\\',
            '\n',
            '\n\n',
            '\r',
            '\t',
            ' ',
            '    ',
            '@',
            '#',
            '1',
          ],
          ...[
            '$',
            '$$',
            '<',
            '>',
            '</',
            '<!--',
            '-->',
            '[',
            ']',
            '](',
            ']:',
            '!',
            '^',
            ':',
            '::',
            '##',
          ],
          ...[
            '&',
            ';',
            '&#',
            '*',
            '_',
            '~~',
            '-',
            '+',
            '=',
            'http://',
            'www.',
            'x',
            '\u200b',
            '\ufe0f',
          ],
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** The places where a report puts foreign text. */
const PLACES: readonly ((made: string) => string)[] = [
  (made) => made,
  (made) => `Words ${made}, words (${made}).`,
  (made) => `- ${made}: ${made} at the baseline`,
  (made) => `| | example |\n| :-- | --: |\n| ▲ | ${made} |\n| ${made} | 0.0 % |`,
  (made) => `<details><summary>Words</summary>\n\n${made}, ${made}\n\n</details>`,
  (made) => `<sub>Words ${made}</sub>`,
];

const RUNS = 2000;

describe('foreign text as code, as GitHub reads it', () => {
  const everywhere = (made: string): string => PLACES.map((place) => place(made)).join('\n\n');
  const plain = shapeOf(parseMarkdown(everywhere('`plain`')));

  const expectHarmless = (text: string): void => {
    const made = code(text);
    // An empty text is replaced by words, which are not code.
    if (made === '(empty)') return;
    const tree = parseMarkdown(everywhere(made));
    expect(shapeOf(tree)).toBe(plain);
    expect(dangersIn(everywhere(made), tree)).toEqual([]);
  };

  test.each(HOSTILE.map((text, index) => [index, text]))('attack %i', (_, text) => {
    expectHarmless(text);
  });

  test(`property: ${RUNS} generated texts in every place of a report`, () => {
    fc.assert(fc.property(HOSTILE_TEXTS, expectHarmless), { numRuns: draws(RUNS) });
  });
});

test.each([
  ['mention', '@octocat'],
  ['reference', 'org/repo#1'],
  ['reference by GH-', 'GH-1'],
  ['commit', 'deadbeef'],
  ['closing keyword', 'Closes org/repo#12'],
  ['emoji', 'a :shipit: b'],
  ['formula', 'a $x^2$ b'],
  ['formula around code', '$`x`$'],
  ['link', 'www.evil.example.com'],
  ['link', 'someone@evil.example.com'],
  ['link', '<https://evil.example.com>'],
  ['image', '![x](https://evil.example.com/p.png)'],
  ['definition', '[x]: https://evil.example.com'],
  ['footnoteReference', 'a[^1]\n\n[^1]: b'],
  ['html', '<img src=x>'],
  ['html', 'a <b>b</b>'],
  ['fence', '```js\nx\n```'],
  ['marker', 'a\n<!-- mask-gate:default -->'],
  ['hidden character', 'a\u202eb'],
  ['control', 'a\u001b[31m'],
  ['command', ' ::error::x'],
  ['command', 'a ##vso[task.x]'],
])('the check finds a %s in text that is not made harmless', (danger, text) => {
  const found = dangersIn(text).filter((one) => one.startsWith(danger));
  expect(found).not.toEqual([]);
});

describe('whole reports, as GitHub reads them', () => {
  const plain = reportsWith('plain').map((input) => shapeOf(parseMarkdown(renderComment(input))));

  test.each(HOSTILE.map((text, index) => [index, text]))('attack %i', (index, text) => {
    // Each attack in one of the reports; untrusted.test.ts has all in all.
    const kind = index % plain.length;
    const comments = reportsWith(text).map((input) => renderComment(input));
    const comment = comments[kind] ?? '';
    const tree = parseMarkdown(comment);
    expect(dangersIn(comment, tree)).toEqual([]);
    if (code(text) !== '(empty)') expect(shapeOf(tree)).toBe(plain[kind]);
  });

  test('property: forty texts at a time as ids, next to others as models, settings and problems', () => {
    const texts = fc.array(HOSTILE_TEXTS, { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(texts, (list) => {
        const input = reportWithMany(list);
        expect(dangersIn(renderComment(input))).toEqual([]);
        expect(commandsIn(withoutCommands(renderReport(input)))).toEqual([]);
      }),
      { numRuns: draws(20) },
    );
  });
});

test('property: the chart of the trend takes hostile names of suites and tags', () => {
  fc.assert(
    fc.property(HOSTILE_TEXTS, (text) => {
      expect(dangersIn(trendWith(text))).toEqual([]);
    }),
    { numRuns: draws(500) },
  );
});

describe('withoutCommands', () => {
  test('property: no line of any text remains a command', () => {
    fc.assert(
      fc.property(HOSTILE_TEXTS, (text) => {
        expect(commandsIn(withoutCommands(text))).toEqual([]);
      }),
      { numRuns: draws(RUNS) },
    );
  });

  test.each([
    ['::error::x', ': :error::x'],
    ['a\n  ::add-mask::x', 'a\n  : :add-mask::x'],
    ['a ##[group]b', 'a ## [group]b'],
    ['##vso[task.x]', '## vso[task.x]'],
    ['std::vector and ## heading', 'std::vector and ## heading'],
  ])('row %#', (text, made) => {
    expect(withoutCommands(text)).toBe(made);
  });
});
