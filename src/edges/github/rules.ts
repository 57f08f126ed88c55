import { z } from 'zod';
import { toLine } from '../../base/sanitise.js';
import { type Api, unless } from './api.js';

const rulesSchema = z.array(
  z.object({ type: z.string(), ruleset_id: z.number().optional() }).catch({ type: '' }),
);

const rulesetSchema = z.object({
  name: z.string().optional(),
  current_user_can_bypass: z.string().optional(),
});

/** Rules that a commit written through the API can't satisfy, in the words of GitHub's settings. */
const BLOCKING: Readonly<Record<string, string>> = {
  creation: 'creations are restricted',
  update: 'updates are restricted',
  pull_request: 'changes need a pull request',
  merge_queue: 'changes need the merge queue',
  required_status_checks: 'status checks are required',
  required_deployments: 'deployments are required',
  workflows: 'workflows are required',
  code_scanning: 'code scanning results are required',
  code_quality: 'code quality results are required',
};

/** Answers to "may this token bypass it?" that mean yes for a push; `pull_requests_only` does not. */
const PASSING = ['always', 'exempt'];

/**
 * The rule that would forbid a push to a branch, in words; undefined where there is none, the token may pass it, or the
 * rules can't be read. The branch need not exist.
 */
export async function findBlockingRule(api: Api, branch: string): Promise<string | undefined> {
  const { octokit, repository } = api;
  const data = await orUnknown(
    octokit.rest.repos.getBranchRules({ ...repository, branch, per_page: 100 }),
  );
  const rules = rulesSchema.safeParse(data).data ?? [];
  const isThere = async (): Promise<boolean> =>
    (await orUnknown(octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` }))) !==
    undefined;
  for (const { type, ruleset_id: id } of rules) {
    const words = BLOCKING[type];
    if (words === undefined || (type === 'creation' && (await isThere()))) continue;
    const refusal = await findRefusal(api, id);
    if (refusal !== undefined) return `${words} by ${refusal}`;
  }
  return undefined;
}

/** @returns the ruleset, in words, unless this token may pass it */
async function findRefusal(
  { octokit, repository }: Api,
  id: number | undefined,
): Promise<string | undefined> {
  const data =
    id === undefined
      ? undefined
      : await orUnknown(octokit.rest.repos.getRepoRuleset({ ...repository, ruleset_id: id }));
  const ruleset = rulesetSchema.safeParse(data).data;
  if (PASSING.includes(ruleset?.current_user_can_bypass ?? '')) return undefined;
  return ruleset?.name === undefined
    ? 'a ruleset of the repository'
    : `the ruleset "${toLine(ruleset.name)}"`;
}

/** The data of a response, or undefined where GitHub does not give it to this token. */
async function orUnknown(request: Promise<{ readonly data: unknown }>): Promise<unknown> {
  return (await unless(request, () => true))?.data;
}
