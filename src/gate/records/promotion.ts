import { z } from 'zod';
import { recordSchema } from './record.js';
import { COMMIT_ID } from '../../base/hash.js';

export const PROMOTION_SCHEMA = 'mask-gate/promotion/v1';

/** A text of one visible line; lengths in UTF-16 units. */
const words = (longest: number) =>
  z
    .string()
    .max(longest, `must have at most ${longest} characters`)
    .regex(/\S/, 'must not be empty');

/**
 * A record that a person made the baseline: who, why, when, and from which commit on. A file of its own that holds the
 * record as its run wrote it, so that it can't name one that is not there, or that is another one by now.
 */
export const promotionSchema = z.strictObject({
  schema: z.literal(PROMOTION_SCHEMA),
  who: words(100),
  why: words(300),
  when: z.iso.datetime('must be a time in UTC such as 2026-03-01T12:00:00Z'),
  /** Where the record stands from then on; null in a file that holds one baseline, wherever it is read. */
  commit: z.string().regex(COMMIT_ID, 'must be the 40 characters of a full commit id').nullable(),
  record: recordSchema,
});

export type PromotedRecord = z.infer<typeof promotionSchema>;

/** How the record of a baseline came to be one, where a person made it so. */
export type Promotion = Omit<PromotedRecord, 'schema' | 'record'>;
