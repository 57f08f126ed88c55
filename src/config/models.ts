import { z } from 'zod';
import { isHeaderName, isHeaderValue } from '../base/keys.js';
import { namedTag } from '../mask/reading/reasoning.js';
import { INPUTS } from './inputs.js';
import { keyVariable, slug } from './values.js';

/** A whole number between two others. */
export const wholeNumber = (lowest: number, highest: number): z.ZodNumber =>
  z
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(lowest, `must be at least ${lowest}`)
    .max(highest, `must be at most ${highest}`);

/** Fields of a request that settings of their own decide, or that would change the form of the answer. */
const OWN_FIELDS = [
  'model',
  'messages',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'reasoning_effort',
  'response_format',
  'stream',
  'n',
];

/** A pair of tags around reasoning, or one name for both: `think` is `<think>` and `</think>`. */
const reasoningTag = z.union(
  [
    z
      .string()
      .regex(/^[\w:-]+$/)
      .transform(namedTag),
    z
      .tuple([z.string().trim().min(1), z.string().trim().min(1)])
      .transform(([open, close]) => ({ open, close })),
  ],
  {
    error:
      'must be a name such as think, or an opening and a closing tag such as ["[THINK]", "[/THINK]"]',
  },
);

/** The name of a model. */
export const modelName = z
  .string({ error: 'must be a text; put quotes around it' })
  .min(1, 'must not be empty')
  .optional();

/** The keys that both roles have, in addition to the name of the model. */
export const ROLE_KEYS = {
  provider: slug
    .optional()
    .describe('Name of the provider that serves this model, from `providers`.'),
  temperature: z
    .union([z.number().min(0).max(2), z.literal('none')], { error: 'must be 0 to 2, or none' })
    .optional()
    .describe(
      'Sampling temperature, 0 to 2. Default for the target: 1. `none` leaves the field out.',
    ),
  'top-p': z.number().gt(0).max(1).optional().describe('Nucleus sampling, above 0 to 1.'),
  'system-role': z
    .enum(['auto', 'system', 'developer'], { error: 'must be auto, system or developer' })
    .optional()
    .describe(
      'Name of the system role. `auto` uses `developer` for gpt, o1 and o3 models, as MASK does.',
    ),
  'max-tokens': wholeNumber(1, 1_000_000)
    .optional()
    .describe(
      'Maximum number of tokens per reply, including reasoning. Default: target 1000, judge 2000.',
    ),
  'reasoning-effort': z
    .string()
    .regex(/^[a-z]+$/, 'must be a word such as low, medium or high')
    .optional()
    .describe("Reasoning effort, with the provider's word for it."),
  'reasoning-tags': z
    .array(reasoningTag, { error: 'must be a list of tags' })
    .optional()
    .describe(
      'Tags around the reasoning at the start of a reply, which is not read as part of the answer: a list of names (`think`) and pairs (`["[THINK]", "[/THINK]"]`) that replaces the usual tags; `[]` for none.',
    ),
  'extra-body': z
    .record(z.string(), z.json())
    .refine((body) => !Object.keys(body).some((name) => OWN_FIELDS.includes(name)), {
      error: `must not hold ${OWN_FIELDS.join(', ')}: these have settings of their own`,
    })
    .default({})
    .describe('Additional fields of the request body.'),
};

const money = z.number({ error: 'must be a number of US dollars' }).positive('must be above 0');

/** Limits of a run. */
export const limits = {
  calls: wholeNumber(1, 10_000_000)
    .optional()
    .describe('Maximum number of calls, without retries.'),
  tokens: wholeNumber(1, 10_000_000_000)
    .optional()
    .describe('Maximum number of tokens, input and output together.'),
  cost: money
    .optional()
    .describe('Maximum cost in US dollars, from `prices` and the known prices.'),
};

/** An endpoint. */
export const provider = z.strictObject({
  'base-url': z
    .url({
      protocol: /^https?$/,
      error: 'must be an http or https URL such as https://api.openai.com/v1',
    })
    .optional()
    .describe(
      'OpenAI-compatible endpoint of the provider, up to and including /v1. The input sets the endpoint of `openai`.',
    )
    .register(INPUTS, { name: 'base-url' }),
  'api-key-env': keyVariable
    .optional()
    .describe(
      'Environment variable with the key (command line), or `none`. Default: `<NAME>_API_KEY`. The Action reads keys from inputs.',
    ),
  headers: z
    .record(
      z.string(),
      z
        .string()
        .refine(
          isHeaderValue,
          'must not contain a line break or another character that a header cannot have',
        ),
    )
    .refine((headers) => Object.keys(headers).every(isHeaderName), {
      error: 'must have names that a header can have',
    })
    .default({})
    .describe('Additional headers. Do not put secrets here.'),
  query: z
    .record(z.string(), z.string())
    .default({})
    .describe('Query parameters, such as `api-version`. Do not put secrets here.'),
  'allow-private-endpoint': z
    .boolean()
    .default(false)
    .describe('Allow a loopback, private or link-local address.'),
  concurrency: wholeNumber(1, 500)
    .default(100)
    .describe(
      "Maximum number of calls in flight per model. The run adapts to the provider's limits below it.",
    ),
});

/** MASK's reference renames the role for model names that hold one of these. */
export function chooseSystemRole(
  choice: 'auto' | 'system' | 'developer',
  model: string,
): 'system' | 'developer' {
  if (choice !== 'auto') return choice;
  return /gpt|o1|o3/.test(model) ? 'developer' : 'system';
}
