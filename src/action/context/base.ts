import type { Config } from '../../config/config.js';
import { type Assignment, parseConfig } from '../../config/parse.js';
import { joinPolicyAndSubject } from '../../config/policy.js';
import type { Tree } from '../../config/tree.js';
import { parseYaml } from '../../config/yaml.js';
import { readCheckedOutCommit } from '../../edges/files/checkout.js';
import type { GitHub } from '../../edges/github/client.js';
import { UsageError } from '../../base/errors.js';
import { toSubject } from '../../gate/records/fingerprint.js';
import type { BaseSubject } from '../../gate/shortcut.js';
import { readPromptText } from '../../mask/prompt.js';
import type { RunTrigger } from './event.js';

/** What it takes to say what is measured at the base: policy as it is in force, and what changes with the commit. */
export interface BaseRequest {
  /** The settings of the file that are policy in this run. */
  readonly policy: Tree;
  readonly configPath: string;
  readonly assignments: readonly Assignment[];
  /** The commit that the tested tree is based on. */
  readonly commit: string;
  readonly github: GitHub;
}

/** Policy of this run with the subject of the base, and the prompt there. */
export interface PullRequestBase {
  readonly config: Config;
  readonly prompt: string | undefined;
}

/**
 * Reads what a run at the base would measure, through the API. Undefined where the prompt file that policy names is not
 * there.
 *
 * @throws UsageError when the configuration there is wrong, or another tool keeps the content of a file
 */
export async function readBase(request: BaseRequest): Promise<PullRequestBase | undefined> {
  const config = await readConfigAt(request);
  const path = config.target.systemPromptPath;
  if (path === undefined) return { config, prompt: undefined };
  const text = await request.github.readFile(path, request.commit, 'target.system-prompt');
  return text === undefined ? undefined : { config, prompt: readPromptText(text) };
}

async function readConfigAt({
  configPath,
  commit,
  policy,
  github,
  assignments,
}: BaseRequest): Promise<Config> {
  const text = await github.readFile(configPath, commit, 'config');
  const file =
    text === undefined ? { settings: {} } : parseYaml(text, `${configPath} at the baseline`);
  if ('problem' in file) throw new UsageError([file.problem]);
  const { settings } = joinPolicyAndSubject(policy, file.settings);
  const { config, problems } = parseConfig({ settings, origin: configPath }, assignments);
  if (problems.length > 0) throw new UsageError(problems);
  return config;
}

/** Inputs that name what is measured come from a workflow file that the change may have rewritten. */
const OF_SUBJECT = /^(target|providers)\./;

/**
 * The subject at the base, where files alone say what is measured: policy comes from the base, no input names a part of
 * the subject, and what is checked out is the head or GitHub's merge of it. Undefined where it is not known. Asked once,
 * at the first use.
 *
 * @param root the checkout
 */
export function askForBase(
  request: BaseRequest,
  { trigger, root }: { readonly trigger: RunTrigger; readonly root: string },
): () => Promise<BaseSubject | undefined> {
  let asked: Promise<BaseSubject | undefined> | undefined;
  const ask = async (): Promise<BaseSubject | undefined> => {
    if (trigger.policyCommit === undefined) return undefined;
    if (request.assignments.some(({ key }) => OF_SUBJECT.test(key))) return undefined;
    const tested = await readCheckedOutCommit(root);
    const expected = [trigger.headCommit, trigger.pullRequest?.mergeCommit];
    if (tested !== undefined && !expected.includes(tested)) return undefined;
    const base = await readBase(request).catch((error: unknown) => {
      if (error instanceof UsageError) return undefined;
      throw error;
    });
    return base && { commit: request.commit, subject: toSubject(base.config.target, base.prompt) };
  };
  return () => (asked ??= ask());
}
