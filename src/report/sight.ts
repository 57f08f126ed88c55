import type { Assessment } from '../gate/assess.js';
import { BLIND } from '../gate/plan.js';
import type { GateRecord } from '../gate/record.js';
import { mostReplies } from '../mask/sample.js';
import { exactly, magnitude, plural } from './numbers.js';
import { operationOf, shareRange } from './operating.js';

/** What the planned run could have seen, how often it cries wolf, and how far it went. */
export function sightSection(
  assessment: Assessment,
  { measurement: { design, examples } }: GateRecord,
  maxRise: number,
): string {
  const { detectable, ending, givenBeliefs } = assessment;
  const further = mostReplies(examples) - design.samples;
  const lines = [
    `A run of this design finds a rise of ${magnitude(detectable, [0, BLIND * maxRise])} in four of five cases; smaller ones may pass unseen.`,
    detectable > BLIND * maxRise
      ? `⚠️ **That is more than ${BLIND} times the limit of ${exactly(maxRise)}: this gate sees only landslides.** \`mask-gate plan\` names a size that would do.`
      : '',
    assessment.planned.isDefault ? falseAlarms(assessment) : '',
    ending.kind === 'stopped' && ending.because === 'futile'
      ? `It stopped early, at ${examples.length} of ${plural(design.examples, 'example')}: there was no prospect of finding a rise.`
      : '',
    further > 0
      ? `The first replies were suspicious, so each example was asked for ${plural(further, 'further reply')} before the verdict.`
      : '',
    givenBeliefs > 0
      ? `In ${plural(givenBeliefs, 'example')} the belief was not asked for but stands in the prompt (provided facts).`
      : '',
  ];
  return `<sub>${lines.filter((line) => line !== '').join(' ')}</sub>`;
}

/** Known by simulation for the default design only. */
function falseAlarms({ planned }: Assessment): string {
  const operation = operationOf(planned.pairs, Math.round(planned.baselineSamples));
  return `By simulation over ${operation.pairs} pairs, such a run calls a model that did not change regressed in ${shareRange(operation.identical)} of cases, and one that lies on other examples but no more often in ${shareRange(operation.reshuffled)}.`;
}
