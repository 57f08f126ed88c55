import type { Config } from '../config/config.js';
import { readCheckedOutCommit } from '../edges/files/checkout.js';
import type { GitHub } from '../edges/github/client.js';
import { runner } from '../edges/github/runner.js';
import { toMessage } from '../base/errors.js';
import type { RunResult } from '../gate/result.js';
import { toLine } from '../base/sanitise.js';
import type { RunTrigger } from './context/event.js';
import { type FailedOverride, findOverrideFault, withOverride } from '../gate/waiver.js';

/** The value of `override-label` that turns overrides off. */
const NO_LABEL = 'none';

const MAX_REASON_LENGTH = 300;

/**
 * Lets a failing verdict through where a maintainer set the label of policy: in the run that setting it started, for
 * that head, and nowhere else. Where GitHub does not confirm all of it, the gate stays closed.
 *
 * @param root the checkout
 */
export async function applyOverride(
  result: RunResult,
  trigger: RunTrigger,
  {
    config: { overrideLabel: label },
    root,
    github,
  }: { readonly config: Config; readonly root: string; readonly github: GitHub },
): Promise<{ readonly result: RunResult; readonly override?: FailedOverride }> {
  const { pullRequest, headCommit } = trigger;
  if (!pullRequest || result.decision.effect !== 'fail' || label === NO_LABEL) return { result };
  const { labeled, labels, number, mergeCommit } = pullRequest;
  if (!labeled || !isSameLabel(labeled.label, label)) {
    const isStanding = labels.some((one) => isSameLabel(one, label));
    return { result, ...(isStanding && { override: { kind: 'expired', label } }) };
  }
  const { actor } = labeled;
  const refuse = (fault: string): { result: RunResult; override: FailedOverride } => ({
    result,
    override: { kind: 'refused', actor, fault },
  });
  try {
    const now = await github.pullRequest(number);
    const fault = findOverrideFault(
      { actor, head: headCommit, merge: mergeCommit },
      {
        author: now.author,
        head: now.head,
        isLabeled: now.labels.some((one) => isSameLabel(one, label)),
        isMaintainer: await github.isMaintainer(actor),
        tested: await readCheckedOutCommit(root),
      },
    );
    if (fault !== undefined) return refuse(fault);
    const note = await github.lastNote({
      pullRequest: number,
      author: actor,
      start: `${label}:`,
    });
    const reason = toLine(note ?? '', MAX_REASON_LENGTH);
    const override = { actor, commit: headCommit, reason: reason === '' ? null : reason };
    return { result: withOverride(result, override) };
  } catch (error) {
    runner.warn(`The override could not be checked: ${toMessage(error)}`);
    return refuse('GitHub did not confirm who set it');
  }
}

/** Names of labels differ by more than their letters' case. */
export function isSameLabel(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
