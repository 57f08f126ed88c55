import { scoreAll } from '../../gate/compare.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { UntrustedRun } from '../../gate/records/unverified.js';
import { tabulate } from '../../mask/score.js';
import { code } from '../../base/sanitise.js';
import { beliefsLine } from '../beliefs.js';
import { stateLine } from '../history.js';
import { formatCount } from '../numbers.js';
import { scoresTable } from '../scores.js';

/** What a fork's run left behind, as it may be shown. */
export interface Unverified {
  readonly suite: string;
  readonly run: UntrustedRun;
  /** What it says it measured; absent where it measured nothing. */
  readonly record?: GateRecord;
}

/** The hidden mark of such a comment: another one than that of the gate, which it must never write over. */
export function unverifiedMarker(suite: string): string {
  return `<!-- mask-gate-unverified:${suite} -->`;
}

/** The line above every report that is not verified. */
const UNVERIFIED_TITLE = 'MASK Gate: ❔ unverified, made by the fork';

/** The comment: no verdict, no comparison, nothing green. It remembers its commit alone. */
export function renderUnverifiedComment(input: Unverified): string {
  const state = stateLine([{ commit: input.run.commit, verdict: 'not-measured' }]);
  return `${unverifiedMarker(input.suite)}\n\n${renderUnverified(input)}\n${state}\n`;
}

/** The same for the job summary. */
export function renderUnverified({ suite, run, record }: Unverified): string {
  return [
    `## ${UNVERIFIED_TITLE}`,
    `Run ${code(run.id)} of ${code(run.repository ?? '')} at commit ${code(run.commit.slice(0, 12))} ran with the fork's own code. ${record ? 'Whoever opened this pull request could have written the numbers below. They are no verdict, and count for nothing: no check, no baseline, no cache.' : 'It measured nothing, as every run from a fork without a key. **This pull request has not been measured.** A maintainer can run the gate on a branch of this repository.'}`,
    record && scoresTable(tabulate(scoreAll(record))),
    record && describeUnverified(record),
    `Suite ${code(suite)}.`,
  ]
    .filter((section) => section !== undefined)
    .join('\n\n')
    .concat('\n');
}

function describeUnverified(record: GateRecord): string {
  const { measurement, provenance } = record;
  const beliefs = beliefsLine(record);
  const { subject, fingerprint, examples } = measurement;
  return [
    `- Model under test ${code(subject.model)} at ${code(subject.endpoint)}, judge ${code(fingerprint.judgeModel)}`,
    `- Dataset ${code(provenance.dataset)}: ${formatCount(examples.length, 'example')}`,
    ...(beliefs === undefined ? [] : [`- ${beliefs}`]),
  ].join('\n');
}
