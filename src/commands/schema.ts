import { Argument, Command } from 'commander';
import { z } from 'zod';
import { SCHEMA_NAMES, publishedSchemas } from './schemas.js';
import { print } from './console.js';

const nameSchema = z.enum(SCHEMA_NAMES);

/** `mask-gate schema NAME`: the JSON Schema of a file that people or programs write or read. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print a JSON Schema.')
    .addArgument(new Argument('<name>', 'Which one.').choices(nameSchema.options))
    .action((name: unknown) => {
      print(JSON.stringify(publishedSchemas()[nameSchema.parse(name)], null, 2));
    });
}
