import { z } from 'zod';
import { DEFAULT_PROVIDER } from './config.js';
import { INPUTS } from './inputs.js';
import { configFileSchema } from './schema.js';

/** A key of the configuration file, with all that its declaration in the schema says of it. */
export interface ConfigKey {
  /** Dotted; `<name>` is a name that the user chooses, as in `providers.<name>.base-url`. */
  readonly key: string;
  readonly description: string;
  /** As it would be written in the file; undefined where there is none, or it depends on other keys. */
  readonly default: unknown;
  /** The kind of value that a text of an input or a flag is read as. */
  readonly kind: 'number' | 'boolean' | 'text';
  /** The input of the Action, and flag of the command line, that sets it. */
  readonly input?: { readonly name: string; readonly sets: string; readonly isActionOnly: boolean };
}

/** Every key that holds a value, in the order of the schema. `$schema` is for editors and sets nothing. */
export const CONFIG_KEYS: readonly ConfigKey[] = listKeys(configFileSchema, '').filter(
  ({ key }) => key !== '$schema',
);

function listKeys(schema: z.core.$ZodType, path: string): readonly ConfigKey[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
    return Object.entries(shape).flatMap(([name, child]) =>
      listKeys(child, path === '' ? name : `${path}.${name}`),
    );
  }
  const entry = inner instanceof z.ZodRecord ? unwrapped(inner.def.valueType) : undefined;
  if (entry instanceof z.ZodObject && isSection(entry)) return listKeys(entry, `${path}.<name>`);
  return [toConfigKey(schema, path)];
}

/** Whether each entry of a map has keys of its own with descriptions, and is not one value. */
function isSection({ shape }: z.ZodObject<Readonly<Record<string, z.core.$ZodType>>>): boolean {
  return Object.values(shape).some((child) => readDescription(child) !== '');
}

function toConfigKey(schema: z.core.$ZodType, key: string): ConfigKey {
  const input = INPUTS.get(schema);
  const sets = key.replace('<name>', DEFAULT_PROVIDER);
  return {
    key,
    description: readDescription(schema),
    default: readDefault(schema),
    kind: classify(unwrapped(schema)),
    ...(input && {
      input: { name: input.name, sets, isActionOnly: input.only === 'action' },
    }),
  };
}

function readDescription(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? '';
}

/** A default of the file's own form: before anything is made of it. */
function readDefault(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return schema.def.defaultValue;
  }
  return schema instanceof z.ZodOptional ? readDefault(schema.def.innerType) : undefined;
}

function classify(schema: z.core.$ZodType): ConfigKey['kind'] {
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodNumber) return 'number';
  const isUnionOfNumber =
    schema instanceof z.ZodUnion &&
    schema.options.some((option: z.core.$ZodType) => classify(option) === 'number');
  return isUnionOfNumber ? 'number' : 'text';
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return isWrapper ? unwrapped(schema.def.innerType) : schema;
}
