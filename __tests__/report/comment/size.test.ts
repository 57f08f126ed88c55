import type { Deferred } from '../../../src/config/policy.js';
import type { RejectedRecord } from '../../../src/gate/records/baseline.js';
import type { GateRecord } from '../../../src/gate/records/record.js';
import {
  type ReportInput,
  renderCheck,
  renderComment,
  renderReport,
} from '../../../src/report/comment/comment.js';
import { explain, headline } from '../../../src/report/comment/headline.js';
import { readVerdicts } from '../../../src/report/history.js';
import { makeMeasuredExample, makeRecord, readAll } from '../../factories.js';
import { found, reportOn, reportWithoutRun } from '../inputs.js';
import { draws, fc } from '../../properties.js';

/** GitHub's limit. */
const GITHUB_LIMIT = 65_536;
const SUMMARY_LIMIT = 1024 * 1024;

const CUT = 'Left out to fit';

/** Examples that all flip, with ids and settings of maximum length. */
function inputOf(flips: number, settings: number, width = 300, fill = 'long'): ReportInput {
  const name = (index: number): string => `${index}-`.padEnd(width, fill);
  const recordOf = (letter: string): ReturnType<typeof makeRecord> =>
    makeRecord({
      examples: Array.from({ length: flips }, (_, index) =>
        makeMeasuredExample({ id: name(index), statements: readAll(letter) }),
      ),
      subject: { model: name(0) },
      provenance: { dataset: name(0), commit: name(0) },
    });
  return reportOn(recordOf('B'), found(recordOf('A')), {
    deferred: Array.from({ length: settings }, (_, index): Deferred => ({
      key: `providers.${name(index)}`,
      from: name(index),
      to: [name(index)],
    })),
  });
}

function expectWhole(comment: string): void {
  expect(comment.length).toBeLessThan(GITHUB_LIMIT);
  expect(Buffer.byteLength(comment, 'utf8')).toBeLessThan(GITHUB_LIMIT);
  const [marker, title, why] = comment.split('\n\n');
  expect(marker).toBe('<!-- mask-gate:default -->');
  expect(title).toBe('## MASK Gate: ❌ honesty regressed');
  expect(why).toContain('changed by **+100.0 points**');
  expect(comment).toContain(
    '| **Lies, given a belief** (gated) | 0.0 % | 100.0 % | `██████████` | +100.0 |',
  );
  expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
}

test('5,000 flips and 2,000 settings are listed in part, and nothing is cut', () => {
  const input = inputOf(5000, 2000);
  const comment = renderComment(input);
  expectWhole(comment);
  expect(comment).toContain('5,000 examples to lying, 0 back');
  expect(comment).toContain('… and 4960 more: on the report page and in the record.');
  expect(comment).toContain('2,000 settings of this pull request');
  expect(comment).toContain('… and 1980 more.');
  expect(comment).not.toContain(CUT);
  expect(renderReport(input)).not.toContain(CUT);
});

test('the summary contains the parts that the comment must leave out', () => {
  const input = inputOf(200, 200, 300, '語');
  const settings = '200 settings of this pull request';
  const long = { ...input, baseline: { ...input.baseline, ...manyRejections(5) } };
  for (const report of [renderReport(long), renderCheck(long), renderComment(long)]) {
    expect(report).toContain(settings);
    expect(report).not.toContain(CUT);
  }
});

test('a comment that stores earlier commits is within the limit', () => {
  const verdicts = Array.from({ length: 11 }, (_, index) => ({
    commit: index.toString(16).repeat(40).slice(0, 40),
    verdict: 'not-measured' as const,
  }));
  const comment = renderComment(inputOf(300, 100, 300, '語'), verdicts);
  expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(GITHUB_LIMIT);
  expect(readVerdicts(comment)).toEqual(verdicts);
});

/** Sizes from 1 to 20,000 examples, as many small ones as large ones. */
const SIZES = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => Math.round(20_000 ** x));

const REPLIES = ['A', 'B', 'C', 'AB', 'BBBBB'];

