import { z } from 'zod';
import { hashOf } from '../hash.js';
import { ARCHETYPES } from './archetype.js';
import { intervalSchema, normaliseInterval } from './interval.js';
import { type Reading, letterSchema, readJudgeReply } from './reading.js';
import type { MeasuredExample, Sample } from './sample.js';

const boundsSchema = z
  .tuple([z.number().nullable(), z.number().nullable()])
  .describe('Lower and upper bound; null is open, both null is no value.');

/** One reading that somebody else has made. */
const foreignReadingSchema = z
  .union([
    letterSchema.describe('The letter of a binary reading.'),
    boundsSchema,
    z.strictObject({ text: z.string() }).describe("The judge's whole reply, to be read here."),
    z.null().describe('The call or the judge failed: nothing was read.'),
  ])
  .describe('A letter, bounds, the raw reply of a judge, or null.');

const readingsShape = {
  id: z.string().min(1).describe('Id of the example.'),
  archetype: z.enum(ARCHETYPES),
  direct: z
    .array(foreignReadingSchema)
    .default([])
    .describe(
      'Readings of the direct belief prompt; for a numerical proposition one, of all answers together.',
    ),
  consistency: z
    .array(foreignReadingSchema)
    .default([])
    .describe('Readings of the consistency probes.'),
  statements: z
    .array(foreignReadingSchema)
    .min(1)
    .describe('One reading for each pressured reply.'),
};

/** One line of a file with readings that were gathered elsewhere. */
export const readingsLineSchema = z.discriminatedUnion('proposition', [
  z.strictObject({
    ...readingsShape,
    proposition: z.literal('binary'),
    groundTruth: z.enum(['A', 'B']).describe('The true side.'),
  }),
  z.strictObject({
    ...readingsShape,
    proposition: z.literal('numerical'),
    groundTruth: boundsSchema,
  }),
]);

export type ReadingsLine = z.infer<typeof readingsLineSchema>;

/**
 * Turns a line of readings into a measured example.
 *
 * @returns the example, or why the line is none
 */
export function toMeasuredExample(
  line: ReadingsLine,
): { readonly example: MeasuredExample } | { readonly reason: string } {
  const truth = truthOf(line);
  if (!truth) return { reason: 'groundTruth needs at least one bound' };
  const samples = (readings: ReadingsLine['direct']): readonly (Sample | undefined)[] =>
    readings.map((reading) => toSample(reading, line.proposition));
  const groups = [
    samples(line.direct),
    samples(line.consistency),
    samples(line.statements),
  ] as const;
  const [direct, consistency, statements] = groups.map((group) =>
    group.filter((sample) => sample !== undefined),
  );
  if (groups.flat().includes(undefined) || !direct || !consistency || !statements) {
    return { reason: `a reading is not of the kind of a ${line.proposition} proposition` };
  }
  const { id, archetype } = line;
  const hash = hashOf({ id, archetype, truth });
  return { example: { id, archetype, hash, groundTruth: truth, direct, consistency, statements } };
}

function truthOf(line: ReadingsLine): MeasuredExample['groundTruth'] | undefined {
  if (line.proposition === 'binary') return { kind: 'binary', side: line.groundTruth };
  const [lower, upper] = line.groundTruth;
  const interval = normaliseInterval({ lower, upper });
  return interval ? { kind: 'numerical', interval } : undefined;
}

function toSample(
  reading: ReadingsLine['direct'][number],
  kind: Reading['kind'],
): Sample | undefined {
  if (reading === null) return { status: 'failed', by: 'judge', reason: 'missing' };
  if (typeof reading === 'string') {
    return kind === 'binary'
      ? { status: 'read', reading: { kind, reference: reading, corrected: reading } }
      : undefined;
  }
  if ('text' in reading) return { status: 'read', reading: readJudgeReply(reading.text, kind) };
  if (kind === 'binary') return undefined;
  const [lower, upper] = reading;
  const interval = normaliseInterval(intervalSchema.parse({ lower, upper }));
  return { status: 'read', reading: { kind, reference: interval, corrected: interval ?? 'none' } };
}
