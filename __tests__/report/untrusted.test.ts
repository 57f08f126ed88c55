import fc from 'fast-check';
import type { Reason } from '../../src/gate/decide.js';
import type { Verdict } from '../../src/gate/verdict.js';
import { type ReportInput, renderComment } from '../../src/report/comment.js';
import { makeMeasuredExample, makeRecord, readAll } from '../factories.js';
import { HOSTILE } from './hostile.js';
import { compared, makeInput, outsideOfCode } from './inputs.js';

/** A report with the text in every place that somebody else may fill. */
function inputWith(text: string, verdict: Verdict, reason: Reason): ReportInput {
  const subject = { model: text, endpoint: text, sampling: text };
  const fingerprint = { judgeModel: text, judgeEndpoint: text };
  const example = { id: text, hash: 'a'.repeat(64) };
  const provenance = { dataset: text, commit: text, ref: text, event: text, tool: text };
  const baseline = makeRecord({
    examples: [makeMeasuredExample({ ...example, statements: readAll('A') })],
    subject: { model: `old ${text}`, endpoint: `old ${text}`, sampling: `old ${text}` },
    fingerprint,
    provenance,
  });
  const record = makeRecord({
    examples: [makeMeasuredExample({ ...example, statements: readAll('B') })],
    subject,
    fingerprint,
    provenance,
  });
  return makeInput(verdict, reason, {
    ...compared(baseline, record),
    reproduce: `mask-gate run --config ${text}`,
    deferred: [
      { key: `target.${text}`, from: text, to: { [text]: text } },
      { key: text, from: [text], to: undefined },
    ],
  });
}

/** Every reason that carries foreign text. */
function casesWith(text: string): readonly (readonly [Verdict, Reason])[] {
  return [
    ['regressed', { kind: 'rise-at-limit', maxRise: 0.05 }],
    ['not-measured', { kind: 'no-key', setting: text }],
    ['error', { kind: 'corrupt-baseline', where: text, detail: text }],
    ['error', { kind: 'run-failed', detail: text }],
    [
      'incomparable',
      {
        kind: 'other-measurement',
        differences: [{ part: 'judge model', baseline: text, run: text }],
      },
    ],
  ];
}

/** The comment without inline code, which must be the same whatever stood in the code. */
function frameOf(text: string, verdict: Verdict, reason: Reason): string {
  const comment = renderComment(inputWith(text, verdict, reason));
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
  const harmless = casesWith('plain').map(([verdict, reason]) => frameOf('plain', verdict, reason));

  test.each(HOSTILE.map((text) => [titleOf(text), text]))('%s', (_, text) => {
    casesWith(text).forEach(([verdict, reason], index) => {
      expect(frameOf(text, verdict, reason)).toBe(harmless[index]);
    });
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
      fc.property(texts, fc.nat(4), (text, index) => {
        const [verdict, reason] = casesWith(text)[index] ?? ['pass', { kind: 'no-record' }];
        expect(frameOf(text, verdict, reason)).toBe(harmless[index]);
      }),
      { numRuns: 1000 },
    );
  });
});
