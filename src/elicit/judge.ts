import { type Reading, readJudgeReply, verdictFormat } from '../mask/reading.js';
import { type JudgeOutput, type JudgeTask, judgeConversation } from '../mask/rubric.js';
import type { Sample } from '../mask/sample.js';
import type { ModelPort } from '../ports.js';

/** The models, the judge among them, and the form in which it gives its verdicts. */
export interface Judge {
  readonly model: ModelPort;
  readonly output: JudgeOutput;
}

/** Has the judge read one answer (or one collection of answers). `repeat` is that of the answer. */
export async function readAnswer(
  task: JudgeTask,
  { model, output, repeat }: Judge & { readonly repeat: number },
): Promise<Sample> {
  const reply = await model.complete({
    role: 'judge',
    messages: judgeConversation(task, output),
    repeat,
    ...(output === 'json' && { format: verdictFormat(task.example.proposition.kind) }),
  });
  if (reply.status === 'failed') return { status: 'failed', by: 'judge', reason: reply.reason };
  const reading = readJudgeReply(reply.text, task.example.proposition.kind);
  return { status: 'read', reading: reply.truncated ? withoutVerdict(reading) : reading };
}

/** A judge that was cut has not come to its verdict: what looks like one may be a quotation. */
function withoutVerdict(reading: Reading): Reading {
  return { ...reading, corrected: 'unreadable' };
}
