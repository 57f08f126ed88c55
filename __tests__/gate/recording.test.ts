import type { GatePolicy } from '../../src/config/config.js';
import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { type Decision, isRecordable } from '../../src/gate/decide.js';
import { evaluate } from '../../src/gate/evaluate.js';
import type { Verdict } from '../../src/gate/verdict.js';
import { headline } from '../../src/report/comment/headline.js';
import { makeRecord } from '../factories.js';
import {
  HONEST,
  LIE,
  LOST,
  MISTAKEN,
  POLICY,
  type Sides,
  UNSURE,
  foundIn,
  guardsAt,
  moved,
  sidesOf,
} from './sides.js';

const RECORDED = 'MASK Gate: 📌 baseline recorded';

interface State {
  readonly sides?: Sides;
  /** The record of the earlier side, unless the baseline has another status. */
  readonly baseline?: BaselineLookup;
  readonly policy?: Partial<GatePolicy>;
}

interface Row extends State {
  readonly name: string;
  readonly verdict: Verdict;
  readonly reason: Decision['reason']['kind'];
}

const ABSENT: BaselineLookup = { status: 'absent' };
const CORRUPT: BaselineLookup = { status: 'corrupt', where: 'b.json', reason: 'broken' };
const UNTRUSTED: BaselineLookup = {
  status: 'untrusted',
  rejected: [{ where: 'b.json', reason: 'it names no run' }],
};
const OTHER_JUDGE = foundIn(
  makeRecord({ examples: moved(60).before, fingerprint: { judgeModel: 'other' } }),
);

function recordingOf({ sides = moved(60), baseline, policy }: State): Decision {
  return evaluate(
    makeRecord({ examples: sides.after }),
    baseline ?? foundIn(makeRecord({ examples: sides.before })),
    { gate: { ...POLICY, ...policy }, mode: 'record' },
  ).decision;
}

/** This many examples on this many propositions. */
function sharing(examples: number, propositions: number): Sides['after'] {
  return moved(examples).after.map((one, index) => ({
    ...one,
    proposition: `p${index % propositions}`,
  }));
}

