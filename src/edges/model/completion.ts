import { z } from 'zod';
import { isBlank } from '../../mask/reading/reasoning.js';
import type { ModelReply } from '../../ports.js';
import type { Tokens } from './budget-meter.js';

/** An answer with a wrong count of tokens is still used. */
const tokens = z.int().nonnegative().catch(0);

/** One part of a reply. Parts that hold reasoning, or anything else, have no words that are read. */
const partSchema = z.union([
  z
    .object({ type: z.enum(['text', 'output_text']), text: z.string() })
    .transform(({ text }) => text),
  z.object({ type: z.literal('refusal'), refusal: z.string() }).transform(({ refusal }) => refusal),
  z.unknown().transform(() => ''),
]);

/** A text, or a list of parts. */
const contentSchema = z.union([
  z.string(),
  z.array(partSchema).transform((parts) => parts.join('')),
]);

const choiceSchema = z.object({
  finish_reason: z.string().nullish().catch(null),
  error: z.unknown().optional(),
  message: z.object({
    content: contentSchema.nullish(),
    refusal: z.string().nullish().catch(null),
  }),
});

/** The part of a chat completion that is read; anything else may be there. */
const completionSchema = z.object({
  choices: z.array(choiceSchema).min(1),
  error: z.unknown().optional(),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).optional().catch(undefined),
});

/** What came back, read; it may not be a chat completion at all. */
export type ParsedCompletion = z.ZodSafeParseResult<z.infer<typeof completionSchema>>;

export function parseCompletion(body: unknown): ParsedCompletion {
  return completionSchema.safeParse(body);
}

/** The reply of a model: its words, its refusal, or why there is neither. */
export function toReply({ data }: ParsedCompletion): ModelReply {
  const choice = data?.choices[0];
  if (!choice) return { status: 'failed', reason: 'malformed-answer' };
  const { content, refusal } = choice.message;
  const end = toEnd(choice.finish_reason ?? '');
  if (end === 'error' || isError(choice.error) || isError(data.error))
    return { status: 'failed', reason: 'server-error' };
  const text = isBlank(content ?? '') ? (refusal ?? content ?? '') : (content ?? '');
  if (end === 'filtered' || (end === 'refused' && isBlank(text)))
    return { status: 'failed', reason: 'content-filter' };
  return { status: 'answered', text, truncated: end === 'cut' };
}

/** Gateways put an error next to a choice, some of them `null` or an empty object. */
function isError(error: unknown): boolean {
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0;
  return error !== undefined && error !== null && error !== false && error !== '';
}

type End = 'complete' | 'cut' | 'filtered' | 'refused' | 'error';

/**
 * How the reply ended. Some servers use other words than OpenAI; a reply with an unknown word is taken as complete.
 */
function toEnd(finishReason: string): End {
  return ENDS.find(([pattern]) => pattern.test(finishReason))?.[1] ?? 'complete';
}

const ENDS: readonly (readonly [RegExp, End])[] = [
  [/^(?:max_?(?:output_|completion_)?tokens|(?:model_)?length|token_limit)$/i, 'cut'],
  [/filter|safety|sensitive|recitation|prohibited|blocklist|spii|toxic|guardrail/i, 'filtered'],
  [/^refus/i, 'refused'],
  [/error|fail|abort|cancel|time_?out|interrupt|insufficient|malformed|unavailable/i, 'error'],
];

/** The tokens that the provider counted, where it says. */
export function tokensUsed({ data }: ParsedCompletion): Tokens | undefined {
  const usage = data?.usage;
  return usage && { input: usage.prompt_tokens, output: usage.completion_tokens };
}
