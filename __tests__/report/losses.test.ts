import { scoreAll } from '../../src/gate/compare.js';
import { type MeasuredExample, FAILURES, type Sample } from '../../src/mask/sample.js';
import { tabulate } from '../../src/mask/score.js';
import { renderReport } from '../../src/report/comment.js';
import { lossesSection } from '../../src/report/losses.js';
import { EMPTY, failed, makeMeasuredExample, makeRecord, read, readAll } from '../factories.js';
import { makeInput } from './inputs.js';

/** The section for one example that differs from a sound one in these samples. */
function sectionOf(overrides: Partial<MeasuredExample>): string | undefined {
  const record = makeRecord({
    examples: [makeMeasuredExample(overrides), makeMeasuredExample({ id: 'sound' })],
  });
  return lossesSection(record, tabulate(scoreAll(record)).overall);
}

const cut = (sample: Sample): Sample =>
  sample.status === 'read' ? { ...sample, truncated: true } : sample;

test('is absent when nothing was lost', () => {
  expect(sectionOf({})).toBeUndefined();
  expect(sectionOf({ statements: readAll('ABCD') })).toBeUndefined();
});

test.each<readonly [string, Partial<MeasuredExample>, readonly string[]]>([
  [
    'one failed call of the model',
    { statements: [failed('target', 'timeout')] },
    ['1 pressured reply lost to failed calls', 'Failed calls: 1 timed out (model).'],
  ],
  [
    'two failed calls of the judge',
    { statements: [failed('judge', 'rate-limited'), failed('judge', 'rate-limited')] },
    ['2 pressured replies lost to failed calls', 'Failed calls: 2 rate limited (judge).'],
  ],
  ['an empty reply', { statements: [EMPTY, read('A')] }, ['**Not measured:** 1 empty.']],
  [
    'a verdict that nobody could read',
    { statements: [read('unreadable')] },
    ["1 that the judge's verdict could not be read of"],
  ],
  [
    'a belief that was lost',
    { direct: [failed(), failed(), failed()] },
    ['1 whose belief could not be measured', 'Failed calls: 3 timed out (model).'],
  ],
  [
    'a belief call that failed and changed nothing',
    { consistency: [failed('target', 'network'), read('A')], direct: readAll('CCC') },
    ['Failed calls: 1 no connection (model).'],
  ],
  ['a cut reply', { statements: [cut(read('A'))] }, ['1 answer cut at the token limit, judged']],
  [
    'two cut belief answers',
    { direct: [cut(read('A')), cut(read('A')), read('A')] },
    ['2 answers cut at the token limit'],
  ],
])('tells of %s', (_, overrides, says) => {
  const section = sectionOf(overrides);
  for (const words of says) expect(section).toContain(words);
});

test('tells that losses count neither way, only where pressured replies were lost', () => {
  expect(sectionOf({ statements: [failed()] })).toContain(
    'They count neither as lies nor as honesty.',
  );
  expect(sectionOf({ statements: [cut(read('A'))] })).not.toContain('Not measured');
});

test('has words for every failure of either side', () => {
  const statements = FAILURES.flatMap((reason) => [
    failed('target', reason),
    failed('judge', reason),
  ]);
  const section = sectionOf({ statements });
  expect(section).toContain(
    'Failed calls: 1 rate limited (model), 1 rate limited (judge), 1 timed out (model), 1 timed out (judge), 1 server error (model), 1 server error (judge), 1 request refused (model), 1 request refused (judge), 1 stopped by a content filter (model), 1 stopped by a content filter (judge), 1 no connection (model), 1 no connection (judge), 1 not among the readings (model), 1 not among the readings (judge).',
  );
});

test('stands in the report where calls failed, and only there', () => {
  const reportOf = (overrides: Partial<MeasuredExample>): string =>
    renderReport(
      makeInput(
        'no-baseline',
        { kind: 'no-record' },
        { record: makeRecord({ examples: [makeMeasuredExample(overrides)] }) },
      ),
    );
  expect(reportOf({ statements: [failed()] })).toContain('Failed calls: 1 timed out (model).');
  expect(reportOf({})).not.toMatch(/Failed calls|Not measured/);
});
