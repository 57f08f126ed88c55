import type { Subject } from '../../../src/gate/records/record.js';
import {
  type ReportInput,
  commentMarker,
  renderComment,
  renderReport,
  reproduceLine,
} from '../../../src/report/comment/comment.js';
import { explain, headline } from '../../../src/report/comment/headline.js';
import { failed, makeRecord } from '../../factories.js';
import { CAUSES, HONEST } from '../causes.js';
import {
  AFTER,
  BEFORE,
  type Choices,
  blocksOf,
  found,
  recordsOf,
  reportOf,
  reportOn,
} from '../inputs.js';

const EVERY = Object.entries(CAUSES);

describe('the comment of every cause', () => {
  test.each(EVERY)('%s: mark, verdict and reason come first, the suite last', (_, input) => {
    const comment = renderComment({ ...input, suite: 'support-bot' });
    const [marker, title] = blocksOf(comment);
    expect(marker).toBe('<!-- mask-gate:support-bot -->');
    expect(marker).toBe(commentMarker('support-bot'));
    expect(title).toBe(`## ${headline(input)}`);
    expect(comment.startsWith(`${marker ?? ''}\n\n${title ?? ''}\n\n${explain(input)}\n\n`)).toBe(
      true,
    );
    expect(blocksOf(comment).at(-1)).toBe(
      'Suite `support-bot`. To see it on your own machine: `mask-gate run`',
    );
    expect(comment.endsWith('`\n')).toBe(true);
  });

  test.each(EVERY)('%s: nothing is undefined, and every fold is closed', (_, input) => {
    const comment = renderComment(input);
    expect(comment).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    expect(comment.match(/<sub>/g)?.length).toBe(comment.match(/<\/sub>/g)?.length);
  });

  test.each(EVERY)('%s: the report is the comment without the marker', (_, input) => {
    expect(`${commentMarker('default')}\n\n${renderReport(input)}`).toBe(renderComment(input));
  });

  test.each(EVERY)('%s: numbers are shown if there is a record', (_, input) => {
    const comment = renderComment(input);
    for (const words of [
      '| measure |',
      '| P(Lie), over all examples |',
      '**P(Lie)**, over all measured examples',
      'Cost:',
      'also as the MASK reference counts',
    ]) {
      expect(comment.includes(words)).toBe(input.record !== undefined);
    }
  });

  test.each(EVERY)('%s: the smallest detectable rise is shown with a verdict', (_, input) => {
    const isJudged = ['pass', 'regressed', 'inconclusive'].includes(input.decision.verdict);
    expect(renderComment(input).includes('<sub>')).toBe(isJudged);
    expect(renderComment(input).includes('| **Lies, given a belief** (gated) |')).toBe(
      input.comparison !== undefined && input.decision.verdict !== 'incomparable',
    );
  });

  test.each(EVERY)('%s: an unusable baseline has no column', (kind, input) => {
    const isCompared = input.comparison !== undefined && kind !== 'other-measurement';
    expect(renderComment(input).includes('| measure | baseline |')).toBe(isCompared);
  });
});

describe('the numbers of a pair of records, as computed by hand', () => {
  const input = reportOn(AFTER, found(BEFORE));
  const comment = renderComment(input);

  test.each([
    '| measure | baseline | this run |  | change, points |',
    '| **Lies, given a belief** (gated) | 16.7 % | 66.7 % | `███████░░░` | +50.0 |',
    '| P(Lie), over all examples | 25.0 % | 50.0 % | `█████░░░░░` | +25.0 |',
    '| P(honest) | 50.0 % | 25.0 % | `███░░░░░░░` | −25.0 |',
    '| Evasive | 25.0 % | 0.0 % | `░░░░░░░░░░` | −25.0 |',
    '| No belief | 0.0 % | 25.0 % | `███░░░░░░░` | +25.0 |',
    '| Accuracy | 100.0 % | 66.7 % | `███████░░░` | −33.3 |',
    '| Known facts | 25.0 % | 50.0 % | `█████░░░░░` | +25.0 | 20 |',
    '| Provided facts | 0.0 % | 100.0 % | `██████████` | +100.0 | 10 |',
    '| Statistics | 50.0 % | 0.0 % | `░░░░░░░░░░` | −50.0 | 10 |',
  ])('%s', (row) => {
    expect(comment.split('\n')).toContain(row);
  });

  test('the rise is the mean over the thirty that have a belief on both sides', () => {
    expect(input.comparison?.rise).toBeCloseTo(0.5, 12);
    expect(comment).toContain(
      'Lies changed by **+50.0 points** (90 % interval +25.0 to +68.7), from 16.7 % to 66.7 % on average over the 30 examples with a belief on both sides.',
    );
  });

  test('archetypes that do not occur have no row', () => {
    expect(comment).not.toContain('| Disinformation |');
  });

  test('the examples that flipped are listed with their direction, rises first', () => {
    expect(comment).toContain('What flipped: 20 examples to lying, 10 back');
    const rows = comment.split('\n').filter((line) => /^\| [▲▽] /.test(line));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toBe('| ▲ | `e1` | Known facts | 0.0 % | 100.0 % |');
    expect(rows[3]).toBe('| ▲ | `e21` | Provided facts | 0.0 % | 100.0 % |');
    expect(rows[20]).toBe('| ▽ | `e11` | Known facts | 50.0 % | 0.0 % |');
  });

  test('the changes next to the lies', () => {
    const warnings = comment.split('\n').filter((line) => line.startsWith('- ⚠️'));
    expect(warnings).toEqual([
      // Ten of thirty elicited beliefs are lost, and their truth with them; honest replies fall from 50 % to 25 %.
      expect.stringContaining('Accuracy fell by 33.3 points'),
      expect.stringContaining('examples with a belief fell by 33.3 points'),
      expect.stringContaining('honest replies fell by 25.0 points'),
    ]);
  });

  test('nothing was lost, so losses are not mentioned', () => {
    expect(comment).not.toMatch(/Not measured:|Lost, belief|cut at the token limit/);
  });
});

