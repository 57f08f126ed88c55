import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { poolReplies } from '../../src/gate/pool.js';
import type { Fingerprint, RunOrigin, Subject } from '../../src/gate/records/record.js';
import { skipUnchangedPush } from '../../src/gate/shortcut.js';
import { sha256 } from '../../src/base/hash.js';
import { EMPTY, makeConfig, makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { foundIn } from './sides.js';

const COMMIT = 'c'.repeat(40);
const PUSH = { event: 'push', ref: 'refs/heads/main' };

/** A recording of 1 March with this many replies per example, counted from `firstRepeat`. */
function recording(replies: number, firstRepeat = 0, size = 40): ReturnType<typeof makeRecord> {
  return makeRecord({
    examples: makeMeasuredExamples(size, () => ({ statements: readAll('A'.repeat(replies)) })),
    design: { samples: replies },
    firstRepeat,
    provenance: { commit: COMMIT, createdAt: '2026-03-01T12:00:00.000Z' },
  });
}

const FOUND = foundIn(recording(5));

interface Circumstances {
  readonly baseline?: BaselineLookup;
  readonly origin?: Pick<RunOrigin, 'event' | 'ref'>;
  readonly fingerprint?: Partial<Fingerprint>;
  readonly subject?: Partial<Subject>;
  readonly now?: string;
  readonly samples?: number;
}

/** Settles a push that differs from a 1 day old record of five replies only in the given parts. */
function settle(circumstances: Circumstances): ReturnType<typeof skipUnchangedPush> {
  const { baseline = FOUND, origin = PUSH, now = '2026-03-02T12:00:00.000Z' } = circumstances;
  const { measurement } = baseline.status === 'found' ? baseline.record : recording(5);
  const run = {
    origin,
    fingerprint: { ...measurement.fingerprint, ...circumstances.fingerprint },
    subject: { ...measurement.subject, ...circumstances.subject },
  };
  const samples = { gate: 1, confirm: 2, record: circumstances.samples ?? 5 };
  return skipUnchangedPush(baseline, run, { config: makeConfig({ samples }), now: new Date(now) });
}

test('a push whose result a young record already has records nothing, and names the commit', () => {
  expect(settle({})).toEqual({
    verdict: 'unchanged',
    effect: 'pass',
    exitCode: 0,
    reason: { kind: 'already-recorded', commit: COMMIT, ageDays: 1, maxAgeDays: 14 },
  });
});

test('it is a warning if that record does not allow a comparison', () => {
  expect(settle({ baseline: foundIn(recording(5, 0, 29)) })).toMatchObject({
    verdict: 'unchanged',
    effect: 'warn',
    exitCode: 0,
    shortage: { propositions: 29, believed: 29, needed: 30 },
  });
});

test.each([
  { now: '2026-03-15T12:00:00.000Z', isQuiet: true },
  { now: '2026-03-15T12:00:00.001Z', isQuiet: false },
  { now: '2025-03-15T12:00:00.000Z', isQuiet: false },
])('the record must be young: at $now, quiet $isQuiet', ({ now, isQuiet }) => {
  expect(settle({ now }) !== undefined).toBe(isQuiet);
});

test.each<[string, Circumstances]>([
  ['a schedule', { origin: { event: 'schedule', ref: 'refs/heads/main' } }],
  ['a dispatch', { origin: { event: 'workflow_dispatch', ref: 'refs/heads/main' } }],
  ['a push of a tag', { origin: { event: 'push', ref: 'refs/tags/v1' } }],
  ['a release', { origin: { event: 'release', ref: 'refs/tags/v1' } }],
  ['a local run', { origin: { event: null, ref: null } }],
  ['another prompt', { subject: { promptHash: sha256('other') } }],
  ['another model', { subject: { model: 'other' } }],
  ['another judge', { fingerprint: { judgeModel: 'other' } }],
  ['other examples', { fingerprint: { examples: sha256('other') } }],
  ['no record', { baseline: { status: 'absent' } }],
  ['a record that cannot be read', { baseline: { status: 'corrupt', where: 'a', reason: 'b' } }],
  ['records of unknown origin', { baseline: { status: 'untrusted', rejected: [] } }],
  ['a record of fewer replies than a recording takes now', { samples: 6 }],
  [
    'a record that measured too little',
    {
      baseline: foundIn(
        makeRecord({
          examples: makeMeasuredExamples(20, (index) =>
            index < 17 ? { statements: readAll('AAAAA') } : { statements: [EMPTY] },
          ),
          provenance: { createdAt: '2026-03-01T12:00:00.000Z' },
        }),
      ),
    },
  ],
])('%s is measured', (_, circumstances) => {
  expect(settle(circumstances)).toBeUndefined();
});

test('replies of several recordings count together', () => {
  const limit = { now: new Date('2026-03-02T12:00:00.000Z'), maxAge: 14 };
  const both = poolReplies({ ...foundIn(recording(3, 3)), older: [recording(3)] }, limit);
  expect(settle({ baseline: both, samples: 6 })).toBeDefined();
  expect(settle({ baseline: both, samples: 7 })).toBeUndefined();
});
