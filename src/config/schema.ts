import { z } from 'zod';
import { datasetSchema } from './dataset.js';
import { gateSchema } from './gate.js';
import { INPUTS } from './inputs.js';
import { ROLE_KEYS, limits, modelName, provider, wholeNumber } from './models.js';
import { branchName, branchPattern, days, flag, slug, workspacePath } from './values.js';

/**
 * The configuration file, as written by people: kebab-case, everything optional, nothing unknown. Defaults that
 * depend on nothing else are here; the others are filled in by `resolveConfig`.
 */
export const configFileSchema = z.strictObject({
  $schema: z.string().optional().describe('URL of the JSON Schema, for editors.'),
  suite: slug
    .default('default')
    .describe('Name of this configuration. It identifies the comment, the baseline and the record.')
    .register(INPUTS, { name: 'suite' }),
  target: z
    .strictObject({
      model: modelName
        .describe('Model under test, as its provider calls it. Required.')
        .register(INPUTS, { name: 'model' }),
      ...ROLE_KEYS,
      'system-prompt': workspacePath
        .optional()
        .describe('File with the system prompt under test, put before each scenario.')
        .register(INPUTS, { name: 'system-prompt' }),
      'reasoning-prefilled': z
        .union([z.literal('auto'), z.boolean()], { error: 'must be auto, true or false' })
        .default('auto')
        .describe(
          'Whether the chat template opens the reasoning, so that replies contain only its closing tag. `auto`: yes when most neutral belief replies of the run show it.',
        ),
    })
    .prefault({})
    .describe('The model under test.'),
  judge: z
    .strictObject({
      model: modelName
        .describe('Model that reads the answers. Pin a dated one. Required.')
        .register(INPUTS, { name: 'judge-model' }),
      ...ROLE_KEYS,
      output: z
        .enum(['json', 'text'], { error: 'must be json or text' })
        .default('json')
        .describe(
          '`json`: structured output. `text`: a verdict on the last line, for endpoints without structured output.',
        ),
      'read-tags': z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .describe(
          'If direct belief answers of an example have the same yes/no tag, judge only the first and use its reading for the others. For one example in ten, the judge still reads all answers.',
        ),
    })
    .prefault({})
    .describe('The model that reads the answers.'),
  providers: z
    .record(slug, provider)
    .prefault({})
    .describe('Endpoints by name; `openai` is predefined.'),
  dataset: datasetSchema,
  transcripts: z
    .enum(['always', 'publishable', 'never'], { error: 'must be always, publishable or never' })
    .default('publishable')
    .describe(
      'When to write prompts and answers to a file next to the record: for a `publishable` dataset, `always` (on your own machine only), or `never`.',
    ),
  samples: z
    .strictObject({
      gate: wholeNumber(1, 20).default(1).describe('Pressured replies per example when gating.'),
      confirm: wholeNumber(0, 20)
        .default(2)
        .describe(
          'Additional replies per example when a run looks worse and has to be confirmed; 0 for none.',
        ),
      record: wholeNumber(1, 20)
        .default(5)
        .describe('Pressured replies per example when recording a baseline.'),
    })
    .prefault({}),
  beliefs: z
    .strictObject({
      reuse: z
        .boolean({ error: 'must be true or false' })
        .default(true)
        .describe(
          'Reuse the beliefs of a recent baseline with the same model, parameters and judge.',
        ),
    })
    .prefault({}),
  fresh: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe('Ignore baseline beliefs and cached answers; measure everything again.')
    .register(INPUTS, { name: 'fresh' }),
  cache: z
    .strictObject({
      keep: z
        .enum(['all', 'readings', 'nothing'], { error: 'must be all, readings or nothing' })
        .default('all')
        .describe(
          'What is cached on this machine, so that no answer is paid for twice: `all`, `readings` only (they contain no text), or `nothing`.',
        ),
      'max-size': wholeNumber(1, 1_000_000)
        .default(500)
        .describe('Maximum cache size in MB. The oldest entries are removed first.'),
    })
    .prefault({}),
  budget: z
    .strictObject({
      ...limits,
      minutes: z
        .number({ error: 'must be a number of minutes' })
        .positive('must be above 0')
        .optional()
        .describe('Maximum duration in minutes. Calls in flight are still finished.'),
      target: z.strictObject(limits).prefault({}),
      judge: z.strictObject(limits).prefault({}),
    })
    .prefault({})
    .describe('A run that reaches a limit stops, keeps its answers, and is `not-measured`.'),
  prices: z
    .record(z.string(), z.strictObject({ input: z.number().min(0), output: z.number().min(0) }))
    .default({})
    .describe('US dollars per million tokens, by model. Replaces the known prices.'),
  gate: gateSchema.prefault({}),
  enforce: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .describe(
      'Whether a verdict can fail the check. With `false` the verdict is reported and the check passes with a warning; use this while you adopt the gate.',
    )
    .register(INPUTS, { name: 'enforce' }),
  'override-label': z
    .string()
    .trim()
    .min(1, 'must be the name of a label, or none')
    .max(50, 'must have at most 50 characters')
    .default('mask-gate-override')
    .describe(
      'Label with which a maintainer overrides the gate for one commit; `none` turns this off.',
    ),
  comment: z
    .enum(['always', 'on-change', 'never'], { error: 'must be always, on-change or never' })
    .default('on-change')
    .describe(
      'When to comment on the pull request. `on-change` writes a first comment only when the subject or a setting changes, and updates an existing comment. `never` neither writes nor updates.',
    )
    .register(INPUTS, { name: 'comment', only: 'action' }),
  forks: z
    .strictObject({
      bases: z
        .array(branchPattern, { error: 'must be a list of branches such as [main, "release/*"]' })
        .max(50, 'must have at most 50 entries')
        .optional()
        .describe(
          'Branches, in addition to the default branch, for which approved pull requests from forks are measured, such as `release/*`. Read from the default branch, not from the base.',
        ),
    })
    .prefault({}),
  baseline: z
    .strictObject({
      store: z
        .enum(['committed', 'branch', 'directory'], {
          error: 'must be committed, branch or directory',
        })
        .default('committed')
        .describe(
          '`committed`: a file in the repository, read at the base commit. `branch`: a data branch with one file per record. `directory`: a local folder.',
        ),
      inline: z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .describe('Measure the base in the same job when there is no record.'),
      branch: branchName
        .optional()
        .describe('The data branch of `store: branch`. It must not be used for anything else.'),
      page: flag
        .optional()
        .describe('`false` leaves the trend page and the badges off the data branch.'),
      path: workspacePath
        .optional()
        .describe(
          'The file (`.github/mask-gate/<suite>.baseline.json`), or the folder (`.mask-gate`).',
        ),
      'max-age': days
        .optional()
        .describe(
          'Maximum age of a baseline whose verdict, beliefs or replies are reused, and of cached answers. Older ones are ignored. Default: 14d for dated models, 3d otherwise.',
        ),
    })
    .prefault({}),
});

export type ConfigFile = z.output<typeof configFileSchema>;
