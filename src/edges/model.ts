import { setMaxListeners } from 'node:events';
import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai';
import pLimit, { type LimitFunction } from 'p-limit';
import { z } from 'zod';
import type { Role } from '../config/config.js';
import { type Fault, detailsOf, failureOf, fatalError } from './faults.js';
import type { ModelCall, ModelPort, ModelReply, ModelUsage, RoleName } from '../ports.js';

export interface ModelOptions {
  readonly roles: Readonly<Record<RoleName, Role>>;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Called with a short text, free of prompts and answers, for the first failure of each kind. */
  readonly onFailure: (text: string) => void;
}

/**
 * Limit of one attempt until its headers come, how often the client tries again by itself (5xx, 429, connection),
 * and the limit of a call with all its attempts and bodies.
 */
const TIMEOUT_MS = 120_000;
const RETRIES = 6;
const CALL_DEADLINE_MS = 600_000;

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

/** Asks models over the Chat Completions wire format. The only file that knows the openai package. */
export function createModel(options: ModelOptions): ModelPort {
  const limits = new Map<string, LimitFunction>();
  const seats = {
    target: takeSeat(options, 'target', limits),
    judge: takeSeat(options, 'judge', limits),
  };
  const usage = { target: NO_USAGE, judge: NO_USAGE };
  const stop = new AbortController();
  // One listener for each call in flight is what is meant here, not a leak.
  setMaxListeners(0, stop.signal);
  const reported = new Set<string>();

  const complete = async (call: ModelCall): Promise<ModelReply> => {
    const seat = seats[call.role];
    return seat.limit(async () => {
      stop.signal.throwIfAborted();
      try {
        const deadline = AbortSignal.timeout(CALL_DEADLINE_MS);
        const signal = AbortSignal.any([stop.signal, deadline]);
        const completion = await request(seat, call, signal);
        usage[call.role] = addUsage(usage[call.role], completion.data?.usage);
        const reply = toReply(completion);
        if (reply.status === 'failed')
          reportOnce([call.role, reply.reason], options.onFailure, reported);
        return reply;
      } catch (error) {
        stop.signal.throwIfAborted();
        const fault = toFault(error);
        const fatal = fatalError(fault, call.role, options.roles[call.role]);
        if (fatal) {
          stop.abort(fatal);
          throw fatal;
        }
        usage[call.role] = addUsage(usage[call.role], undefined);
        const reason = failureOf(fault);
        reportOnce([call.role, reason, ...detailsOf(fault)], options.onFailure, reported);
        return { status: 'failed', reason };
      }
    });
  };
  return { complete, usage: () => usage };
}

/** A role, ready to be asked: the client of its provider, and the limit that both roles of a provider share. */
interface Seat {
  readonly role: Role;
  readonly client: OpenAI;
  readonly limit: LimitFunction;
}

function takeSeat(
  { roles, keys }: ModelOptions,
  name: RoleName,
  limits: Map<string, LimitFunction>,
): Seat {
  const role = roles[name];
  const { provider } = role;
  const limit = limits.get(provider.name) ?? pLimit(provider.concurrency);
  limits.set(provider.name, limit);
  // Everything that the client would otherwise read from the environment is said here.
  const client = new OpenAI({
    apiKey: keys.get(provider.name) ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: provider.baseUrl,
    logLevel: 'off',
    defaultHeaders: provider.headers,
    timeout: TIMEOUT_MS,
    maxRetries: RETRIES,
    // A redirect could carry the key to another host.
    fetchOptions: { redirect: 'error' },
  });
  return { role, client, limit };
}

type ParsedCompletion = z.ZodSafeParseResult<z.infer<typeof completionSchema>>;

async function request(
  { role, client }: Seat,
  call: ModelCall,
  signal: AbortSignal,
): Promise<ParsedCompletion> {
  const { temperature, topP, maxTokens } = role.sampling;
  const completion: unknown = await client.chat.completions.create(
    {
      model: role.model,
      messages: call.messages.map((message) =>
        message.role === 'system' ? { ...message, role: role.systemRole } : message,
      ),
      max_completion_tokens: maxTokens,
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { top_p: topP }),
      ...(call.format && { response_format: structuredOutput(call.format) }),
    },
    { signal },
  );
  return completionSchema.safeParse(completion);
}

function structuredOutput(format: object): OpenAI.ResponseFormatJSONSchema {
  return {
    type: 'json_schema',
    json_schema: { name: 'verdict', strict: true, schema: { ...format } },
  };
}

function toReply(completion: ParsedCompletion): ModelReply {
  const choice = completion.data?.choices[0];
  if (!choice) return { status: 'failed', reason: 'malformed-answer' };
  const text = choice.message.content ?? choice.message.refusal ?? '';
  if (choice.finish_reason === 'content_filter')
    return { status: 'failed', reason: 'content-filter' };
  return { status: 'answered', text, truncated: choice.finish_reason === 'length' };
}

const NO_USAGE: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };

function addUsage(
  total: ModelUsage,
  usage: { prompt_tokens: number; completion_tokens: number } | null | undefined,
): ModelUsage {
  return {
    calls: total.calls + 1,
    inputTokens: total.inputTokens + (usage?.prompt_tokens ?? 0),
    outputTokens: total.outputTokens + (usage?.completion_tokens ?? 0),
  };
}

/** What the client has thrown, as plain data. */
function toFault(error: unknown): Fault {
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) {
    return { cause: error, kind: 'timeout' };
  }
  if (!(error instanceof APIError) || error instanceof APIConnectionError) {
    return { cause: error, kind: 'network' };
  }
  const { code, param, message } = error;
  const status = z.int().catch(500).parse(error.status);
  return { cause: error, kind: 'answer', status, code: code ?? '', param: param ?? '', message };
}

/** Says the first failure of each role and reason; the report counts the others. */
function reportOnce(
  words: readonly string[],
  report: ModelOptions['onFailure'],
  reported: Set<string>,
): void {
  const kind = words.slice(0, 2).join(': ');
  if (reported.has(kind)) return;
  reported.add(kind);
  report([kind, ...words.slice(2)].join(' '));
}
