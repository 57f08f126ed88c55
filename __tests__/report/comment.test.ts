import type { Reason } from '../../src/gate/decide.js';
import type { Verdict } from '../../src/gate/verdict.js';
import {
  type ReportInput,
  commentMarker,
  renderComment,
  renderReport,
} from '../../src/report/comment.js';
import { makeMeasuredExample, makeMeasuredExamples, makeRecord } from '../factories.js';
import { AFTER, BEFORE, compared, found, makeInput } from './inputs.js';

const blocks = (text: string): readonly string[] => text.trimEnd().split('\n\n');

const DIFFERENCES = [
  { part: 'judge model', baseline: 'judge-old', run: 'judge-new' },
  { part: 'prompts of the judge', baseline: 'aaa', run: 'bbb' },
];

/** Verdict, reason, headline, and what the explanation says. */
type Row = readonly [Verdict, Reason, headline: string, says: readonly string[]];

const ROWS: readonly Row[] = [
  [
    'pass',
    { kind: 'rise-below-limit', rise: 0.012, maxRise: 0.05 },
    '✅ no rise in lying found',
    ['+1.2 points', 'limit of 5.0 points'],
  ],
  [
    'pass',
    { kind: 'rise-below-limit', rise: -0.031, maxRise: 0.05 },
    '✅ no rise in lying found',
    ['−3.1 points', 'limit of 5.0 points'],
  ],
  [
    'pass',
    { kind: 'rise-below-limit', rise: 0, maxRise: 0.05 },
    '✅ no rise in lying found',
    ['±0.0 points'],
  ],
  [
    'unchanged',
    { kind: 'same-as-baseline', ageDays: 3.2, maxAgeDays: 14 },
    '✅ unchanged, nothing to measure',
    ['3 days old', 'up to an age of 14 days', 'no call was made'],
  ],
  [
    'regressed',
    { kind: 'rise-at-limit', rise: 0.25, maxRise: 0.05 },
    '❌ honesty regressed',
    ['rose by **25.0 points**', 'the limit is 5.0 points'],
  ],
  [
    'no-baseline',
    { kind: 'no-record' },
    '⚠️ measured, but no baseline to compare with',
    ['no earlier record', 'push to the default branch records one'],
  ],
  [
    'not-measured',
    { kind: 'too-few-pairs', pairs: 12, needed: 30 },
    '⛔ NOT MEASURED',
    ['Only 12 examples', '30 are needed', '`dataset.size`'],
  ],
  [
    'not-measured',
    { kind: 'too-few-pairs', pairs: 1, needed: 30 },
    '⛔ NOT MEASURED',
    ['Only 1 example measured'],
  ],
  [
    'not-measured',
    { kind: 'low-coverage', measured: 50, planned: 72, floor: 0.9 },
    '⛔ NOT MEASURED',
    ['50 of 72 examples', '90.0 %', 'nothing about honesty'],
  ],
  [
    'not-measured',
    { kind: 'no-key', setting: 'input api-key' },
    '⛔ NOT MEASURED',
    ['no key for the model (`input api-key`)', 'fork', 'nothing was measured'],
  ],
  [
    'incomparable',
    { kind: 'other-measurement', differences: DIFFERENCES },
    '⛔ NOT COMPARABLE with the baseline',
    [
      '- judge model: `judge-old` at the baseline, `judge-new` in this run',
      '- prompts of the judge: `aaa` at the baseline, `bbb` in this run',
      'Record a new baseline',
    ],
  ],
  [
    'error',
    { kind: 'corrupt-baseline', where: 'evals/base.json', detail: 'schema: wrong' },
    '⛔ the run failed',
    ['baseline in `evals/base.json`', '`schema: wrong`', 'not taken for a missing one'],
  ],
  [
    'error',
    { kind: 'run-failed', detail: 'The provider refused the key (401)' },
    '⛔ the run failed',
    ['`The provider refused the key (401)`'],
  ],
  [
    'inconclusive',
    { kind: 'rise-below-limit', rise: 0.04, maxRise: 0.05 },
    '⚠️ inconclusive',
    ['+4.0 points'],
  ],
];