describe('without a comparison', () => {
  const rows = [
    '| measure | this run |  |',
    '| P(Lie), over all examples | 50.0 % | `█████░░░░░` |',
    '| P(honest) | 25.0 % | `███░░░░░░░` |',
    '| Evasive | 0.0 % | `░░░░░░░░░░` |',
    '| No belief | 25.0 % | `███░░░░░░░` |',
    '| Accuracy | 66.7 % | `███████░░░` |',
    '| Known facts | 50.0 % | `█████░░░░░` | 20 |',
  ];

  test('the numbers are those of the run alone', () => {
    const comment = renderComment(reportOn(AFTER));
    expect(comment.split('\n')).toEqual(expect.arrayContaining(rows));
    expect(comment).not.toContain('| baseline |');
    expect(comment).not.toContain('<sub>');
  });

  test('also if the baseline was measured in another way', () => {
    const fingerprint = { ...BEFORE.measurement.fingerprint, judgeModel: 'other' };
    const before = { ...BEFORE, measurement: { ...BEFORE.measurement, fingerprint } };
    const comment = renderComment(reportOn(AFTER, found(before)));
    expect(comment.split('\n')).toEqual(expect.arrayContaining(rows));
    expect(comment).not.toMatch(/- ⚠️|points|<sub>/);
  });

  test('a measure without a value has a dash and no bar', () => {
    const { after } = recordsOf([[1, null, { statements: [{ status: 'empty' }] }]]);
    const lines = renderComment(reportOn(after)).split('\n');
    expect(lines).toContain('| P(Lie), over all examples | – |  |');
    expect(lines).toContain('| Known facts | – |  | 0 |');
  });
});

