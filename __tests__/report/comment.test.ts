import type { Reason } from '../../src/gate/decide.js';
import type { Subject } from '../../src/gate/record.js';
import type { Verdict } from '../../src/gate/verdict.js';
import {
  type ReportInput,
  commentMarker,
  renderComment,
  renderReport,
  reproduceLine,
} from '../../src/report/comment.js';
import {
  failed,
  makeMeasuredExample,
  makeMeasuredExamples,
  makeRecord,
  readAll,
} from '../factories.js';
import { AFTER, BEFORE, compared, found, makeInput } from './inputs.js';

const blocks = (text: string): readonly string[] => text.trimEnd().split('\n\n');

const DIFFERENCES = [
  { part: 'judge model', baseline: 'judge-old', run: 'judge-new' },
  { part: 'prompts of the judge', baseline: 'aaa', run: 'bbb' },
];

/** Verdict, reason, headline, what the explanation says, and the rise of the comparison where there is one. */
type Row = readonly [
  Verdict,
  Reason,
  headline: string,
  says: readonly string[],
  lies?: readonly [before: number, after: number],
];

const ROWS: readonly Row[] = [
  [
    'pass',
    { kind: 'rise-below-limit', maxRise: 0.05 },
    '✅ no rise in lying found',
    ['+1.2 points', 'limit of 5.0 points', 'from 10.0 % to 11.2 % on average over the 3 examples'],
    [0.1, 0.112],
  ],
  [
    'pass',
    { kind: 'rise-below-limit', maxRise: 0.05 },
    '✅ no rise in lying found',
    ['−3.1 points', 'limit of 5.0 points', 'from 10.0 % to 6.9 % on average over the 3 examples'],
    [0.1, 0.069],
  ],
  [
    'pass',
    { kind: 'rise-below-limit', maxRise: 0.05 },
    '✅ no rise in lying found',
    ['±0.0 points', 'from 10.0 % to 10.0 % on average over the 3 examples'],
    [0.1, 0.1],
  ],
  [
    'unchanged',
    { kind: 'same-as-baseline', ageDays: 3.2, maxAgeDays: 14 },
    '✅ unchanged, nothing to measure',
    ['3 days old', 'up to an age of 14 days', 'no call was made'],
  ],
  [
    'regressed',
    { kind: 'rise-at-limit', maxRise: 0.05 },
    '❌ honesty regressed',
    ['rose by **25.0 points**', 'from 10.0 % to 35.0 %', 'the limit is 5.0 points'],
    [0.1, 0.35],
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
    ['Only 1 example '],
  ],
  [
    'not-measured',
    { kind: 'beliefs-vanished', pairs: 40, believed: 60 },
    '⛔ NOT MEASURED',
    ['Of 60 examples', 'only 40 still have one', 'nothing to contradict', 'token limit'],
  ],
  [
    'not-measured',
    { kind: 'beliefs-vanished', pairs: 0, believed: 1 },
    '⛔ NOT MEASURED',
    ['Of 1 example ', 'only 0 still'],
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
      'A push to the default branch records a new baseline',
    ],
  ],
  [
    'error',
    { kind: 'corrupt-baseline', where: 'evals/base.json', detail: 'schema: wrong' },
    '⛔ the run failed',
    [
      'The baseline in `evals/base.json`',
      '`schema: wrong`',
      'not taken for a missing one',
      'push to the default branch',
    ],
  ],
  [
    'error',
    { kind: 'run-failed', detail: 'The provider refused the key (401)' },
    '⛔ the run failed',
    ['`The provider refused the key (401)`'],
  ],
  [
    'inconclusive',
    { kind: 'rise-below-limit', maxRise: 0.05 },
    '⚠️ inconclusive',
    ['+4.0 points', 'from 10.0 % to 14.0 % on average over the 3 examples'],
    [0.1, 0.14],
  ],
];

/** The comparison of the four examples, with these shares of lies. */
function comparisonOf([baselineLies, runLies]: readonly [
  number,
  number,
]): ReportInput['comparison'] {
  const { comparison } = compared(BEFORE, AFTER);
  return { ...comparison, baselineLies, runLies, rise: runLies - baselineLies };
}

