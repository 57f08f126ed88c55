import { types } from 'node:util';
import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai';
import { z } from 'zod';
import { AnswerTooLarge, fetchWithin } from './response-limit.js';
import type { Role } from '../../config/config.js';
import { CALL_LIMITS, CLOCK, type CallLimits, type Interruption, PATIENCE } from './call-limits.js';
import { type ParsedCompletion, parseCompletion, toReply, tokensUsed } from './completion.js';
import { type Fault, chanceOf, detailsOf, failureOf, fatalError } from './faults.js';
import type { Meter, Tokens } from './budget-meter.js';
import { type Pace, createPace } from './scheduler.js';
import { bodyOf } from './request.js';
import { TimeIsUp, createJoin, withLimit } from './abort.js';
import { type Patience, type Tried, tryUntil } from './retries.js';
import type { ModelCall, ModelPort, ModelReply, RoleName } from '../../ports.js';

export interface ModelOptions {
  readonly roles: Readonly<Record<RoleName, Role>>;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Counts, and holds to the budget. */
  readonly meter: Meter;
  /** Called with a short text, free of prompts and answers, for the first failure of each kind. */
  readonly onFailure: (text: string) => void;
  readonly limits?: Partial<CallLimits>;
  /** What ends all calls, beside a fault that none can survive. */
  readonly interruption?: Interruption;
}

/** Asks models over the Chat Completions wire format. The only file that knows the openai package. */
export function createModel(options: ModelOptions): ModelPort {
  const { roles, meter, interruption } = options;
  const limits = { ...CALL_LIMITS, ...options.limits };
  const patience: Patience = { ...PATIENCE, ...limits };
  const paces = new Map<string, Pace>();
  const seats = {
    target: takeSeat(options, 'target', { paces, limits }),
    judge: takeSeat(options, 'judge', { paces, limits }),
  };
  const stop = new AbortController();
  const end = anyOf(stop.signal, interruption?.giveUp);
  const endOf = createJoin(end);
  const waitingOf = createJoin(anyOf(end, interruption?.stop));
  const report = reporter(options.onFailure);

  const complete = async (call: ModelCall): Promise<ModelReply> => {
    const { role } = call;
    const seat = seats[role];
    const signal = endOf(call.signal);
    const waiting = waitingOf(call.signal);
    const done = await metered(
      (send) => tryUntil(send, { ...placeOf(seat, call), signal: waiting }, patience),
      () => attempt(seat, call, { signal, milliseconds: limits.attempt }),
      { role, meter },
    );
    signal.throwIfAborted();
    if ('value' in done) {
      const reply = toReply(done.value);
      if (reply.status === 'failed') report([role, reply.reason]);
      return reply;
    }
    const fatal = fatalError(done.fault, role, roles[role]);
    if (fatal) {
      stop.abort(fatal);
      throw fatal;
    }
    const reason = failureOf(done.fault);
    report([role, reason, ...detailsOf(done.fault)]);
    return { status: 'failed', reason };
  };
  return { complete, usage: () => meter.usage() };
}

function anyOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([one, other]) : one;
}

type Try = Tried<ParsedCompletion, Fault>;
type Done = Awaited<ReturnType<typeof tryUntil<ParsedCompletion, Fault>>>;

/** Sends a call if the budget has room for it by the time that it may go, and counts what it comes to. */
async function metered(
  sendAll: (send: () => Promise<Try>) => Promise<Done>,
  sendOnce: () => Promise<Try>,
  { role, meter }: { readonly role: RoleName; readonly meter: Meter },
): Promise<Done> {
  const account: { isOpen: boolean; tokens?: Tokens | undefined } = { isOpen: false };
  const send = (): Promise<Try> => {
    const limit = account.isOpen ? undefined : meter.begin(role);
    if (limit !== undefined) return Promise.resolve(overBudget(limit));
    account.isOpen = true;
    return sendOnce();
  };
  try {
    const done = await sendAll(send);
    if ('value' in done) account.tokens = tokensUsed(done.value);
    return done;
  } finally {
    if (account.isOpen) meter.end(role, account.tokens);
  }
}

function overBudget(limit: string): Try {
  return { fault: { kind: 'over-budget', limit }, headers: undefined, chance: 'none' };
}

/** A role, ready to be asked: the client of its provider, and the pace of its provider and model. */
interface Seat {
  readonly role: Role;
  readonly client: OpenAI;
  readonly pace: Pace;
}

function takeSeat(
  { roles, keys }: ModelOptions,
  name: RoleName,
  { paces, limits }: { readonly paces: Map<string, Pace>; readonly limits: CallLimits },
): Seat {
  const role = roles[name];
  const { provider } = role;
  const key = `${provider.name} ${role.model}`;
  const pace = paces.get(key) ?? createPace(provider.concurrency, CLOCK, limits.longestPause);
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
    defaultQuery: provider.query,
    timeout: limits.attempt,
    maxRetries: 0,
    fetch: fetchWithin(limits.answer),
    // A redirect could carry the key to another host.
    fetchOptions: { redirect: 'error' },
  });
  return { role, client, pace };
}

function placeOf(
  { role, pace }: Seat,
  call: ModelCall,
): { readonly pace: Pace; readonly order: number; readonly tokens: number } {
  return { pace, order: call.order ?? 0, tokens: tokensOf(role, call) };
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
  { signal, milliseconds }: { readonly signal: AbortSignal; readonly milliseconds: number },
): Promise<Tried<ParsedCompletion, Fault>> {
  try {
    const limit = { signal, milliseconds };
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

async function request(
  { role, client }: Seat,
  call: ModelCall,
  signal: AbortSignal,
): Promise<{ readonly data: ParsedCompletion; readonly response: Response }> {
  const sent = client.chat.completions.create(bodyOf(role, call), { signal });
  const answered: { readonly data: unknown; readonly response: Response } =
    await sent.withResponse();
  return { data: parseCompletion(answered.data), response: answered.response };
}

/** What the client has thrown, as plain data. */
function toFault(error: unknown): Fault {
  if (
    error instanceof TimeIsUp ||
    error instanceof APIConnectionTimeoutError ||
    error instanceof APIUserAbortError
  ) {
    return { cause: error, kind: 'timeout' };
  }
  if (error instanceof AnswerTooLarge) return { cause: error, kind: 'too-large' };
  if (types.isNativeError(error) && error.name === 'SyntaxError')
    return { cause: error, kind: 'malformed' };
  if (!(error instanceof APIError) || error instanceof APIConnectionError) {
    return { cause: error, kind: 'network' };
  }
  const { code, param, message } = error;
  const status = z.int().catch(500).parse(error.status);
  return { cause: error, kind: 'answer', status, code: code ?? '', param: param ?? '', message };
}

/** Says the first failure of each role and reason; the report counts the others. */
function reporter(report: ModelOptions['onFailure']): (words: readonly string[]) => void {
  const reported = new Set<string>();
  return (words) => {
    const kind = words.slice(0, 2).join(': ');
    if (reported.has(kind)) return;
    reported.add(kind);
    report([kind, ...words.slice(2)].join(' '));
  };
}