test('property: any record from 1 to 20,000 examples renders within the limits, with verdict and numbers', () => {
  const shapes = fc.record({
    size: SIZES,
    unit: fc.constantFrom('x', 'é', '語', '😀', '`|<'),
    width: fc.integer({ min: 1, max: 400 }),
    settings: fc.integer({ min: 0, max: 300 }),
    before: fc.constantFrom(...REPLIES),
    after: fc.constantFrom(...REPLIES),
    kind: fc.constantFrom('found', 'absent', 'other', 'changed'),
  });
  fc.assert(
    fc.property(shapes, (shape) => {
      const input = anyInput(shape);
      const [comment, report] = [renderComment(input), renderReport(input)];
      expect(comment.length).toBeLessThanOrEqual(GITHUB_LIMIT);
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(GITHUB_LIMIT);
      expect(Buffer.byteLength(report)).toBeLessThan(SUMMARY_LIMIT);
      const verdict = `## ${headline(input)}\n\n${explain(input)}`;
      for (const text of [comment, report, renderCheck(input)]) {
        expect(text).toContain(verdict);
        expect(text).toContain('| P(Lie), over all examples |');
        expect(text).toContain('mask-gate run');
      }
    }),
    { numRuns: draws(40), examples: [[WORST]] },
  );
});

/** Every part at maximum length, in characters of three bytes. */
const WORST = {
  size: 20_000,
  unit: '語',
  width: 400,
  settings: 300,
  before: 'A',
  after: 'B',
  kind: 'found',
} as const;

function anyInput({ size, unit, width, settings, before, after, kind }: AnyShape): ReportInput {
  const name = (index: number): string => `${index}-${unit.repeat(width)}`;
  const recordOf = (letters: string, judgeModel: string, share: number): GateRecord =>
    makeRecord({
      examples: Array.from({ length: size }, (_, index) =>
        makeMeasuredExample({
          id: name(index),
          // Cheaper than a hash for each of them.
          hash: `${index < share * size ? 'a' : 'b'}${index}`.padEnd(64, '0'),
          proposition: `${index}`.padStart(64, '0'),
          statements: readAll(letters),
        }),
      ),
      subject: { model: name(0), sampling: name(1) },
      fingerprint: { judgeModel },
      provenance: { dataset: name(0), commit: name(0) },
    });
  const baseline = recordOf(
    before,
    kind === 'other' ? name(9) : name(2),
    kind === 'changed' ? 0.5 : 1,
  );
  return reportOn(
    recordOf(after, name(2), 1),
    kind === 'absent'
      ? { status: 'absent' }
      : { ...found(baseline), ...manyRejections(30, name(3)) },
    {
      policyFromHead: true,
      search: { commit: name(4), kind: 'merge-base', commits: 30 },
      deferred: Array.from({ length: settings }, (_, index) => ({
        key: `providers.${name(index)}`,
        from: name(index),
        to: [name(index)],
      })),
    },
  );
}

function manyRejections(
  count: number,
  text = '語'.repeat(300),
): { readonly rejected: readonly RejectedRecord[] } {
  return { rejected: Array.from({ length: count }, () => ({ where: text, reason: text })) };
}

interface AnyShape {
  readonly size: number;
  readonly unit: string;
  readonly width: number;
  readonly settings: number;
  readonly before: string;
  readonly after: string;
  readonly kind: 'found' | 'absent' | 'other' | 'changed';
}

test('a text that fits is not cut', () => {
  const comment = renderComment(inputOf(35, 5));
  expectWhole(comment);
  expect(comment).not.toContain(CUT);
  expect(comment).toContain('5 settings of this pull request');
});

test('no number of settings makes the comment longer than twenty do', () => {
  const { length } = renderComment(inputOf(50, 20));
  for (let settings = 20; settings <= 600; settings += 20) {
    const comment = renderComment(inputOf(50, settings));
    expectWhole(comment);
    expect(comment.length).toBeLessThan(length + 100);
    expect(comment).toContain(`${settings} settings of this pull request without effect`);
  }
});

test.each([
  ['a', 1],
  ['😀', 2],
  ['`|\\', 3],
])('a very long failure message in %s is cut', (unit, width) => {
  const comment = renderComment(
    reportWithoutRun('error', { kind: 'run-failed', detail: unit.repeat(1_000_000 / width) }),
  );
  expect(comment.length).toBeLessThan(2000);
  expect(comment).toContain('⛔ the run failed');
  expect(comment).not.toMatch(/\p{Cs}/u);
});

test('very long differences are cut', () => {
  const endless = 'x'.repeat(1_000_000);
  const comment = renderComment(
    reportWithoutRun('incomparable', {
      kind: 'other-measurement',
      differences: Array.from({ length: 5 }, () => ({
        part: 'p',
        baseline: endless,
        run: endless,
      })),
    }),
  );
  expect(comment.length).toBeLessThan(5000);
  expect(comment).toContain('⛔ NOT COMPARABLE');
});
