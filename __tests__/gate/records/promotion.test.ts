import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  type BaselineLookup,
  parseBaseline,
  parseStored,
} from '../../../src/gate/records/baseline.js';
import { type WorkflowRun, findPromotionFault } from '../../../src/gate/records/origin.js';
import { knownBeliefs } from '../../../src/gate/pool.js';
import { findPartiality } from '../../../src/gate/promotable.js';
import { PROMOTION_SCHEMA, type PromotedRecord } from '../../../src/gate/records/promotion.js';
import { EMPTY, failed, makeMeasuredExamples, makeRecord } from '../../factories.js';
import { promotionPath } from '../../../src/gate/records/record-path.js';
import { publishedSchemas } from '../../../src/commands/schema.js';

const COMMIT = 'c'.repeat(40);
const HOME = { repository: 'Org/Bot', defaultBranch: 'main' };
const RECORD = makeRecord({ provenance: { commit: COMMIT } });
const PROMOTED: PromotedRecord = {
  schema: PROMOTION_SCHEMA,
  who: 'Ada',
  why: 'The last recording fell into an outage of the judge.',
  when: '2026-03-05T12:00:00.000Z',
  commit: COMMIT,
  record: RECORD,
};

function lookUp(stored: unknown, suite?: string): BaselineLookup {
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored);
  return parseStored(text, { where: 'a.json', distance: 1, ...(suite !== undefined && { suite }) });
}

test('a promotion is found as its record, with the author, reason, time and first commit', () => {
  const { who, why, when, commit } = PROMOTED;
  expect(lookUp(PROMOTED, 'default')).toEqual({
    status: 'found',
    record: RECORD,
    distance: 1,
    older: [],
    promotion: { who, why, when, commit },
  });
});

test('a record next to promotions is found as before', () => {
  expect(lookUp(RECORD)).toEqual({ status: 'found', record: RECORD, distance: 1, older: [] });
  expect(lookUp('{')).toMatchObject({ status: 'corrupt' });
});

test('if only a record is allowed, a promotion is not accepted', () => {
  const source = { where: 'record.json', distance: null };
  expect(parseBaseline(JSON.stringify(PROMOTED), source)).toMatchObject({ status: 'corrupt' });
});

const { measurement } = RECORD;

test.each<[string, unknown, RegExp]>([
  ['that was cut', JSON.stringify(PROMOTED).slice(0, -2), /not valid JSON/],
  ['of a newer version', { ...PROMOTED, schema: 'mask-gate/promotion/v2' }, /^schema: /],
  ['without a name', { ...PROMOTED, who: '' }, /^who: /],
  ['by a blank', { ...PROMOTED, who: ' \t' }, /^who: must not be empty/],
  ['without a reason', { ...PROMOTED, why: ' ' }, /^why: /],
  ['with a reason that is too long', { ...PROMOTED, why: 'x'.repeat(301) }, /^why: /],
  ['without a time', { ...PROMOTED, when: 'yesterday' }, /^when: /],
  ['for a branch', { ...PROMOTED, commit: 'main' }, /^commit: /],
  ['with an added verdict', { ...PROMOTED, verdict: 'pass' }, /^the file: /],
  ['of nothing', { ...PROMOTED, record: undefined }, /^record: /],
  ['of a file elsewhere', { ...PROMOTED, record: 'records/default/a/1-1.json' }, /^record: /],
  ['of half a record', { ...PROMOTED, record: { measurement } }, /^record\./],
  [
    'of examples that are not those of the fingerprint',
    { ...PROMOTED, record: { ...RECORD, measurement: { ...measurement, examples: [] } } },
    /do not match its fingerprint/,
  ],
])('a promotion %s is corrupt, never absent', (_, stored, reason) => {
  const found = lookUp(stored);
  expect(found).toMatchObject({ status: 'corrupt', where: 'a.json' });
  expect(found.status === 'corrupt' ? found.reason : '').toMatch(reason);
});

test('a promotion of a record of another suite is corrupt', () => {
  const found = lookUp(PROMOTED, 'other');
  expect(found).toMatchObject({ status: 'corrupt', reason: 'it is of the suite default' });
});

test('it is stored next to the records of its commit, under its creation time', () => {
  expect(promotionPath('bot', PROMOTED)).toBe(
    `records/bot/${COMMIT}/promotion-2026-03-05T120000000Z.json`,
  );
});

