import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import type { Reason } from '../../src/gate/decide.js';
import { skipUnchangedPush, skipUnchangedSubject, skipCalls } from '../../src/gate/shortcut.js';
import type { ReportInput } from '../../src/report/comment/comment.js';
import { failed, makeConfig, read, readAll } from '../factories.js';
import { type Group, found, recordsOf, reportOf, reportOn, reportWithoutRun } from './inputs.js';

/** A model that believes A and says so on both sides; B would be a lie, and C evades. */
export const HONEST: Group = [120, 'A', 'A'];

/** Believes the falsehood, and says so: as honest as before, but wrong. */
export const MISTAKEN = {
  direct: readAll('BBB'),
  consistency: readAll('BB'),
  statements: [read('B')],
};

/** Has no belief, so there is nothing to contradict. */
export const UNDECIDED = { direct: readAll('ABC'), statements: [read('A')] };

export const UNREADABLE_BASELINE = {
  status: 'corrupt',
  where: 'evals/base.json',
  reason: 'schema: wrong',
} as const;

export const UNTRUSTED_BASELINE = {
  status: 'untrusted',
  rejected: [{ where: 'records/a.json on data', reason: 'GitHub knows no run 7' }],
} as const;

export const UNREACHED_BASELINE = { status: 'unreached', records: 3, commits: 1200 } as const;

/** The run that a young baseline of the same subject settles without a call. */
export function reportOfUnchanged(now: string, maxAge = 14): ReportInput {
  return reportOfSettled(found(recordsOf([HONEST]).before), now, maxAge);
}

function reportOfSettled(
  baseline: BaselineLookup,
  now = '2026-03-02T16:00:00.000Z',
  maxAge = 14,
): ReportInput {
  const { before } = recordsOf([HONEST]);
  const config = makeConfig();
  const decision = skipCalls(baseline, before.measurement, {
    config: { ...config, baseline: { ...config.baseline, maxAge } },
    now: new Date(now),
  });
  if (!decision) throw new Error('nothing was settled');
  return { ...reportWithoutRun(decision.verdict, decision.reason), baseline, decision };
}

/** A push whose result a record of three days ago already has. */
function reportOfQuietPush(): ReportInput {
  const { before } = recordsOf([[120, 'AAAAA', 'A']]);
  const baseline = found(before);
  const decision = skipUnchangedPush(
    baseline,
    { ...before.measurement, origin: { event: 'push', ref: 'refs/heads/main' } },
    { config: makeConfig(), now: new Date('2026-03-02T16:00:00.000Z') },
  );
  if (!decision) throw new Error('nothing was settled');
  const { verdict, reason } = decision;
  return { ...reportWithoutRun(verdict, reason, { mode: 'record' }), baseline, decision };
}

/** A change of other things, with a record of the base at the maximum age, an older one, or none. */
export function reportOfUnrelated(
  baseline: BaselineLookup = found(recordsOf([HONEST]).before),
  now = '2026-04-02T16:00:00.000Z',
): ReportInput {
  const { subject } = recordsOf([HONEST]).before.measurement;
  const decision = skipUnchangedSubject(
    baseline,
    { commit: 'd'.repeat(40), subject },
    { subject },
    { config: makeConfig(), now: new Date(now) },
  );
  if (!decision) throw new Error('nothing was settled');
  return { ...reportWithoutRun(decision.verdict, decision.reason), baseline, decision };
}

/** A pull request that adds the configuration; `elsewhere` is the default branch if that already has it. */
export function reportOfFirstDay(elsewhere?: string): ReportInput {
  const base = { ref: 'main', commit: 'b'.repeat(40) };
  const reason = {
    kind: 'no-policy',
    path: '.github/mask-gate.yml',
    base,
    ...(elsewhere !== undefined && { elsewhere }),
  } as const;
  const input = reportWithoutRun('not-measured', reason);
  return elsewhere === undefined
    ? { ...input, decision: { ...input.decision, effect: 'warn', exitCode: 0 } }
    : input;
}

/** A report for every cause of a verdict, by the gate's own decision if one is made on records. */
export const CAUSES: Readonly<Record<Reason['kind'], ReportInput>> = {
  'rise-excluded': reportOf([HONEST]),
  'rise-not-found': reportOf([
    [70, 'A', 'A'],
    [6, 'A', 'B'],
    [4, 'B', 'A'],
  ]),
  'rise-proven': reportOf([
    [96, 'A', 'A'],
    [24, 'A', 'B'],
  ]),
  'rise-unproven': reportOf([
    [30, 'A', 'A'],
    [6, 'A', 'B'],
    [4, 'B', 'A'],
  ]),
  'rise-not-excluded': reportOf([[40, 'A', 'A']], { gate: { rule: 'strict' } }),
  'guard-tripped': reportOf(
    [
      [90, 'A', 'A'],
      [30, 'A', MISTAKEN],
    ],
    {
      gate: {
        guards: { accuracy: 'fail', 'belief-rate': 'warn', evasion: 'warn', honest: 'warn' },
      },
    },
  ),
  'same-as-baseline': reportOfUnchanged('2026-03-02T16:00:00.000Z'),
  'already-recorded': reportOfQuietPush(),
  'same-as-base': reportOfUnrelated(),
  'no-record': reportOn(recordsOf([HONEST]).after),
  'too-few-pairs': reportOf([[12, 'A', 'B']]),
  'beliefs-vanished': reportOf([
    [40, 'A', 'A'],
    [20, 'A', UNDECIDED],
  ]),
  'low-coverage': reportOf([
    [50, 'A', 'A'],
    [22, 'A', { statements: [failed()] }],
  ]),
  'losses-differ': reportOf([
    [108, 'AAA', 'AAA'],
    [12, 'AAA', { statements: [failed('target', 'content-filter'), read('A'), read('A')] }],
  ]),
  unfinished: reportOf(
    [
      [50, 'A', 'A'],
      [70, 'A', null],
    ],
    { after: { design: { examples: 120, looks: 4 } } },
  ),
  'budget-reached': reportOf([
    [115, 'A', 'A'],
    [5, 'A', { statements: [{ status: 'failed', by: 'target', reason: 'over-budget' }] }],
  ]),
  'no-key': reportWithoutRun('not-measured', { kind: 'no-key', setting: 'input api-key' }),
  'other-commit': reportWithoutRun('not-measured', {
    kind: 'other-commit',
    tested: 'c'.repeat(40),
    expected: ['a'.repeat(40), 'e'.repeat(40)],
  }),
  'no-policy': reportOfFirstDay(),
  'other-measurement': reportOf([HONEST], {
    before: { fingerprint: { judgeModel: 'judge-2025-06-01' } },
  }),
  'corrupt-baseline': reportOn(recordsOf([HONEST]).after, UNREADABLE_BASELINE),
  'untrusted-baseline': reportOn(recordsOf([HONEST]).after, UNTRUSTED_BASELINE),
  'search-cut': reportOn(recordsOf([HONEST]).after, UNREACHED_BASELINE),
  'run-failed': reportWithoutRun('error', {
    kind: 'run-failed',
    detail: 'The provider refused the key (401)',
  }),
};

/** The same, before the measurement. */
export const UNREADABLE_AT_ONCE = reportOfSettled(UNREADABLE_BASELINE);
export const UNTRUSTED_AT_ONCE = reportOfSettled(UNTRUSTED_BASELINE);
export const UNREACHED_AT_ONCE = reportOfSettled(UNREACHED_BASELINE);
