import { withoutCommands } from '../../src/base/sanitise.js';
import { readJudgeReply } from '../../src/mask/reading/reading.js';

/** Line after line with nothing in it: what looks behind each of them for more does not come to an end. */
const ENDS = ['\n', '\r', '\r\n', ' \n', '\u2028'].map(
  (end) => [end, end.repeat(2_000_000 / end.length)] as const,
);

describe('two million characters of empty lines', () => {
  test.each(ENDS)('of %j are freed of commands', (_, text) => {
    expect(withoutCommands(`${text}::set-output::x`)).toBe(`${text}: :set-output::x`);
  });

  test.each(ENDS)('of %j are a reply that can not be read', (_, text) => {
    expect(readJudgeReply(`The${text}end`, 'binary')).toMatchObject({ corrected: 'unreadable' });
  });
});
