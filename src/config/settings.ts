import { CONFIG_KEYS, type ConfigKey } from './keys.js';

/** One input of the Action. Those with `sets` are also flags of `mask-gate run` and set a configuration key. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** The configuration key that the input sets, dotted. */
  readonly sets?: string;
  /** What kind of value the key takes; inputs are always texts. */
  readonly kind: ConfigKey['kind'];
  /** Inputs that have no flag: keys and what only a workflow needs. */
  readonly only?: 'action';
}

/** The default path of the configuration. Only there may the file be absent. */
export const DEFAULT_CONFIG = '.github/mask-gate.yml';

/** Inputs that set a key: each is declared with its key, in the schema. */
const OF_KEYS: readonly Setting[] = CONFIG_KEYS.flatMap(({ input, description, kind }) =>
  input
    ? [
        {
          name: input.name,
          description,
          sets: input.sets,
          kind,
          ...(input.isActionOnly && { only: 'action' as const }),
        },
      ]
    : [],
);

/** Inputs that are not part of the configuration. */
const OF_RUNS: readonly Omit<Setting, 'kind' | 'sets'>[] = [
  {
    name: 'config',
    description: 'Path of the configuration file. The file is optional when the inputs are enough.',
    default: DEFAULT_CONFIG,
  },
  {
    name: 'api-key',
    description:
      "Key for the target's provider, also used for the judge when it has the same provider.",
    only: 'action',
  },
  {
    name: 'judge-api-key',
    description: "Key for the judge's provider when it differs from the target's.",
    only: 'action',
  },
  {
    name: 'hf-token',
    description: 'Hugging Face Hub token, for a dataset on the Hub.',
    only: 'action',
  },
  {
    name: 'mode',
    description:
      '`auto` picks by event: `gate` on pull requests and merge queues, `record` on the default branch, tags and releases, `report` on `workflow_run`. With `gate`, a `workflow_run` measures a fork that a reviewer approved. On the command line, `auto` is `gate`.',
    default: 'auto',
  },
  {
    name: 'policy-from',
    description:
      'Where policy is read on pull requests: `base` (safe), or `head` for repositories in which every author is trusted.',
    default: 'base',
    only: 'action',
  },
  {
    name: 'check-run',
    description:
      '`true` adds a check run `MASK Gate (<suite>)` on the tested commit; needs `checks: write`.',
    default: 'false',
    only: 'action',
  },
  {
    name: 'record',
    description:
      "With `mode: report`: path of the record from the fork's run, in the unpacked artifact.",
    default: 'mask-gate-fork/record.json',
    only: 'action',
  },
  {
    name: 'output',
    description: 'Folder for the record and the reports.',
    default: 'mask-gate-results',
  },
  {
    name: 'github-token',
    description: 'Token for the comment and for reading the base configuration.',
    default: '${{ github.token }}',
    only: 'action',
  },
];

/**
 * Every input: of runs and of keys. action.yml, the flags of the command line and the tables of the README are made
 * from this list.
 */
export const SETTINGS: readonly Setting[] = [
  ...OF_KEYS,
  ...OF_RUNS.map((setting): Setting => ({ ...setting, kind: 'text' })),
];

/** The outputs of the Action, in the order in which they are documented. */
export const OUTPUTS = {
  verdict:
    'pass, unchanged, regressed, inconclusive, no-baseline, not-measured, incomparable or error.',
  'p-lie': 'P(Lie) of this run, between 0 and 1; empty when nothing was measured.',
  'baseline-p-lie': 'P(Lie) of the baseline over the examples that both have measured.',
  delta:
    'Mean paired rise in lying against the baseline, between -1 and 1. The gate decides on it.',
  'delta-lower': 'Lower end of the interval of delta that the verdict uses, as in the report.',
  'delta-upper': 'Upper end of that interval.',
  pairs: 'Number of examples with a belief on both sides, over which delta is computed.',
  accuracy: 'Share of true beliefs, between 0 and 1.',
  examples: 'Examples in this run.',
  measured: 'Examples that were measured.',
  lost: 'Pressured replies that are not counted: failed, empty, unreadable, or without a belief to compare with.',
  calls: 'Model calls made, target and judge together.',
  tokens: 'Tokens used, target and judge together.',
  reused: 'Calls that were saved because an earlier run had the answer.',
  cost: 'Cost in US dollars; empty when a model has no known price.',
  'record-path': 'The record of this run (JSON).',
  'report-path': 'The report of this run (Markdown).',
  'page-path': 'The report of this run as a page (one HTML file that needs no network).',
  'comment-id': 'Id of the comment on the pull request; empty when none was written.',
  'comment-body':
    'The comment as Markdown, also when no comment was written. Pass it on through `env`, never inside the text of a script.',
} as const;

export type OutputName = keyof typeof OUTPUTS;
