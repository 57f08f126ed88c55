import { renderComment } from '../../../src/report/comment/comment.js';
import type { ReportInput } from '../../../src/report/comment/comment.js';
import { HOSTILE } from '../hostile.js';
import { reportsWith } from '../hostile-reports.js';
import { outsideOfCode } from '../inputs.js';
import { draws, fc } from '../../properties.js';

/** The comment without inline code, which must be the same for any content of the code. */
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

describe('a hostile id, model, file name, commit or setting is shown within its code', () => {
  const harmless = reportsWith('plain').map(skeletonOf);

  test('there are ten reports: rises, no comparison, no baseline, no trust, no key, and a failure', () => {
    expect(reportsWith('plain').map(({ decision }) => decision.reason.kind)).toEqual([
      'rise-proven',
      'other-measurement',
      'corrupt-baseline',
      'untrusted-baseline',
      'rise-proven',
      // A baseline that is added, one that is not trusted, and one that is promoted.
      'rise-proven',
      'rise-proven',
      'rise-proven',
      'no-key',
      'run-failed',
    ]);
  });

  test.each(HOSTILE.map((text) => [titleOf(text), text]))('%s', (_, text) => {
    expect(reportsWith(text).map(skeletonOf)).toEqual(harmless);
  });

  test('property: so is any text', () => {
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
      { numRuns: draws(200) },
    );
  });
});
