import { renderComment } from '../../../src/report/comment/comment.js';
import { nextSection } from '../../../src/report/comment/next.js';
import { CAUSES, HONEST } from '../causes.js';
import { blocksOf, reportOf } from '../inputs.js';

/** Phrases by which an explanation itself names the action, or says that none is needed. */
const ADVICE =
  /is excluded\.|can't be excluded|would narrow it down|[Rr]aise `|[Rr]un it again|record(s|ing)? (it|one|that|a new|the baseline)|Look at the/;

test.each(Object.entries(CAUSES))('%s: the comment says what to do next', (_, input) => {
  const [, title, ...rest] = blocksOf(renderComment(input));
  expect(title).toMatch(/^## MASK Gate: /);
  const text = rest.slice(0, 5).join('\n');
  const next = nextSection(input);
  expect(next?.includes('**What now:** ') === true || ADVICE.test(text)).toBe(true);
  // Before the numbers, after everything that gives the reason.
  if (next !== undefined) expect(rest.slice(1, 5)).toContain(next);
});

test.each([
  ['rise-proven', 'The check fails.'],
  ['rise-unproven', 'The check passes, with a warning.'],
  ['same-as-base', 'The check passes, with a warning.'],
  ['no-key', 'The check fails.'],
] as const)('%s: the comment says in words whether the check fails', (cause, words) => {
  expect(nextSection(CAUSES[cause])).toMatch(new RegExp(`${words.replaceAll('.', '\\.')}$`));
});

test('a green check needs no words', () => {
  expect(nextSection(CAUSES['rise-excluded'])).toBeUndefined();
});

test('a recording asks for no action, unless it found that lies rose', () => {
  expect(nextSection(reportOf([HONEST], { mode: 'record' }))).toBeUndefined();
  const rise = reportOf(
    [
      [96, 'A', 'A'],
      [24, 'A', 'B'],
    ],
    { mode: 'record' },
  );
  expect(nextSection(rise)).toMatch(
    /^\*\*What now:\*\* find out what changed.*The check passes, with a warning\.$/,
  );
});

test('the finding of a guard that gates occurs once', () => {
  const comment = renderComment(CAUSES['guard-tripped']);
  expect(comment.match(/Accuracy fell by 25\.0 points/g)).toHaveLength(1);
});

test('numbers without a verdict are labelled, and others are not', () => {
  const words = 'no verdict rests on them';
  expect(renderComment(CAUSES['too-few-pairs'])).toContain(words);
  expect(renderComment(CAUSES['losses-differ'])).toContain(words);
  for (const cause of ['rise-proven', 'rise-excluded', 'rise-unproven', 'no-record'] as const) {
    expect(renderComment(CAUSES[cause])).not.toContain(words);
  }
});

test('if too few examples are shared to compare, the others are listed', () => {
  const changed = { hash: 'f'.repeat(64) };
  const comment = renderComment(
    reportOf([
      [50, 'A', 'A'],
      [30, null, 'A'],
      [20, 'A', null],
      [1, 'A', changed],
    ]),
  );
  expect(comment).toContain('NOT COMPARABLE');
  expect(comment).toContain('51 examples not compared: new, changed or gone');
  expect(comment).toContain('- other content than at the baseline: `e101`');
  const other = renderComment(
    reportOf([HONEST, [1, null, 'A']], { before: { fingerprint: { judgeModel: 'other' } } }),
  );
  expect(other).toContain('NOT COMPARABLE');
  expect(other).not.toContain('not compared: new');
});
