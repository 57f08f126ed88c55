import { types } from 'node:util';
import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai';
import { z } from 'zod';
import type { Role } from '../../config/config.js';
import type { ModelCall } from '../../ports.js';
import { type AbortLimit, TimeIsUp, withLimit } from './abort.js';
import type { CallLimits } from './call-limits.js';
import { type ParsedCompletion, parseCompletion } from './completion.js';
import { type Fault, decideRetry } from './faults.js';
import { buildBody } from './request.js';
import { AnswerTooLarge, fetchWithin } from './response-limit.js';
import type { AttemptOutcome } from './retries.js';

/** What came of one request to a model. */
export type EndpointAttempt = AttemptOutcome<ParsedCompletion, Fault>;

/** One role at its provider, ready to be asked. The only file that knows the openai package. */
export interface ModelEndpoint {
  readonly role: Role;
  /**
   * Sends one request. What can't get better by another one says so: an answer, a refusal for good, or the end of the
   * run.
   */
  send(call: ModelCall, limit: AbortLimit): Promise<EndpointAttempt>;
}

/** @param key of the provider; undefined for one that needs none */
export function createEndpoint(
  role: Role,
  key: string | undefined,
  limits: CallLimits,
): ModelEndpoint {
  const { provider } = role;
  // Everything that the client would otherwise read from the environment is said here.
  const client = new OpenAI({
    apiKey: key ?? 'none',
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
  const request = async (
    call: ModelCall,
    signal: AbortSignal,
  ): Promise<{ readonly data: unknown; readonly response: Response }> =>
    client.chat.completions.create(buildBody(role, call), { signal }).withResponse();

  const send = async (call: ModelCall, limit: AbortLimit): Promise<EndpointAttempt> => {
    try {
      return await withLimit(limit, async (end) => {
        const { data, response } = await request(call, end);
        return { value: parseCompletion(data), headers: response.headers };
      });
    } catch (error) {
      const fault = toFault(error);
      const decision = limit.signal.aborted ? 'permanent' : decideRetry(fault);
      return { fault, headers: readHeaders(error), decision };
    }
  };
  return { role, send };
}

function readHeaders(error: unknown): Headers | undefined {
  const headers: unknown = error instanceof APIError ? error.headers : undefined;
  return headers instanceof Headers ? headers : undefined;
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
