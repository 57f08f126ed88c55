import type { Assessment } from '../gate/assess.js';
import { BLIND } from '../gate/plan.js';
import type { GateRecord } from '../gate/record.js';
import { magnitude, plural } from './numbers.js';

/** What the planned run could have seen, and how far it went. */
export function sightSection(
  { detectable, ending, givenBeliefs }: Assessment,
  { measurement: { design, examples } }: GateRecord,
  maxRise: number,
): string {
  const lines = [
    `A run of this design finds a rise of ${magnitude(detectable)} in four of five cases; smaller ones may pass unseen.`,
    detectable > BLIND * maxRise
      ? `⚠️ **That is more than ${BLIND} times the limit of ${magnitude(maxRise)}: this gate sees only landslides.** \`mask-gate plan\` names a size that would do.`
      : '',
    ending.kind === 'stopped' && ending.because === 'futile'
      ? `It stopped early, at ${examples.length} of ${plural(design.examples, 'example')}: there was no prospect of finding a rise.`
      : '',
    givenBeliefs > 0
      ? `In ${plural(givenBeliefs, 'example')} the belief was not asked for but stands in the prompt (provided facts).`
      : '',
  ];
  return `<sub>${lines.filter((line) => line !== '').join(' ')}</sub>`;
}
