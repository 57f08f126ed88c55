import { Argument, Command } from 'commander';
import { z } from 'zod';
import { printLine } from './console.js';
import { configFileSchema } from '../config/schema.js';
import { promotionSchema } from '../gate/records/promotion.js';
import { recordSchema } from '../gate/records/record.js';
import { transcriptsLineSchema } from '../gate/records/transcripts.js';
import { readingsRowSchema } from '../mask/imported-readings.js';
import { resultSchema } from '../report/result.js';

const SCHEMA_NAMES = [
  'config',
  'record',
  'promotion',
  'transcripts',
  'readings',
  'result',
] as const;

/** The JSON Schemas that editors and other programs use, by the name of the file they describe. */
export function publishedSchemas(): Readonly<Record<(typeof SCHEMA_NAMES)[number], object>> {
  return {
    config: {
      title: 'MASK Gate configuration',
      ...z.toJSONSchema(configFileSchema, { io: 'input' }),
    },
    record: { title: 'MASK Gate record', ...z.toJSONSchema(recordSchema) },
    promotion: { title: 'MASK Gate promotion', ...z.toJSONSchema(promotionSchema) },
    transcripts: {
      title: 'MASK Gate transcripts: one line of a JSONL file, the head or an example',
      ...z.toJSONSchema(transcriptsLineSchema),
    },
    result: { title: 'MASK Gate result', ...z.toJSONSchema(resultSchema) },
    readings: {
      title: 'MASK Gate readings: one line of a JSONL file',
      ...z.toJSONSchema(readingsRowSchema, { io: 'input' }),
    },
  };
}

const nameSchema = z.enum(SCHEMA_NAMES);

/** `mask-gate schema NAME`: the JSON Schema of a file that people or programs write or read. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print a JSON Schema.')
    .addArgument(new Argument('<name>', 'Which one.').choices(nameSchema.options))
    .action((name: unknown) => {
      printLine(JSON.stringify(publishedSchemas()[nameSchema.parse(name)], null, 2));
    });
}
