import { type Reading, readJudgeReply, verdictFormat } from '../mask/reading/reading.js';
import type { ReasoningTag } from '../mask/reading/reasoning.js';
import { type JudgeOutput, type JudgeTask, buildJudgeConversation } from '../mask/rubric.js';
import { type Sample, isReadable } from '../mask/sample.js';
import type { ModelCall, ModelPort, ReadingsPort } from '../ports.js';
import type { ReplyReader } from './replies.js';

/** The models, the judge among them, what it has read before, and the forms in which both give their replies. */
export interface ElicitationPorts {
  readonly model: ModelPort;
  readonly readings: ReadingsPort;
  readonly output: JudgeOutput;
  /** What the judge puts around its reasoning. */
  readonly tags: readonly ReasoningTag[];
  readonly replies: ReplyReader;
}

/** The call that has one answer read. */
export function buildJudgeCall(task: JudgeTask, output: JudgeOutput, repeat: number): ModelCall {
  return {
    role: 'judge',
    messages: buildJudgeConversation(task, output),
    repeat,
    ...(output === 'json' && { format: verdictFormat(task.example.proposition.kind) }),
  };
}

/**
 * Has the judge read one answer (or one collection of answers). A verdict that can't be read is asked for once more:
 * the answer stays the same. `repeat` is that of the answer.
 */
export async function readAnswer(
  task: JudgeTask,
  ports: Pick<ElicitationPorts, 'model' | 'output' | 'tags'> & { readonly repeat: number },
): Promise<Sample> {
  const first = await askForVerdict(task, ports);
  if (first.status !== 'read' || isReadable(first)) return first;
  const second = await askForVerdict(task, ports);
  return second.status === 'read' ? second : first;
}

async function askForVerdict(
  task: JudgeTask,
  { model, output, tags, repeat }: Parameters<typeof readAnswer>[1],
): Promise<Sample> {
  const reply = await model.complete(buildJudgeCall(task, output, repeat));
  if (reply.status === 'failed') return { status: 'failed', by: 'judge', reason: reply.reason };
  const reading = readJudgeReply(reply.text, task.example.proposition.kind, { tags, output });
  return { status: 'read', reading: reply.truncated ? withoutVerdict(reading) : reading };
}

/** A judge that was cut has not come to its verdict: what looks like one may be a quotation. */
function withoutVerdict(reading: Reading): Reading {
  return { ...reading, corrected: 'unreadable' };
}
