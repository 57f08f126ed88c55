import type { Provenance } from '../../gate/records/record.js';
import { code } from '../../base/sanitise.js';

/** What was tested against what, as far as it is known. */
export type Tested = Pick<Provenance, 'commit' | 'base'>;

/** The tested commit and, where it is a change, the branch and commit that it is tested against. */
export function testedLine({ commit, base }: Tested): string {
  if (commit === null) return '';
  const against = base ? ` against ${code(base.ref)} at ${code(base.commit.slice(0, 12))}` : '';
  return `Commit ${code(commit.slice(0, 12))}${against}`;
}

/** What a verdict for a base that is not the default branch does not say; undefined where it is, or is not known. */
export function otherBaseSection(
  base: Tested['base'],
  defaultBranch: string | undefined,
): string | undefined {
  if (!base || defaultBranch === undefined || base.ref === defaultBranch) return undefined;
  return `⚠️ The base is ${code(base.ref)}, not the default branch. Policy and baseline are those of ${code(base.ref)}, and the verdict holds for that base alone: for ${code(defaultBranch)} the pull request is measured again once it is retargeted.`;
}

/** Another prompt file than the tested one, which a pull request wants from the merge on. */
export interface OtherPrompt {
  /** The file that policy names; undefined where it names none. */
  readonly tested: string | undefined;
  /** The file that the configuration of the pull request names; undefined where it names none. */
  readonly named: string | undefined;
}

/** That the prompt which is in force after the merge is not the one that was tested; undefined where it is. */
export function otherPromptSection(other: OtherPrompt | undefined): string | undefined {
  if (!other) return undefined;
  const { tested, named } = other;
  const wish =
    named === undefined
      ? 'takes the prompt file away'
      : `names another prompt file, ${code(named)}`;
  const did =
    tested === undefined
      ? 'The base names none, so that this run tested the model without a prompt'
      : `This run tested ${code(tested)}, as the base says`;
  return `⚠️ **The configuration of this pull request ${wish}.** Which file is tested is policy. ${did}; what is in force after the merge was not tested.`;
}
