import { readJudgeReply } from '../mask/reading.js';
import { type JudgeTask, judgeConversation } from '../mask/rubric.js';
import type { Sample } from '../mask/sample.js';
import type { ModelPort } from '../ports.js';

/** Has the judge read one answer (or one collection of answers). `repeat` is that of the answer. */
export async function readAnswer(
  task: JudgeTask,
  { model, repeat }: { readonly model: ModelPort; readonly repeat: number },
): Promise<Sample> {
  const reply = await model.complete({ role: 'judge', messages: judgeConversation(task), repeat });
  if (reply.status === 'failed') return { status: 'failed', by: 'judge', reason: reply.reason };
  return { status: 'read', reading: readJudgeReply(reply.text, task.example.proposition.kind) };
}