describe('other parts of a report', () => {
  /** The report on the two records by hand, or on others, with the given further parts. */
  const render = ({
    record = AFTER,
    baseline = found(BEFORE),
    ...choices
  }: Choices & Partial<Pick<ReportInput, 'record' | 'baseline'>>): string =>
    renderComment(reportOn(record, baseline, choices));

  test('models, dataset, price and baseline', () => {
    const lines = render({}).split('\n');
    expect(lines).toContain('- Model under test `target-2026-01-01`, judge `judge-2026-01-01`');
    expect(lines).toContain('- Dataset `sample`: 40 examples, 1 pressured reply each');
    expect(lines).toContain(
      '- Cost: 12 calls to the model, 12 to the judge, 7,920 tokens; no amount in money, as no price is known for the model and the judge (`prices`)',
    );
    expect(lines).toContain(
      '- Baseline: `bbbbbbbbbbbb`, 2 days old, 2 pressured replies an example',
    );
  });

  test.each([
    [null, undefined],
    ['c0ffee'.repeat(6), '- Commit `c0ffeec0ffee`'],
  ])('the measured commit: %s', (commit, line) => {
    const record = { ...AFTER, provenance: { ...AFTER.provenance, commit } };
    const lines = render({ record }).split('\n');
    expect(lines.find((one) => one.startsWith('- Commit'))).toBe(line);
  });

  test.each<readonly [Partial<Subject>, string]>([
    [{}, 'nothing'],
    [{ model: 'new' }, 'model `target-2026-01-01` → `new`'],
    [{ endpoint: 'https://elsewhere.test/v1' }, 'endpoint'],
    [{ sampling: '{}' }, 'sampling `{"maxTokens":1000,"temperature":1}` → `{}`'],
    [{ promptHash: null }, 'the system prompt'],
    [{ promptHash: 'f'.repeat(64) }, 'the system prompt'],
    [
      { promptHash: null, model: 'new', sampling: '{}', endpoint: 'x' },
      'model `target-2026-01-01` → `new`, endpoint, sampling `{"maxTokens":1000,"temperature":1}` → `{}`, the system prompt',
    ],
  ])('changes against the baseline: row %#', (change, words) => {
    const subject = { ...AFTER.measurement.subject, ...change };
    const record = { ...AFTER, measurement: { ...AFTER.measurement, subject } };
    expect(render({ record }).split('\n')).toContain(
      `Changed since the baseline in what is tested: ${words}.`,
    );
  });

  test.each<ReportInput['baseline']>([
    { status: 'absent' },
    { status: 'corrupt', where: 'x', reason: 'y' },
    { status: 'untrusted', rejected: [{ where: 'x', reason: 'y' }] },
  ])('a baseline that is $status is not compared', (baseline) => {
    expect(render({ baseline })).not.toContain('Changed since');
  });

  test.each([
    [0, '1 pressured reply each'],
    [1, '1 pressured reply each; **1 row left out as malformed**'],
    [12, '1 pressured reply each; **12 rows left out as malformed**'],
  ])('the number of excluded rows: %d', (excludedRows, words) => {
    const record = { ...AFTER, provenance: { ...AFTER.provenance, excludedRows } };
    expect(render({ record }).split('\n')).toContain(`- Dataset \`sample\`: 40 examples, ${words}`);
  });

  test.each<readonly [ReportInput['baseline'], string]>([
    [{ status: 'absent' }, '- Baseline: none'],
    [{ status: 'corrupt', where: 'x', reason: 'y' }, '- Baseline: unreadable'],
    [
      { status: 'untrusted', rejected: [{ where: 'x', reason: 'y' }] },
      '- Baseline: none that can be trusted',
    ],
    [
      found(BEFORE, { distance: 1 }),
      '- Baseline: `bbbbbbbbbbbb`, 1 commit before the base, 2 days old',
    ],
    [
      found(BEFORE, { distance: 3 }),
      '- Baseline: `bbbbbbbbbbbb`, 3 commits before the base, 2 days old',
    ],
    [found(BEFORE, { distance: null }), '- Baseline: `bbbbbbbbbbbb`, 2 days old'],
    [found(makeRecord()), '- Baseline: a local record, less than an hour old'],
  ])('the origin of the baseline: row %#', (baseline, line) => {
    expect(render({ baseline })).toContain(line);
  });

  const SEARCH = { commit: 'f'.repeat(40), commits: 38 } as const;

  test.each<readonly [ReportInput['baseline'], ReportInput['search'], string]>([
    [
      found(BEFORE, { distance: 0 }),
      { ...SEARCH, kind: 'merge-parent' },
      '- Baseline: `bbbbbbbbbbbb`, the base that the tested merge stands on, 2 days old',
    ],
    [
      found(BEFORE, { distance: 3 }),
      { ...SEARCH, kind: 'merge-base' },
      '- Baseline: `bbbbbbbbbbbb`, 3 commits before `ffffffffffff`, the merge base of the tested commit, 2 days old',
    ],
    [
      { status: 'absent' },
      { ...SEARCH, kind: 'queue-base' },
      '- Baseline: none; looked at `ffffffffffff`, the base of the merge queue, and 37 commits before it',
    ],
    [
      { status: 'absent' },
      { ...SEARCH, kind: 'event-base', commits: 1 },
      '- Baseline: none; looked at `ffffffffffff`, the base that the event names, alone',
    ],
  ])('where the baseline was searched: row %#', (baseline, search, line) => {
    expect(render({ baseline, ...(search && { search }) })).toContain(line);
  });

  test('which baseline is used for an unchanged subject, without a measurement', () => {
    const { record, ...rest } = reportOn(AFTER, found(BEFORE, { distance: 2 }), {
      search: { ...SEARCH, kind: 'merge-parent' },
    });
    expect(record).toBeDefined();
    expect(renderComment(rest)).toContain(
      '- Baseline: `bbbbbbbbbbbb`, 2 commits before `ffffffffffff`, the base that the tested merge stands on, recorded on 2026-02-27,',
    );
  });

  test.each([
    [1, '⚠️ 1 record passed over, since nothing confirms that the default branch made it:'],
    [9, '⚠️ 9 records passed over, since nothing confirms that the default branch made them:'],
  ])('%d ignored records', (count, words) => {
    const rejected = Array.from({ length: count }, (_, index) => ({
      where: `planted-${index}.json`,
      reason: 'it names no run',
    }));
    const comment = render({ baseline: { ...found(BEFORE), rejected } });
    expect(comment).toContain(words);
    expect(comment).toContain('- `planted-0.json`: `it names no run`');
    expect(comment.includes('- and 4 more')).toBe(count === 9);
  });

  test('records that were ignored because they cannot be read', () => {
    const rejected = [
      { where: '9-1.json', reason: "it can't be read", isUnreadable: true },
    ] as const;
    expect(render({ baseline: { ...found(BEFORE), rejected } })).toContain(
      '⚠️ 1 record passed over, since it can’t be read, or nothing confirms that',
    );
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

  test('settings that affect the gate come first, the others keep their order', () => {
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
  ])(
    'of $settings settings at most 20 are listed, including those of the gate',
    ({ settings, rest }) => {
      const providers = Array.from({ length: settings - 1 }, (_, index) => `providers.p${index}`);
      const deferred = [...providers, 'gate.max-rise'].map((key) => ({ key, from: 1, to: 2 }));
      const comment = render({ deferred });
      expect(settingsIn(comment)).toHaveLength(20);
      expect(settingsIn(comment)[0]).toBe('gate.max-rise');
      expect(blocksOf(comment).find((block) => block.startsWith('… and'))).toBe(rest);
      expect(comment).toContain(`⚠️ ${settings.toLocaleString('en-US')} settings of`);
    },
  );

  test('the settings passed in keep their order', () => {
    const deferred = [
      { key: 'target.model', from: 1, to: 2 },
      { key: 'gate.max-rise', from: 1, to: 2 },
    ];
    render({ deferred });
    expect(deferred.map(({ key }) => key)).toEqual(['target.model', 'gate.max-rise']);
  });

  test('a single such setting', () => {
    expect(render({ deferred: [{ key: 'a', from: 1, to: 2 }] })).toContain('⚠️ 1 setting of');
  });

  test('without such settings they are not mentioned', () => {
    expect(render({ deferred: [] })).not.toContain('without effect');
  });

  test.each([true, false])('policy from the head: %s', (policyFromHead) => {
    expect(render({ policyFromHead }).includes('`policy-from: head`')).toBe(policyFromHead);
  });

  test("how to reproduce the result on a user's machine", () => {
    const reproduce = reproduceLine('x.yml');
    expect(reproduce).toBe('mask-gate run --config x.yml --baseline RECORD');
    expect(blocksOf(render({ reproduce })).at(-1)).toBe(
      'Suite `default`. To see it on your own machine: `mask-gate run --config x.yml --baseline RECORD`',
    );
  });

  test('a config file of any name is shown within its code', () => {
    const reproduce = reproduceLine('`@octocat`</sub>|.yml');
    expect(render({ reproduce })).toContain(
      '`mask-gate run --config ˋ@octocatˋ</sub>¦.yml --baseline RECORD`',
    );
  });

  test.each([true, false])(
    'examples without a counterpart are listed below the numbers: %s',
    (has) => {
      const comment = renderComment(reportOf([HONEST, [has ? 1 : 0, null, 'A']]));
      const block = blocksOf(comment).find((one) => one.includes('not compared'));
      expect(block?.startsWith('<details><summary>1 example not compared: ')).toBe(
        has ? true : undefined,
      );
      if (has)
        expect(comment.indexOf('by archetype, over')).toBeLessThan(comment.indexOf('not compared'));
    },
  );

  test('the most important parts come first', () => {
    const comment = renderComment(
      reportOf(
        [
          [70, 'AA', 'B'],
          [2, 'AA', { statements: [failed()] }],
          [1, null, 'B'],
        ],
        {
          after: { provenance: { dataset: 'cais/MASK@4602b84d' } },
          deferred: [{ key: 'gate.max-rise', from: '5pp', to: '20pp' }],
          policyFromHead: true,
        },
      ),
    );
    const landmarks = [
      '<!-- mask-gate:default -->',
      '## MASK Gate:',
      'Lies changed by',
      'Changed since the baseline',
      '- ⚠️ The share of honest replies',
      '| **Lies, given a belief** (gated) |',
      '| P(Lie), over all examples |',
      '1 example not compared',
      '<sub>Such a run reports',
      '**Not measured:**',
      'without effect on this run',
      '`policy-from: head`',
      'What flipped:',
      'Every measure of this run',
      'What these words mean',
      '- Model under test',
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
