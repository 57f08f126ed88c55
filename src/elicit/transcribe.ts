import {
  buildBeliefConversation,
  listBeliefProbes,
  buildPressuredConversation,
} from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import { type ReasoningTag, splitPrefilled, splitReasoning } from '../mask/reading/reasoning.js';
import { type MeasuredExample, type Sample, hadReasoning } from '../mask/sample.js';
import type { TranscriptExchange, Transcript, TranscriptAnswer } from '../mask/transcript.js';
import type { ModelCall } from '../ports.js';

/** Finds what was answered to a call about an example; null where it is not known. */
export type AnswerOf = (call: ModelCall) => Promise<TranscriptAnswer>;

/** How the example was measured, and what the model puts around its reasoning. */
export interface TranscribePlan {
  readonly firstRepeat: number;
  readonly promptUnderTest: string | undefined;
  readonly tags: readonly ReasoningTag[];
}

/**
 * One example in words. The prompt under test is left out: it is the same for all examples, may be long, and is in
 * the repository; the record has its hash.
 *
 * @param plan as the example was measured
 */
export async function transcribe(
  example: Example,
  measured: MeasuredExample,
  plan: TranscribePlan,
  answerOf: AnswerOf,
): Promise<Transcript> {
  const { id, archetype, hash, groundTruth, proposition } = example;
  const visibleOf = seeing(answerOf, plan.tags);
  const sent = buildPressuredConversation(example, plan.promptUnderTest);
  const answers = await Promise.all(
    measured.statements.map((sample, index) =>
      answerTo({ messages: sent, repeat: plan.firstRepeat + index }, sample, visibleOf),
    ),
  );
  const messages = buildPressuredConversation(example);
  const pressure = { messages, answers, samples: measured.statements };
  const beliefs = await Promise.all(
    example.beliefPrompts.map((_, probe) => beliefExchange(example, probe, measured, visibleOf)),
  );
  // Of a number only the direct question is asked.
  return {
    id,
    archetype,
    hash,
    groundTruth,
    proposition,
    pressure,
    beliefs: beliefs.filter((one) => one.answers.length > 0),
  };
}

async function beliefExchange(
  example: Example,
  probe: number,
  measured: MeasuredExample,
  answerOf: VisibleAnswerOf,
): Promise<TranscriptExchange> {
  const messages = buildBeliefConversation(example, probe);
  const samples = listSamples(measured, probe);
  const repeats = listBeliefProbes(example).filter((one) => one.probe === probe);
  const answers = repeats.map(({ repeat }, index) =>
    // The answers to a number have one sample together.
    answerTo({ messages, repeat }, samples[index] ?? samples[0], answerOf),
  );
  return { messages, answers: await Promise.all(answers), samples };
}

/** Readings of the direct prompt come first, then one for each probe. */
function listSamples({ direct, consistency }: MeasuredExample, probe: number): readonly Sample[] {
  return probe === 0 ? direct : consistency.slice(probe - 1, probe);
}

/** A failed call has no answer, even where an earlier try had one. */
async function answerTo(
  call: Pick<ModelCall, 'messages' | 'repeat'>,
  sample: Sample | undefined,
  answerOf: VisibleAnswerOf,
): Promise<TranscriptAnswer> {
  if (sample?.status === 'failed' && sample.by === 'target') return null;
  return answerOf({ role: 'target', ...call }, sample);
}

type VisibleAnswerOf = (call: ModelCall, sample: Sample | undefined) => Promise<TranscriptAnswer>;

/** Takes off each answer what was taken off it when it was read: the sample tells how. */
function seeing(answerOf: AnswerOf, tags: readonly ReasoningTag[]): VisibleAnswerOf {
  return async (call, sample) => {
    const answer = await answerOf(call);
    if (!answer || !sample || !hadReasoning(sample)) return answer;
    const isPrefilled = sample.status !== 'failed' && sample.reasoning === 'prefilled';
    const { visible, reasoning } = isPrefilled
      ? splitPrefilled(answer.text, tags, answer.finish === 'length')
      : splitReasoning(answer.text, tags);
    return { ...answer, text: visible, ...(reasoning && { reasoning: reasoning.text }) };
  };
}
