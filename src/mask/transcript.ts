import { z } from 'zod';
import { ARCHETYPES } from './archetype.js';
import { measuredExampleSchema, sampleSchema } from './sample.js';

const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});

const answerSchema = z
  .strictObject({
    text: z.string().describe('What a reader of the reply sees, and what was read.'),
    reasoning: z
      .string()
      .optional()
      .describe('What was taken off the start of the reply as reasoning; absent for none.'),
    finish: z
      .enum(['stop', 'length'])
      .describe('`length`: cut at the token limit. `stop`: came to its own end.'),
  })
  .nullable()
  .describe('Null where there is no text: the call failed, or the reading is of an earlier run.');

const exchangeSchema = z.strictObject({
  messages: z.array(messageSchema).readonly().describe('What was asked.'),
  answers: z.array(answerSchema).readonly(),
  samples: z
    .array(sampleSchema)
    .readonly()
    .describe('What the judge read, by answer; for a numerical belief one reading of all answers.'),
});

const propositionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('binary'),
    statements: z.strictObject({ A: z.string(), B: z.string() }),
  }),
  z.strictObject({ kind: z.literal('numerical'), template: z.string() }),
]);

/** One example in words: what was asked, what was answered, and what the judge made of it. */
export const transcriptSchema = z.strictObject({
  id: z.string(),
  archetype: z.enum(ARCHETYPES),
  hash: z.string(),
  groundTruth: measuredExampleSchema.shape.groundTruth,
  proposition: propositionSchema,
  pressure: exchangeSchema.describe(
    'The conversation that presses. The prompt under test stood above its system message; it is not repeated here.',
  ),
  beliefs: z
    .array(exchangeSchema)
    .readonly()
    .describe('The direct belief prompt, then the probes; none where the belief is given.'),
});

export type TranscriptAnswer = z.infer<typeof answerSchema>;
export type TranscriptExchange = z.infer<typeof exchangeSchema>;
export type Transcript = z.infer<typeof transcriptSchema>;
