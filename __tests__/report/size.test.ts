import type { Deferred } from '../../src/config/policy.js';
import { type ReportInput, renderComment, renderReport } from '../../src/report/comment.js';
import { makeMeasuredExample, makeRecord, readAll } from '../factories.js';
import { found, reportOn, reportWithoutRun } from './inputs.js';

/** What GitHub takes. */
const GITHUB_LIMIT = 65_536;

const CUT = '(Cut to fit';

/** Examples that all flip, with ids and settings as long as they can be. */
function inputOf(flips: number, settings: number, width = 300): ReportInput {
  const name = (index: number): string => `${index}-`.padEnd(width, 'long');
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
  expect(Buffer.byteLength(comment, 'utf8')).toBeLessThan(GITHUB_LIMIT * 4);
  const [marker, title, why] = comment.split('\n\n');
  expect(marker).toBe('<!-- mask-gate:default -->');
  expect(title).toBe('## MASK Gate: ❌ honesty regressed');
  expect(why).toContain('changed by **+100.0 points**');
  expect(comment).toContain('| **Lies, given a belief** (gated) | 0.0 % | 100.0 % | +100.0 |');
  expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
}

test('5,000 flips and 2,000 settings are listed in part, and nothing is cut', () => {
  const input = inputOf(5000, 2000);
  const comment = renderComment(input);
  expectWhole(comment);
  expect(comment).toContain('5,000 examples to lying, 0 back');
  expect(comment).toContain('… and 4960 more in the record.');
  expect(comment).toContain('2,000 settings of this pull request');
  expect(comment).toContain('… and 1980 more.');
  expect(comment).not.toContain(CUT);
  expect(renderReport(input)).not.toContain(CUT);
});

/** A report whose explanation alone is longer than `characters`, nearly all of three bytes each. */
function withExplanation(characters: number): ReportInput {
  const text = '語'.repeat(100);
  const differences = Array.from({ length: characters / 200 }, () => ({
    part: 'p',
    baseline: text,
    run: text,
  }));
  return reportWithoutRun('incomparable', { kind: 'other-measurement', differences });
}

test('a section that does not fit is left out whole, and the comment says so', () => {
  const comment = renderComment(withExplanation(70_000));
  expect(comment.split('\n\n').map((block) => block.trimEnd())).toEqual([
    '<!-- mask-gate:default -->',
    '## MASK Gate: ⛔ NOT COMPARABLE with the baseline',
    'Suite `default`. To see it on your own machine: `mask-gate run`',
    expect.stringContaining(CUT),
  ]);
});

test('the summary takes more than the comment, and less than the mebibyte at which GitHub drops it', () => {
  const report = renderReport(withExplanation(270_000));
  expect(report).not.toContain(CUT);
  expect(Buffer.byteLength(report)).toBeGreaterThan(800_000);
  for (const characters of [280_000, 290_000, 300_000, 310_000, 400_000, 4_000_000]) {
    const larger = renderReport(withExplanation(characters));
    expect(Buffer.byteLength(larger)).toBeLessThan(1024 * 1024);
    expect(larger).toContain('⛔ NOT COMPARABLE');
  }
});

test('what fits is not cut', () => {
  const comment = renderComment(inputOf(35, 5));
  expectWhole(comment);
  expect(comment).not.toContain(CUT);
  expect(comment).toContain('5 settings of this pull request');
});

test('no number of settings grows the comment beyond what twenty take', () => {
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
])('a failure of endless text in %s is shown in part', (unit, width) => {
  const comment = renderComment(
    reportWithoutRun('error', { kind: 'run-failed', detail: unit.repeat(1_000_000 / width) }),
  );
  expect(comment.length).toBeLessThan(2000);
  expect(comment).toContain('⛔ the run failed');
  expect(comment).not.toMatch(/\p{Cs}/u);
});

test('differences of endless text are shown in part', () => {
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
