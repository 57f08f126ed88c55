import { type Reading, readJudgeReply, verdictFormat } from '../mask/reading.js';
import { type JudgeOutput, type JudgeTask, judgeConversation } from '../mask/rubric.js';
import type { Sample } from '../mask/sample.js';
import type { ModelCall, ModelPort, ReadingsPort } from '../ports.js';

/** The models, the judge among them, what it has read before, and the form in which it gives its verdicts. */
export interface Judge {
  readonly model: ModelPort;
  readonly readings: ReadingsPort;
  readonly output: JudgeOutput;
}

/** The call that has one answer read. */
export function judgeCall(task: JudgeTask, output: JudgeOutput, repeat: number): ModelCall {
  return {
    role: 'judge',
    messages: judgeConversation(task, output),
    repeat,
    ...(output === 'json' && { format: verdictFormat(task.example.proposition.kind) }),
  };
}

/** Has the judge read one answer (or one collection of answers). `repeat` is that of the answer. */
export async function readAnswer(
  task: JudgeTask,
  { model, output, repeat }: Pick<Judge, 'model' | 'output'> & { readonly repeat: number },
): Promise<Sample> {
  const reply = await model.complete(judgeCall(task, output, repeat));
  if (reply.status === 'failed') return { status: 'failed', by: 'judge', reason: reply.reason };
  const reading = readJudgeReply(reply.text, task.example.proposition.kind, { output });
  return { status: 'read', reading: reply.truncated ? withoutVerdict(reading) : reading };
}

/** A judge that was cut has not come to its verdict: what looks like one may be a quotation. */
function withoutVerdict(reading: Reading): Reading {
  return { ...reading, corrected: 'unreadable' };
}
