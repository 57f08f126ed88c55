import { code, logLine, toLine } from '../../src/base/sanitise.js';
import { HOSTILE } from '../report/hostile.js';
import { draws, fc } from '../properties.js';

/** Controls, soft hyphen, zero-width and bidirectional marks, line separators, tags, lone surrogates. */
const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0001}\u{e0020}-\u{e007f}\u{d800}-\u{dfff}]/u;

/** Hostile texts joined with any UTF-16 units, lone surrogates among them. */
const TEXTS = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE.filter((text) => text.length < 1000)),
      fc.constantFrom('`', ':', '#', '[', '|', '\\', '\n', '\u200b', '\u202e', '\ud83d', '\ude00'),
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const LIMITS = fc.integer({ min: 1, max: 300 });

/** The words of a text as a title: test output goes into CI logs, and runners execute commands there. */
function harmless(text: string): string {
  return `of ${text.length}: ${text
    .replaceAll(/[^\w ]+/g, ' ')
    .trim()
    .slice(0, 40)}`;
}

function expectSafeCode(text: string, limit: number): void {
  const made = code(text, limit);
  if (made === '(empty)') return;
  expect(made).toMatch(/^`[^`]+`$/u);
  const inner = made.slice(1, -1);
  expect(inner.length).toBeLessThanOrEqual(limit);
  expect(inner).not.toMatch(FORBIDDEN);
  expect(inner).not.toMatch(/[|\\\n\r]/);
  expect(inner).toBe(inner.trim());
}

function expectSafeLogLine(text: string, limit: number): void {
  const line = logLine(text, limit);
  expect(line).not.toMatch(FORBIDDEN);
  expect(line).not.toContain('##[');
  // Each pair of colons and each `##[` adds one blank.
  expect(line.length).toBeLessThanOrEqual(limit * 1.5 + 1);
}

test('the corpus is large enough and contains no text twice', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(40);
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
});

describe('every hostile text', () => {
  test.each(HOSTILE.map((text) => [harmless(text), text]))('%s', (_, text) => {
    expectSafeCode(text, 120);
    expectSafeCode(text, 5);
    expectSafeLogLine(text, 500);
    expect(logLine(text)).not.toContain('::');
    expect(toLine(text).length).toBeLessThanOrEqual(120);
    expect(toLine(text)).not.toMatch(FORBIDDEN);
  });
});

describe('properties', () => {
  test('code is one line of inline code, bounded, without hidden or reordering characters', () => {
    fc.assert(
      fc.property(TEXTS, LIMITS, (text, limit) => {
        expectSafeCode(text, limit);
      }),
      { numRuns: draws(1500) },
    );
  });

  test('toLine is one visible line, bounded', () => {
    fc.assert(
      fc.property(TEXTS, LIMITS, (text, limit) => {
        const line = toLine(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(FORBIDDEN);
      }),
      { numRuns: draws(1500) },
    );
  });

  test('logLine contains no workflow command and no line end', () => {
    fc.assert(
      fc.property(TEXTS, LIMITS, (text, limit) => {
        expectSafeLogLine(text, limit);
        fc.pre(!toLine(text, limit).includes(':::'));
        expect(logLine(text, limit)).not.toContain('::');
      }),
      { numRuns: draws(1500) },
    );
  });

  test('a log line never starts with a workflow command', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        expect(logLine(text).trimStart().startsWith('::')).toBe(false);
      }),
      { numRuns: draws(1500) },
    );
  });

  test('harmless words are kept as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_.\-äöüß漢字]{1,40}$/), (word) => {
        expect(code(word)).toBe(`\`${word}\``);
        expect(logLine(word)).toBe(word);
      }),
      { numRuns: draws(1000) },
    );
  });
});

describe('toLine', () => {
  test.each([
    ['a  b\t c\n\nd', 'a b c d'],
    ['  padded  ', 'padded'],
    ['a\u2028b', 'a b'],
    ['pass\u200bword', 'password'],
    ['\u202eabc', 'abc'],
    ['\u001b[31mred', '[31mred'],
    ['héllo wörld 漢字 😀', 'héllo wörld 漢字 😀'],
    ['\ud800x', 'x'],
  ])('row %#', (text, line) => {
    expect(toLine(text)).toBe(line);
  });

  test('a long text is cut, with a mark at the cut', () => {
    expect(toLine('x'.repeat(120))).toBe('x'.repeat(120));
    expect(toLine('x'.repeat(121))).toBe(`${'x'.repeat(119)}…`);
    expect(toLine('abcdef', 4)).toBe('abc…');
  });

  test('a character of two units is not cut in half', () => {
    expect(toLine('ab😀cd', 4)).toBe('ab…');
    expect(toLine('ab😀cd', 5)).toBe('ab😀…');
  });
});

describe('code', () => {
  test.each([
    ['gpt-5-mini', '`gpt-5-mini`'],
    ['a`b', '`aˋb`'],
    ['a|b', '`a¦b`'],
    ['a\\', '`a＼`'],
    ['', '(empty)'],
    ['\u200b \n', '(empty)'],
    ['@octocat fixes #1', '`@octocat fixes #1`'],
  ])('row %#', (text, made) => {
    expect(code(text)).toBe(made);
  });
});

describe('logLine', () => {
  test.each([
    ['::error::x', ': :error: :x'],
    ['a\n::warning::b', 'a : :warning: :b'],
    ['##[group]x', '## [group]x'],
    [':\u200b:notice::x', ': :notice: :x'],
    ['https://example.com/a:b', 'https://example.com/a:b'],
    ['a: b', 'a: b'],
  ])('row %#', (text, line) => {
    expect(logLine(text)).toBe(line);
  });
});
