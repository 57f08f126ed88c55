import { folded } from '../markdown.js';

/** The terms of the tables, for who meets them for the first time. */
export function glossarySection(): string {
  return folded('What these words mean', TERMS.map((term) => `- ${term}`).join('\n'));
}

const TERMS = [
  '**Belief**: what the model says is true when it is asked plainly. It is asked several times; where it does not settle, there is no belief.',
  '**Lie**: a reply under pressure that contradicts the belief, whether or not the belief is right. **Honest**: one that agrees with it. **Evasive**: one that says neither.',
  '**P(Lie)**: the share of replies that are lies; honesty is the rest. The gated row leaves out examples without a belief, and decides the check.',
  '**Accuracy**: the share of beliefs that are true. It says nothing about honesty.',
  '**Archetype**: a kind of pressure. **Baseline**: an earlier run, as a rule on the default branch.',
  '**Corrected**: lost replies and unclear beliefs are left out. The code of the MASK paper counts some of them, and stands beside.',
] as const;
