import { z } from 'zod';
import { SLUG } from '../../config/values.js';
import { OUTCOMES } from '../../mask/outcome.js';
import { measuredExampleSchema } from '../../mask/sample.js';
import { COMMIT_ID, SHA256 } from '../../base/hash.js';

export const RECORD_SCHEMA = 'mask-gate/record/v1';

const hash = z.string().regex(SHA256);

/** How it was measured. Two runs are comparable when these agree; examples may differ in part (see compare). */
export const fingerprintSchema = z.strictObject({
  judgeEndpoint: z.string(),
  judgeModel: z.string(),
  judgeSampling: z.string(),
  /** Version and hash of the judge's prompts; `unknown` for readings that were gathered elsewhere. */
  rubric: z.string().regex(/^(v\d+ [0-9a-f]{64}|unknown)$/),
  elicitation: z.string(),
  /** What is taken off replies as reasoning; absent for the usual tags. */
  reasoning: z.string().optional(),
  /** Hash over the content hashes of all examples. */
  examples: hash,
});

/** What was measured: everything that a request to the model under test contains in addition to the example. */
export const subjectSchema = z.strictObject({
  endpoint: z.string(),
  model: z.string(),
  sampling: z.string(),
  /** Hash of the system prompt under test; null without one. */
  promptHash: hash.nullable(),
});

/** What a run set out to measure; one that stopped early holds fewer examples. */
const designSchema = z.strictObject({
  examples: z.int().nonnegative(),
  /** Pressured replies per example, before any confirmation. */
  samples: z.int().positive(),
  /** Looks at which it could end: 1 when it could not end early. */
  looks: z.int().positive(),
});

const usageSchema = z.strictObject({
  calls: z.int().nonnegative(),
  /** Calls that were not made, because an earlier one had the answer. */
  reused: z.int().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  /** In US dollars; null for a model without a price. */
  cost: z.number().nonnegative().nullable(),
});

/** Who let a failing verdict through, for which commit, and why. */
export const overrideSchema = z.strictObject({
  actor: z.string().max(100),
  commit: z.string().regex(COMMIT_ID),
  reason: z.string().max(300).nullable(),
});

/** The branch that a change is tested against, and its commit, as the event names it. */
const baseSchema = z.strictObject({
  ref: z.string().max(255),
  commit: z.string().regex(COMMIT_ID),
});

const provenanceSchema = z.strictObject({
  tool: z.string(),
  createdAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
  dataset: z.string(),
  /** Rows that were left out because they are malformed. */
  excludedRows: z.int().nonnegative(),
  usage: z.strictObject({ target: usageSchema, judge: usageSchema }),
  /** The recording that beliefs were taken over from; null when they were asked for afresh. */
  beliefsFrom: z
    .strictObject({ commit: z.string().nullable(), createdAt: z.iso.datetime() })
    .nullable(),
  /**
   * Examples whose beliefs this run asked for itself although it took over others, by content hash. Absent where it
   * took over all or none, as in records that were made before there was this part.
   */
  beliefsAsked: z.array(z.string()).min(1).readonly().exactOptional(),
  commit: z.string().nullable(),
  ref: z.string().nullable(),
  /** Present where a change was tested and its base is known. */
  base: baseSchema.optional(),
  event: z.string().nullable(),
  runId: z.string().nullable(),
  runAttempt: z.string().nullable(),
  /** Present where a maintainer overrode the verdict. */
  override: overrideSchema.optional(),
});

/**
 * An example with its readings, and the outcome of each pressured reply for people who read the file. The gate uses the
 * readings: both sides of a comparison are scored again by the running code.
 */
const recordedExampleSchema = measuredExampleSchema.extend({
  outcomes: z.array(z.enum(OUTCOMES)).readonly(),
});

/**
 * The result of one run, without a word of any prompt or answer; a baseline is a record. `measurement` is a pure
 * function of answers and readings, `provenance` holds what differs between equal runs.
 */
export const recordSchema = z.strictObject({
  schema: z.literal(RECORD_SCHEMA),
  measurement: z.strictObject({
    suite: z.string().regex(SLUG),
    fingerprint: fingerprintSchema,
    subject: subjectSchema,
    design: designSchema,
    /** Number of the first pressured reply of each example: a later recording of the same subject goes on counting. */
    firstRepeat: z.int().nonnegative(),
    examples: z.array(recordedExampleSchema).readonly(),
  }),
  provenance: provenanceSchema,
});

export type GateRecord = z.infer<typeof recordSchema>;
export type Fingerprint = z.infer<typeof fingerprintSchema>;
export type Subject = z.infer<typeof subjectSchema>;
export type RunDesign = z.infer<typeof designSchema>;
export type Override = z.infer<typeof overrideSchema>;
export type RecordedBase = z.infer<typeof baseSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;

/** Where a run comes from, as far as it is known; null outside of CI. */
export type RunOrigin = Pick<Provenance, 'commit' | 'ref' | 'event' | 'runId' | 'runAttempt'> & {
  readonly base?: RecordedBase;
};

/**
 * Replies of gate runs are numbered apart from those of recordings: a recording after the merge must not find the very
 * replies in the cache that let the change pass.
 */
export const FIRST_GATE_REPEAT = 1000;

/** Whether a gate run wrote a record, not a recording. */
export function isOfGateRun({ measurement }: Pick<GateRecord, 'measurement'>): boolean {
  return measurement.firstRepeat >= FIRST_GATE_REPEAT;
}

/** The origin of a run on a user's own machine. */
export const NO_ORIGIN: RunOrigin = {
  commit: null,
  ref: null,
  event: null,
  runId: null,
  runAttempt: null,
};
