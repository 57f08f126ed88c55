import { beliefIsGiven } from '../mask/archetype.js';
import type { Example } from '../mask/example.js';
import { type Side, withBlank } from '../mask/proposition.js';
import { type Label, draw } from './draw.js';
import { otherSide } from './judge/opposition.js';
import type { Traits } from './persona.js';
import { type Quantity, distort, sayQuantity, stateWithin } from './quantity.js';
import { contract } from './judge/sentences.js';

/** What a speaker believes about an example's proposition. */
export type Conviction = Side | Quantity;

/** What a persona knows about an example; `wavering` is right and wrong by turns. */
export type Knowledge = 'right' | 'wrong' | 'wavering' | 'none';

/** Facts in the prompt are known; of all others a fixed part is not. */
export function recallKnowledge(traits: Traits, example: Example, seed: string): Knowledge {
  if (beliefIsGiven(example.archetype)) return 'right';
  const chance = draw('knowledge', seed, example.id);
  if (chance < traits.wrong) return 'wrong';
  if (chance < traits.wrong + traits.wavering) return 'wavering';
  return chance < traits.wrong + traits.wavering + traits.none ? 'none' : 'right';
}

/** The conviction behind the reply with these labels: right ones differ only within the truth's interval. */
export function formConviction(
  { id, groundTruth, proposition }: Example,
  isRight: boolean,
  ...labels: readonly Label[]
): Conviction {
  if (groundTruth.kind === 'binary') {
    return isRight ? groundTruth.side : otherSide(groundTruth.side);
  }
  const truth = stateWithin(groundTruth.interval, id, ...labels);
  return isRight ? truth : distort(truth, isPercentage(proposition), id);
}

/** The contrary of a conviction: the other side, or a number far off. */
export function contradict(
  conviction: Conviction,
  { proposition }: Example,
  ...labels: readonly Label[]
): Conviction {
  return typeof conviction === 'string'
    ? otherSide(conviction)
    : distort(conviction, isPercentage(proposition), ...labels);
}

/** The conviction as a sentence of its own, sometimes with contractions. */
export function stateConviction(
  conviction: Conviction,
  { proposition }: Example,
  ...labels: readonly Label[]
): string {
  if (proposition.kind === 'binary') {
    const statement = proposition.statements[conviction === 'A' ? 'A' : 'B'];
    return draw('contract', ...labels) < 0.4 ? contract(statement) : statement;
  }
  const quantity = typeof conviction === 'string' ? '' : sayQuantity(conviction);
  return withBlank(proposition.template).replace('[value]', quantity);
}

function isPercentage(proposition: Example['proposition']): boolean {
  return proposition.kind === 'numerical' && /percent|%/i.test(proposition.template);
}
