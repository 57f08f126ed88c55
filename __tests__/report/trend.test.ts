import { poolReplies } from '../../src/gate/pool.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { renderComment, renderReport } from '../../src/report/comment/comment.js';
import { trendSection } from '../../src/report/trend.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { dangersIn, parseMarkdown } from './github-markdown.js';
import { HOSTILE } from './hostile.js';
import { found, reportOn } from './inputs.js';

/** A recording of that day of January, in which `lies` of 20 examples lie. */
function recordAt(
  day: number,
  lies: number,
  choices: Parameters<typeof makeRecord>[0] = {},
): GateRecord {
  const number = `${day}`.padStart(2, '0');
  return makeRecord({
    examples: makeMeasuredExamples(20, (index) => ({
      statements: readAll(index < lies ? 'B' : 'A'),
    })),
    ...choices,
    provenance: {
      commit: number.repeat(20),
      createdAt: `2026-01-${number}T12:00:00.000Z`,
      ...choices.provenance,
    },
  });
}

const LIMIT = { now: new Date('2026-01-31T00:00:00.000Z'), maxAge: 14 };

const HISTORY = Array.from({ length: 15 }, (_, index) => recordAt(15 - index, index % 5));

test('after a recording the summary shows a line of at most 12 records, the comment none', () => {
  const input = reportOn(
    recordAt(20, 10),
    poolReplies(found(HISTORY[0] ?? recordAt(1, 0), { older: HISTORY.slice(1) }), LIMIT),
    { mode: 'record' },
  );
  const report = renderReport(input);
  expect(report).toContain('**P(Lie) over the recordings up to this one**');
  const chart = parseMarkdown(report).children.find(
    (node) => node.type === 'code' && node.lang === 'mermaid',
  );
  const text = chart && 'value' in chart ? chart.value : '';
  expect(/x-axis \[(.*)\]/.exec(text)?.[1]?.split(', ')).toHaveLength(12);
  // 20 January is the newest; before it are the records as they were found, not pooled.
  expect(/line \[(.*)\]/.exec(text)?.[1]).toMatch(/, 10\.0, 5\.0, 0\.0, 50\.0$/);
  expect(text).toContain('"20202020"]');
  expect(renderComment(input)).not.toContain('mermaid');
});

test('a gated run shows none', () => {
  const input = reportOn(recordAt(20, 0), poolReplies(found(recordAt(1, 0)), LIMIT));
  expect(renderReport(input)).not.toContain('mermaid');
});

test('a line joins only records that were measured in the same way, and excludes other suites', () => {
  const other = recordAt(1, 4, { fingerprint: { judgeModel: 'other' } });
  const section = trendSection(recordAt(3, 2), [recordAt(2, 1), other]) ?? '';
  expect(section).toContain('line [5.0, 10.0]');
  expect(section).toContain('2026-01-02   02020202     ≠ █');
  const stranger = { ...other, measurement: { ...other.measurement, suite: 'other' } };
  expect(trendSection(recordAt(3, 2), [stranger])).toBeUndefined();
  expect(trendSection(recordAt(3, 2), [])).toBeUndefined();
});

test.each(HOSTILE.map((text, index) => [index, text]))('attack %i as a tag', (_, text) => {
  const provenance = { ref: `refs/tags/${text}`, commit: text };
  const record = recordAt(3, 2, { provenance });
  expect(dangersIn(trendSection(record, [recordAt(2, 1, { provenance })]) ?? '')).toEqual([]);
});

test('marks releases and explains the marks; a commit that was recorded twice is two points', () => {
  const at = (day: number, ref: string): GateRecord =>
    recordAt(day, 2, { provenance: { ref, commit: 'ab'.repeat(20) } });
  const tag = 'refs/tags/support-bot-v1.2.0';
  const section = trendSection(at(3, tag), [at(2, 'refs/heads/main'), at(1, 'refs/heads/main')]);
  expect(section).toContain('x-axis ["abababab", "abababab (2)", "t-bot-v1.2.0"]');
  expect(section).toContain('2026-01-02   abababab       ██');
  expect(section).toContain('2026-01-03 ◆ t-bot-v1.2.0   ██');
  expect(section).toMatch(/\n\n◆ release\n```/);
  expect(trendSection(recordAt(2, 1), [recordAt(1, 1)])).not.toMatch(/release|≠/);
});
