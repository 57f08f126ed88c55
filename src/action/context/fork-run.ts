import type { Problem } from '../../base/errors.js';
import type { RunOrigin } from '../../gate/records/record.js';

/** What a run without rights left behind is to be published; who made it is asked of GitHub. */
export interface ReportTrigger {
  readonly mode: 'report';
  /** The run that is reported. */
  readonly runId: string;
}

/** A fork's head is to be gated with the keys of this repository, if a reviewer approved; asked of GitHub, too. */
export interface ApprovalTrigger {
  readonly mode: 'approval';
  /** The fork's own run, which started this one. */
  readonly runId: string;
  /** This run; its commit is that of the workflow, not the one to be tested. */
  readonly origin: RunOrigin;
}

/** What is to be done about a fork's run: by default it is reported. */
export function readForkRun(
  runId: string,
  origin: RunOrigin,
  { isGate, policyFromHead }: { readonly isGate: boolean; readonly policyFromHead: boolean },
): ReportTrigger | ApprovalTrigger | { readonly problem: Problem } {
  if (!isGate) return { mode: 'report', runId };
  if (!policyFromHead) return { mode: 'approval', runId, origin };
  const message =
    'must be base where forks are gated: otherwise the author of the fork would choose where the key is sent';
  return { problem: { where: 'input policy-from', message } };
}
