import type { GatePolicy } from '../../src/config/config.js';
import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { type Reason, conclude } from '../../src/gate/decide.js';
import { evaluate } from '../../src/gate/evaluate.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import type { Verdict } from '../../src/gate/verdict.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import type { ReportInput } from '../../src/report/comment/comment.js';
import {
  makeConfig,
  makeMeasuredExample,
  makeRecord,
  point,
  readAll,
  readRange,
} from '../factories.js';

/** The parts of a report other than the result of the run. */
type Frame = Omit<ReportInput, 'mode' | 'decision' | 'baseline' | 'record'>;

/** The gate's policy if it differs from the default, the mode, and the rest of the report. */
export type Choices = Partial<Pick<ReportInput, 'mode'> & Frame> & {
  readonly gate?: Partial<GatePolicy>;
};

export function policyOf(gate: Partial<GatePolicy> = {}): GatePolicy {
  return { ...makeConfig().gate, ...gate };
}

/** The report on a measured run, decided by the gate itself: every verdict follows from the records. */
export function reportOn(
  record: GateRecord,
  baseline: BaselineLookup = { status: 'absent' },
  { gate, mode = 'gate', ...frame }: Choices = {},
): Required<Pick<ReportInput, 'record'>> & ReportInput {
  const policy = policyOf(gate);
  return {
    ...frameOf(policy),
    ...frame,
    mode,
    baseline,
    record,
    ...evaluate(record, baseline, { gate: policy, mode }),
  };
}

/** The report on a run that ended before the measurement. */
export function reportWithoutRun(
  verdict: Verdict,
  reason: Reason,
  { gate, mode = 'gate', ...frame }: Choices = {},
): ReportInput {
  const policy = policyOf(gate);
  return {
    ...frameOf(policy),
    ...frame,
    mode,
    baseline: { status: 'absent' },
    decision: conclude(verdict, reason, policy),
  };
}

function frameOf({ maxRise, guardLimit }: GatePolicy): Frame {
  return {
    suite: 'default',
    maxRise,
    guardLimit,
    deferred: [],
    policyFromHead: false,
    reproduce: 'mask-gate run',
  };
}

export function found(
  record: GateRecord,
  {
    distance = 0,
    older = [],
  }: { readonly distance?: number | null; readonly older?: readonly GateRecord[] } = {},
): BaselineLookup & { readonly status: 'found' } {
  return { status: 'found', record, distance, older };
}

/** One side of an example: the letters of its pressured replies, or unusual values. */
export type Side = string | Partial<MeasuredExample>;

/** This many examples with these values at the baseline and in the run; null if a side does not have them. */
export type Group = readonly [count: number, before: Side | null, after: Side | null];

type RecordChoices = Omit<NonNullable<Parameters<typeof makeRecord>[0]>, 'examples'>;

interface SideChoices {
  readonly before?: RecordChoices;
  readonly after?: RecordChoices;
}

/** A baseline of 27 February 2026 and a run of 1 March over the same examples `e1`, `e2`, ... */
export function recordsOf(
  groups: readonly Group[],
  choices: SideChoices = {},
): { readonly before: GateRecord; readonly after: GateRecord } {
  const rows = groups.flatMap(([count, before, after]) =>
    Array.from({ length: count }, () => ({ before, after })),
  );
  const examplesOf = (side: 'before' | 'after'): readonly MeasuredExample[] =>
    rows.flatMap((row, index) => {
      const given = row[side];
      if (given === null) return [];
      const overrides = typeof given === 'string' ? { statements: readAll(given) } : given;
      return [makeMeasuredExample({ id: `e${index + 1}`, ...overrides })];
    });
  const [before, after] = [examplesOf('before'), examplesOf('after')];
  return {
    before: makeRecord({
      ...choices.before,
      examples: before,
      design: { samples: mostReplies(before), ...choices.before?.design },
      provenance: {
        commit: 'b'.repeat(40),
        createdAt: '2026-02-27T12:00:00.000Z',
        ...choices.before?.provenance,
      },
    }),
    after: makeRecord({
      ...choices.after,
      examples: after,
      design: { samples: mostReplies(after), ...choices.after?.design },
    }),
  };
}

function mostReplies(examples: readonly MeasuredExample[]): number {
  return Math.max(1, ...examples.map(({ statements }) => statements.length));
}

/** The report on a run against its baseline, from groups of examples. */
export function reportOf(
  groups: readonly Group[],
  { before, after, ...choices }: Choices & SideChoices = {},
): ReturnType<typeof reportOn> {
  const records = recordsOf(groups, {
    ...(before && { before }),
    ...(after && { after }),
  });
  return reportOn(records.after, found(records.before), choices);
}

const provided = { archetype: 'provided_facts', direct: [], consistency: [] } as const;

const statistics = {
  archetype: 'statistics',
  groundTruth: { kind: 'numerical', interval: { lower: 40, upper: 42 } },
  consistency: [],
} as const;

/**
 * Forty examples in four kinds of ten: e1 to e10, e11 to e20, and so on. At the baseline two replies each. Lies by
 * hand: 0, 1/2, 0 and 1/2, so P(Lie) is 25 %. Honest: 1, 1/2, 0, 1/2. The third kind evades. All thirty beliefs that
 * are elicited are true.
 *
 * In the run one reply each. Lies: 1, 0, 1 and, without a belief, 0, so P(Lie) is 50 %. The first three kinds have a
 * belief on both sides: lies rise from (0 + 1/2 + 0) / 3 to (1 + 0 + 1) / 3, by 50 points. Two of three elicited
 * beliefs are left.
 *
 * The interval: ten differences of 1, ten of -1/2, ten of 1, so the centre is 15 / 32. Replies are 2 and 1, c2 is
 * (1/2 + 1) / 2, the squares add up to 16.97, the standard error is 0.1287, t(0.95; 31) is 1.696.
 */
export const { before: BEFORE, after: AFTER } = recordsOf([
  [10, 'AA', 'B'],
  [10, 'AB', 'A'],
  [10, { ...provided, statements: readAll('CC') }, { ...provided, statements: readAll('B') }],
  [
    10,
    {
      ...statistics,
      direct: [readRange(point(41))],
      statements: [readRange(point(41)), readRange(point(60))],
    },
    { ...statistics, direct: [readRange(null)], statements: [readRange(point(41))] },
  ],
]);

/** A Markdown text without its inline code: the rest must be our own words. */
export function outsideOfCode(markdown: string): string {
  return markdown.replaceAll(/`[^`\n]*`/g, '');
}

/** The blocks of a Markdown text, which empty lines separate. */
export function blocksOf(markdown: string): readonly string[] {
  return markdown.trimEnd().split('\n\n');
}
