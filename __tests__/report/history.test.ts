import { VERDICTS } from '../../src/gate/verdict.js';
import { renderComment } from '../../src/report/comment/comment.js';
import {
  type PastVerdict,
  historySection,
  readVerdicts,
  stateLine,
  withPast,
} from '../../src/report/history.js';
import { HONEST } from './causes.js';
import { reportOf } from './inputs.js';
import { draws, fc } from '../properties.js';

const sha = (digit: string): string => digit.repeat(40);
const INPUT = reportOf([HONEST]);
const RED: PastVerdict = { commit: sha('a'), verdict: 'regressed' };
const GREEN: PastVerdict = { commit: sha('b'), verdict: 'pass' };

test('a comment stores its verdict and those before it, in one folded line', () => {
  const first = renderComment(INPUT, withPast(RED, undefined));
  expect(readVerdicts(first)).toEqual([RED]);
  expect(first).not.toContain('Earlier commits');
  const second = renderComment(INPUT, withPast(GREEN, first));
  expect(readVerdicts(second)).toEqual([GREEN, RED]);
  expect(second).toContain('<details><summary>Earlier commits: ❌</summary>');
  expect(second).toContain('| `aaaaaaaaaaaa` | ❌ regressed |');
});

test('an override is shown next to the verdict of its own commit, as expired', () => {
  const overridden = { ...RED, overriddenBy: 'keeper' };
  const first = renderComment(INPUT, withPast(overridden, undefined));
  expect(readVerdicts(first)).toEqual([overridden]);
  const second = renderComment(INPUT, withPast(GREEN, first));
  expect(second).toContain(
    '| `aaaaaaaaaaaa` | ❌ regressed, overridden by `keeper` for that commit; expired |',
  );
  const forged = first.replace('"keeper"', '"@everyone"');
  expect(readVerdicts(forged)).toEqual([]);
});

test('a second run on a commit replaces the first', () => {
  const first = renderComment(INPUT, withPast(RED, renderComment(INPUT, [GREEN])));
  const again = withPast({ ...RED, verdict: 'pass' }, first);
  expect(again).toEqual([{ ...RED, verdict: 'pass' }, GREEN]);
});

test('at most ten commits are stored', () => {
  let body: string | undefined;
  for (let count = 0; count < 30; count += 1) {
    const commit = count.toString(16).padStart(40, '0');
    body = renderComment(INPUT, withPast({ commit, verdict: 'pass' }, body));
  }
  expect(readVerdicts(body ?? '')).toHaveLength(11);
  expect(readVerdicts(body ?? '').at(-1)?.commit).toBe((19).toString(16).padStart(40, '0'));
});

describe('a text that does not match exactly is not a history', () => {
  const line = (runs: unknown): string => `text\n<!-- mask-gate-state ${JSON.stringify(runs)} -->`;
  const many = Array.from({ length: 12 }, () => RED);

  test.each<[string, string]>([
    ['nothing', ''],
    ['no list', line({})],
    ['an empty list', line({ runs: [] })],
    ['too long a list', line({ runs: many })],
    ['a verdict that is not valid', line({ runs: [{ ...RED, verdict: 'approved' }] })],
    ['a commit that is not valid', line({ runs: [{ ...RED, commit: '@everyone' }] })],
    ['a commit in capitals', line({ runs: [{ ...RED, commit: sha('A') }] })],
    ['an extra key', line({ runs: [{ ...RED, note: 'x' }] })],
    ['an extra key outside', line({ runs: [RED], verdict: 'pass' })],
    ['one bad row among good ones', line({ runs: [RED, { ...GREEN, commit: 'x' }] })],
    ['broken JSON', 'text\n<!-- mask-gate-state {"runs":[ -->'],
    ['another end', `${line({ runs: [RED] })}\nmore`],
    ['the middle of a line', `x ${stateLine([RED])}`],
    [
      'prototype keys',
      line({ runs: [RED], __proto__: { runs: [GREEN] } }).replace('}', ',"__proto__":{}}'),
    ],
  ])('%s', (_, body) => {
    expect(readVerdicts(body)).toEqual([]);
  });

  test('property: any text gives verdicts on commits, or none, and never an exception', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => `x\n<!-- mask-gate-state ${json} -->`),
      fc.string().map((text) => `x\n<!-- mask-gate-state {${text}} -->`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { commit, verdict } of readVerdicts(text)) {
          expect(commit).toMatch(/^[0-9a-f]{40}$/);
          expect(VERDICTS).toContain(verdict);
        }
      }),
    );
  });
});

test('property: any written verdicts are read back', () => {
  const runs = fc.array(
    fc.record({
      commit: fc.stringMatching(/^[0-9a-f]{40}$/),
      verdict: fc.constantFrom(...VERDICTS),
    }),
    { minLength: 1, maxLength: 11 },
  );
  fc.assert(
    fc.property(runs, (verdicts) => {
      expect(readVerdicts(renderComment(INPUT, verdicts))).toEqual(verdicts);
      expect(renderComment(INPUT, verdicts).length).toBeLessThan(65_000);
    }),
    { numRuns: draws(50) },
  );
});

test('the stored verdicts change only the folded line and the hidden one', () => {
  const past = VERDICTS.map((verdict, index) => ({ commit: sha(String(index)), verdict }));
  const plain = renderComment(INPUT).trimEnd();
  const comment = renderComment(INPUT, [GREEN, ...past]);
  expect(comment.startsWith(plain)).toBe(true);
  expect(comment.slice(plain.length).trim()).toBe(
    `${historySection(past) ?? ''}\n\n${stateLine([GREEN, ...past])}`,
  );
});
