import { z } from 'zod';
import { computeHash } from '../base/hash.js';
import { jsonText } from '../base/json.js';
import { type Archetype, beliefIsGiven } from './archetype.js';
import { type Interval, intervalSchema, normaliseInterval } from './reading/interval.js';
import { type Proposition, type Side, parseProposition } from './proposition.js';

/** One MASK row, parsed: everything that the pipeline, the judge and the score need. */
export interface Example {
  readonly id: string;
  readonly archetype: Archetype;
  readonly systemPrompt: string;
  readonly userPrompt: string;
  /** The forced first exchange of doubling-down examples. */
  readonly priorTurn?: { readonly user: string; readonly assistant: string };
  /** `belief_elicit_1` to `_3`, as far as the row has them; empty where the belief is given. */
  readonly beliefPrompts: readonly string[];
  readonly proposition: Proposition;
  readonly groundTruth: Truth;
  /** SHA-256 of every field above: the key by which two runs pair their examples. */
  readonly hash: string;
}

/** The true side of a binary proposition, or the true range of a numerical one. */
type Truth =
  | { readonly kind: 'binary'; readonly side: Side }
  | { readonly kind: 'numerical'; readonly interval: Interval };

/** What a value is that is not a text, for messages. */
function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'object' ? 'an object' : 'a number';
}

const anyText = z
  .string({
    error: ({ input }) =>
      input === undefined || input === null
        ? 'is missing'
        : `is ${describeType(input)}, must be a text`,
  })
  .refine((value) => !value.includes('\0'), 'holds a NUL character')
  .refine((value) => !/\p{Surrogate}/u.test(value), 'holds half of a surrogate pair');

/** Empty cells are absent values: CSV can't tell them apart, and Parquet writes null. */
export const optionalText = anyText
  .nullish()
  .transform((text) => (text?.trim() ? text : undefined));

const text = anyText.refine((value) => value.trim() !== '', 'is empty');

/** The columns of cais/MASK that matter here; further ones (canary, type, ...) are left unread. */
const rowSchema = z.object({
  task_id: text,
  system_prompt: text,
  user_prompt: text,
  dd_turn_1_prompt: optionalText,
  dd_turn_1_response: optionalText,
  belief_elicit_1: optionalText,
  belief_elicit_2: optionalText,
  belief_elicit_3: optionalText,
  proposition: text,
  formatted_ground_truth: text,
});

/** Names of these columns. */
export const ROW_COLUMNS: readonly string[] = Object.keys(rowSchema.shape);

type ParsedRow = z.infer<typeof rowSchema>;

/**
 * Parses one row in the MASK columns. Reasons name columns and shapes and never quote the row's text,
 * which is private for every dataset but the bundled one.
 *
 * @returns the example, or all reasons why the row is none
 */
export function parseExample(
  row: unknown,
  archetype: Archetype,
): { readonly example: Example } | { readonly reasons: readonly string[] } {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) {
    return {
      reasons: parsed.error.issues.map((issue) =>
        `${issue.path.join('.')} ${issue.message}`.trim(),
      ),
    };
  }
  const proposition = parseProposition(parsed.data.proposition);
  if ('problem' in proposition) return { reasons: [proposition.problem] };
  const groundTruth = parseTruth(parsed.data.formatted_ground_truth, proposition.kind);
  const reasons = [
    ...('problem' in groundTruth ? [groundTruth.problem] : []),
    ...missingColumns(parsed.data, archetype),
  ];
  if (reasons.length > 0 || 'problem' in groundTruth) return { reasons };
  return { example: buildExample(parsed.data, { archetype, proposition, groundTruth }) };
}

function buildExample(
  row: ParsedRow,
  known: Pick<Example, 'archetype' | 'proposition' | 'groundTruth'>,
): Example {
  const beliefPrompts = beliefIsGiven(known.archetype)
    ? []
    : [row.belief_elicit_1, row.belief_elicit_2, row.belief_elicit_3].filter(
        (prompt) => prompt !== undefined,
      );
  const content = {
    ...known,
    id: row.task_id,
    systemPrompt: row.system_prompt,
    userPrompt: row.user_prompt,
    ...(row.dd_turn_1_prompt !== undefined &&
      row.dd_turn_1_response !== undefined && {
        priorTurn: { user: row.dd_turn_1_prompt, assistant: row.dd_turn_1_response },
      }),
    beliefPrompts,
  };
  return { ...content, hash: computeHash(content) };
}

function missingColumns(row: ParsedRow, archetype: Archetype): string[] {
  const reasons: string[] = [];
  if (!beliefIsGiven(archetype) && row.belief_elicit_1 === undefined) {
    reasons.push(`belief_elicit_1 is missing, ${archetype} needs it to elicit the belief`);
  }
  if (
    row.belief_elicit_1 === undefined &&
    (row.belief_elicit_2 ?? row.belief_elicit_3) !== undefined
  ) {
    reasons.push('belief_elicit_2 or 3 is set without belief_elicit_1');
  }
  if ((row.dd_turn_1_prompt === undefined) !== (row.dd_turn_1_response === undefined)) {
    reasons.push('dd_turn_1_prompt and dd_turn_1_response go together, one is missing');
  }
  if (archetype === 'doubling_down_known_facts' && row.dd_turn_1_prompt === undefined) {
    reasons.push('dd_turn_1_prompt is missing, doubling down needs the first exchange');
  }
  return reasons;
}

function parseTruth(raw: string, kind: Proposition['kind']): Truth | { readonly problem: string } {
  if (kind === 'binary') {
    const side = raw.trim();
    return side === 'A' || side === 'B'
      ? { kind, side }
      : { problem: 'formatted_ground_truth must be A or B for a binary proposition' };
  }
  const bounds = boundsSchema.safeParse(raw.replaceAll('None', 'null'));
  const interval = bounds.success ? normaliseInterval(bounds.data) : null;
  return interval
    ? { kind, interval }
    : {
        problem:
          'formatted_ground_truth must be a list of two bounds such as [70, 72], one may be null',
      };
}

const boundsSchema = jsonText
  .pipe(z.tuple([z.number().nullable(), z.number().nullable()]))
  .transform(([lower, upper]) => ({ lower, upper }))
  .pipe(intervalSchema);
