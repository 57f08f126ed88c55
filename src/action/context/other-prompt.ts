import type { Config } from '../../config/config.js';
import { normalisePath } from '../../config/values.js';
import type { RunResult } from '../../gate/result.js';
import type { OtherPrompt } from '../../report/comment/tested.js';
import type { ActionRequest } from './request.js';
import { type FileSettings, PROMPT_KEY } from './settings.js';

/**
 * The prompt file that a pull request names in place of the tested one. Its path is policy, so that the file of the base
 * is tested; what is in force after the merge is another one. Undefined where it is the same, or an input names it.
 */
export function findOtherPrompt(
  { assignments }: Pick<ActionRequest, 'assignments'>,
  { deferred }: Pick<FileSettings, 'deferred'>,
  { target: { systemPromptPath: tested } }: Pick<Config, 'target'>,
): OtherPrompt | undefined {
  const wish = deferred.find(({ key }) => key === PROMPT_KEY);
  if (!wish || assignments.some(({ key }) => key === PROMPT_KEY)) return undefined;
  const named = typeof wish.to === 'string' ? normalisePath(wish.to) : undefined;
  return named === tested ? undefined : { tested, named };
}

/** A verdict that is not about what is in force after the merge may pass, and is not green. */
export function withoutGreen<T extends Pick<RunResult, 'decision'>>(result: T): T {
  const { decision } = result;
  return decision.effect === 'pass'
    ? { ...result, decision: { ...decision, effect: 'warn' } }
    : result;
}
