import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../base/json.js';
import type { Message } from '../mask/conversation.js';
import { CHARACTERS_PER_TOKEN } from '../base/units.js';

/** A text, or a list of text parts joined into one. */
const contentSchema = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join('')),
]);

const messageSchema = z.object({
  role: z
    .enum(['system', 'developer', 'user', 'assistant'])
    .transform((role) => (role === 'developer' ? 'system' : role)),
  content: contentSchema,
});

const tokenLimit = z.int().positive().nullish();

/** The part of a chat completion request that the simulation heeds; anything else is let through unread. */
export const completionRequestSchema = jsonText.pipe(
  z.object({
    model: z.string().min(1),
    messages: z.array(messageSchema).min(1),
    max_tokens: tokenLimit,
    max_completion_tokens: tokenLimit,
    response_format: z.object({ type: z.enum(['text', 'json_schema']) }).nullish(),
    stream: z.literal(false, 'streaming is not simulated').nullish(),
    seed: z.int().nullish(),
    n: z.literal(1, 'only one choice is simulated').nullish(),
  }),
);

export type CompletionRequest = z.infer<typeof completionRequestSchema>;

/** What the model says before any token limit cuts it. */
export interface Utterance {
  readonly text: string;
  /** Cut in the middle by a fault, as if at a token limit. */
  readonly isCut: boolean;
}

/** The `chat.completion` object of a reply, cut at the request's token limit. */
export function buildCompletion(request: CompletionRequest, { text, isCut }: Utterance): object {
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  const room = Math.min(isCut ? text.length / 2 : Infinity, limit * CHARACTERS_PER_TOKEN);
  const content = text.slice(0, room);
  const usage = {
    prompt_tokens: countPromptTokens(request.messages),
    completion_tokens: Math.min(limit, countTokens(content)),
  };
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    system_fingerprint: 'mask-gate-simulation-no-language-model',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: content.length < text.length ? 'length' : 'stop',
      },
    ],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}

function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Four tokens a message frame it, three open the reply. */
function countPromptTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + 4 + countTokens(content), 3);
}
