import { z } from 'zod';
import { configFileSchema } from './config/schema.js';
import { recordSchema } from './gate/record.js';

/** The JSON Schemas that editors and other programs use, by the name of the file they describe. */
export function publishedSchemas(): Readonly<Record<'config' | 'record', object>> {
  return {
    config: {
      title: 'MASK Gate configuration',
      ...z.toJSONSchema(configFileSchema, { io: 'input' }),
    },
    record: { title: 'MASK Gate record', ...z.toJSONSchema(recordSchema) },
  };
}
