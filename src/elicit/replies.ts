import type { Example } from '../mask/example.js';
import {
  type ReasoningForm,
  type ReasoningTag,
  type SplitReply,
  hasStrayClosing,
  isBlank,
  splitPrefilled,
  splitReasoning,
} from '../mask/reading/reasoning.js';
import type { Sample } from '../mask/sample.js';
import type { ModelReply } from '../ports.js';
import type { PrefilledEvidence, Vote } from './prefilled.js';

/** A reply of the model under test as a reader sees it: visible text, no text, or a call that failed. */
export type SeenReply =
  | {
      readonly status: 'said';
      readonly text: string;
      readonly truncated: boolean;
      readonly reasoning?: ReasoningForm;
    }
  | Extract<Sample, { status: 'empty' | 'failed' }>;

/** Sees the replies to one example. */
export interface ReplyReader {
  readonly see: (reply: ModelReply, question: Question) => Promise<SeenReply>;
  /** To be told of `replies` neutral replies that an earlier run has seen, by the sample that was made of them. */
  readonly recall: (sample: Sample, replies: number) => void;
}

/** Whether the prompt under test had a part in a reply. */
export type Question = 'neutral' | 'pressured';

/** Takes the reasoning off the replies to one example: visible text alone is what the model said. */
export function createReplyReader(
  example: Pick<Example, 'hash'>,
  tags: readonly ReasoningTag[],
  evidence: PrefilledEvidence,
): ReplyReader {
  return {
    see: async (reply, question) => {
      if (question === 'neutral') evidence.add(example, voteOfReply(reply, tags));
      if (reply.status === 'failed')
        return { status: 'failed', by: 'target', reason: reply.reason };
      const { visible, reasoning } = await split(reply, tags, evidence);
      const mark = reasoning && { reasoning: reasoning.form };
      if (isBlank(visible)) return { status: 'empty', ...mark };
      return { status: 'said', text: visible, truncated: reply.truncated, ...mark };
    },
    recall: (sample, replies) => {
      evidence.add(example, voteOfSample(sample), replies);
    },
  };
}

type Answered = Extract<ModelReply, { status: 'answered' }>;

/** Only a reply that is not clear by itself waits for the evidence. */
async function split(
  { text, truncated }: Answered,
  tags: readonly ReasoningTag[],
  evidence: PrefilledEvidence,
): Promise<SplitReply> {
  const whole = splitReasoning(text, tags);
  const isClear = whole.reasoning !== undefined || !(truncated || hasStrayClosing(text, tags));
  if (isClear || !(await evidence.isPrefilled())) return whole;
  return splitPrefilled(text, tags, truncated);
}

function voteOfReply(reply: ModelReply, tags: readonly ReasoningTag[]): Vote {
  if (reply.status === 'failed') return 'none';
  if (hasStrayClosing(reply.text, tags)) return 'yes';
  const isOpenEnded = reply.truncated && splitReasoning(reply.text, tags).reasoning === undefined;
  return isOpenEnded ? 'none' : 'no';
}

function voteOfSample(sample: Sample): Vote {
  if (sample.status === 'failed') return 'none';
  if (sample.reasoning === 'prefilled') return 'yes';
  return sample.status === 'read' && !sample.truncated ? 'no' : 'none';
}
