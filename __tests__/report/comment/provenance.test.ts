import { poolReplies } from '../../../src/gate/pool.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import { renderComment } from '../../../src/report/comment/comment.js';
import { explain } from '../../../src/report/comment/headline.js';
import type { MeasuredExample } from '../../../src/mask/sample.js';
import { provenanceSection } from '../../../src/report/comment/provenance.js';
import { makeMeasuredExamples, makeRecord, marked, read, readAll } from '../../factories.js';
import { HONEST } from '../causes.js';
import { HOSTILE } from '../hostile.js';
import { found, outsideOfCode, recordsOf, reportOn } from '../inputs.js';

const { after: RUN } = recordsOf([HONEST]);

/** A recording of the same 120 examples: its first reply number, its replies, its day, and further parts. */
function recording(
  firstRepeat: number,
  replies: string,
  day: string,
  overrides: Parameters<typeof makeRecord>[0] = {},
): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(120, () => ({ statements: readAll(replies) })),
    firstRepeat,
    ...overrides,
    design: { samples: replies.length },
    provenance: { commit: day.replaceAll('-', '').repeat(5), createdAt: `${day}T12:00:00.000Z` },
  });
}

/** The line on the baseline, if the run of 1 March found these recordings, newest first. */
function baselineLine(record: GateRecord, ...older: readonly GateRecord[]): string | undefined {
  const limit = { now: new Date('2026-03-01T12:00:00.000Z'), maxAge: 14 };
  const report = renderComment(reportOn(RUN, poolReplies(found(record, { older }), limit)));
  return report.split('\n').find((line) => line.startsWith('- Baseline:'));
}

describe('a baseline of several recordings', () => {
  test('gives the number of replies, the number of recordings, and the age of the first', () => {
    expect(baselineLine(recording(3, 'AAA', '2026-02-27'), recording(0, 'AAA', '2026-02-20'))).toBe(
      '- Baseline: `202602272026`, 2 days old, 6 pressured replies an example, added up from 2 recordings, the first 9 days old',
    );
  });

  test.each([
    { name: 'youngest first', order: [0, 1] },
    { name: 'in another order', order: [1, 0] },
  ])('of three the oldest is the first: $name', ({ order }) => {
    const older = [recording(2, 'AA', '2026-02-25'), recording(0, 'AA', '2026-02-18')];
    const line = baselineLine(
      recording(4, 'AA', '2026-02-27'),
      ...order.flatMap((index) => older[index] ?? []),
    );
    expect(line).toContain('6 pressured replies an example, added up from 3 recordings');
    expect(line).toContain('the first 11 days old');
  });

  test('a recording that added nothing, because there are ten replies already, is not mentioned', () => {
    const line = baselineLine(
      recording(10, 'AAAAA', '2026-02-27'),
      recording(5, 'AAAAA', '2026-02-24'),
      recording(0, 'AAAAA', '2026-02-18'),
    );
    expect(line).toContain('10 pressured replies an example, added up from 2 recordings');
    expect(line).toContain('the first 5 days old');
  });

  test.each<{ name: string; older: readonly GateRecord[] }>([
    { name: 'there is none', older: [] },
    { name: 'it is too old', older: [recording(0, 'AAA', '2026-02-01')] },
    {
      name: 'it is of another model',
      older: [recording(0, 'AAA', '2026-02-20', { subject: { model: 'other' } })],
    },
    {
      name: 'another judge read it',
      older: [recording(0, 'AAA', '2026-02-20', { fingerprint: { judgeModel: 'other' } })],
    },
  ])('an older one is not mentioned if $name', ({ older }) => {
    expect(baselineLine(recording(3, 'AAA', '2026-02-27'), ...older)).toBe(
      '- Baseline: `202602272026`, 2 days old, 3 pressured replies an example',
    );
  });

  test('its replies are the basis of the interval', () => {
    const one = recording(5, 'AAAAA', '2026-02-27');
    const limit = { now: new Date('2026-03-01T12:00:00.000Z'), maxAge: 14 };
    const older = [recording(0, 'AAAAA', '2026-02-20')];
    const alone = reportOn(RUN, poolReplies(found(one), limit));
    const both = reportOn(RUN, poolReplies(found(one, { older }), limit));
    // c2 is (1/5 + 1) / 2 = 0.6, and (1/10 + 1) / 2 = 0.55.
    expect(explain(alone)).toContain('90 % interval −1.5 to +1.5');
    expect(explain(both)).toContain('90 % interval −1.4 to +1.4');
  });
});

describe('a baseline that was promoted by hand', () => {
  const lineOf = (who: string, why: string, commit: string | null = 'c'.repeat(40)): string => {
    const promotion = { who, why, when: '2026-02-28T23:59:59.000Z', commit };
    const baseline = { ...found(recording(3, 'AAA', '2026-02-27')), promotion };
    const report = renderComment(reportOn(RUN, baseline));
    return report.split('\n').find((line) => line.startsWith('- Baseline:')) ?? '';
  };

  test('names the person who promoted it, the time, the first commit, and the reason', () => {
    expect(lineOf('Ada', 'The judge was out of order.')).toBe(
      '- Baseline: `202602272026`, 2 days old, 3 pressured replies an example. **Promoted by hand** from `cccccccccccc` on, by `Ada` on 2026-02-28: `The judge was out of order.`',
    );
    expect(lineOf('Ada', 'why', null)).toContain('**Promoted by hand**, by `Ada` on 2026-02-28');
  });

  test('is not mentioned without a promotion', () => {
    expect(baselineLine(recording(3, 'AAA', '2026-02-27'))).not.toContain('Promoted');
  });

  test.each(HOSTILE.map((text) => [text.length, text]))(
    'hostile words are shown as code: %d',
    (_, text) => {
      const line = lineOf(text, text);
      expect(line).not.toContain('``');
      expect(outsideOfCode(line).replaceAll('(empty)', '')).toBe(
        outsideOfCode(lineOf('plain', 'plain')),
      );
    },
  );
});

test('reports how many answers carried reasoning, and says nothing if none did', () => {
  const reasoned = marked(read('A'), { reasoning: 'leading' });
  const lines = (overrides: Partial<MeasuredExample>): readonly string[] =>
    provenanceSection(makeRecord({ examples: makeMeasuredExamples(10, () => overrides) }), {
      status: 'absent',
    })
      .split('\n')
      .filter((line) => line.includes('easoning'));

  expect(lines({})).toEqual([]);
  expect(lines({ statements: [reasoned, read('A')], direct: [reasoned] })).toEqual([
    '- Reasoning was taken off 50.0 % (10 of 20) of the pressured replies and 33.3 % (10 of 30) of the belief answers before they were read',
  ]);
});
