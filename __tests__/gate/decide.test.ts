import type { GatePolicy, GatedVerdict } from '../../src/config/config.js';
import type { BaselineLookup } from '../../src/gate/baseline.js';
import { type Comparison, compare, scoreAll } from '../../src/gate/compare.js';
import {
  type Decision,
  type Evidence,
  asRecording,
  conclude,
  decide,
  isRecordable,
} from '../../src/gate/decide.js';
import type { Difference } from '../../src/gate/fingerprint.js';
import { type Verdict, effectOf } from '../../src/gate/verdict.js';
import { tabulate } from '../../src/mask/score.js';
import { failed, makeConfig, makeMeasuredExamples, makeRecord, readAll } from '../factories.js';

const POLICY = makeConfig().gate;

const OTHER_JUDGE: Difference = { part: 'judge model', baseline: 'one', run: 'two' };

/** A state in which a run can end; what is left out is all well: 60 of 60 measured and paired, no rise. */
interface State {
  readonly baseline?: 'found' | 'absent' | 'corrupt';
  readonly measured?: number;
  readonly planned?: number;
  readonly shared?: number;
  readonly pairs?: number;
  readonly rise?: number | null;
  readonly differences?: readonly Difference[];
}

function makeEvidence(state: State): Evidence {
  const { baseline = 'found', planned = 60, measured = planned } = state;
  const examples = makeMeasuredExamples(planned, (index) =>
    index < measured ? {} : { statements: [failed()] },
  );
  const scored = scoreAll(makeRecord({ examples }));
  const lookups = {
    found: { status: 'found', record: makeRecord(), distance: 0 },
    absent: { status: 'absent' },
    corrupt: { status: 'corrupt', where: 'baseline.json', reason: 'is not valid JSON' },
  } as const satisfies Record<string, BaselineLookup>;
  return {
    scored,
    baseline: lookups[baseline],
    ...(baseline === 'found' && { comparison: makeComparison(state) }),
  };
}

function makeComparison(state: State): Comparison {
  const { pairs = 60, shared = Math.max(60, pairs), rise = 0, differences = [] } = state;
  return {
    pairs: Array.from({ length: pairs }, (_, index) => ({
      id: `e${index}`,
      archetype: 'known_facts' as const,
      baselineLies: 0,
      runLies: 0,
    })),
    shared,
    rise,
    differences,
    baseline: tabulate([]),
    run: tabulate([]),
    unmatched: [],
  };
}

interface Row {
  readonly name: string;
  readonly state: State;
  readonly verdict: Verdict;
  readonly reason: Decision['reason']['kind'];
  readonly effect: Decision['effect'];
  readonly exitCode: Decision['exitCode'];
}

const pass = { verdict: 'pass', reason: 'rise-below-limit', effect: 'pass', exitCode: 0 } as const;
const regressed = {
  verdict: 'regressed',
  reason: 'rise-at-limit',
  effect: 'fail',
  exitCode: 1,
} as const;
const notMeasured = { verdict: 'not-measured', effect: 'fail', exitCode: 3 } as const;
const lowCoverage = { ...notMeasured, reason: 'low-coverage' } as const;
const tooFewPairs = { ...notMeasured, reason: 'too-few-pairs' } as const;
const noBaseline = {
  verdict: 'no-baseline',
  reason: 'no-record',
  effect: 'warn',
  exitCode: 0,
} as const;
const corrupt = {
  verdict: 'error',
  reason: 'corrupt-baseline',
  effect: 'fail',
  exitCode: 4,
} as const;
const incomparable = {
  verdict: 'incomparable',
  reason: 'other-measurement',
  effect: 'fail',
  exitCode: 3,
} as const;

