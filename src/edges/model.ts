import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai';
import { z } from 'zod';
import type { Role } from '../config/config.js';
import { type Fault, chanceOf, detailsOf, failureOf, fatalError } from './faults.js';
import { type Clock, type Pace, createPace } from './pace.js';
import { createJoin, withLimit } from './signals.js';
import { type Patience, type Tried, tryUntil } from './retries.js';
import type { ModelCall, ModelPort, ModelReply, ModelUsage, RoleName } from '../ports.js';

export interface ModelOptions {
  readonly roles: Readonly<Record<RoleName, Role>>;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Called with a short text, free of prompts and answers, for the first failure of each kind. */
  readonly onFailure: (text: string) => void;
}

/**
 * Limit of one attempt with its body, and of a call with all its attempts, in milliseconds: a provider that is at its
 * limit is waited for, one that fails again and again is not.
 */
const ATTEMPT_LIMIT_MS = 120_000;
const DEADLINE_MS = { refused: 600_000, faulty: 4000 };

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
  const paces = new Map<string, Pace>();
  const seats = {
    target: takeSeat(options, 'target', paces),
    judge: takeSeat(options, 'judge', paces),
  };
  const usage = { target: NO_USAGE, judge: NO_USAGE };
  const stop = new AbortController();
  const reported = new Set<string>();
  const endOf = createJoin(stop.signal);

  const complete = async (call: ModelCall): Promise<ModelReply> => {
    const seat = seats[call.role];
    const signal = endOf(call.signal);
    const place = { pace: seat.pace, order: call.order ?? 0, tokens: tokensOf(seat.role, call) };
    const sent = { attempts: 0 };
    const send = (): ReturnType<typeof attempt> => {
      if (!signal.aborted) sent.attempts += 1;
      return attempt(seat, call, signal);
    };
    const done = await tryUntil(send, place, PATIENCE);
    if (signal.aborted && sent.attempts > 0)
      usage[call.role] = addUsage(usage[call.role], undefined);
    signal.throwIfAborted();
    if ('value' in done) {
      usage[call.role] = addUsage(usage[call.role], done.value.data?.usage);
      const reply = toReply(done.value);
      if (reply.status === 'failed')
        reportOnce([call.role, reply.reason], options.onFailure, reported);
      return reply;
    }
    const fatal = fatalError(done.fault, call.role, options.roles[call.role]);
    if (fatal) {
      stop.abort(fatal);
      throw fatal;
    }
    usage[call.role] = addUsage(usage[call.role], undefined);
    const reason = failureOf(done.fault);
    reportOnce([call.role, reason, ...detailsOf(done.fault)], options.onFailure, reported);
    return { status: 'failed', reason };
  };
  return { complete, usage: () => usage };
}

const PATIENCE: Patience = {
  deadline: DEADLINE_MS,
  now: Date.now,
  sleep: async (milliseconds) => sleep(milliseconds),
  jitter: Math.random,
};

const CLOCK: Clock = {
  now: Date.now,
  after: (milliseconds, callback) => {
    setTimeout(callback, milliseconds);
  },
};

/** A role, ready to be asked: the client of its provider, and the pace of its provider and model. */
interface Seat {
  readonly role: Role;
  readonly client: OpenAI;
  readonly pace: Pace;
}

function takeSeat({ roles, keys }: ModelOptions, name: RoleName, paces: Map<string, Pace>): Seat {
  const role = roles[name];
  const { provider } = role;
  const key = `${provider.name} ${role.model}`;
  const pace = paces.get(key) ?? createPace(provider.concurrency, CLOCK);
  paces.set(key, pace);
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
    timeout: ATTEMPT_LIMIT_MS,
    maxRetries: 0,
    // A redirect could carry the key to another host.
    fetchOptions: { redirect: 'error' },
  });
  return { role, client, pace };
}

const CHARACTERS_PER_TOKEN = 4;

/** What OpenAI holds against its token limit before it has answered: the larger of prompt and allowed reply. */
function tokensOf({ sampling }: Role, { messages }: ModelCall): number {
  const characters = messages.reduce((total, { content }) => total + content.length, 0);
  return Math.max(sampling.maxTokens, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

/** One attempt. What can't get better by another one says so: an answer, a refusal for good, or the end of the run. */
async function attempt(
  seat: Seat,
  call: ModelCall,
  signal: AbortSignal,
): Promise<Tried<ParsedCompletion, Fault>> {
  try {
    const limit = { signal, milliseconds: ATTEMPT_LIMIT_MS };
    const { data, response } = await withLimit(limit, (end) => request(seat, call, end));
    return { value: data, headers: response.headers };
  } catch (error) {
    const fault = toFault(error);
    return { fault, headers: headersOf(error), chance: signal.aborted ? 'none' : chanceOf(fault) };
  }
}

function headersOf(error: unknown): Headers | undefined {
  const headers: unknown = error instanceof APIError ? error.headers : undefined;
  return headers instanceof Headers ? headers : undefined;
}

type ParsedCompletion = z.ZodSafeParseResult<z.infer<typeof completionSchema>>;

async function request(
  { role, client }: Seat,
  call: ModelCall,
  signal: AbortSignal,
): Promise<{ readonly data: ParsedCompletion; readonly response: Response }> {
  const { temperature, topP, maxTokens } = role.sampling;
  const sent = client.chat.completions.create(
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
  const answered: { readonly data: unknown; readonly response: Response } =
    await sent.withResponse();
  return { data: completionSchema.safeParse(answered.data), response: answered.response };
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
