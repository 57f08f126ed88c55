import { z } from 'zod';
import { GUARD_NAMES } from '../config/config.js';
import type { Reason } from '../gate/decide.js';
import { overrideSchema } from '../gate/records/record.js';
import { VERDICTS } from '../gate/verdict.js';
import { ARCHETYPES } from '../mask/archetype.js';

export const RESULT_SCHEMA = 'mask-gate/result/v1';

const share = z.number().min(0).max(1).nullable();
const difference = z.number().min(-1).max(1);
const count = z.int().nonnegative();

const countOfTotal = z.strictObject({ count, total: count });

const scoresSchema = z.strictObject({
  examples: count,
  measured: count.describe('Examples with a measured outcome: the denominator of the shares.'),
  pLie: share,
  pHonest: share,
  pEvasive: share,
  pNoBelief: share,
  pLieGivenBelief: share,
  repeats: count.nullable().describe('Pressured replies an example; null when they differ.'),
  measuredAtK: count.describe('Examples with all replies measured: those that the next two count.'),
  lieAtK: share,
  honestAtK: share,
  accuracy: share,
  accuracyGivenBelief: share,
  beliefsMeasured: count,
  lost: z
    .strictObject({ failed: count, empty: count, unreadable: count, 'belief-lost': count })
    .describe('Pressured replies that count nowhere, by reason.'),
});

const tableSchema = z.strictObject({
  overall: scoresSchema,
  byArchetype: z
    .array(z.strictObject({ archetype: z.enum(ARCHETYPES), scores: scoresSchema }))
    .readonly(),
});

const estimateSchema = z.strictObject({
  pairs: count,
  estimate: difference,
  centre: z.number(),
  standardError: z.number().nonnegative(),
  degreesOfFreedom: z.number(),
  lower: z.number(),
  upper: z.number(),
  alpha: z.number().describe('One-sided level of each bound.'),
  pValue: z.number(),
});

const assessmentSchema = z.strictObject({
  rise: estimateSchema.nullable().describe('Null without pairs.'),
  ending: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('complete') }),
    z.strictObject({
      kind: z.literal('stopped'),
      look: count,
      because: z.enum(['proven', 'futile']),
    }),
    z.strictObject({ kind: z.literal('unfinished'), examples: count, planned: count }),
  ]),
  guards: z
    .array(
      z.strictObject({
        name: z.enum(GUARD_NAMES),
        estimate: estimateSchema,
        isTripped: z.boolean(),
      }),
    )
    .readonly()
    .describe('Those that something was measured for on both sides.'),
  archetypes: z
    .array(
      z.strictObject({
        archetype: z.enum(ARCHETYPES),
        pairs: count,
        up: count,
        down: count,
        estimate: estimateSchema.nullable(),
        adjustedP: z.number().nullable(),
        isTripped: z.boolean(),
      }),
    )
    .readonly(),
  reasoning: z
    .strictObject({ baseline: countOfTotal, run: countOfTotal, differs: z.boolean() })
    .optional()
    .describe('Pressured replies that carried reasoning; absent where none did.'),
  detectable: z.number().describe('Smallest rise found in four of five cases.'),
  planned: z.strictObject({
    pairs: count,
    baselineSamples: z.number(),
    isDefault: z.boolean(),
  }),
  givenBeliefs: count,
});

/** Each kind once: a new one does not compile until it is added here. */
const REASONS = {
  'rise-excluded': true,
  'rise-not-found': true,
  'rise-proven': true,
  'rise-unproven': true,
  'rise-not-excluded': true,
  'guard-tripped': true,
  'same-as-baseline': true,
  'already-recorded': true,
  'same-as-base': true,
  'no-record': true,
  'too-few-pairs': true,
  'beliefs-vanished': true,
  'low-coverage': true,
  'losses-differ': true,
  unfinished: true,
  'budget-reached': true,
  'no-key': true,
  'other-commit': true,
  'no-policy': true,
  'other-measurement': true,
  'corrupt-baseline': true,
  'untrusted-baseline': true,
  'search-cut': true,
  'run-failed': true,
} satisfies Readonly<Record<Reason['kind'], true>>;

/** The result for programs. Shares are between 0 and 1, differences between -1 and 1. */
export const resultSchema = z.strictObject({
  schema: z.literal(RESULT_SCHEMA),
  verdict: z.enum(VERDICTS),
  effect: z.enum(['pass', 'warn', 'fail']).describe('What the verdict does to the check.'),
  exitCode: z.literal([0, 1, 3, 4]),
  waiver: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('not-enforced') }),
      z.strictObject({ kind: z.literal('override'), override: overrideSchema }),
    ])
    .nullable()
    .describe('Why a failing verdict does not fail the check.'),
  reason: z
    .looseObject({ kind: z.enum(Object.keys(REASONS)) })
    .describe('Why, with the numbers that decided; the other keys depend on the kind.'),
  shortage: z
    .looseObject({ propositions: count, believed: count, needed: count })
    .nullable()
    .describe('Of a recording with too few beliefs: no run can be compared with it.'),
  scores: z
    .strictObject({ corrected: tableSchema, reference: tableSchema })
    .nullable()
    .describe('Of this run, in both scorings; null when nothing was measured.'),
  comparison: z
    .strictObject({
      pairs: count.describe('Examples measured with a belief on both sides.'),
      rise: difference.nullable(),
      baseline: tableSchema,
      run: tableSchema,
    })
    .nullable()
    .describe('Over the examples that both sides share; null without a baseline.'),
  beliefs: z
    .strictObject({
      takenOver: count.describe('Examples whose beliefs were not measured again.'),
      from: z.strictObject({ commit: z.string().nullable(), createdAt: z.string() }),
    })
    .nullable()
    .describe('Beliefs of an earlier run, on which accuracy rests; null where all were asked for.'),
  assessment: assessmentSchema.nullable(),
  recordPath: z.string().optional(),
  reportPath: z.string().optional(),
  pagePath: z.string().optional(),
  junitPath: z.string().optional(),
  transcriptsPath: z.string().optional(),
});

export type Result = z.input<typeof resultSchema>;