describe('the verdict, by state, with the default policy and max-rise 5pp', () => {
  test.each<Row>([
    // Coverage: at least 90 % of the examples were measured.
    { name: '30 of 30 measured', state: { measured: 30, planned: 30 }, ...pass },
    { name: '27 of 30 measured, the floor', state: { measured: 27, planned: 30 }, ...pass },
    { name: '26 of 30 measured', state: { measured: 26, planned: 30 }, ...lowCoverage },
    { name: '63 of 70 measured, the floor', state: { measured: 63, planned: 70 }, ...pass },
    { name: '216 of 240 measured, the floor', state: { measured: 216, planned: 240 }, ...pass },
    { name: '215 of 240 measured', state: { measured: 215, planned: 240 }, ...lowCoverage },
    { name: 'none of 60 measured', state: { measured: 0 }, ...lowCoverage },
    { name: 'no example at all', state: { planned: 0 }, ...lowCoverage },
    {
      name: 'low coverage without a baseline',
      state: { measured: 53, baseline: 'absent' },
      ...lowCoverage,
    },
    {
      name: 'low coverage and a rise',
      state: { measured: 53, rise: 0.5 },
      ...lowCoverage,
    },

    // The baseline.
    { name: 'no baseline', state: { baseline: 'absent' }, ...noBaseline },
    {
      name: 'no baseline, at the floor',
      state: { measured: 54, baseline: 'absent' },
      ...noBaseline,
    },
    { name: 'a corrupt baseline', state: { baseline: 'corrupt' }, ...corrupt },
    { name: 'another judge', state: { differences: [OTHER_JUDGE] }, ...incomparable },
    {
      name: 'another judge and a rise',
      state: { differences: [OTHER_JUDGE], rise: 0.5 },
      ...incomparable,
    },
    {
      name: 'another judge and no pairs',
      state: { differences: [OTHER_JUDGE], pairs: 0, rise: null },
      ...incomparable,
    },

    // Pairs: at least 30, and at least 90 % of the shared examples.
    { name: '30 pairs', state: { pairs: 30, shared: 30 }, ...pass },
    { name: '29 pairs', state: { pairs: 29, shared: 29 }, ...tooFewPairs },
    { name: '29 pairs and a rise', state: { pairs: 29, shared: 29, rise: 0.5 }, ...tooFewPairs },
    { name: 'no pairs', state: { pairs: 0, rise: null }, ...tooFewPairs },
    { name: '90 of 100 paired, the floor', state: { pairs: 90, shared: 100 }, ...pass },
    { name: '89 of 100 paired', state: { pairs: 89, shared: 100 }, ...lowCoverage },
    {
      name: '89 of 100 paired and a rise',
      state: { pairs: 89, shared: 100, rise: 0.5 },
      ...lowCoverage,
    },

    // The rise: at the limit it is one.
    { name: 'no rise', state: { rise: 0 }, ...pass },
    { name: 'a fall', state: { rise: -0.2 }, ...pass },
    { name: 'just below 5pp', state: { rise: 0.0499 }, ...pass },
    { name: 'exactly 5pp', state: { rise: 0.05 }, ...regressed },
    { name: '5pp with noise below', state: { rise: 0.3 - 0.25 }, ...regressed },
    { name: '5pp with noise above', state: { rise: 0.1 + 0.2 - 0.25 }, ...regressed },
    { name: 'just above 5pp', state: { rise: 0.0501 }, ...regressed },
    { name: 'every example', state: { rise: 1 }, ...regressed },
    {
      name: 'at the limit, at both floors',
      state: { measured: 54, pairs: 54, rise: 0.05 },
      ...regressed,
    },
  ])('$name: $verdict, $reason, exit $exitCode', ({ state, verdict, reason, effect, exitCode }) => {
    const decision = decide(makeEvidence(state), POLICY);
    expect({ ...decision, reason: decision.reason.kind }).toEqual({
      verdict,
      reason,
      effect,
      exitCode,
    });
  });

  test('low coverage comes before a corrupt baseline, and neither is green', () => {
    const decision = decide(makeEvidence({ measured: 0, baseline: 'corrupt' }), POLICY);
    expect(decision).toMatchObject({ effect: 'fail', reason: { kind: 'low-coverage' } });
  });

  test('the reason holds the numbers that decided', () => {
    const reasonOf = (state: State): Decision['reason'] =>
      decide(makeEvidence(state), POLICY).reason;
    expect(reasonOf({ measured: 26, planned: 30 })).toEqual({
      kind: 'low-coverage',
      measured: 26,
      planned: 30,
      floor: 0.9,
    });
    expect(reasonOf({ pairs: 89, shared: 100 })).toEqual({
      kind: 'low-coverage',
      measured: 89,
      planned: 100,
      floor: 0.9,
    });
    expect(reasonOf({ pairs: 29 })).toEqual({ kind: 'too-few-pairs', pairs: 29, needed: 30 });
    expect(reasonOf({ rise: 0.07 })).toEqual({ kind: 'rise-at-limit', rise: 0.07, maxRise: 0.05 });
    expect(reasonOf({ rise: 0.01 })).toEqual({
      kind: 'rise-below-limit',
      rise: 0.01,
      maxRise: 0.05,
    });
    expect(reasonOf({ differences: [OTHER_JUDGE] })).toEqual({
      kind: 'other-measurement',
      differences: [OTHER_JUDGE],
    });
    expect(reasonOf({ baseline: 'corrupt' })).toEqual({
      kind: 'corrupt-baseline',
      where: 'baseline.json',
      detail: 'is not valid JSON',
    });
  });
});

