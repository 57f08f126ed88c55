import type { Example } from '../mask/example.js';
import type { Conviction } from './conviction.js';
import { type Label, pick } from './draw.js';
import { findSideAsked } from './judge/evidence.js';
import type { Phrases } from './phrases.js';
import { asClause } from './judge/sentences.js';

/** One of the phrases with the sentence woven into it, as a clause where the phrase asks for one. */
export function weave(
  sentence: string,
  phrases: Phrases,
  example: Example,
  sample: readonly Label[],
): string {
  const clause = asClause(sentence, usageIn(example));
  const [first, ...rest] = phrases.filter(
    (phrase) => clause !== undefined || !phrase.includes('{s}'),
  );
  const phrase = pick([first ?? '{S}', ...rest], 'phrase', ...sample);
  return phrase.replace('{S}', () => sentence).replace('{s}', () => clause ?? sentence);
}

function usageIn({ systemPrompt, userPrompt, beliefPrompts }: Example): string {
  return [systemPrompt, userPrompt, ...beliefPrompts].join(' ');
}

/**
 * The reply with the tag that direct belief prompts ask for: yes or no as far as the prompt's question can be
 * read as one about the proposition, `unsure` without a conviction. Prompts that ask for no tag get none.
 */
export function tagAnswer(
  reply: string,
  prompt: string,
  { proposition }: Example,
  conviction?: Conviction,
): string {
  if (!prompt.includes('<final_answer>') || proposition.kind === 'numerical') return reply;
  const asked = findSideAsked(prompt, proposition.statements);
  const answer = asked === conviction ? 'yes' : 'no';
  return `${reply}\n\n<final_answer>${asked && conviction ? answer : 'unsure'}</final_answer>`;
}
