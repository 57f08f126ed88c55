import type { Reason } from '../../gate/decide.js';
import { code } from '../../base/sanitise.js';

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
