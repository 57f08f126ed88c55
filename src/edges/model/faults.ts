import type { Role } from '../../config/config.js';
import { RunError } from '../../base/errors.js';
import type { Failure } from '../../mask/sample.js';
import type { RoleName } from '../../ports.js';
import type { RetryDecision } from './retries.js';

/** Why a call failed: never sent, no answer in time, none at all, one that is none, or one that refuses. */
export type Fault =
  | { readonly kind: 'over-budget'; readonly limit: string }
  | { readonly cause: unknown; readonly kind: 'timeout' | 'network' | 'malformed' | 'too-large' }
  | {
      readonly cause: unknown;
      readonly kind: 'answer';
      readonly status: number;
      readonly code: string;
      readonly param: string;
      /** May quote the request: never to be shown. */
      readonly message: string;
    };

/** The error after which no further call can succeed, with the setting that cures it, if the fault is one. */
export function fatalError(
  fault: Fault,
  name: RoleName,
  { provider, model }: Role,
): RunError | undefined {
  if (fault.kind !== 'answer') return undefined;
  const { status, code, param, message, cause } = fault;
  const remedy = (text: string): RunError => new RunError(text, { cause });
  if (status === 401 || status === 403) {
    return remedy(
      `${provider.baseUrl} refused the key of provider ${provider.name} (${status}); check the key (${provider.apiKeyEnv}, or the input of the Action) and its rights`,
    );
  }
  if (status === 404 || status === 410) {
    return remedy(
      `${provider.baseUrl} has no model "${model}" (${status}); check ${name}.model and providers.${provider.name}.base-url`,
    );
  }
  if ((status === 400 || status === 422) && /response_format|json_schema/.test(message)) {
    return remedy(
      `${provider.baseUrl} refused structured output (${status}); set ${name}.output: text`,
    );
  }
  const setting = status === 400 || status === 422 ? SETTINGS_OF.get(param) : undefined;
  if (setting !== undefined) {
    return remedy(
      `${provider.baseUrl} refused the parameter ${param} for "${model}" (${status}); change ${name}.${setting}`,
    );
  }
  if (isDailyQuota(status, code, message)) {
    return remedy(
      `The quota of provider ${provider.name} is used up (${status}); raise it there, take another providers.${provider.name}.api-key-env, or run again tomorrow: answers that were paid for are in the cache`,
    );
  }
  return undefined;
}

/** Parameters of a request that a model may refuse, and what sets them. */
const SETTINGS_OF = new Map([
  ['temperature', 'temperature (`none` sends none)'],
  ['top_p', 'top-p'],
  ['max_completion_tokens', 'max-tokens'],
  ['reasoning_effort', 'reasoning-effort'],
]);

/** A limit by the day or by what was paid: no waiting helps. */
function isDailyQuota(status: number, code: string, message: string): boolean {
  return (
    status === 429 &&
    (code === 'insufficient_quota' || /per[ _-]?day|\bRPD\b|\bTPD\b|daily/i.test(message))
  );
}

/** Statuses that say that the same request may be answered at another time. */
const PASSING = [408, 409, 425];

/** Whether another attempt may do better. */
export function decideRetry(fault: Fault): RetryDecision {
  if (fault.kind === 'over-budget' || fault.kind === 'too-large') return 'permanent';
  if (fault.kind !== 'answer') return 'transient';
  const { status, code, message } = fault;
  if (status === 429) return isDailyQuota(status, code, message) ? 'permanent' : 'rate-limited';
  return status >= 500 || PASSING.includes(status) ? 'transient' : 'permanent';
}

/** What the fault is called in records and reports. */
export function toFailure(fault: Fault): Failure {
  if (fault.kind === 'malformed' || fault.kind === 'too-large') return 'malformed-answer';
  if (fault.kind !== 'answer') return fault.kind;
  const { status, code } = fault;
  if (code === 'content_filter') return 'content-filter';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'server-error' : 'refused-request';
}

/** The limit of the budget; or status, a code in the usual form, and the parameter if it is one of ours; anything else could quote a prompt. */
export function listDetails(fault: Fault): readonly string[] {
  if (fault.kind === 'over-budget') return [fault.limit];
  if (fault.kind !== 'answer') return [];
  const { status, code, param } = fault;
  return [
    String(status),
    ...(/^[a-z]+(?:_[a-z]+)+$/.test(code) ? [code] : []),
    ...(PARAMETERS.includes(param) ? [param] : []),
  ];
}

const PARAMETERS = [
  'model',
  'messages',
  'temperature',
  'top_p',
  'max_completion_tokens',
  'response_format',
];
