import type { Role } from '../../config/config.js';
import type { Message } from '../../mask/conversation.js';
import type { ModelCall } from '../../ports.js';

/** The body of a chat completion request. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: { role: Message['role'] | 'developer'; content: string }[];
  readonly max_completion_tokens: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly response_format?: {
    readonly type: 'json_schema';
    readonly json_schema: {
      readonly name: string;
      readonly strict: true;
      readonly schema: Record<string, unknown>;
    };
  };
}

/** What is sent for a call: the same for the wire and for the hash by which its answer is found again. */
export function buildBody(
  { model, sampling, systemRole }: Role,
  { messages, format }: ModelCall,
): ChatRequest {
  const { temperature, topP, maxTokens, reasoningEffort, extraBody } = sampling;
  return {
    ...extraBody,
    model,
    messages: messages.map(({ role, content }) => ({
      role: role === 'system' ? systemRole : role,
      content,
    })),
    max_completion_tokens: maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(reasoningEffort !== undefined && { reasoning_effort: reasoningEffort }),
    ...(format && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'verdict', strict: true, schema: { ...format } },
      },
    }),
  };
}
