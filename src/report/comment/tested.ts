import type { Provenance, GateRecord } from '../../gate/records/record.js';
import { code } from '../../base/sanitise.js';
import type { BaselineLookup } from '../../gate/records/baseline.js';
import type { Reason } from '../../gate/decide.js';

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

/** What the subject of a run has other than that of the baseline, as Markdown; empty when nothing differs. */
function listChanges(
  { measurement: { subject } }: GateRecord,
  { measurement: { subject: before } }: GateRecord,
): readonly string[] {
  return [
    before.model === subject.model ? '' : `model ${code(before.model)} → ${code(subject.model)}`,
    before.endpoint === subject.endpoint ? '' : 'endpoint',
    before.sampling === subject.sampling
      ? ''
      : `sampling ${code(before.sampling)} → ${code(subject.sampling)}`,
    before.promptHash === subject.promptHash ? '' : 'the system prompt',
  ].filter((change) => change !== '');
}

/** The change that a run is about, as one sentence; undefined where there is no baseline. */
export function changesSection(record: GateRecord, baseline: BaselineLookup): string | undefined {
  if (baseline.status !== 'found') return undefined;
  const changes = listChanges(record, baseline.record);
  return `Changed since the baseline in what is tested: ${changes.join(', ') || 'nothing'}.`;
}

/** The commits that a run of a pull request may have checked out: the head, and the merge that GitHub made of it. */
export function nameExpected([head = '', merge]: readonly string[]): string {
  return merge === undefined
    ? code(head)
    : `${code(head)} or GitHub's merge of it with the base, ${code(merge)}`;
}

/** Why a pull request that brings the configuration is not measured, and what comes after it. */
export function explainFirstDay({ path, base, elsewhere }: Reason & { kind: 'no-policy' }): string {
  const where = `${code(base.ref)} at ${code(base.commit.slice(0, 12))} has no ${code(path)}`;
  if (elsewhere !== undefined) {
    return `${where}, although ${code(elsewhere)} has it. A pull request must not bring the rules that it is measured by, so nothing was measured.`;
  }
  return `${where} yet, and a pull request must not bring the rules that it is measured by. So nothing was measured and no call was made. The first day goes like this: this pull request is merged, a push to the default branch records the baseline, and from then on pull requests are measured and compared with it.`;
}
