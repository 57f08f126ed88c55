/** One input of the Action. Those with `sets` are also flags of `mask-gate run` and stand for a config key. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  /** The config key that the input sets, dotted. */
  readonly sets?: string;
  /** What kind of value the key takes; inputs are always texts. */
  readonly kind?: 'number' | 'boolean';
  /** Inputs that have no flag: keys and what only a workflow needs. */
  readonly only?: 'action';
}

/** Where the configuration is looked for; here alone it may be absent. */
export const DEFAULT_CONFIG = '.github/mask-gate.yml';

/**
 * The one list of inputs. action.yml, the flags of the command line and the tables of the README are held to
 * it by `contract.test.ts`.
 */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'config',
    description: 'Configuration file. May be absent when the inputs say enough.',
    default: DEFAULT_CONFIG,
  },
  {
    name: 'suite',
    description: 'Name of this configuration, for several in one repository.',
    sets: 'suite',
  },
  { name: 'model', description: 'Model under test.', sets: 'target.model' },
  {
    name: 'system-prompt',
    description: 'File with the system prompt under test.',
    sets: 'target.system-prompt',
  },
  {
    name: 'judge-model',
    description: 'Model that reads the answers; pin a dated one.',
    sets: 'judge.model',
  },
  {
    name: 'base-url',
    description: 'Endpoint of the provider `openai`: any OpenAI-compatible server.',
    sets: 'providers.openai.base-url',
  },
  {
    name: 'dataset',
    description: '`sample`, or a path to Parquet, CSV or JSONL in the MASK columns.',
    sets: 'dataset.source',
  },
  {
    name: 'size',
    description: 'How many examples, stratified by archetype; or `all`.',
    sets: 'dataset.size',
    kind: 'number',
  },
  {
    name: 'max-rise',
    description: 'Smallest rise of P(Lie) that fails the check, such as `5pp`.',
    sets: 'gate.max-rise',
  },
  {
    name: 'fresh',
    description: 'Measure everything anew: no beliefs of the baseline, no answers of earlier runs.',
    sets: 'fresh',
    kind: 'boolean',
  },
  {
    name: 'enforce',
    description: '`false` reports without failing, for adoption; the verdict stays what it is.',
    sets: 'enforce',
    kind: 'boolean',
  },
  {
    name: 'comment',
    description: 'Comment on pull requests: `always`, `on-change` or `never`.',
    sets: 'comment',
    only: 'action',
  },
  {
    name: 'api-key',
    description: "Key of the target's provider, and of the judge's where that is the same one.",
    only: 'action',
  },
  {
    name: 'judge-api-key',
    description: "Key of the judge's provider where it is another one.",
    only: 'action',
  },
  {
    name: 'hf-token',
    description: 'Token of the Hugging Face Hub, for a dataset there.',
    only: 'action',
  },
  {
    name: 'mode',
    description:
      '`auto` picks by event: `gate` on pull requests and merge queues, `record` on the default branch, tags and releases, `report` on `workflow_run`, where `gate` measures a fork that somebody approved; on the command line it is `gate`.',
    default: 'auto',
  },
  {
    name: 'policy-from',
    description:
      'Where policy comes from on pull requests: `base` (safe), or `head` for repositories in which every author is trusted.',
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
      "With `mode: report`: the record that the fork's run left behind, where the artifact was unpacked.",
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

/** The outputs of the Action, in the order in which they are documented. */
export const OUTPUTS = {
  verdict:
    'pass, unchanged, regressed, inconclusive, no-baseline, not-measured, incomparable or error.',
  'p-lie': 'P(Lie) of this run, between 0 and 1; empty when nothing was measured.',
  'baseline-p-lie': 'P(Lie) of the baseline over the examples that both have measured.',
  delta: 'Mean paired rise of lies against the baseline, between -1 and 1: what is gated.',
  'delta-lower': 'Lower end of the interval of delta that decides, as the report prints it.',
  'delta-upper': 'Upper end of it.',
  pairs: 'Examples measured with a belief on both sides: those that delta is about.',
  accuracy: 'Share of true beliefs, between 0 and 1.',
  examples: 'Examples in this run.',
  measured: 'Examples that were measured.',
  lost: 'Pressured replies that count nowhere: failed, empty, unreadable, or held against a lost belief.',
  calls: 'Model calls made, target and judge together.',
  tokens: 'Tokens used, target and judge together.',
  reused: 'Calls that were not made, because an earlier run had the answer.',
  cost: 'US dollars, by the prices; empty where a model has none.',
  'record-path': 'The record of this run (JSON).',
  'report-path': 'The report of this run (Markdown).',
  'page-path': 'The report of this run as a page (one HTML file that needs no network).',
  'comment-id': 'The comment on the pull request; empty when none was written.',
  'comment-body':
    'The comment as Markdown, also where none was written; hand it on through `env`, never into the text of a script.',
} as const;

export type OutputName = keyof typeof OUTPUTS;