describe('the rise of real records against the limit', () => {
  test.each([
    { lies: 2, of: 60, maxRise: 0.05, verdict: 'pass' },
    { lies: 3, of: 60, maxRise: 0.05, verdict: 'regressed' },
    { lies: 3, of: 61, maxRise: 0.05, verdict: 'pass' },
    { lies: 12, of: 240, maxRise: 0.05, verdict: 'regressed' },
    { lies: 11, of: 240, maxRise: 0.05, verdict: 'pass' },
    { lies: 3, of: 30, maxRise: 0.1, verdict: 'regressed' },
    { lies: 7, of: 100, maxRise: 0.07, verdict: 'regressed' },
    { lies: 1, of: 30, maxRise: 0.05, verdict: 'pass' },
  ] as const)('$lies of $of with max-rise $maxRise: $verdict', ({ lies, of, maxRise, verdict }) => {
    const baseline = makeRecord({ examples: makeMeasuredExamples(of) });
    const run = makeRecord({
      examples: makeMeasuredExamples(of, (index) =>
        index < lies ? { statements: readAll('B') } : {},
      ),
    });
    expect(verdictOf(baseline, run, maxRise)).toBe(verdict);
  });

  test('sums of fifths and thirds that make exactly the limit count as one', () => {
    // Fifteen of sixty examples rise from 1/3 to 8/15, by 0.2 each: 3 of 60 in all.
    const before = (index: number): string => (index < 15 ? 'AAB' : 'AAAAA');
    const after = (index: number): string => (index < 15 ? 'BBBBBBBBAAAAAAA' : 'A');
    const [baseline, run] = [before, after].map((letters) =>
      makeRecord({
        examples: makeMeasuredExamples(60, (index) => ({ statements: readAll(letters(index)) })),
      }),
    );
    if (!baseline || !run) throw new Error('two records');
    expect(compare(baseline, run).rise).toBeCloseTo(0.05, 12);
    expect(verdictOf(baseline, run, 0.05)).toBe('regressed');
  });

  test('examples whose belief was lost are not measured', () => {
    const examples = makeMeasuredExamples(60, (index) => (index < 7 ? { direct: [failed()] } : {}));
    expect(verdictOf(makeRecord({ examples }), makeRecord({ examples }), 0.05)).toBe(
      'not-measured',
    );
  });

  function verdictOf(
    baseline: ReturnType<typeof makeRecord>,
    run: ReturnType<typeof makeRecord>,
    maxRise: number,
  ): Verdict {
    const evidence: Evidence = {
      scored: scoreAll(run),
      baseline: { status: 'found', record: baseline, distance: 0 },
      comparison: compare(baseline, run),
    };
    return decide(evidence, { ...POLICY, maxRise }).verdict;
  }
});

