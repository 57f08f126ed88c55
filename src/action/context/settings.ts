import { DEFAULT_PROVIDER } from '../../config/config.js';
import { type Deferred, joinPolicyAndSubject } from '../../config/policy.js';
import { type Tree, valueAt } from '../../config/tree.js';
import { parseYaml } from '../../config/yaml.js';
import type { TextReader } from '../../edges/files/files.js';
import type { GitHub } from '../../edges/github/client.js';
import { type Problem, UsageError } from '../../base/errors.js';
import { type ReadConfig, readConfigFile } from '../../session/prepare.js';
import { NOT_ABSENT, explainAbsence } from './absence.js';
import type { RunTrigger } from './event.js';
import type { ActionRequest } from './request.js';

/** The settings of the configuration file that are in force, and what the pull request would change. */
export interface FileSettings {
  readonly settings: Tree;
  /** Those of them that are policy: the file of the base, or that of the checkout where it is trusted. */
  readonly policy: Tree;
  readonly origin: string;
  /** The provider of the target as policy names it: the one that the input api-key is for. */
  readonly targetProvider: string;
  readonly deferred: readonly Deferred[];
  readonly problems: readonly Problem[];
  /** What explains problems, should there be any. */
  readonly hints: readonly Problem[];
  /** The settings of the head, where neither the base nor the inputs make a policy: nothing is measured by them. */
  readonly firstDay?: Tree;
}

type SettingsScope = Pick<ActionRequest, 'configPath' | 'root'> &
  Partial<Pick<ActionRequest, 'assignments' | 'workflow'>> & { readonly read?: TextReader };

/**
 * Reads the configuration: on a pull request policy comes from the file at the base commit, through the API, and
 * only the subject from the checkout, or from where `read` reads. Elsewhere the checkout is trusted.
 */
export async function readSettings(
  where: SettingsScope,
  trigger: Pick<RunTrigger, 'policyCommit'> &
    Partial<Pick<RunTrigger, 'headCommit' | 'pullRequest'>>,
  github: GitHub,
): Promise<FileSettings> {
  const { configPath, root, read } = where;
  const head = await readConfigFile({ setting: 'config', path: configPath, root }, read);
  if (trigger.policyCommit === undefined) {
    return {
      settings: head.settings,
      policy: head.settings,
      problems: head.problems,
      origin: configPath,
      targetProvider: targetProvider(head.settings),
      deferred: [],
      hints: [],
    };
  }
  const base = await readBaseFile(configPath, trigger.policyCommit, github);
  const policy = base.settings;
  const joined = joinPolicyAndSubject(policy, head.settings);
  const sides = { isAtBase: !base.isAbsent, isRead: !head.isAbsent };
  // What can't be read is not absent.
  const isReadable = head.problems.length === 0;
  const absence = isReadable
    ? await explainAbsence({ ...where, ...trigger, ...sides }, github)
    : NOT_ABSENT;
  return {
    ...joined,
    policy,
    origin: `${configPath}, policy from the base`,
    targetProvider: targetProvider(policy),
    problems: [...head.problems, ...base.problems, ...absence.problems],
    hints: [
      ...absence.hints,
      ...(sides.isAtBase ? joined.deferred : [])
        .filter(({ key }) => key === PROMPT_KEY)
        .map(describeOtherPrompt),
    ],
    ...(absence.isFirstDay && { firstDay: head.settings }),
  };
}

async function readBaseFile(path: string, commit: string, github: GitHub): Promise<ReadConfig> {
  try {
    const text = await github.readFile(path, commit, 'config');
    if (text === undefined) return { settings: {}, isAbsent: true, problems: [] };
    const parsed = parseYaml(text, `${path} at the base`);
    return 'problem' in parsed
      ? { settings: {}, isAbsent: false, problems: [parsed.problem] }
      : { ...parsed, isAbsent: false, problems: [] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { settings: {}, isAbsent: false, problems: error.problems };
  }
}

/** The setting that names the prompt file. */
export const PROMPT_KEY = 'target.system-prompt';

function describeOtherPrompt({ from, to }: Deferred): Problem {
  const name = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : 'none');
  return {
    where: PROMPT_KEY,
    message: `is ${name(to)} in this pull request; which file is tested is policy and comes from the base (${name(from)}), so keep that file until the change of the path is merged`,
  };
}

function targetProvider(settings: Tree): string {
  const name = valueAt(settings, ['target', 'provider']);
  return typeof name === 'string' ? name : DEFAULT_PROVIDER;
}
