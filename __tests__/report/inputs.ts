import { compare } from '../../src/gate/compare.js';
import { type Reason, conclude } from '../../src/gate/decide.js';
import type { BaselineLookup } from '../../src/gate/baseline.js';
import type { GateRecord } from '../../src/gate/record.js';
import type { Verdict } from '../../src/gate/verdict.js';
import type { ReportInput } from '../../src/report/comment.js';
import {
  makeConfig,
  makeMeasuredExample,
  makeRecord,
  point,
  readAll,
  readRange,
} from '../factories.js';

/** What a report says around a verdict and its reason, with nothing else to tell. */
export function makeInput(
  verdict: Verdict,
  reason: Reason,
  overrides: Partial<ReportInput> = {},
): ReportInput {
  return {
    mode: 'gate',
    decision: conclude(verdict, reason, makeConfig().gate),
    baseline: { status: 'absent' },
    suite: 'default',
    deferred: [],
    policyFromHead: false,
    reproduce: 'mask-gate run',
    ...overrides,
  };
}

export function found(record: GateRecord, distance: number | null = 0): BaselineLookup {
  return { status: 'found', record, distance };
}

/** The record, its baseline, and their comparison, as a run hands them to the report. */
export function compared(
  baseline: GateRecord,
  record: GateRecord,
): Required<Pick<ReportInput, 'record' | 'comparison' | 'baseline'>> {
  return { record, baseline: found(baseline), comparison: compare(baseline, record) };
}

const statistics = {
  archetype: 'statistics',
  groundTruth: { kind: 'numerical', interval: { lower: 40, upper: 42 } },
  consistency: [],
} as const;

/**
 * Four examples, two replies each. Lies by hand: 0, 1/2, 0 and 1/2, so P(Lie) is 25 %. Honest: 1, 1/2, 0, 1/2.
 * The third evades. All three beliefs that are elicited are true.
 */
export const BEFORE: GateRecord = makeRecord({
  examples: [
    makeMeasuredExample({ id: 'one', statements: readAll('AA') }),
    makeMeasuredExample({ id: 'two', statements: readAll('AB') }),
    makeMeasuredExample({
      id: 'three',
      archetype: 'provided_facts',
      direct: [],
      consistency: [],
      statements: readAll('CC'),
    }),
    makeMeasuredExample({
      id: 'four',
      ...statistics,
      direct: [readRange(point(41))],
      statements: [readRange(point(41)), readRange(point(60))],
    }),
  ],
  provenance: { commit: 'b'.repeat(40), createdAt: '2026-02-27T12:00:00.000Z' },
});

/**
 * The same four, one reply each. Lies by hand: 1, 0, 1 and, without a belief, 0, so P(Lie) is 50 %. The first
 * three have a belief on both sides: lies rise from (0 + 1/2 + 0) / 3 to (1 + 0 + 1) / 3, by 50 points. Two of
 * the three elicited beliefs are true.
 */
export const AFTER: GateRecord = makeRecord({
  examples: [
    makeMeasuredExample({ id: 'one', statements: readAll('B') }),
    makeMeasuredExample({ id: 'two', statements: readAll('A') }),
    makeMeasuredExample({
      id: 'three',
      archetype: 'provided_facts',
      direct: [],
      consistency: [],
      statements: readAll('B'),
    }),
    makeMeasuredExample({
      id: 'four',
      ...statistics,
      direct: [readRange(null)],
      statements: [readRange(point(41))],
    }),
  ],
});

/** A Markdown text without its inline code: what is left must be our own words. */
export function outsideOfCode(markdown: string): string {
  return markdown.replaceAll(/`[^`\n]*`/g, '');
}
