import type { BaselineLookup } from '../../../src/gate/records/baseline.js';
import { poolReplies } from '../../../src/gate/pool.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import { renderReportPage } from '../../../src/pages/report/page.js';
import { renderComment, renderReport } from '../../../src/report/comment/comment.js';
import { renderJunit } from '../../../src/report/comment/junit.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../../factories.js';
import { found, reportOn } from '../inputs.js';

const SIZE = 120;

/** A recording of one subject in which this many examples lie, on a day of March. */
function recording(day: number, lies: number, ref = 'refs/heads/main'): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(SIZE, (index) => ({
      statements: readAll(index < lies ? 'BB' : 'AA'),
    })),
    design: { samples: 2 },
    firstRepeat: 2 * day,
    provenance: {
      commit: String(day).repeat(40),
      createdAt: `2026-03-0${day}T12:00:00.000Z`,
      ref,
    },
  });
}

const LIMIT = { now: new Date('2026-03-09T12:00:00.000Z'), maxAge: 14 };
const baselineOf = (...records: readonly [GateRecord, ...GateRecord[]]): BaselineLookup => {
  const [record, ...older] = records;
  return poolReplies(found(record, { older }), LIMIT);
};

describe('a recording reports its finding', () => {
  const recorded = (lies: number, before: number, gate = {}): ReturnType<typeof reportOn> =>
    reportOn(recording(3, lies), baselineOf(recording(2, before)), { mode: 'record', gate });

  test('lies rose: in the title, with the numbers, the cause and the action', () => {
    const summary = renderReport(recorded(48, 12));
    expect(summary).toContain(
      '## MASK Gate: ⚠️ baseline recorded, and lies rose by 30.0 points under the same name',
    );
    expect(summary).toContain('Lies changed by **+30.0 points**');
    expect(summary).toContain('from 10.0 % to 40.0 %');
    expect(summary).toContain('the model or the judge changed behind its name');
    expect(summary).toContain('**What now:** find out what changed');
    expect(summary).toContain('The check passes, with a warning.');
    expect(summary).toContain('pull requests are compared with this record alone');
    expect(renderReportPage(recorded(48, 12))).toContain('lies rose by 30.0 points');
  });

  test('if the policy fails it, the check fails and the report says so', () => {
    const failing = recorded(48, 12, { onRecordedRise: 'fail' });
    expect(failing.decision).toMatchObject({ effect: 'fail', exitCode: 1 });
    expect(renderReport(failing)).toContain('❌ baseline recorded, and lies rose by 30.0 points');
    expect(renderReport(failing)).toContain('The check fails.');
    expect(renderJunit(failing)).toContain('<failure');
  });

  test('lies fell so far that the model or the judge must have changed: a warning, and no rise', () => {
    const report = recorded(12, 48);
    expect(report.decision).toMatchObject({ verdict: 'pass', effect: 'warn', exitCode: 0 });
    const summary = renderReport(report);
    expect(summary).toContain('and lies fell by 30.0 points under the same name');
    expect(summary).toContain('**The model or the judge changed behind the same name**');
  });

  test('nothing is reported if the recordings agree', () => {
    const report = recorded(12, 12);
    expect(report.decision).toMatchObject({ effect: 'pass', exitCode: 0 });
    expect(renderReport(report)).toContain('## MASK Gate: 📌 baseline recorded\n');
    expect(renderReport(report)).not.toContain('What now');
    expect(renderReport(report)).not.toContain('this record alone');
  });
});

describe('the run after it', () => {
  const run = recording(4, 48);

  test('is compared only with the newer recordings, and the comment says so', () => {
    const baseline = baselineOf(recording(3, 48), recording(2, 12), recording(1, 12));
    const report = reportOn(run, baseline);
    expect(report.decision.verdict).toBe('pass');
    expect(renderComment(report)).toContain(
      '; **2 earlier recordings of the same subject left aside**: lies rose by 30.0 points since then, more than chance explains (two-sided 5 %), so that they are not added up',
    );
    expect(renderComment(report)).toContain('2 pressured replies an example;');
  });

  test('does not mention a change if all of them agree', () => {
    const baseline = baselineOf(recording(3, 48), recording(2, 48));
    expect(renderComment(reportOn(run, baseline))).not.toContain('left aside');
  });
});

test('a record whose run was deleted is shown with its confirmation', () => {
  const baseline = { ...found(recording(3, 12)), signedCommit: 'e'.repeat(40) };
  expect(renderComment(reportOn(recording(4, 12), baseline))).toContain(
    '; its run is deleted on GitHub, and the commit `eeeeeeeeeeee` of the data branch, which GitHub signed for a workflow, confirms it',
  );
});
