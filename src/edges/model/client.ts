import type { Role } from '../../config/config.js';
import type { ModelCall, ModelPort, ModelReply, RoleName } from '../../ports.js';
import { createJoin } from './abort.js';
import type { Meter, Tokens } from './budget-meter.js';
import {
  CALL_LIMITS,
  CLOCK,
  type CallLimits,
  type Interruption,
  RETRY_POLICY,
} from './call-limits.js';
import { toReply, tokensUsed } from './completion.js';
import { type ModelEndpoint, type EndpointAttempt, createEndpoint } from './endpoint.js';
import { type Fault, listDetails, toFailure, fatalError } from './faults.js';
import { type RetryPolicy, retry } from './retries.js';
import { type Scheduler, createScheduler } from './scheduler.js';
import { CHARACTERS_PER_TOKEN } from '../../base/units.js';

export interface ModelOptions {
  readonly roles: Readonly<Record<RoleName, Role>>;
  /** Keys by provider name. */
  readonly keys: ReadonlyMap<string, string>;
  /** Counts, and holds to the budget. */
  readonly meter: Meter;
  /** Called with a short text, free of prompts and answers, for the first failure of each kind. */
  readonly onFailure: (text: string) => void;
  readonly limits?: Partial<CallLimits>;
  /** What ends all calls, in addition to a fatal fault. */
  readonly interruption?: Interruption;
}

/** Asks models over the Chat Completions wire format: each call at its time, within the budget, as often as it takes. */
export function createModel(options: ModelOptions): ModelPort {
  const { roles, meter, interruption } = options;
  const limits = { ...CALL_LIMITS, ...options.limits };
  const policy: RetryPolicy = { ...RETRY_POLICY, ...limits };
  const endpoints = connectRoles(options, limits);
  const stop = new AbortController();
  const end = combineSignals(stop.signal, interruption?.giveUp);
  const endOf = createJoin(end);
  const endOfWaiting = createJoin(combineSignals(end, interruption?.stop));
  const report = reporter(options.onFailure);

  const complete = async (call: ModelCall): Promise<ModelReply> => {
    const { role, order = 0 } = call;
    const endpoint = endpoints[role];
    const signal = endOf(call.signal);
    const budgeted = withinBudget(meter, role, () =>
      endpoint.send(call, { signal, milliseconds: limits.attempt }),
    );
    const tokens = estimateReservedTokens(endpoint.role, call);
    const place = {
      scheduler: endpoint.scheduler,
      order,
      tokens,
      signal: endOfWaiting(call.signal),
    };
    const done = await retry(budgeted.attempt, place, policy).finally(budgeted.close);
    signal.throwIfAborted();
    if ('fault' in done) return giveUp(done.fault, role);
    const reply = toReply(done.value);
    if (reply.status === 'failed') report([role, reply.reason]);
    return reply;
  };

  const giveUp = (fault: Fault, role: RoleName): ModelReply => {
    const fatal = fatalError(fault, role, roles[role]);
    if (fatal) {
      stop.abort(fatal);
      throw fatal;
    }
    const reason = toFailure(fault);
    report([role, reason, ...listDetails(fault)]);
    return { status: 'failed', reason };
  };
  return { complete, usage: () => meter.usage() };
}

function combineSignals(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([one, other]) : one;
}

type Connected = ModelEndpoint & { readonly scheduler: Scheduler };

/** Both roles at their providers. Roles that share provider and model share its limits, and so a scheduler. */
function connectRoles(
  { roles, keys }: Pick<ModelOptions, 'roles' | 'keys'>,
  limits: CallLimits,
): Readonly<Record<RoleName, Connected>> {
  const schedulers = new Map<string, Scheduler>();
  const connect = (role: Role): Connected => {
    const { provider, model } = role;
    const name = `${provider.name} ${model}`;
    const scheduler =
      schedulers.get(name) ?? createScheduler(provider.concurrency, CLOCK, limits.maxPause);
    schedulers.set(name, scheduler);
    return { ...createEndpoint(role, keys.get(provider.name), limits), scheduler };
  };
  return { target: connect(roles.target), judge: connect(roles.judge) };
}

/**
 * The attempts of one call, sent if the budget has room for the call by the time that the first of them may go.
 *
 * @returns the attempt, and `close`, which counts what the call came to
 */
function withinBudget(
  meter: Meter,
  role: RoleName,
  send: () => Promise<EndpointAttempt>,
): { readonly attempt: () => Promise<EndpointAttempt>; readonly close: () => void } {
  let isOpen = false;
  let tokens: Tokens | undefined;
  const attempt = async (): Promise<EndpointAttempt> => {
    const limit = isOpen ? undefined : meter.begin(role);
    if (limit !== undefined) {
      return { fault: { kind: 'over-budget', limit }, headers: undefined, decision: 'permanent' };
    }
    isOpen = true;
    const tried = await send();
    if ('value' in tried) tokens = tokensUsed(tried.value);
    return tried;
  };
  const close = (): void => {
    if (isOpen) meter.end(role, tokens);
  };
  return { attempt, close };
}

/** What OpenAI holds against its token limit before it has answered: the larger of prompt and allowed reply. */
function estimateReservedTokens({ sampling }: Role, { messages }: ModelCall): number {
  const characters = messages.reduce((total, { content }) => total + content.length, 0);
  return Math.max(sampling.maxTokens, Math.ceil(characters / CHARACTERS_PER_TOKEN));
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
