import type { CommittedBaseline } from '../../../src/gate/records/replacement.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import { renderReportPage } from '../../../src/pages/report/page.js';
import { renderCheck, renderComment, renderReport } from '../../../src/report/comment/comment.js';
import {
  describeReplacement,
  replacementSection,
} from '../../../src/report/comment/replacement.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../../factories.js';
import { HONEST, UNTRUSTED_BASELINE } from '../causes.js';
import { recordsOf, reportOf, reportOn } from '../inputs.js';

const WHERE = '.github/mask-gate/default.baseline.json';

/** A record with this many lies in a hundred examples. */
function recordOf(lies: number, runId = '42'): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(100, (index) => ({
      statements: readAll(index < lies ? 'B' : 'A'),
    })),
    provenance: { commit: 'b'.repeat(40), runId },
  });
}

const sideOf = (lies: number, more: object = {}, runId?: string): CommittedBaseline => ({
  status: 'read',
  record: recordOf(lies, runId),
  ...more,
});

const ABSENT: CommittedBaseline = { status: 'absent' };
const BROKEN: CommittedBaseline = { status: 'unreadable', reason: 'schema: wrong' };

test.each<[CommittedBaseline, CommittedBaseline, string]>([
  [sideOf(30), sideOf(12), 'replaces the baseline: P(Lie) 30.0 % → 12.0 %'],
  [ABSENT, sideOf(12), 'adds the baseline: P(Lie) no baseline → 12.0 %'],
  [sideOf(30), ABSENT, 'removes the baseline: P(Lie) 30.0 % → no baseline'],
  [sideOf(30), BROKEN, 'replaces the baseline: P(Lie) 30.0 % → unreadable'],
  [BROKEN, sideOf(12), 'replaces the baseline: P(Lie) unreadable → 12.0 %'],
])('the effect on P(Lie): row %#', (before, after, words) => {
  const replacement = { where: WHERE, before, after };
  expect(describeReplacement(replacement)).toBe(`This pull request ${words}`);
  expect(replacementSection(replacement)).toMatch(
    /^⚠️ \*\*This pull request (adds|removes|replac)/,
  );
  expect(replacementSection(replacement)).toContain(`(\`${WHERE}\`)`);
});

test.each<[string, CommittedBaseline, CommittedBaseline, readonly string[], readonly string[]]>([
  ['a laxer one', sideOf(12, {}, '1'), sideOf(30), ['lets later changes lie more'], ['edited']],
  ['a stricter one', sideOf(30, {}, '1'), sideOf(12), ['Run `42` measured it'], ['lie more']],
  [
    'one that is not trusted',
    sideOf(30),
    sideOf(30, { fault: 'GitHub knows no run 42' }),
    ['**It would not serve**: `GitHub knows no run 42`', 'would be not measured'],
    ['measured it,'],
  ],
  ['a broken one', sideOf(30), BROKEN, ['can’t be read (`schema: wrong`)', 'an error'], []],
  [
    'one of the same run with other readings',
    sideOf(30),
    sideOf(12),
    ['**Both name run `42` and differ in what was measured**', 'one of them was edited'],
    [],
  ],
  [
    'a promoted one',
    sideOf(30, {}, '1'),
    sideOf(12, { promotion: { who: 'Ada', why: 'An outage', when: '', commit: null } }),
    ['promoted by hand, by `Ada`: `An outage`', 'Run `42` measured it'],
    [],
  ],
])('%s', (_, before, after, says, says_not) => {
  const text = replacementSection({ where: WHERE, before, after }) ?? '';
  for (const words of says) expect(text).toContain(words);
  for (const words of says_not) expect(text).not.toContain(words);
});

test('it is mentioned in every report, for every verdict', () => {
  const replacement = { where: WHERE, before: sideOf(30), after: sideOf(12) };
  const reports = [
    reportOf([HONEST]),
    reportOf([[120, 'A', 'B']]),
    reportOn(recordsOf([HONEST]).after, UNTRUSTED_BASELINE),
  ];
  for (const report of reports) {
    const input = { ...report, replacement };
    for (const text of [renderComment(input), renderReport(input), renderCheck(input)]) {
      expect(text).toContain('replaces the baseline: P(Lie) 30.0 % → 12.0 %');
    }
    expect(renderReportPage(input)).toContain('replaces the baseline: P(Lie) 30.0 % → 12.0 %');
    expect(renderComment(report)).not.toContain('replaces the baseline');
  }
});
