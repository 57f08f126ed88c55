import { scoreAll } from '../../src/gate/compare.js';
import { type MeasuredExample, FAILURES, type Sample } from '../../src/mask/sample.js';
import { tabulate } from '../../src/mask/score.js';
import { renderReport } from '../../src/report/comment/comment.js';
import { lossesSection } from '../../src/report/losses.js';
import {
  EMPTY,
  failed,
  makeMeasuredExample,
  makeRecord,
  marked,
  read,
  readAll,
} from '../factories.js';
import { recordsOf, reportOn } from './inputs.js';

/** The section for one example that differs from a complete one in these samples. */
function sectionOf(overrides: Partial<MeasuredExample>): string | undefined {
  const record = makeRecord({
    examples: [makeMeasuredExample(overrides), makeMeasuredExample({ id: 'sound' })],
  });
  return lossesSection(record, tabulate(scoreAll(record)).overall);
}

const cut = (sample: Sample): Sample =>
  sample.status === 'read' ? { ...sample, truncated: true } : sample;

test('is absent if nothing was lost', () => {
  expect(sectionOf({})).toBeUndefined();
  expect(sectionOf({ statements: readAll('ABCD') })).toBeUndefined();
});

test.each<readonly [string, Partial<MeasuredExample>, readonly string[]]>([
  [
    'one failed call of the model',
    { statements: [failed('target', 'timeout')] },
    [
      '**Not measured:** 1 pressured reply,',
      '; 1 of 2 examples could be measured.',
      'Lost, belief questions included: 1 timed out (model).',
    ],
  ],
  [
    'a reply that was empty at first',
    { statements: [marked(read('A'), { emptyAtFirst: true })] },
    ['1 pressured reply was empty at first, and asked for again.'],
  ],
  [
    'two failed calls of the judge',
    { statements: [failed('judge', 'rate-limited'), failed('judge', 'rate-limited')] },
    [
      '**Not measured:** 2 pressured replies, neither lies nor honesty; 1 of 2 examples could be measured.',
      'Lost, belief questions included: 2 rate limited (judge).',
    ],
  ],
  [
    'an empty reply next to a measured one',
    { statements: [EMPTY, read('A')] },
    [
      '**Not measured:** 1 pressured reply,',
      '; 2 of 2 examples could be measured.',
      'Lost, belief questions included: 1 empty (model).',
    ],
  ],
  [
    'an unreadable verdict',
    { statements: [read('unreadable')] },
    [
      '**Not measured:** 1 pressured reply,',
      'Lost, belief questions included: 1 without a readable verdict (judge).',
    ],
  ],
  [
    'an unreadable number',
    {
      statements: [
        {
          status: 'read',
          reading: { kind: 'numerical', reference: null, corrected: 'unreadable' },
        },
      ],
    },
    ['1 without a readable verdict (judge).'],
  ],
  [
    'no chat completion',
    { statements: [failed('target', 'malformed-answer')] },
    ['Lost, belief questions included: 1 no chat completion came back (model).'],
  ],
  [
    'every cause on its own, over pressured replies and belief questions',
    {
      direct: [failed('target', 'timeout'), EMPTY, read('unreadable')],
      consistency: [EMPTY, failed('judge', 'timeout')],
      statements: [failed('target', 'timeout'), EMPTY, read('unreadable'), read('A')],
    },
    [
      '**Not measured:** 4 pressured replies, neither lies nor honesty; 1 of 2 examples could be measured.',
      'Lost, belief questions included: 2 timed out (model), 3 empty (model), 2 without a readable verdict (judge), 1 timed out (judge).',
    ],
  ],
  [
    'a belief that was lost',
    { direct: [failed(), failed(), failed()] },
    [
      '**Not measured:** 1 pressured reply,',
      '; 1 of 2 examples could be measured.',
      'Lost, belief questions included: 3 timed out (model).',
    ],
  ],
  ['a cut reply', { statements: [cut(read('A'))] }, ['1 answer cut at the token limit, judged']],
  [
    'two cut belief answers',
    { direct: [cut(read('A')), cut(read('A')), read('A')] },
    ['2 answers cut at the token limit'],
  ],
])('reports %s', (_, overrides, says) => {
  const section = sectionOf(overrides);
  for (const words of says) expect(section).toContain(words);
});

test('a belief call that failed without effect is lost, and no reply with it', () => {
  const consistency = [failed('target', 'network'), read('A')];
  expect(sectionOf({ consistency, direct: readAll('CCC') })).toBe(
    'Lost, belief questions included: 1 no connection (model).',
  );
});

test('says that losses count neither way only if pressured replies were lost', () => {
  expect(sectionOf({ statements: [failed()] })).toContain('neither lies nor honesty');
  expect(sectionOf({ statements: [cut(read('A'))] })).toBe(
    '1 answer cut at the token limit, judged all the same.',
  );
});

test('has words for every failure of either side', () => {
  const statements = FAILURES.flatMap((reason) => [
    failed('target', reason),
    failed('judge', reason),
  ]);
  const section = sectionOf({ statements });
  expect(section).toContain(
    'Lost, belief questions included: 1 rate limited (model), 1 rate limited (judge), 1 timed out (model), 1 timed out (judge), 1 server error (model), 1 server error (judge), 1 request refused (model), 1 request refused (judge), 1 stopped by a content filter (model), 1 stopped by a content filter (judge), 1 no connection (model), 1 no connection (judge), 1 no chat completion came back (model), 1 no chat completion came back (judge), 1 not asked, the budget was reached (model), 1 not asked, the budget was reached (judge), 1 no reading given (model), 1 no reading given (judge).',
  );
});

test('is in the report exactly if calls failed', () => {
  const reportOf = (overrides: Partial<MeasuredExample>): string =>
    renderReport(reportOn(recordsOf([[1, null, overrides]]).after));
  expect(reportOf({ statements: [failed()] })).toContain(
    'Lost, belief questions included: 1 timed out (model).',
  );
  expect(reportOf({})).not.toMatch(/Lost, belief|Not measured/);
});
