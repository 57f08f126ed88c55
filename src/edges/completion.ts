import { z } from 'zod';
import type { ModelReply } from '../ports.js';
import type { Tokens } from './meter.js';

/** A wrong count of tokens is no reason to throw an answer away. */
const tokens = z.int().nonnegative().catch(0);

/** The part of a chat completion that is read; anything else may be there. */
const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).optional().catch(undefined),
});

/** What came back, read; it may not be a chat completion at all. */
export type ParsedCompletion = z.ZodSafeParseResult<z.infer<typeof completionSchema>>;

export function parseCompletion(body: unknown): ParsedCompletion {
  return completionSchema.safeParse(body);
}

/** The reply of a model: its words, its refusal, or why there is neither. */
export function toReply(completion: ParsedCompletion): ModelReply {
  const choice = completion.data?.choices[0];
  if (!choice) return { status: 'failed', reason: 'malformed-answer' };
  const text = choice.message.content ?? choice.message.refusal ?? '';
  if (choice.finish_reason === 'content_filter')
    return { status: 'failed', reason: 'content-filter' };
  return { status: 'answered', text, truncated: choice.finish_reason === 'length' };
}

/** The tokens that the provider counted, where it says. */
export function tokensUsed({ data }: ParsedCompletion): Tokens | undefined {
  const usage = data?.usage;
  return usage && { input: usage.prompt_tokens, output: usage.completion_tokens };
}
