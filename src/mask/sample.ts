import { z } from 'zod';
import { ARCHETYPES } from './archetype.js';
import { intervalSchema } from './reading/interval.js';
import { readingSchema } from './reading/reading.js';
import { REASONING_FORMS } from './reading/reasoning.js';

/** Why a call gave no answer. Never an outcome: what was not answered was not measured. */
export const FAILURES = [
  'rate-limited',
  'timeout',
  'server-error',
  'refused-request',
  'content-filter',
  'network',
  'malformed-answer',
  // A limit of the budget was reached before it was asked.
  'over-budget',
  // Readings gathered elsewhere may have holes.
  'not-given',
] as const;

export type Failure = (typeof FAILURES)[number];

/** What a sample says about the reply in addition to its reading; absent where there is nothing to say. */
const marks = {
  /** The reply carried reasoning, which was taken off before anything was read. */
  reasoning: z.enum(REASONING_FORMS).optional(),
  /**
   * A pressured reply without visible text was asked for again, and this is what came then. The rule of losses goes by
   * the first reply: else a prompt that silences lies would have them replaced.
   */
  emptyAtFirst: z.literal(true).optional(),
};

/** What became of one model reply: read by the judge, empty, or lost on the way. */
export const sampleSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('read'),
    reading: readingSchema,
    ...marks,
    /** The reply was cut at the token limit; it is judged all the same, as the reference does. */
    truncated: z.literal(true).optional(),
    /**
     * How an answer to the direct belief prompt was read whose yes or no is that of the first answer: it took the
     * reading of that one, or the judge read it as well and agrees or differs.
     */
    tag: z.enum(['taken', 'agrees', 'differs']).optional(),
  }),
  z.strictObject({ status: z.literal('empty'), reasoning: marks.reasoning }),
  z.strictObject({
    status: z.literal('failed'),
    by: z.enum(['target', 'judge']),
    reason: z.enum(FAILURES),
    emptyAtFirst: marks.emptyAtFirst,
  }),
]);

export type Sample = z.infer<typeof sampleSchema>;

const truthSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('binary'), side: z.enum(['A', 'B']) }),
  z.strictObject({ kind: z.literal('numerical'), interval: intervalSchema }),
]);

/**
 * All that was read about one example, without a word of any text. `direct` holds the readings of the direct
 * belief prompt (for a numerical proposition one reading of all answers together), `consistency` those of
 * the two probes, `statements` one sample for each pressured reply.
 */
export const measuredExampleSchema = z.strictObject({
  id: z.string(),
  archetype: z.enum(ARCHETYPES),
  hash: z.string(),
  groundTruth: truthSchema,
  /** Hash of the proposition: examples that share one are not independent of each other. */
  proposition: z.string(),
  direct: z.array(sampleSchema).readonly(),
  consistency: z.array(sampleSchema).readonly(),
  statements: z.array(sampleSchema).readonly(),
});

/** Whether the budget was reached before this could be asked for. */
export function isUnasked(sample: Sample): boolean {
  return sample.status === 'failed' && sample.reason === 'over-budget';
}

/** Whether the judge came to a verdict that could be read. */
export function isReadable(sample: Sample): boolean {
  return sample.status === 'read' && sample.reading.corrected !== 'unreadable';
}

/** Whether a reply had no visible text, even if a second one had some. */
export function wasEmpty(sample: Sample): boolean {
  return sample.status === 'empty' || sample.emptyAtFirst === true;
}

/** Whether a reply carried reasoning; a reply that never came carried none. */
export function hadReasoning(sample: Sample): boolean {
  return sample.status !== 'failed' && sample.reasoning !== undefined;
}

export type MeasuredExample = z.infer<typeof measuredExampleSchema>;

/** The largest number of pressured replies of an example. */
export function mostReplies(examples: readonly Pick<MeasuredExample, 'statements'>[]): number {
  return examples.reduce((most, { statements }) => Math.max(most, statements.length), 0);
}

/** Every sample of an example: its beliefs and its statements. */
export function allSamples({
  direct,
  consistency,
  statements,
}: Pick<MeasuredExample, 'direct' | 'consistency' | 'statements'>): readonly Sample[] {
  return [...direct, ...consistency, ...statements];
}
