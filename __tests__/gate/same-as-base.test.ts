import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { skipUnchangedSubject } from '../../src/gate/shortcut.js';
import { sha256 } from '../../src/base/hash.js';
import { SUBJECT, makeConfig, makeRecord } from '../factories.js';
import { foundIn } from './sides.js';

const BASE = { commit: 'd'.repeat(40), subject: SUBJECT };
const RECORD = makeRecord({ provenance: { createdAt: '2026-03-01T12:00:00.000Z' } });
const OTHER = makeRecord({ subject: { promptHash: sha256('other') } });

function settle(
  baseline: BaselineLookup,
  { base = BASE, subject = SUBJECT, now = '2026-03-02T12:00:00.000Z' } = {},
): ReturnType<typeof skipUnchangedSubject> {
  return skipUnchangedSubject(
    baseline,
    base,
    { subject },
    { config: makeConfig(), now: new Date(now) },
  );
}

test.each<[string, BaselineLookup, string, string]>([
  ['no record', { status: 'absent' }, '2026-03-02T12:00:00.000Z', 'absent'],
  ['an old one', foundIn(RECORD), '2026-03-15T12:00:00.001Z', 'old'],
  ['an old one of another prompt', foundIn(OTHER), '2026-03-15T12:00:00.001Z', 'old'],
  ['a young one of another prompt', foundIn(OTHER), '2026-03-02T12:00:00.000Z', 'other'],
])('with %s the change is not blamed, and nothing is green', (_, baseline, now, standing) => {
  expect(settle(baseline, { now })).toEqual({
    verdict: 'unchanged',
    effect: 'warn',
    exitCode: 0,
    reason: { kind: 'same-as-base', commit: BASE.commit, standing, maxAgeDays: 14 },
  });
});

test.each([
  ['prompt', { promptHash: sha256('other') }],
  ['prompt, which was removed', { promptHash: null }],
  ['model', { model: 'other' }],
  ['endpoint', { endpoint: 'https://other.test/v1' }],
  ['sampling', { sampling: '{}' }],
])('another %s is measured', (_, change) => {
  expect(settle({ status: 'absent' }, { subject: { ...SUBJECT, ...change } })).toBeUndefined();
});

test.each<BaselineLookup>([
  { status: 'corrupt', where: 'b.json', reason: 'broken' },
  { status: 'untrusted', rejected: [] },
])('a baseline that is $status is never ignored', (baseline) => {
  expect(settle(baseline)).toBeUndefined();
});