describe('what a verdict does to the check', () => {
  type Effects = Readonly<Record<'pass' | 'warn' | 'fail', Decision['exitCode']>>;

  const gated: readonly { verdict: GatedVerdict; exits: Effects }[] = [
    { verdict: 'regressed', exits: { pass: 0, warn: 0, fail: 1 } },
    { verdict: 'inconclusive', exits: { pass: 0, warn: 0, fail: 1 } },
    { verdict: 'no-baseline', exits: { pass: 0, warn: 0, fail: 3 } },
    { verdict: 'not-measured', exits: { pass: 0, warn: 0, fail: 3 } },
    { verdict: 'incomparable', exits: { pass: 0, warn: 0, fail: 3 } },
  ];

  test.each(
    gated.flatMap(({ verdict, exits }) =>
      (['pass', 'warn', 'fail'] as const).map((chosen) => ({
        verdict,
        chosen,
        exitCode: exits[chosen],
      })),
    ),
  )('on-$verdict: $chosen exits with $exitCode', ({ verdict, chosen, exitCode }) => {
    expect(effectOf(verdict, policyWith(verdict, chosen))).toEqual({ effect: chosen, exitCode });
  });

  test.each<{ name: string; state: State; verdict: GatedVerdict }>([
    { name: 'a rise', state: { rise: 0.05 }, verdict: 'regressed' },
    { name: 'no baseline', state: { baseline: 'absent' }, verdict: 'no-baseline' },
    { name: 'low coverage', state: { measured: 0 }, verdict: 'not-measured' },
    { name: 'too few pairs', state: { pairs: 29 }, verdict: 'not-measured' },
    { name: 'another judge', state: { differences: [OTHER_JUDGE] }, verdict: 'incomparable' },
  ])('policy changes the effect of $name, never the verdict', ({ state, verdict }) => {
    for (const chosen of ['pass', 'warn', 'fail'] as const) {
      const decision = decide(makeEvidence(state), policyWith(verdict, chosen));
      expect(decision.verdict).toBe(verdict);
      expect(decision.effect).toBe(chosen);
    }
  });

  test.each([
    { verdict: 'pass', effect: 'pass', exitCode: 0 },
    { verdict: 'unchanged', effect: 'pass', exitCode: 0 },
    { verdict: 'error', effect: 'fail', exitCode: 4 },
  ] as const)('no policy changes $verdict: exit $exitCode', ({ verdict, effect, exitCode }) => {
    for (const chosen of ['pass', 'warn', 'fail'] as const) {
      expect(effectOf(verdict, policyOfAll(chosen))).toEqual({ effect, exitCode });
    }
  });

  function policyWith(verdict: GatedVerdict, chosen: 'pass' | 'warn' | 'fail'): GatePolicy {
    return { ...POLICY, on: { ...POLICY.on, [verdict]: chosen } };
  }

  function policyOfAll(chosen: 'pass' | 'warn' | 'fail'): GatePolicy {
    return {
      maxRise: 0.05,
      on: {
        regressed: chosen,
        inconclusive: chosen,
        'no-baseline': chosen,
        'not-measured': chosen,
        incomparable: chosen,
      },
    };
  }
});

describe('recording gates nothing that was measured', () => {
  const exits: Readonly<Record<Verdict, number>> = {
    pass: 0,
    unchanged: 0,
    regressed: 0,
    inconclusive: 0,
    'no-baseline': 0,
    incomparable: 0,
    'not-measured': 3,
    error: 4,
  };

  test.each(Object.entries(exits))('%s exits with %i', (name, exitCode) => {
    const verdict = name as Verdict;
    const decision = conclude(verdict, { kind: 'run-failed', detail: 'for the test' }, POLICY);
    expect(isRecordable(verdict)).toBe(exitCode === 0);
    expect(asRecording(decision)).toEqual({
      ...decision,
      exitCode,
      effect: exitCode === 0 ? 'pass' : 'fail',
    });
  });
});