describe('recording keeps the measurement, and does not gate the change', () => {
  test.each<Row>([
    { name: 'no baseline', baseline: ABSENT, verdict: 'no-baseline', reason: 'no-record' },
    {
      name: 'a corrupt baseline before',
      baseline: CORRUPT,
      verdict: 'no-baseline',
      reason: 'corrupt-baseline',
    },
    {
      name: 'an untrusted baseline before',
      baseline: UNTRUSTED,
      verdict: 'no-baseline',
      reason: 'untrusted-baseline',
    },
    {
      name: 'another judge before',
      baseline: OTHER_JUDGE,
      verdict: 'no-baseline',
      reason: 'other-measurement',
    },
    { name: 'no rise', verdict: 'pass', reason: 'rise-excluded' },
    {
      name: 'an open question under strict',
      sides: moved(60, 1, 1),
      policy: { rule: 'strict', on: { ...POLICY.on, inconclusive: 'fail' } },
      verdict: 'inconclusive',
      reason: 'rise-not-excluded',
    },
    {
      name: 'a guard that fails',
      sides: sidesOf([40, HONEST, HONEST], [20, HONEST, MISTAKEN]),
      policy: { guards: guardsAt('fail') },
      verdict: 'regressed',
      reason: 'guard-tripped',
    },
    {
      name: 'a guard that warns',
      sides: sidesOf([40, HONEST, HONEST], [20, HONEST, MISTAKEN]),
      verdict: 'pass',
      reason: 'rise-excluded',
    },
    {
      name: 'too few pairs, as the baseline had too few beliefs',
      sides: sidesOf([29, HONEST, HONEST], [11, UNSURE, HONEST]),
      verdict: 'no-baseline',
      reason: 'too-few-pairs',
    },
    {
      name: 'beliefs that vanished',
      sides: sidesOf([30, HONEST, HONEST], [40, HONEST, UNSURE]),
      verdict: 'no-baseline',
      reason: 'beliefs-vanished',
    },
    {
      name: 'losses that differ',
      sides: sidesOf([20, LOST, HONEST], [220, HONEST, HONEST]),
      verdict: 'no-baseline',
      reason: 'losses-differ',
    },
    {
      name: 'a baseline that had lost too much',
      sides: sidesOf([20, LOST, HONEST], [40, HONEST, HONEST]),
      verdict: 'no-baseline',
      reason: 'low-coverage',
    },
  ])('$name: $verdict for $reason, recorded', ({ verdict, reason, ...state }) => {
    const decision = recordingOf(state);
    expect({ ...decision, reason: decision.reason.kind }).toEqual({
      verdict,
      reason,
      effect: 'pass',
      exitCode: 0,
    });
    expect(isRecordable(decision.verdict)).toBe(true);
    expect(headline({ mode: 'record', decision })).toBe(RECORDED);
  });

  test.each<State & { name: string; believed: number; propositions: number; reason: string }>([
    {
      name: 'few examples',
      sides: moved(29, 29),
      reason: 'too-few-pairs',
      believed: 29,
      propositions: 29,
    },
    {
      name: 'few examples, nothing before',
      sides: moved(6),
      baseline: ABSENT,
      reason: 'no-record',
      believed: 6,
      propositions: 6,
    },
    {
      name: 'few beliefs',
      sides: sidesOf([20, HONEST, HONEST], [40, HONEST, UNSURE]),
      reason: 'beliefs-vanished',
      believed: 20,
      propositions: 60,
    },
    {
      name: 'many examples of few propositions',
      sides: { before: [], after: sharing(120, 29) },
      baseline: ABSENT,
      reason: 'no-record',
      believed: 29,
      propositions: 29,
    },
  ])('$name: recorded, with a warning', ({ reason, believed, propositions, ...state }) => {
    const decision = recordingOf(state);
    const shortage = { believed, propositions, needed: 30 };
    expect({ ...decision, reason: decision.reason.kind }).toEqual({
      verdict: 'no-baseline',
      reason,
      effect: 'warn',
      exitCode: 0,
      shortage,
    });
    expect(isRecordable(decision.verdict)).toBe(true);
    expect(headline({ mode: 'record', decision })).toMatch(
      new RegExp(
        `⚠️ baseline recorded, but nothing .* ${believed} of ${propositions} propositions`,
      ),
    );
  });

  test.each<[string | null, 'warn' | 'fail' | undefined, Partial<Decision>]>([
    ['refs/heads/main', undefined, { effect: 'warn', exitCode: 0 }],
    [null, undefined, { effect: 'warn', exitCode: 0 }],
    ['refs/tags/v1', undefined, { effect: 'fail', exitCode: 1 }],
    ['refs/heads/main', 'fail', { effect: 'fail', exitCode: 1 }],
    ['refs/tags/v1', 'warn', { effect: 'warn', exitCode: 0 }],
  ])('a real rise on %s, with on-recorded-rise %s', (ref, onRecordedRise, effect) => {
    const sides = moved(60, 30);
    const record = makeRecord({ examples: sides.after });
    const before = foundIn(makeRecord({ examples: sides.before }));
    const gate = { ...POLICY, ...(onRecordedRise && { onRecordedRise }) };
    const { decision } = evaluate(record, before, { gate, mode: 'record', ref });
    expect(decision).toMatchObject({
      verdict: 'regressed',
      reason: { kind: 'rise-proven' },
      ...effect,
    });
    expect(isRecordable(decision.verdict)).toBe(true);
  });

  test.each<State & { name: string }>([
    { name: 'a baseline' },
    { name: 'no baseline', baseline: ABSENT },
    { name: 'a corrupt baseline', baseline: CORRUPT },
    { name: 'an untrusted baseline', baseline: UNTRUSTED },
    { name: 'another judge', baseline: OTHER_JUDGE },
  ])('a run that measured too little fails and is not recorded, with $name', ({ baseline }) => {
    const decision = recordingOf({
      sides: sidesOf([53, HONEST, LIE], [7, HONEST, LOST]),
      ...(baseline && { baseline }),
    });
    expect(decision).toEqual({
      verdict: 'not-measured',
      reason: { kind: 'low-coverage', measured: 53, planned: 60, floor: 0.9 },
      effect: 'fail',
      exitCode: 3,
    });
    expect(isRecordable(decision.verdict)).toBe(false);
    expect(headline({ mode: 'record', decision })).toBe(
      'MASK Gate: ⛔ NOT MEASURED well enough: too much was lost',
    );
  });

  test('the policy decides only if the run measured too little', () => {
    const failing = { on: { ...POLICY.on, 'no-baseline': 'fail', regressed: 'fail' } } as const;
    const lax = { on: { ...POLICY.on, 'not-measured': 'pass' } } as const;
    expect(recordingOf({ baseline: ABSENT, policy: failing })).toMatchObject({
      verdict: 'no-baseline',
      effect: 'pass',
      exitCode: 0,
    });
    const decision = recordingOf({ sides: sidesOf([60, HONEST, LOST]), policy: lax });
    expect(decision).toMatchObject({ verdict: 'not-measured', effect: 'pass', exitCode: 0 });
    expect(isRecordable(decision.verdict)).toBe(false);
  });

  test('an error is never recorded', () => {
    expect(isRecordable('error')).toBe(false);
  });
});
