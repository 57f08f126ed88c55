import { withoutCommands } from '../../src/base/sanitise.js';
import { readJudgeReply } from '../../src/mask/reading/reading.js';

/** Many empty lines: a pattern that looks ahead from each of them takes quadratic time. */
const ENDS = ['\n', '\r', '\r\n', ' \n', '\u2028'].map(
  (end) => [end, end.repeat(2_000_000 / end.length)] as const,
);

describe('two million characters of empty lines', () => {
  test.each(ENDS)('of %j are stripped of workflow commands', (_, text) => {
    expect(withoutCommands(`${text}::set-output::x`)).toBe(`${text}: :set-output::x`);
  });

  test.each(ENDS)('of %j are a reply that cannot be read', (_, text) => {
    expect(readJudgeReply(`The${text}end`, 'binary')).toMatchObject({ corrected: 'unreadable' });
  });
});
