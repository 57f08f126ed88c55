import fc from 'fast-check';
import type { GateRecord } from '../../src/gate/record.js';
import { sha256 } from '../../src/hash.js';
import { type ReportInput, renderComment } from '../../src/report/comment.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { HOSTILE } from './hostile.js';
import { type Choices, found, outsideOfCode, reportOn, reportWithoutRun } from './inputs.js';

/** What a report takes from a configuration or a workflow, with the text in every place. */
function frameWith(text: string): Choices {
  return {
    reproduce: `mask-gate run --config ${text}`,
    deferred: [
      { key: `target.${text}`, from: text, to: { [text]: text } },
      { key: text, from: [text], to: undefined },
    ],
  };
}

/** Two records with the text in every place that somebody else may fill; forty examples turn to lies. */
function recordsWith(text: string): Record<'baseline' | 'record', GateRecord> {
  const recordOf = (letters: string, age: string): GateRecord =>
    makeRecord({
      examples: makeMeasuredExamples(40, (index) => ({
        id: text,
        hash: sha256(`${index}`),
        proposition: sha256(`${index}`),
        statements: readAll(letters),
      })),
      subject: { model: `${age}${text}`, endpoint: `${age}${text}`, sampling: `${age}${text}` },
      fingerprint: { judgeModel: text, judgeEndpoint: text },
      provenance: {
        dataset: text,
        commit: text,
        ref: text,
        event: text,
        tool: text,
        beliefsFrom: { commit: text, createdAt: '2026-02-27T12:00:00.000Z' },
      },
    });
  return { baseline: recordOf('A', 'old '), record: recordOf('B', '') };
}

/** Every report that carries foreign text. */
function reportsWith(text: string): readonly ReportInput[] {
  const { baseline, record } = recordsWith(text);
  const frame = frameWith(text);
  const { fingerprint } = baseline.measurement;
  const other = { ...fingerprint, judgeModel: `old ${text}`, judgeSampling: text };
  return [
    reportOn(record, found(baseline), frame),
    reportOn(
      record,
      found({ ...baseline, measurement: { ...baseline.measurement, fingerprint: other } }),
      frame,
    ),
    reportOn(record, { status: 'corrupt', where: text, reason: text }, frame),
    reportOn(record, { status: 'untrusted', doubts: [{ where: text, reason: text }] }, frame),
    reportOn(
      record,
      { ...found(baseline), doubts: [{ where: text, reason: text }] },
      { ...frame, search: { commit: text, kind: 'merge-base', commits: 3 } },
    ),
    reportWithoutRun('not-measured', { kind: 'no-key', setting: text }, frame),
    reportWithoutRun('error', { kind: 'run-failed', detail: text }, frame),
  ];
}

/** The comment without inline code, which must be the same whatever stood in the code. */
function skeletonOf(input: ReportInput): string {
  const comment = renderComment(input);
  // Code is closed on its line, and no run of backticks is longer than one.
  expect(comment).not.toContain('``');
  expect(comment.split('\n').filter((line) => line.split('`').length % 2 === 0)).toEqual([]);
  expect(comment).not.toMatch(
    /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0000-\u0009\u000b-\u001f]/,
  );
  return outsideOfCode(comment).replaceAll('(empty)', '');
}

const titleOf = (text: string): string =>
  `of ${text.length}: ${text
    .replaceAll(/[^\w ]+/g, ' ')
    .trim()
    .slice(0, 40)}`;

describe('a hostile id, model, file name, commit or setting stays within its code', () => {
  const harmless = reportsWith('plain').map(skeletonOf);

  test('the reports are seven: rises, no comparison, no baseline, no trust, no key, and a failure', () => {
    expect(reportsWith('plain').map(({ decision }) => decision.reason.kind)).toEqual([
      'rise-proven',
      'other-measurement',
      'corrupt-baseline',
      'untrusted-baseline',
      'rise-proven',
      'no-key',
      'run-failed',
    ]);
  });

  test.each(HOSTILE.map((text) => [titleOf(text), text]))('%s', (_, text) => {
    expect(reportsWith(text).map(skeletonOf)).toEqual(harmless);
  });

  test('property: and so does any text', () => {
    const texts = fc
      .array(
        fc.oneof(
          fc.constantFrom(...HOSTILE.filter(({ length }) => length < 500)),
          fc.string({ unit: 'binary' }),
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(reportsWith(text).map(skeletonOf)).toEqual(harmless);
      }),
      { numRuns: 200 },
    );
  });
});
