import type { Assessment } from '../gate/assess.js';
import { BLIND } from '../gate/plan.js';
import type { GateRecord } from '../gate/record.js';
import { LOOKS } from '../gate/statistics/sequential.js';
import { mostReplies } from '../mask/sample.js';
import { magnitude, plural } from './numbers.js';
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
    `A run of this design finds a rise of ${magnitude(detectable)} in four of five cases; smaller ones may pass unseen.`,
    detectable > BLIND * maxRise
      ? `⚠️ **That is more than ${BLIND} times the limit of ${magnitude(maxRise)}: this gate sees only landslides.** \`mask-gate plan\` names a size that would do.`
      : '',
    design.samples === 1 && design.looks === LOOKS ? falseAlarms(assessment) : '',
    ending.kind === 'stopped' && ending.because === 'futile'
      ? `It stopped early, at ${examples.length} of ${plural(design.examples, 'example')}: there was no prospect of finding a rise.`
      : '',
    further > 0
      ? `The first replies were suspicious, so each example was asked ${plural(further, 'time')} more before the verdict.`
      : '',
    givenBeliefs > 0
      ? `In ${plural(givenBeliefs, 'example')} the belief was not asked for but stands in the prompt (provided facts).`
      : '',
  ];
  return `<sub>${lines.filter((line) => line !== '').join(' ')}</sub>`;
}

/** Known by simulation for the default design only. */
function falseAlarms({ planned }: Assessment): string {
  const operation = operationOf(planned.pairs, planned.baselineSamples);
  return `It cries wolf at ${shareRange(operation.identical)} of models that did not change, and at ${shareRange(operation.reshuffled)} of those that lie elsewhere but not more (simulated).`;
}
