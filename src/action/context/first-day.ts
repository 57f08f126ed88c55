import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse.js';
import type { Tree } from '../../config/tree.js';
import type { GitHub } from '../../edges/github/client.js';
import { UsageError } from '../../base/errors.js';
import type { Decision } from '../../gate/decide.js';
import type { RecordedBase } from '../../gate/records/record.js';
import type { RunResult } from '../../gate/result.js';
import type { ActionRequest } from './request.js';
import type { FileSettings } from './settings.js';

/** The configuration of the head, where it is the first one. */
type FirstFile = Pick<FileSettings, 'problems'> & { readonly firstDay: Tree };

/** What is said of a pull request that brings the configuration, and with which settings of its own it is said. */
export interface FirstDay {
  readonly config: Config;
  readonly result: RunResult;
}

/**
 * The end of a run whose base has no configuration: nothing is measured by rules that the head brings itself. On the
 * first day the check passes with a warning, so that the pull request can be merged. Where the default branch has the
 * configuration already, the base is merely another one, and nothing passes by choice of the base.
 *
 * @throws UsageError when what the head brings is wrong
 */
export async function findFirstDay(
  {
    configPath,
    assignments,
    trigger,
  }: Pick<ActionRequest, 'configPath' | 'assignments' | 'trigger'>,
  { problems: found, firstDay: settings }: FirstFile,
  github: GitHub,
): Promise<FirstDay> {
  const { config, problems } = parseConfig({ settings, origin: configPath }, assignments);
  if (found.length + problems.length > 0) throw new UsageError([...found, ...problems]);
  const base = trigger.origin.base ?? { ref: '', commit: trigger.baselineCommit };
  const elsewhere = await findElsewhere(configPath, base, github);
  const reason = {
    kind: 'no-policy',
    path: configPath,
    base,
    ...(elsewhere !== undefined && { elsewhere }),
  } as const;
  const effect =
    elsewhere === undefined
      ? ({ effect: 'warn', exitCode: 0 } as const)
      : ({ effect: 'fail', exitCode: 3 } as const);
  const decision: Decision = { verdict: 'not-measured', reason, ...effect };
  return { config, result: { mode: 'gate', decision, baseline: { status: 'absent' } } };
}

/** The default branch, where that has the configuration and the base is another one. */
async function findElsewhere(
  configPath: string,
  { ref }: RecordedBase,
  github: GitHub,
): Promise<string | undefined> {
  const main = await github.defaultBranch();
  return ref !== main && (await github.exists(configPath, main)) ? main : undefined;
}
