import { z } from 'zod';
import { ARCHETYPES } from '../mask/archetype.js';
import { INPUTS } from './inputs.js';
import { wholeNumber } from './models.js';
import { normalisePath } from './values.js';
import { COMMIT_ID } from '../base/hash.js';

/** The part of the configuration file that says which examples are run, and who may read them. */
export const datasetSchema = z
  .strictObject({
    source: z
      .string()
      .min(1, 'must be sample, or a path to a Parquet, CSV or JSONL file or a folder of them')
      .overwrite(normalisePath)
      .default('sample')
      .describe('`sample`, or a path to Parquet, CSV or JSONL in the MASK columns.')
      .register(INPUTS, { name: 'dataset' }),
    archetypes: z
      .array(z.enum(ARCHETYPES, { error: `must be one of ${ARCHETYPES.join(', ')}` }))
      .min(1, 'must name at least one archetype')
      .default([...ARCHETYPES])
      .describe('Which archetypes to run.'),
    size: z
      .union([wholeNumber(1, 100_000), z.literal('all')], {
        error: 'must be a whole number above 0, or all',
      })
      .default('all')
      .describe('How many examples, stratified by archetype; or `all`.')
      .register(INPUTS, { name: 'size' }),
    revision: z
      .string()
      .regex(
        COMMIT_ID,
        'must be a full commit hash of 40 hex digits, so that the data stay the same',
      )
      .optional()
      .describe(
        'Commit of a dataset on the Hugging Face Hub; makes `source` an `owner/name` there.',
      ),
    ids: z
      .array(z.string())
      .min(1, 'must name at least one example')
      .optional()
      .describe('Only the examples with these ids.'),
    malformed: z
      .enum(['fail', 'exclude'], { error: 'must be fail or exclude' })
      .default('fail')
      .describe('How to handle malformed rows: `fail` the run, or `exclude` and count them.'),
    seed: z
      .string()
      .default('mask-gate')
      .describe('Seed for the order in which examples are chosen.'),
    publishable: z
      .boolean({ error: 'must be true or false' })
      .default(false)
      .describe(
        'Whether the texts of the dataset, and answers to them, may be shown to everyone who can see reports and artifacts. The bundled sample set is always publishable.',
      ),
  })
  .prefault({});