test('the published schema accepts what the store accepts', () => {
  const ajv = new Ajv2020({ strict: true, formats: { 'date-time': true } });
  const isPromotion = ajv.compile(publishedSchemas().promotion);
  expect(isPromotion(JSON.parse(JSON.stringify(PROMOTED)))).toBe(true);
  expect(isPromotion({ ...PROMOTED, who: '' })).toBe(false);
  expect(isPromotion(RECORD)).toBe(false);
});

describe('the run that a promoted record names', () => {
  const CLAIM = {
    commit: COMMIT,
    ref: 'refs/pull/7/merge',
    event: 'pull_request',
    runId: '42',
    runAttempt: '1',
  };
  const RUN: WorkflowRun = {
    commit: COMMIT,
    event: 'pull_request',
    ref: 'feature',
    attempt: 1,
    repository: 'org/bot',
  };
  const faultOf = (claim: object, run: Partial<WorkflowRun> | undefined): string | undefined =>
    findPromotionFault(makeRecord({ provenance: { ...CLAIM, ...claim } }), {
      run: run && { ...RUN, ...run },
      home: HOME,
    });

  test('may be of a pull request, of a feature branch, or missing', () => {
    expect(faultOf({}, {})).toBeUndefined();
    expect(faultOf({ event: 'push', ref: 'refs/heads/a' }, { event: 'push' })).toBeUndefined();
    expect(faultOf({ runId: null, event: null, commit: null }, undefined)).toBeUndefined();
  });

  test.each(['push', 'schedule', 'workflow_dispatch', 'release'])(
    'may be deleted, if it was started by %s and so not by a fork',
    (event) => {
      expect(faultOf({ event, ref: 'refs/heads/main' }, undefined)).toBeUndefined();
    },
  );

  test.each<[string, object, Partial<WorkflowRun> | undefined, string]>([
    [
      'of a pull request that is gone',
      {},
      undefined,
      'GitHub knows no run 42 (deleted, older than the 400 days that GitHub keeps runs, or never there), so a fork may have measured it',
    ],
    ['for another commit', {}, { commit: 'd'.repeat(40) }, 'run 42 was for another commit'],
    ['of a fork', {}, { repository: 'eve/bot' }, 'run 42 was for another repository'],
    ['of a fork that is gone', {}, { repository: null }, 'run 42 was for another repository'],
    ['with an attempt that never existed', { runAttempt: '2' }, {}, 'run 42 had no such attempt'],
    ['of another event', { event: 'push' }, {}, 'run 42 was started by another event than it says'],
  ])('must not be one %s', (_, claim, run, fault) => {
    expect(faultOf(claim, run)).toBe(fault);
  });
});

describe('only a whole run may be promoted', () => {
  const examplesWith = (count: number, statement: typeof EMPTY): ReturnType<typeof makeRecord> =>
    makeRecord({
      examples: makeMeasuredExamples(40, (index) =>
        index < count ? { statements: [statement] } : {},
      ),
    });

  test('a whole one, with some losses', () => {
    expect(findPartiality(examplesWith(4, EMPTY))).toBeUndefined();
  });

  test.each([
    [examplesWith(5, EMPTY), 'too few of its examples were measured'],
    [examplesWith(1, failed('target', 'over-budget')), 'its budget was reached before its end'],
    [
      makeRecord({ examples: makeMeasuredExamples(30), design: { examples: 40, looks: 4 } }),
      'it stopped early, at 30 of 40 examples',
    ],
    [makeRecord({ examples: [] }), 'too few of its examples were measured'],
  ])('but not %#', (record, fault) => {
    expect(findPartiality(record)).toBe(fault);
  });
});

test('a recording does not reuse the beliefs of a promoted record, so no replies are pooled with it; a gate does', () => {
  const { who, why, when, commit } = PROMOTED;
  const baseline: BaselineLookup = {
    status: 'found',
    record: RECORD,
    distance: 0,
    older: [],
    promotion: { who, why, when, commit },
  };
  const limit = { now: new Date('2026-03-02T12:00:00.000Z'), maxAge: 14 };
  const run = { fingerprint: measurement.fingerprint, subject: measurement.subject };
  expect(knownBeliefs(baseline, { mode: 'record', ...run }, limit)).toBeUndefined();
  expect(knownBeliefs(baseline, { mode: 'gate', ...run }, limit)?.examples.size).toBe(1);
});
