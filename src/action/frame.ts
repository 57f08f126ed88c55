import type { Config } from '../config/config.js';
import type { ReportPageInput } from '../pages/report/input.js';
import { reproduceLine } from '../report/comment/comment.js';
import type { PublishTargets } from './publish.js';
import type { ActionRequest } from './context/request.js';

/** What a report says of the run in addition to its result. */
export function toFrame(
  { trigger, configPath, policyFromHead }: ActionRequest,
  { suite, gate }: Config,
): Pick<
  ReportPageInput,
  'suite' | 'maxRise' | 'guardLimit' | 'policyFromHead' | 'reproduce' | 'tested' | 'defaultBranch'
> {
  const { pullRequest, origin } = trigger;
  const defaultBranch = pullRequest?.defaultBranch;
  return {
    suite,
    maxRise: gate.maxRise,
    guardLimit: gate.guardLimit,
    policyFromHead: policyFromHead && pullRequest !== undefined,
    reproduce: reproduceLine(configPath),
    tested: origin,
    ...(defaultBranch !== undefined && { defaultBranch }),
  };
}

/** Where the comment goes, if policy wants one. */
export function describeCommentPlace(
  { pullRequest, headCommit, origin }: ActionRequest['trigger'],
  { comment: policy }: Config,
): Pick<PublishTargets, 'comment'> {
  if (!pullRequest || policy === 'never') return {};
  const base = origin.base && { baseRef: origin.base.ref };
  return { comment: { pullRequest: pullRequest.number, headCommit, policy, ...base } };
}
