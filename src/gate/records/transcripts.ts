import { z } from 'zod';
import { computeHash } from '../../base/hash.js';
import { transcriptSchema } from '../../mask/transcript.js';
import type { GateRecord } from './record.js';
import { SHA256 } from '../../base/hash.js';

const TRANSCRIPTS_SCHEMA = 'mask-gate/transcripts/v1';

const hash = z.string().regex(SHA256);

/** The first line of a file of transcripts: which record it belongs to. */
export const transcriptsHeadSchema = z.strictObject({
  schema: z.literal(TRANSCRIPTS_SCHEMA),
  measurement: hash.describe('Hash of the `measurement` of the record that this file belongs to.'),
  suite: z.string(),
  model: z.string(),
  promptHash: hash.nullable().describe('Hash of the prompt under test; null without one.'),
  dataset: z.string(),
  examples: z.int().nonnegative().describe('Lines that follow, one for each example.'),
});

/** One line of the file. */
export const transcriptsLineSchema = z.union([transcriptsHeadSchema, transcriptSchema]);

export type TranscriptsHead = z.infer<typeof transcriptsHeadSchema>;

/** The first line of the transcripts of a record. */
export function toTranscriptsHead(record: GateRecord): TranscriptsHead {
  const { measurement, provenance } = record;
  return {
    schema: TRANSCRIPTS_SCHEMA,
    measurement: computeHash(measurement),
    suite: measurement.suite,
    model: measurement.subject.model,
    promptHash: measurement.subject.promptHash,
    dataset: provenance.dataset,
    examples: measurement.examples.length,
  };
}
