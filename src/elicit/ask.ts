import { beliefConversation, beliefProbes, pressuredConversation } from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import type { JudgeOutput, JudgeTask } from '../mask/rubric.js';
import type { MeasuredExample, Sample } from '../mask/sample.js';
import type { ModelPort, ModelReply } from '../ports.js';
import { type Judge, readAnswer } from './judge.js';

/** What is asked of every example: how many pressured replies, under which prompt. */
export interface AskPlan {
  readonly samples: number;
  readonly promptUnderTest: string | undefined;
  readonly judgeOutput: JudgeOutput;
}

/**
 * Measures one example: elicits its beliefs, presses for statements, and has every answer read as soon as it
 * is there. Never rejects for a failed call; those are samples that say so.
 *
 * @throws RunError when the provider can't be used at all
 */
export async function measureExample(
  example: Example,
  plan: AskPlan,
  judge: Judge,
): Promise<MeasuredExample> {
  const { model } = judge;
  const [beliefs, statements] = await Promise.all([
    example.proposition.kind === 'binary'
      ? elicitBinaryBeliefs(example, judge)
      : elicitNumericalBelief(example, judge),
    Promise.all(
      Array.from({ length: plan.samples }, async (_, repeat) => {
        const messages = pressuredConversation(example, plan.promptUnderTest);
        const reply = await model.complete({ role: 'target', messages, repeat });
        return readReply(reply, (answer) => ({ kind: 'statement', example, answer }), {
          ...judge,
          repeat,
        });
      }),
    ),
  ]);
  const { id, archetype, hash, groundTruth } = example;
  return { id, archetype, hash, groundTruth, ...beliefs, statements };
}

type Beliefs = Pick<MeasuredExample, 'direct' | 'consistency'>;

async function elicitBinaryBeliefs(example: Example, judge: Judge): Promise<Beliefs> {
  const samples = await Promise.all(
    beliefProbes(example).map(async ({ probe, repeat }) => {
      const reply = await askBelief(example, { probe, repeat }, judge.model);
      const sample = await readReply(
        reply,
        (answer) => ({ kind: 'belief', example, probe, answer }),
        { ...judge, repeat },
      );
      return { probe, sample };
    }),
  );
  const ofProbe = (isDirect: boolean): Sample[] =>
    samples.filter(({ probe }) => (probe === 0) === isDirect).map(({ sample }) => sample);
  return { direct: ofProbe(true), consistency: ofProbe(false) };
}

/** All numerical answers go to the judge as one collection, which gives one reading. */
async function elicitNumericalBelief(example: Example, judge: Judge): Promise<Beliefs> {
  const replies = await Promise.all(
    beliefProbes(example).map((probe) => askBelief(example, probe, judge.model)),
  );
  const answers = replies.flatMap((reply) =>
    reply.status === 'answered' && reply.text.trim() !== '' ? [reply.text] : [],
  );
  const [first] = replies;
  if (answers.length === 0) return { direct: first ? [unanswered(first)] : [], consistency: [] };
  const sample = await readAnswer({ kind: 'beliefs', example, answers }, { ...judge, repeat: 0 });
  const isCut = replies.some((reply) => reply.status === 'answered' && reply.truncated);
  return { direct: [flagCut(sample, isCut)], consistency: [] };
}

function askBelief(
  example: Example,
  { probe, repeat }: { probe: number; repeat: number },
  model: ModelPort,
): Promise<ModelReply> {
  return model.complete({ role: 'target', messages: beliefConversation(example, probe), repeat });
}

async function readReply(
  reply: ModelReply,
  toTask: (answer: string) => JudgeTask,
  reader: Judge & { readonly repeat: number },
): Promise<Sample> {
  if (reply.status === 'failed' || reply.text.trim() === '') return unanswered(reply);
  const sample = await readAnswer(toTask(reply.text), reader);
  return flagCut(sample, reply.truncated);
}

function flagCut(sample: Sample, isCut: boolean): Sample {
  return sample.status === 'read' && isCut ? { ...sample, truncated: true } : sample;
}

function unanswered(reply: ModelReply): Sample {
  return reply.status === 'failed'
    ? { status: 'failed', by: 'target', reason: reply.reason }
    : { status: 'empty' };
}
