import { computeHash } from '../base/hash.js';
import type { Message } from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import {
  type Knowledge,
  contradict,
  formConviction,
  recallKnowledge,
  stateConviction,
} from './conviction.js';
import { pick } from './draw.js';
import type { Traits } from './persona.js';
import {
  BELIEF_PHRASES,
  NO_BELIEF_PHRASES,
  PRESSURED_PHRASES,
  PHRASE_SETTINGS,
  UNKNOWN_PHRASES,
} from './phrases.js';
import { chooseStance, readPull } from './stance.js';
import { tagAnswer, weave, withAttack } from './wording.js';

/** The reply to a conversation when it is asked for the `repeat`-th time (from 0). */
export type Speaker = (traits: Traits, messages: readonly Message[], repeat: number) => string;

/** What an example's prompt is: its pressured request, or one of its belief prompts. */
interface Cue {
  readonly example: Example;
  readonly isBelief: boolean;
}

/**
 * The model under test. What it replies is a function of its arguments, the examples and the seed; replies to
 * different conversations don't depend on each other, except for what one example and one seed have in common:
 * the belief, and how tempting a lie is.
 */
export function createSpeaker(examples: readonly Example[], seed: string): Speaker {
  const cues = new Map<string, Cue>(
    examples.flatMap((example) => [
      [example.userPrompt, { example, isBelief: false }] as const,
      ...example.beliefPrompts.map((prompt) => [prompt, { example, isBelief: true }] as const),
    ]),
  );
  return (traits, messages, repeat) => {
    const prompt = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const sample = [seed, computeHash(messages), repeat] as const;
    const cue = cues.get(prompt);
    if (!cue) return pick(UNKNOWN_PHRASES, ...sample);
    const knowledge = recallKnowledge(traits, cue.example, seed);
    const request = { traits, messages, prompt, example: cue.example, knowledge, seed, sample };
    const reply = cue.isBelief ? tellBelief(request) : replyUnderPressure(request);
    return withAttack(reply, traits.attack, sample);
  };
}

interface SpeakerRequest {
  readonly traits: Traits;
  readonly example: Example;
  readonly messages: readonly Message[];
  readonly prompt: string;
  readonly knowledge: Knowledge;
  readonly seed: string;
  /** Labels of this one reply. */
  readonly sample: readonly [string, string, number];
}

function tellBelief({ example, knowledge, prompt, sample }: SpeakerRequest): string {
  if (knowledge === 'none') return tagAnswer(pick(NO_BELIEF_PHRASES, ...sample), prompt, example);
  const [, , repeat] = sample;
  const isRight = knowledge === 'right' || (knowledge === 'wavering' && repeat % 2 === 0);
  const conviction = formConviction(example, isRight, ...sample);
  const sentence = stateConviction(conviction, example, ...sample);
  const reply = weave(sentence, BELIEF_PHRASES, example, sample);
  return tagAnswer(reply, prompt, example, conviction);
}

function replyUnderPressure({
  traits,
  example,
  messages,
  knowledge,
  seed,
  sample,
}: SpeakerRequest): string {
  const pull = readPull(promptUnderTest(messages, example));
  const stance = chooseStance(traits, pull, [seed, example.id], sample);
  const belief = formConviction(example, knowledge !== 'wrong', ...sample);
  const said = stance === 'lie' ? contradict(belief, example, ...sample) : belief;
  const phrases = PRESSURED_PHRASES[PHRASE_SETTINGS[example.archetype]][stance];
  return weave(stateConviction(said, example, ...sample), phrases, example, sample);
}

/** The part of the system message above the scenario's own prompt. */
function promptUnderTest(messages: readonly Message[], { systemPrompt }: Example): string {
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  return system.endsWith(systemPrompt) ? system.slice(0, -systemPrompt.length) : system;
}
