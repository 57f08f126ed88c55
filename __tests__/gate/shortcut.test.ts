import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import type { Decision } from '../../src/gate/decide.js';
import type { Fingerprint, Subject } from '../../src/gate/records/record.js';
import { skipCalls } from '../../src/gate/shortcut.js';
import { sha256 } from '../../src/base/hash.js';
import { headline } from '../../src/report/comment/headline.js';
import { EMPTY, makeConfig, makeMeasuredExamples, makeRecord } from '../factories.js';
import { foundIn } from './sides.js';

const RECORDED_AT = '2026-03-01T12:00:00.000Z';
const RECORD = makeRecord({ provenance: { createdAt: RECORDED_AT } });
const FOUND = foundIn(RECORD);

interface Circumstances {
  readonly baseline?: BaselineLookup;
  readonly fingerprint?: Partial<Fingerprint>;
  readonly subject?: Partial<Subject>;
  readonly now?: string;
  readonly maxAge?: number;
}

/** Settles a run that differs from a 1 day old baseline only in the given parts. */
function settle(circumstances: Circumstances): Decision | undefined {
  const { baseline = FOUND, now = '2026-03-02T12:00:00.000Z', maxAge = 14 } = circumstances;
  const { measurement } = baseline.status === 'found' ? baseline.record : RECORD;
  const run = {
    fingerprint: { ...measurement.fingerprint, ...circumstances.fingerprint },
    subject: { ...measurement.subject, ...circumstances.subject },
  };
  const config = makeConfig({
    baseline: { store: 'committed', path: 'b.json', maxAge, inline: false },
  });
  return skipCalls(baseline, run, { config, now: new Date(now) });
}

describe('an equal baseline settles the run while it is young', () => {
  test.each([
    { age: 'just recorded', now: RECORDED_AT, verdict: 'unchanged' },
    { age: '59 minutes ahead', now: '2026-03-01T11:01:00.000Z', verdict: 'unchanged' },
    { age: 'an hour ahead', now: '2026-03-01T11:00:00.000Z', verdict: undefined },
    { age: 'a year ahead', now: '2025-03-01T12:00:00.000Z', verdict: undefined },
    { age: '13 days', now: '2026-03-14T12:00:00.000Z', verdict: 'unchanged' },
    { age: '14 days to the millisecond', now: '2026-03-15T12:00:00.000Z', verdict: 'unchanged' },
    { age: '14 days and a millisecond', now: '2026-03-15T12:00:00.001Z', verdict: undefined },
    { age: 'a year', now: '2027-03-01T12:00:00.000Z', verdict: undefined },
  ])('$age, at most 14 days: $verdict', ({ now, verdict }) => {
    expect(settle({ now })?.verdict).toBe(verdict);
  });

  test.each([
    { now: '2026-03-04T12:00:00.000Z', verdict: 'unchanged' },
    { now: '2026-03-04T12:00:00.001Z', verdict: undefined },
  ])('at $now, at most 3 days: $verdict', ({ now, verdict }) => {
    expect(settle({ now, maxAge: 3 })?.verdict).toBe(verdict);
  });

  test.each([
    { measured: 20, verdict: 'unchanged' },
    { measured: 18, verdict: 'unchanged' },
    { measured: 17, verdict: undefined },
    { measured: 0, verdict: undefined },
  ])('a baseline that measured $measured of 20: $verdict', ({ measured, verdict }) => {
    const record = makeRecord({
      examples: makeMeasuredExamples(20, (index) =>
        index < measured ? {} : { statements: [EMPTY] },
      ),
      provenance: { createdAt: RECORDED_AT },
    });
    expect(settle({ baseline: foundIn(record) })?.verdict).toBe(verdict);
  });

  test('the decision is green and names the age', () => {
    const decision = settle({});
    expect(decision && headline({ mode: 'gate', decision })).toBe(
      'MASK Gate: ✅ unchanged, nothing to measure',
    );
    expect(decision).toEqual({
      verdict: 'unchanged',
      effect: 'pass',
      exitCode: 0,
      reason: { kind: 'same-as-baseline', ageDays: 1, maxAgeDays: 14 },
    });
  });
});

describe('any other run has to be measured', () => {
  test.each<{ name: string; circumstances: Circumstances }>([
    { name: 'no baseline', circumstances: { baseline: { status: 'absent' } } },
    { name: 'another model', circumstances: { subject: { model: 'other' } } },
    { name: 'another endpoint', circumstances: { subject: { endpoint: 'other' } } },
    { name: 'other sampling parameters', circumstances: { subject: { sampling: '{}' } } },
    { name: 'another prompt', circumstances: { subject: { promptHash: sha256('other') } } },
    { name: 'without a prompt', circumstances: { subject: { promptHash: null } } },
    { name: 'other examples', circumstances: { fingerprint: { examples: sha256('other') } } },
  ])('$name', ({ circumstances }) => {
    expect(settle(circumstances)).toBeUndefined();
  });
});

describe('an incomparable run is settled without any call', () => {
  test.each<{ name: string; fingerprint: Partial<Fingerprint>; part: string }>([
    { name: 'judge', fingerprint: { judgeModel: 'other' }, part: 'judge model' },
    {
      name: 'endpoint',
      fingerprint: { judgeEndpoint: 'other' },
      part: 'endpoint of the judge',
    },
    {
      name: 'judge parameters',
      fingerprint: { judgeSampling: '{}' },
      part: 'sampling parameters of the judge',
    },
    { name: 'rubric', fingerprint: { rubric: sha256('other') }, part: 'prompts of the judge' },
    {
      name: 'elicitation',
      fingerprint: { elicitation: 'other' },
      part: 'elicitation of beliefs',
    },
  ])('another $name is incomparable, even with an equal subject', ({ fingerprint, part }) => {
    const decision = settle({ fingerprint });
    expect(decision).toMatchObject({ verdict: 'incomparable', effect: 'fail', exitCode: 3 });
    expect(decision?.reason).toMatchObject({ kind: 'other-measurement', differences: [{ part }] });
  });

  test('another judge is still incomparable if the baseline is old', () => {
    const decision = settle({ fingerprint: { judgeModel: 'x' }, now: '2027-01-01T00:00:00.000Z' });
    expect(decision?.verdict).toBe('incomparable');
  });

  test('a corrupt baseline is an error', () => {
    const baseline = { status: 'corrupt', where: 'b.json', reason: 'broken' } as const;
    expect(settle({ baseline })).toEqual({
      verdict: 'error',
      effect: 'fail',
      exitCode: 4,
      reason: { kind: 'corrupt-baseline', where: 'b.json', detail: 'broken' },
    });
  });

  test('with an untrusted baseline the change is not measured, and the baseline is not called missing', () => {
    const rejected = [{ where: 'b.json', reason: 'it names no run' }];
    expect(settle({ baseline: { status: 'untrusted', rejected } })).toEqual({
      verdict: 'not-measured',
      effect: 'fail',
      exitCode: 3,
      reason: { kind: 'untrusted-baseline', rejected },
    });
  });

  test('with records that were not reached the change is not measured either', () => {
    expect(settle({ baseline: { status: 'unreached', records: 2, commits: 900 } })).toEqual({
      verdict: 'not-measured',
      effect: 'fail',
      exitCode: 3,
      reason: { kind: 'search-cut', records: 2, commits: 900 },
    });
  });
});
