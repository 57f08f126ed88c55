import {
  type VerdictMark,
  findInJob,
  formatMarkLine,
  toPairKey,
  readMarks,
} from '../../src/gate/standing.js';
import { VERDICTS } from '../../src/gate/verdict.js';
import { fc } from '../properties.js';

const PAIR = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

const RED: VerdictMark = {
  suite: 'support-bot',
  verdict: 'regressed',
  exitCode: 1,
  run: '17',
  pair: PAIR,
  isOverridden: false,
};
const GREEN: VerdictMark = { ...RED, verdict: 'pass', exitCode: 0 };

/** A line as the runner stores it. */
const line = (text: string): string => `2026-01-01T00:00:00.1234567Z ${text}\n`;
const logOf = (...marks: readonly VerdictMark[]): string =>
  `\uFEFF${line('Before.')}${marks.map((mark) => line(formatMarkLine(mark))).join('')}${line('After.')}`;

const find = (log: string | undefined, conclusion: string | null = 'success'): unknown =>
  findInJob({ conclusion, log }, { suite: 'support-bot', pair: PAIR });

const marks = fc.record<VerdictMark>({
  suite: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
  verdict: fc.constantFrom(...VERDICTS),
  exitCode: fc.constantFrom(0, 1, 3, 4),
  run: fc.stringMatching(/^[1-9]\d{0,15}$/),
  pair: fc.stringMatching(/^[0-9a-f]{64}$/),
  isOverridden: fc.boolean(),
});

test('the marks of a run are read from its log as written, and no other line is', () => {
  fc.assert(
    fc.property(fc.array(marks), fc.array(fc.string()), (written, chatter) => {
      const log = written.map((mark) => line(formatMarkLine(mark))).join('');
      const rest = chatter.map((text) => line(`> ${text.replaceAll(/[\r\n\u2028\u2029]/g, ' ')}`));
      expect(readMarks(rest.join('') + log)).toEqual(written);
    }),
  );
});

test.each<[string, string]>([
  ['within a line', line(`They say: ${formatMarkLine(GREEN)}`)],
  ['without the time of the runner', `${formatMarkLine(GREEN)}\n`],
  ['followed by words', line(`${formatMarkLine(GREEN)} really`)],
  ['without a known verdict', line(formatMarkLine(GREEN).replace('pass', 'approved'))],
])('a mark %s does not count', (_, log) => {
  expect(readMarks(log)).toEqual([]);
});

describe('an earlier job reports for a pair', () => {
  test.each<[string, VerdictMark, string]>([
    ['green, if GitHub calls it a success', GREEN, 'success'],
    ['red', RED, 'failure'],
    ['red, if its failure was tolerated', RED, 'success'],
    ['an override by a maintainer', { ...RED, exitCode: 0, isOverridden: true }, 'success'],
    ['that there was no baseline', { ...GREEN, verdict: 'no-baseline' }, 'success'],
  ])('%s', (_, mark, conclusion) => {
    expect(find(logOf(mark), conclusion)).toEqual({ mark });
  });

  test.each<[string, string | undefined, string]>([
    ['green, and the job failed', logOf(GREEN), 'failure'],
    ['an error', logOf({ ...RED, verdict: 'error', exitCode: 4 }), 'failure'],
    [
      'that too little was measured',
      logOf({ ...RED, verdict: 'not-measured', exitCode: 3 }),
      'failure',
    ],
    [
      'that it cannot be compared',
      logOf({ ...RED, verdict: 'incomparable', exitCode: 3 }),
      'failure',
    ],
    ['two things', logOf(GREEN, RED), 'success'],
    ['nothing, because it ended early', logOf(), 'failure'],
    ['nothing of this suite', logOf({ ...GREEN, suite: 'other' }), 'success'],
    ['nothing, because its log was deleted', undefined, 'success'],
  ])('no reliable result: %s', (_, log, conclusion) => {
    expect(find(log, conclusion)).toBe('unknown');
  });

  test.each<[string, string | undefined, string]>([
    ['about another base', logOf({ ...GREEN, pair: OTHER }), 'success'],
    ['cancelled', undefined, 'cancelled'],
    ['skipped', undefined, 'skipped'],
  ])('nothing, if it is %s, so the job before it is read', (_, log, conclusion) => {
    expect(find(log, conclusion)).toBe('next');
  });

  test('each suite separately, if several suites share a job', () => {
    const log = logOf({ ...RED, suite: 'other' }, GREEN);
    expect(find(log)).toEqual({ mark: GREEN });
  });
});

test('a pair is identified by head, branch and commit of the base, and settings', () => {
  const pair = {
    head: 'a'.repeat(40),
    base: { ref: 'main', commit: 'b'.repeat(40) },
    settings: { gate: { 'max-rise': '5pp' } },
    tool: 'mask-gate 1',
  };
  const others = [
    { ...pair, head: 'c'.repeat(40) },
    { ...pair, base: { ...pair.base, ref: 'lax' } },
    { ...pair, base: { ...pair.base, commit: 'c'.repeat(40) } },
    { ...pair, settings: { gate: { 'max-rise': '100pp' } } },
    { ...pair, tool: 'mask-gate 2' },
  ];
  const hashes = [pair, ...others].map(toPairKey);
  expect(new Set(hashes).size).toBe(hashes.length);
});