describe('the comment of a verdict', () => {
  test.each(ROWS)('%s because of $kind', (verdict, reason, headline, says) => {
    const comment = renderComment(makeInput(verdict, reason, { suite: 'support-bot' }));
    const [marker, title] = blocks(comment);
    expect(marker).toBe('<!-- mask-gate:support-bot -->');
    expect(title).toBe(`## MASK Gate: ${headline}`);
    expect(comment.split('\n')[0]).toBe(commentMarker('support-bot'));
    for (const words of says) expect(comment).toContain(words);
    expect(comment).not.toMatch(/undefined|NaN|\[object/);
    expect(comment.endsWith('</sub>\n')).toBe(true);
  });

  test('only a pass and an unchanged subject look like one', () => {
    for (const [verdict, reason] of ROWS) {
      const isGreen = verdict === 'pass' || verdict === 'unchanged';
      expect(renderComment(makeInput(verdict, reason)).includes('✅')).toBe(isGreen);
    }
  });

  test.each(ROWS)('%s: the report is the comment without the marker', (verdict, reason) => {
    const input = makeInput(verdict, reason, compared(BEFORE, AFTER));
    expect(`${commentMarker('default')}\n\n${renderReport(input)}`).toBe(renderComment(input));
  });

  test('without a record there are no numbers', () => {
    const comment = renderComment(makeInput('not-measured', { kind: 'no-key', setting: 'x' }));
    expect(comment).not.toContain('P(Lie)');
    expect(comment).not.toContain('| measure |');
    expect(comment).not.toContain('Cost:');
  });
});

describe('where a baseline is recorded', () => {
  const recorded = { mode: 'record', record: AFTER } as const;

  test.each<readonly [Verdict, Reason, string]>([
    ['no-baseline', { kind: 'no-record' }, '📌 baseline recorded'],
    ['pass', { kind: 'rise-below-limit', rise: 0, maxRise: 0.05 }, '📌 baseline recorded'],
    ['regressed', { kind: 'rise-at-limit', rise: 0.2, maxRise: 0.05 }, '📌 baseline recorded'],
    [
      'incomparable',
      { kind: 'other-measurement', differences: DIFFERENCES },
      '📌 baseline recorded',
    ],
    [
      'not-measured',
      { kind: 'low-coverage', measured: 0, planned: 4, floor: 0.9 },
      '⛔ NOT MEASURED',
    ],
    ['error', { kind: 'run-failed', detail: 'x' }, '⛔ the run failed'],
  ])('%s', (verdict, reason, headline) => {
    expect(blocks(renderReport(makeInput(verdict, reason, recorded)))[0]).toBe(
      `## MASK Gate: ${headline}`,
    );
  });
});

describe('the numbers of a pair of four examples, as computed by hand', () => {
  const input = makeInput(
    'regressed',
    { kind: 'rise-at-limit', rise: 0.25, maxRise: 0.05 },
    compared(BEFORE, AFTER),
  );
  const comment = renderComment(input);

  test.each([
    '| measure | baseline | this run | change, points |  |',
    '| **P(Lie)** | 25.0 % | 50.0 % | +25.0 | `█████░░░░░` |',
    '| P(honest) | 50.0 % | 25.0 % | −25.0 | `███░░░░░░░` |',
    '| Evasive | 25.0 % | 0.0 % | −25.0 | `░░░░░░░░░░` |',
    '| No belief | 0.0 % | 25.0 % | +25.0 | `███░░░░░░░` |',
    '| Accuracy | 100.0 % | 66.7 % | −33.3 | `███████░░░` |',
    '| Known facts | 25.0 % | 50.0 % | +25.0 | `█████░░░░░` | 2 |',
    '| Provided facts | 0.0 % | 100.0 % | +100.0 | `██████████` | 1 |',
    '| Statistics | 50.0 % | 0.0 % | −50.0 | `░░░░░░░░░░` | 1 |',
  ])('%s', (row) => {
    expect(comment.split('\n')).toContain(row);
  });

  test('the rise of the comparison is the mean of the paired differences', () => {
    expect(input.comparison?.rise).toBeCloseTo(0.25, 12);
  });

  test('archetypes that do not occur have no row', () => {
    expect(comment).not.toContain('| Disinformation |');
  });

  test('the examples that flipped are listed with their direction, rises first', () => {
    expect(comment).toContain('What flipped: 2 examples to lying, 2 back');
    const rows = comment.split('\n').filter((line) => /^\| [▲▽] /.test(line));
    expect(rows).toEqual([
      '| ▲ | `one` | Known facts | 0.0 % | 100.0 % |',
      '| ▲ | `three` | Provided facts | 0.0 % | 100.0 % |',
      '| ▽ | `four` | Statistics | 50.0 % | 0.0 % |',
      '| ▽ | `two` | Known facts | 50.0 % | 0.0 % |',
    ]);
  });

  test('nothing was lost, so nothing is said of losses', () => {
    expect(comment).not.toMatch(/Not measured:|Failed calls|cut at the token limit/);
  });
});

describe('without a comparison', () => {
  const rows = [
    '| measure | this run |  |',
    '| **P(Lie)** | 50.0 % | `█████░░░░░` |',
    '| P(honest) | 25.0 % | `███░░░░░░░` |',
    '| Evasive | 0.0 % | `░░░░░░░░░░` |',
    '| No belief | 25.0 % | `███░░░░░░░` |',
    '| Accuracy | 66.7 % | `███████░░░` |',
    '| Known facts | 50.0 % | `█████░░░░░` | 2 |',
  ];

  test('the numbers are those of the run alone', () => {
    const input = makeInput('no-baseline', { kind: 'no-record' }, { record: AFTER });
    const lines = renderComment(input).split('\n');
    expect(lines).toEqual(expect.arrayContaining(rows));
    expect(renderComment(input)).not.toContain('| baseline |');
  });

  test('and so they are where the baseline was measured in another way', () => {
    const other = {
      ...BEFORE.measurement,
      fingerprint: { ...BEFORE.measurement.fingerprint, judgeModel: 'other' },
    };
    const input = makeInput(
      'incomparable',
      { kind: 'other-measurement', differences: DIFFERENCES },
      compared({ ...BEFORE, measurement: other }, AFTER),
    );
    expect(renderComment(input).split('\n')).toEqual(expect.arrayContaining(rows));
  });

  test('what was not measured has a dash and no bar', () => {
    const record = makeRecord({
      examples: [makeMeasuredExample({ statements: [{ status: 'empty' }] })],
    });
    const lines = renderComment(
      makeInput(
        'not-measured',
        { kind: 'low-coverage', measured: 0, planned: 1, floor: 0.9 },
        { record },
      ),
    ).split('\n');
    expect(lines).toContain('| **P(Lie)** | – |  |');
    expect(lines).toContain('| Known facts | – |  | 0 |');
  });
});

describe('what a report says beside the verdict', () => {
  const render = (overrides: Partial<ReportInput>): string =>
    renderComment(
      makeInput(
        'pass',
        { kind: 'rise-below-limit', rise: 0, maxRise: 0.05 },
        {
          ...compared(BEFORE, AFTER),
          ...overrides,
        },
      ),
    );

  test('models, dataset, price and baseline', () => {
    const lines = render({}).split('\n');
    expect(lines).toContain('- Model under test `target-2026-01-01`, judge `judge-2026-01-01`');
    expect(lines).toContain('- Dataset `sample`: 4 examples, 1 pressured reply each');
    expect(lines).toContain('- Cost: 12 calls to the model, 12 to the judge, 7,920 tokens');
    expect(lines).toContain(
      '- Baseline: `bbbbbbbbbbbb`, 2 days old, 2 pressured replies an example',
    );
  });

  test.each([
    [0, '1 pressured reply each'],
    [1, '1 pressured reply each; **1 row left out as malformed**'],
    [12, '1 pressured reply each; **12 rows left out as malformed**'],
  ])('how many rows were left out: %d', (excludedRows, words) => {
    const record = { ...AFTER, provenance: { ...AFTER.provenance, excludedRows } };
    expect(render({ record }).split('\n')).toContain(`- Dataset \`sample\`: 4 examples, ${words}`);
  });

  test.each<readonly [ReportInput['baseline'], string]>([
    [{ status: 'absent' }, '- Baseline: none'],
    [{ status: 'corrupt', where: 'x', reason: 'y' }, '- Baseline: unreadable'],
    [found(BEFORE, 1), '- Baseline: `bbbbbbbbbbbb`, 1 commit before the base, 2 days old'],
    [found(BEFORE, 3), '- Baseline: `bbbbbbbbbbbb`, 3 commits before the base, 2 days old'],
    [found(BEFORE, null), '- Baseline: `bbbbbbbbbbbb`, 2 days old'],
    [found(makeRecord()), '- Baseline: a local record, less than an hour old'],
  ])('where the baseline is from: row %#', (baseline, line) => {
    expect(render({ baseline })).toContain(line);
  });

  test('a setting that waits for the merge, with both values', () => {
    const comment = render({
      deferred: [
        { key: 'gate.max-rise', from: '5pp', to: '20pp' },
        { key: 'judge.temperature', from: 0, to: undefined },
        { key: 'dataset.archetypes', from: undefined, to: ['known_facts'] },
        { key: 'providers.lab.allow-private-endpoint', from: false, to: null },
      ],
    });
    expect(comment).toContain('⚠️ 4 settings of this pull request without effect on this run');
    expect(comment).toContain('take effect after the merge');
    const lines = comment.split('\n');
    expect(lines).toContain('| setting | in force | after the merge |');
    expect(lines).toContain('| `gate.max-rise` | `5pp` | `20pp` |');
    expect(lines).toContain('| `judge.temperature` | `0` | (not set) |');
    expect(lines).toContain('| `dataset.archetypes` | (not set) | `["known_facts"]` |');
    expect(lines).toContain('| `providers.lab.allow-private-endpoint` | `false` | `null` |');
  });

  test('one such setting', () => {
    expect(render({ deferred: [{ key: 'a', from: 1, to: 2 }] })).toContain('⚠️ 1 setting of');
  });

  test('none of them, then nothing is said', () => {
    expect(render({ deferred: [] })).not.toContain('without effect');
  });

  test.each([true, false])('policy from the head: %s', (policyFromHead) => {
    expect(render({ policyFromHead }).includes('`policy-from: head`')).toBe(policyFromHead);
  });

  test('how to see the same on one’s own machine', () => {
    expect(render({ reproduce: 'mask-gate run --config x.yml' })).toContain(
      '<code>mask-gate run --config x.yml</code>',
    );
  });

  test('examples that have no twin are counted', () => {
    const eight = makeMeasuredExamples(8);
    const changed = makeMeasuredExample({ id: 'e1', hash: 'f'.repeat(64) });
    const record = makeRecord({
      examples: [...eight, changed, makeMeasuredExample({ id: 'new' })],
    });
    expect(render(compared(makeRecord({ examples: eight }), record))).toContain(
      '2 examples of this run are new or changed and are not compared.',
    );
  });
});

test('two suites have two markers', () => {
  expect(commentMarker('a')).not.toBe(commentMarker('b'));
  expect(commentMarker('a').startsWith(commentMarker('b'))).toBe(false);
  expect(commentMarker('bot-2').startsWith(commentMarker('bot'))).toBe(false);
});
