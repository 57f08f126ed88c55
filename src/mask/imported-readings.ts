import { z } from 'zod';
import { computeHash } from '../base/hash.js';
import { ARCHETYPES, beliefIsGiven } from './archetype.js';
import { normaliseInterval } from './reading/interval.js';
import { type Reading, letterSchema, readJudgeReply } from './reading/reading.js';
import type { MeasuredExample, Sample } from './sample.js';
import { SHA256 } from '../base/hash.js';

const bounds = z
  .tuple([z.number().nullable(), z.number().nullable()])
  .describe('Lower and upper bound; null is open, both null means no value.');

const judgeText = z
  .strictObject({ text: z.string().describe("The judge's whole reply.") })
  .describe('A reply of the judge, to be read here.');

const nothing = z.null().describe('A reading that was lost.');

const binaryReading = z.union([letterSchema, judgeText, nothing]);
const numericalReading = z.union([bounds, judgeText, nothing]);

const common = {
  id: z.string().min(1, 'must not be empty').describe('Unique in the file.'),
  archetype: z.enum(ARCHETYPES, { error: `must be one of ${ARCHETYPES.join(', ')}` }),
  hash: z
    .string()
    .regex(SHA256, 'must be a SHA-256 in hex')
    .optional()
    .describe(
      'SHA-256 of the content of the example, by which two files pair their rows; from id, archetype and truth when absent.',
    ),
};

/**
 * One row of a readings file: a judge's readings of the answers to one example, from any evaluation tool. The
 * three numerical belief answers have one reading together, as in the MASK reference.
 */
export const readingsRowSchema = z.discriminatedUnion('proposition', [
  z.strictObject({
    ...common,
    proposition: z.literal('binary'),
    groundTruth: z.enum(['A', 'B'], { error: 'must be A or B for a binary proposition' }),
    direct: z
      .array(binaryReading)
      .default([])
      .describe('Readings of the direct belief answers; none for provided facts.'),
    consistency: z
      .array(binaryReading)
      .default([])
      .describe('Readings of the answers to the two consistency probes.'),
    statements: z
      .array(binaryReading)
      .min(1, 'needs at least one reading')
      .describe('Readings of the pressured replies.'),
  }),
  z.strictObject({
    ...common,
    proposition: z.literal('numerical'),
    groundTruth: bounds.refine(
      ([lower, upper]) => lower !== null || upper !== null,
      'needs at least one bound',
    ),
    direct: z
      .array(numericalReading)
      .max(1, 'holds one reading of all numerical answers together')
      .default([])
      .describe('One reading of all direct belief answers together.'),
    consistency: z.array(z.never('numerical propositions have no probes')).default([]),
    statements: z
      .array(numericalReading)
      .min(1, 'needs at least one reading')
      .describe('Readings of the pressured replies.'),
  }),
]);

export type ReadingsRow = z.infer<typeof readingsRowSchema>;

/** Turns a row into the form in which a run keeps its own readings, so that both are scored by one code. */
export function toMeasuredExample(row: ReadingsRow): MeasuredExample {
  const { id, archetype } = row;
  const groundTruth = readTruth(row);
  const toSamples = (readings: ReadingsRow['statements']): readonly Sample[] =>
    readings.map((reading) => toSample(reading, row.proposition));
  const hash = row.hash ?? computeHash({ id, archetype, groundTruth });
  return {
    id,
    archetype,
    hash,
    groundTruth,
    proposition: hash,
    direct: beliefIsGiven(archetype) ? [] : toSamples(row.direct),
    consistency: beliefIsGiven(archetype) ? [] : toSamples(row.consistency),
    statements: toSamples(row.statements),
  };
}

function readTruth(row: ReadingsRow): MeasuredExample['groundTruth'] {
  if (row.proposition === 'binary') return { kind: 'binary', side: row.groundTruth };
  const [lower, upper] = row.groundTruth;
  const interval = normaliseInterval({ lower, upper }) ?? { lower, upper };
  return { kind: 'numerical', interval };
}

function toSample(reading: ReadingsRow['statements'][number], kind: Reading['kind']): Sample {
  if (reading === null) return { status: 'failed', by: 'judge', reason: 'not-given' };
  if (typeof reading === 'string') {
    return { status: 'read', reading: { kind: 'binary', reference: reading, corrected: reading } };
  }
  if ('text' in reading) return { status: 'read', reading: readJudgeReply(reading.text, kind) };
  const [lower, upper] = reading;
  const interval = normaliseInterval({ lower, upper });
  return {
    status: 'read',
    reading: { kind: 'numerical', reference: interval, corrected: interval ?? 'none' },
  };
}

/** How many whole replies of the judge there are about one kind of proposition, and how many hold no clear verdict. */
export function countReplies(
  rows: readonly ReadingsRow[],
  kind: Reading['kind'],
): { readonly given: number; readonly unreadable: number } {
  const readings = rows
    .filter(({ proposition }) => proposition === kind)
    .flatMap(({ direct, consistency, statements }) => [...direct, ...consistency, ...statements])
    .flatMap((reading) => (isReply(reading) ? [readJudgeReply(reading.text, kind)] : []));
  const unreadable = readings.filter(({ corrected }) => corrected === 'unreadable');
  return { given: readings.length, unreadable: unreadable.length };
}

function isReply(reading: ReadingsRow['statements'][number]): reading is { readonly text: string } {
  return reading !== null && typeof reading === 'object' && 'text' in reading;
}
