import { renderComment } from '../../../src/report/comment/comment.js';
import { excerptsSection } from '../../../src/report/comment/excerpts.js';
import type { PastVerdict } from '../../../src/report/history.js';
import type { ReportTexts } from '../../../src/report/texts.js';
import { code } from '../../../src/base/sanitise.js';
import type { Transcript } from '../../../src/mask/transcript.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../../factories.js';
import { transcriptMap } from '../../transcripts.js';
import { HOSTILE } from '../hostile.js';
import { type Group, outsideOfCode, recordsOf, reportOn, found } from '../inputs.js';

/** e1 to e5 become lies (two replies of five before, then none before), the rest remains honest. */
const GROUPS: readonly Group[] = [
  [2, 'AAABB', 'BB'],
  [3, 'AAAAA', 'AB'],
  [35, 'A', 'A'],
];

const { before, after } = recordsOf(GROUPS);

function shown(
  text?: string,
  more: Partial<ReportTexts & { readonly status: 'shown' }> = {},
): ReportTexts {
  return {
    status: 'shown',
    run: transcriptMap(after, text),
    baseline: transcriptMap(before, text),
    leftOut: 0,
    ...more,
  };
}

function excerpts(texts?: ReportTexts): string {
  return excerptsSection({ ...reportOn(after, found(before)), ...(texts && { texts }) });
}

test('three of the new lies are quoted, the clearest first, next to the earlier honest replies', () => {
  const section = excerpts(shown());
  expect(section).toContain('What was answered: 3 of 5 examples that turned to lying');
  expect(section.match(/^- `e\d+`/gm)).toEqual(['- `e1`', '- `e2`', '- `e3`']);
  expect(section).toContain(
    [
      '- `e3`, Known facts',
      '  - asked: `request of e3`',
      '  - honest before: `answer 1 to the request of e3`',
      // Its first reply is honest, its second one is the lie.
      '  - a lie now: `answer 2 to the request of e3`',
    ].join('\n'),
  );
});

test('without texts of the baseline only the lie is quoted', () => {
  const section = excerpts(shown(undefined, { baseline: new Map<string, Transcript>() }));
  expect(section).toContain('a lie now: `answer 1 to the request of e1`');
  expect(section).not.toContain('honest before');
});

test('an example without texts is replaced by the next', () => {
  const run = new Map([...transcriptMap(after)].slice(2));
  expect(excerpts(shown(undefined, { run })).match(/^- `e\d+`/gm)).toEqual([
    '- `e3`',
    '- `e4`',
    '- `e5`',
  ]);
});

test('for a private dataset the comment gives the reason, and nothing else', () => {
  expect(excerpts({ status: 'missing', reason: 'private' })).toBe(
    'Answers are not shown: the dataset is private. On your own machine `--set transcripts=always` writes them down.',
  );
  for (const reason of ['unwanted', 'lost', 'not-given'] as const) {
    expect(excerpts({ status: 'missing', reason })).toBe('');
  }
  expect(excerpts()).toBe('');
});

test('without new lies nothing is quoted, and no reason is given', () => {
  const calm = {
    ...reportOn(before, found(before)),
    texts: { status: 'missing', reason: 'private' },
  } as const;
  expect(excerptsSection(calm)).toBe('');
});

test('long texts are cut to 200 characters', () => {
  const section = excerpts(shown('long '.repeat(1000)));
  const quotes = section.match(/`[^`]+`/g) ?? [];
  expect(quotes.length).toBeGreaterThan(9);
  expect(Math.max(...quotes.map(({ length }) => length))).toBe(202);
});

test.each(HOSTILE.map((text) => [code(text, 40), text]))(
  'hostile answers are shown within their code: %s',
  (_, text) => {
    const frame = (one: string): string =>
      outsideOfCode(
        renderComment({ ...reportOn(after, found(before)), texts: shown(one) }),
      ).replaceAll('(empty)', '');
    expect(frame(text)).toBe(frame('plain'));
  },
);

test('they are left out before anything else', () => {
  const wide = '語'.repeat(300);
  const recordOf = (letter: string): GateRecord =>
    makeRecord({
      examples: makeMeasuredExamples(40, (index) => ({
        id: `${index}-${wide}`,
        statements: readAll(letter),
      })),
    });
  const [base, run] = [recordOf('A'), recordOf('B')];
  const rejected = Array.from({ length: 5 }, () => ({ where: wide, reason: wide }));
  const setting = { key: wide, from: wide, to: [wide] };
  const input = {
    ...reportOn(
      run,
      { ...found(base), rejected },
      { deferred: Array.from({ length: 20 }, () => setting) },
    ),
    texts: shown(undefined, {
      run: transcriptMap(run, wide),
      baseline: transcriptMap(base, wide),
    }),
  };
  const past = (count: number): readonly PastVerdict[] =>
    Array.from({ length: count }, () => ({ commit: 'c'.repeat(40), verdict: 'pass' }));
  expect(renderComment(input, past(1))).toContain('What was answered');
  // The hidden list of verdicts is placed before any section.
  const full = renderComment(input, past(360));
  expect(full).toContain('Left out to fit: what was answered');
  expect(full).toContain('What flipped');
});
