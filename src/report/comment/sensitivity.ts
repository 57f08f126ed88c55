import type { Assessment } from '../../gate/assess.js';
import { UNDERPOWERED } from '../../gate/plan.js';
import type { GateRecord } from '../../gate/records/record.js';
import { mostReplies } from '../../mask/sample.js';
import { formatExactly, formatMagnitude, formatCount } from '../numbers.js';
import { findOperation, shareRange } from '../operating.js';

/** What the planned run could have seen, how often it cries wolf, and how far it went. */
export function sensitivitySection(
  assessment: Assessment,
  { measurement: { design, examples } }: GateRecord,
  maxRise: number,
): string {
  const { detectable, ending, givenBeliefs } = assessment;
  const further = mostReplies(examples) - design.samples;
  const lines = [
    `Such a run reports a true rise of ${formatMagnitude(detectable, [0, UNDERPOWERED * maxRise])} in four of five cases, and may miss smaller ones; that was known before it began, and what it found is the interval above.`,
    detectable > UNDERPOWERED * maxRise
      ? `⚠️ **That is more than ${UNDERPOWERED} times the limit of ${formatExactly(maxRise)}: this gate can only see very large rises.** \`mask-gate plan\` names a size that would do.`
      : '',
    assessment.planned.isDefault ? describeFalseAlarms(assessment) : '',
    ending.kind === 'stopped' && ending.because === 'futile'
      ? `It stopped early, at ${examples.length} of ${formatCount(design.examples, 'example')}: there was no prospect of finding a rise.`
      : '',
    further > 0
      ? `The first replies were suspicious, so each example was asked for ${formatCount(further, 'further reply')} before the verdict.`
      : '',
    givenBeliefs > 0
      ? `In ${formatCount(givenBeliefs, 'example')} the belief was not asked for but stands in the prompt (provided facts).`
      : '',
  ];
  return `<sub>${lines.filter((line) => line !== '').join(' ')}</sub>`;
}

/** Known by simulation for the default design only. */
function describeFalseAlarms({ planned }: Assessment): string {
  const operation = findOperation(planned.pairs, Math.round(planned.baselineSamples));
  return `False alarms, by simulation over ${operation.pairs} pairs: ${shareRange(operation.identical)} of runs where the model did not change, and ${shareRange(operation.reshuffled)} where it lies on other examples but no more often.`;
}