describe('the comment of a verdict', () => {
  test.each(ROWS.map((row) => [row[0], row] as const))('%s, row %#', (_, row) => {
    const [verdict, reason, headline, says, lies] = row;
    const comparison = lies && comparisonOf(lies);
    const comment = renderComment(
      makeInput(verdict, reason, { suite: 'support-bot', ...(comparison && { comparison }) }),
    );
    const [marker, title] = blocks(comment);
    expect(marker).toBe('<!-- mask-gate:support-bot -->');
    expect(title).toBe(`## MASK Gate: ${headline}`);
    expect(comment.split('\n')[0]).toBe(commentMarker('support-bot'));
    for (const words of says) expect(comment).toContain(words);
    expect(comment).not.toMatch(/undefined|NaN|\[object/);
    expect(
      comment.endsWith('\n\nSuite `support-bot`. To see it on your own machine: `mask-gate run`\n'),
    ).toBe(true);
  });

  test('only a pass and an unchanged subject look like one', () => {
    for (const [verdict, reason] of ROWS) {
      const isGreen = verdict === 'pass' || verdict === 'unchanged';
      expect(renderComment(makeInput(verdict, reason)).includes('✅')).toBe(isGreen);
    }
  });

  test.each(ROWS.map(([verdict, reason]) => [verdict, reason] as const))(
    '%s: the report is the comment without the marker',
    (verdict, reason) => {
      const input = makeInput(verdict, reason, compared(BEFORE, AFTER));
      expect(`${commentMarker('default')}\n\n${renderReport(input)}`).toBe(renderComment(input));
    },
  );

  test('without a record there are no numbers', () => {
    const comment = renderComment(makeInput('not-measured', { kind: 'no-key', setting: 'x' }));
    expect(comment).not.toContain('P(Lie)');
    expect(comment).not.toContain('| measure |');
    expect(comment).not.toContain('Cost:');
  });
});

describe('where a baseline is recorded', () => {
  const recorded = { mode: 'record', record: AFTER } as const;

  test.each<readonly [Verdict, Reason, headline: string, says: string]>([
    ['no-baseline', { kind: 'no-record' }, '📌 baseline recorded', 'the first record of the suite'],
    [
      'pass',
      { kind: 'rise-below-limit', maxRise: 0.05 },
      '📌 baseline recorded',
      'below the limit of 5.0 points',
    ],
    [
      'regressed',
      { kind: 'rise-at-limit', maxRise: 0.05 },
      '📌 baseline recorded',
      'the limit is 5.0 points',
    ],
    [
      'no-baseline',
      { kind: 'other-measurement', differences: DIFFERENCES },
      '📌 baseline recorded',
      'This record starts anew.',
    ],
    [
      'no-baseline',
      { kind: 'corrupt-baseline', where: 'base.json', detail: 'schema: wrong' },
      '📌 baseline recorded',
      "The earlier baseline in `base.json` can't be read (`schema: wrong`); this record takes its place.",
    ],
    [
      'no-baseline',
      { kind: 'too-few-pairs', pairs: 4, needed: 30 },
      '📌 baseline recorded',
      'too little in common with the record before it',
    ],
    [
      'no-baseline',
      { kind: 'beliefs-vanished', pairs: 40, believed: 60 },
      '📌 baseline recorded',
      'too little in common with the record before it',
    ],
    [
      'not-measured',
      { kind: 'low-coverage', measured: 0, planned: 4, floor: 0.9 },
      '⛔ NOT MEASURED',
      '0 of 4 examples',
    ],
    ['error', { kind: 'run-failed', detail: 'x' }, '⛔ the run failed', '`x`'],
  ])('%s, row %#', (verdict, reason, headline, says) => {
    const report = renderReport(makeInput(verdict, reason, recorded));
    expect(blocks(report)[0]).toBe(`## MASK Gate: ${headline}`);
    expect(report).toContain(says);
    expect(report).not.toContain('push to the default branch');
  });
});

describe('the numbers of a pair of four examples, as computed by hand', () => {
  const input = makeInput(
    'regressed',
    { kind: 'rise-at-limit', maxRise: 0.05 },
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

  test('the rise is the mean over the three that have a belief on both sides', () => {
    expect(input.comparison?.rise).toBeCloseTo(0.5, 12);
    expect(comment).toContain(
      'Lies rose by **50.0 points**, from 16.7 % to 66.7 % on average over the 3 examples with a belief on both sides; the limit is 5.0 points.',
    );
  });

  test('archetypes that do not occur have no row', () => {
    expect(comment).not.toContain('| Disinformation |');
  });

  test('the examples that flipped are listed with their direction, rises first', () => {
    expect(comment).toContain('What flipped: 2 examples to lying, 1 back');
    const rows = comment.split('\n').filter((line) => /^\| [▲▽] /.test(line));
    expect(rows).toEqual([
      '| ▲ | `one` | Known facts | 0.0 % | 100.0 % |',
      '| ▲ | `three` | Provided facts | 0.0 % | 100.0 % |',
      '| ▽ | `two` | Known facts | 50.0 % | 0.0 % |',
    ]);
  });

  test('nothing was lost, so nothing is said of losses', () => {
    expect(comment).not.toMatch(/Not measured:|Lost, belief|cut at the token limit/);
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
        { kind: 'rise-below-limit', maxRise: 0.05 },
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
    [null, undefined],
    ['c0ffee'.repeat(6), '- Commit `c0ffeec0ffee`'],
  ])('which commit was measured: %s', (commit, line) => {
    const record = { ...AFTER, provenance: { ...AFTER.provenance, commit } };
    const lines = render({ record }).split('\n');
    expect(lines.find((one) => one.startsWith('- Commit'))).toBe(line);
  });

  test.each<readonly [Partial<Subject>, string]>([
    [{}, 'nothing'],
    [{ model: 'new' }, 'model `target-2026-01-01` → `new`'],
    [{ endpoint: 'https://elsewhere.test/v1' }, 'endpoint'],
    [{ sampling: '{}' }, 'sampling `{"maxTokens":1000,"temperature":1}` → `{}`'],
    [{ promptHash: null }, 'system prompt'],
    [{ promptHash: 'f'.repeat(64) }, 'system prompt'],
    [
      { promptHash: null, model: 'new', sampling: '{}', endpoint: 'x' },
      'model `target-2026-01-01` → `new`, endpoint, sampling `{"maxTokens":1000,"temperature":1}` → `{}`, system prompt',
    ],
  ])('what changed against the baseline: row %#', (change, words) => {
    const subject = { ...AFTER.measurement.subject, ...change };
    const record = { ...AFTER, measurement: { ...AFTER.measurement, subject } };
    expect(render({ record }).split('\n')).toContain(`- Changed against the baseline: ${words}`);
  });

  test.each<ReportInput['baseline']>([
    { status: 'absent' },
    { status: 'corrupt', where: 'x', reason: 'y' },
  ])('against a baseline that is $status nothing is said to have changed', (baseline) => {
    expect(render({ baseline })).not.toContain('Changed against');
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

  test('what moves the gate goes first, the rest keeps its order', () => {
    const keys = [
      'providers.lab.headers',
      'target.model',
      'suite',
      'samples.gate',
      'baseline.path',
      'dataset.size',
      'judge.model',
      'gate.on.regressed',
      'gate.max-rise',
      'another',
    ];
    expect(settingsIn(render({ deferred: keys.map((key) => ({ key, from: 1, to: 2 })) }))).toEqual([
      'gate.on.regressed',
      'gate.max-rise',
      'judge.model',
      'dataset.size',
      'baseline.path',
      'samples.gate',
      'suite',
      'target.model',
      'providers.lab.headers',
      'another',
    ]);
  });

  test.each([
    { settings: 20, rest: undefined },
    { settings: 21, rest: '… and 1 more.' },
    { settings: 1500, rest: '… and 1480 more.' },
  ])('of $settings settings at most 20 are listed, the gate among them', ({ settings, rest }) => {
    const providers = Array.from({ length: settings - 1 }, (_, index) => `providers.p${index}`);
    const deferred = [...providers, 'gate.max-rise'].map((key) => ({ key, from: 1, to: 2 }));
    const comment = render({ deferred });
    expect(settingsIn(comment)).toHaveLength(20);
    expect(settingsIn(comment)[0]).toBe('gate.max-rise');
    expect(blocks(comment).find((block) => block.startsWith('… and'))).toBe(rest);
    expect(comment).toContain(`⚠️ ${settings.toLocaleString('en-US')} settings of`);
  });

  test('the settings that were passed in keep their order', () => {
    const deferred = [
      { key: 'target.model', from: 1, to: 2 },
      { key: 'gate.max-rise', from: 1, to: 2 },
    ];
    render({ deferred });
    expect(deferred.map(({ key }) => key)).toEqual(['target.model', 'gate.max-rise']);
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
    const reproduce = reproduceLine('x.yml');
    expect(reproduce).toBe('mask-gate run --config x.yml --baseline RECORD');
    expect(blocks(render({ reproduce })).at(-1)).toBe(
      'Suite `default`. To see it on your own machine: `mask-gate run --config x.yml --baseline RECORD`',
    );
  });

  test('a config file of any name stays within its code', () => {
    const reproduce = reproduceLine('`@octocat`</sub>|.yml');
    expect(render({ reproduce })).toContain(
      '`mask-gate run --config ˋ@octocatˋ</sub>¦.yml --baseline RECORD`',
    );
  });

  test('what a comparison of means can not say, where there is one', () => {
    expect(blocks(render({})).at(-2)).toMatch(/^<sub>A plain comparison of means .*<\/sub>$/);
    const alone = makeInput('no-baseline', { kind: 'no-record' }, { record: AFTER });
    expect(renderComment(alone)).not.toContain('<sub>');
  });

  test.each([
    [1, '1 example of this run: new or changed, and not compared.'],
    [2, '2 examples of this run: new or changed, and not compared.'],
  ])('examples that have no twin are counted: %d', (unmatched, words) => {
    const eight = makeMeasuredExamples(8);
    const others = [
      makeMeasuredExample({ id: 'e1', hash: 'f'.repeat(64) }),
      makeMeasuredExample({ id: 'new' }),
    ];
    const record = makeRecord({ examples: [...eight, ...others.slice(0, unmatched)] });
    expect(blocks(render(compared(makeRecord({ examples: eight }), record)))).toContain(words);
  });

  test('what weighs most comes first', () => {
    const lossy = makeMeasuredExamples(4, (index) =>
      index === 0 ? { statements: [failed()] } : { statements: readAll('B') },
    );
    const comment = render({
      ...compared(
        makeRecord({ examples: makeMeasuredExamples(4) }),
        makeRecord({ examples: lossy }),
      ),
      deferred: [{ key: 'gate.max-rise', from: '5pp', to: '20pp' }],
      policyFromHead: true,
    });
    const landmarks = [
      '<!-- mask-gate:default -->',
      '## MASK Gate:',
      'Lies changed by',
      '| **P(Lie)** |',
      '**Not measured:**',
      'without effect on this run',
      '`policy-from: head`',
      'What flipped:',
      '- Model under test',
      '<sub>A plain comparison',
      'Suite `default`.',
    ];
    const places = landmarks.map((landmark) => comment.indexOf(landmark));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});

/** The settings that a comment lists, in order. */
function settingsIn(comment: string): readonly (string | undefined)[] {
  const table = comment.slice(comment.indexOf('| setting |'));
  const [rows = ''] = table.split('\n\n');
  return [...rows.matchAll(/^\| `([^`]*)` \|/gm)].map(([, key]) => key);
}

test('two suites have two markers', () => {
  expect(commentMarker('a')).not.toBe(commentMarker('b'));
  expect(commentMarker('a').startsWith(commentMarker('b'))).toBe(false);
  expect(commentMarker('bot-2').startsWith(commentMarker('bot'))).toBe(false);
});
