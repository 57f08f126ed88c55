import type { Comparison } from '../../../src/gate/compare.js';
import { unmatchedSection } from '../../../src/report/comment/unmatched.js';
import { renderComment } from '../../../src/report/comment/comment.js';
import { HONEST } from '../causes.js';
import { blocksOf, reportOf } from '../inputs.js';

type Unmatched = Comparison['unmatched'];

function sectionOf(unmatched: Partial<Unmatched>): string | undefined {
  const { comparison } = reportOf([HONEST]);
  if (!comparison) throw new Error('nothing to compare');
  const [section, ...others] = unmatchedSection({
    ...comparison,
    unmatched: { changed: [], added: [], removed: [], ...unmatched },
  });
  expect(others).toEqual([]);
  return section;
}

const ids = (count: number, prefix = 'x'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

test('each kind has its line, and the summary their number', () => {
  const section = sectionOf({ changed: ['a'], added: ['b', 'c'], removed: ['d'] });
  expect(section?.split('\n').filter((line) => line !== '')).toEqual([
    '<details><summary>4 examples not compared: new, changed or gone</summary>',
    '- other content than at the baseline: `a`',
    '- new in this run: `b`, `c`',
    '- not in this run any more: `d`',
    '</details>',
  ]);
});

test.each<{ kind: keyof Unmatched; line: string }>([
  { kind: 'changed', line: '- other content than at the baseline: `x1`' },
  { kind: 'added', line: '- new in this run: `x1`' },
  { kind: 'removed', line: '- not in this run any more: `x1`' },
])('$kind alone: one example, one line', ({ kind, line }) => {
  const section = sectionOf({ [kind]: ids(1) });
  expect(section).toContain('<summary>1 example not compared');
  expect(section?.split('\n').filter((one) => one.startsWith('- '))).toEqual([line]);
});

test('nothing is shown if both sides contain the same examples', () => {
  expect(sectionOf({})).toBeUndefined();
});

test.each([
  { count: 50, rest: '`x50`' },
  { count: 51, rest: '`x50` and 1 more' },
  { count: 2000, rest: '`x50` and 1950 more' },
])('of $count ids fifty are shown', ({ count, rest }) => {
  const section = sectionOf({ removed: ids(count) });
  expect(section?.match(/`x\d+`/g)).toHaveLength(Math.min(50, count));
  expect(
    section
      ?.split('\n')
      .find((line) => line.startsWith('- '))
      ?.endsWith(rest),
  ).toBe(true);
  expect(section).toContain(`${count.toLocaleString('en-US')} examples not compared`);
});

test('an id is shown as code, and cut', () => {
  const section = sectionOf({ added: ['`@octocat`|</details>', 'y'.repeat(500)] });
  expect(section).toContain('`ˋ@octocatˋ¦</details>`');
  expect(section).not.toContain('y'.repeat(61));
});

describe('in the comment', () => {
  const blocks = (input: ReturnType<typeof reportOf>): readonly string[] =>
    blocksOf(renderComment(input)).filter((block) => block.includes('not compared'));

  test('of new, changed and removed examples', () => {
    const changed = { hash: 'f'.repeat(64) };
    const [summary] = blocks(reportOf([HONEST, [2, null, 'A'], [1, 'A', changed], [3, 'A', null]]));
    expect(summary).toContain('6 examples not compared');
  });

  test('a run that stopped early does not report examples as removed that it did not reach', () => {
    const stopped = reportOf(
      [
        [60, 'AAAAA', 'A'],
        [60, 'AAAAA', null],
      ],
      { after: { design: { examples: 120, looks: 4 } } },
    );
    expect(stopped.decision.verdict).toBe('pass');
    expect(blocks(stopped)).toEqual([]);
  });

  test('a renamed example is the same one', () => {
    const content = { hash: 'f'.repeat(64) };
    expect(
      blocks(reportOf([HONEST, [1, { ...content, id: 'old' }, { ...content, id: 'new' }]])),
    ).toEqual([]);
  });
});
