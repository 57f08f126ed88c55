import {
  type BeliefProbe,
  beliefConversation,
  beliefProbes,
  pressuredConversation,
} from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import { propositionKey } from '../mask/proposition.js';
import type { JudgeOutput, JudgeTask } from '../mask/rubric.js';
import { type Failure, type MeasuredExample, type Sample, allSamples } from '../mask/sample.js';
import type { ModelCall, ModelReply, ReadingSource } from '../ports.js';
import { type Judge, judgeCall, readAnswer } from './judge.js';
import { type Through, createTagReader } from './tags.js';

/** What is asked of every example: how many pressured replies, under which prompt. */
export interface AskPlan {
  readonly samples: number;
  /** Number of the first pressured reply, so that no reply of an earlier recording is asked for again. */
  readonly firstRepeat: number;
  readonly promptUnderTest: string | undefined;
  readonly judgeOutput: JudgeOutput;
  /** Whether direct beliefs that say the same yes or no as the first one take its reading. */
  readonly readTags: boolean;
}

/**
 * Measures one example: elicits its beliefs, presses for statements, and has every answer read as soon as it
 * is there. Never rejects for a failed call; those are samples that say so.
 *
 * @param known what was measured of it before; only what is missing or failed is asked for
 * @throws RunError when the provider can't be used at all
 */
export async function measureExample(
  example: Example,
  plan: AskPlan,
  judge: Judge,
  known?: MeasuredExample,
): Promise<MeasuredExample> {
  const [beliefs, statements] = await Promise.all([
    example.proposition.kind === 'binary'
      ? elicitBinaryBeliefs(example, judge, { known, readTags: plan.readTags })
      : elicitNumericalBelief(example, judge, known),
    Promise.all(
      Array.from(
        { length: plan.samples },
        async (_, index) =>
          settled(known?.statements[index]) ??
          press(example, { ...plan, repeat: plan.firstRepeat + index }, judge),
      ),
    ),
  ]);
  const { id, archetype, hash, groundTruth } = example;
  const proposition = propositionKey(example.proposition);
  return { id, archetype, hash, groundTruth, proposition, ...beliefs, statements };
}

/** A sample that need not be asked for again. */
function settled(sample: Sample | undefined): Sample | undefined {
  return sample?.status === 'failed' && !isWithheld(sample) ? undefined : sample;
}

/** An answer that the provider's filter kept to itself has come all the same, and was paid for. */
function isWithheld(lost: { readonly reason: Failure }): boolean {
  return lost.reason === 'content-filter';
}

/** Whether anything of an example was lost on the way and may be there at another try. */
export function hasFailed(example: MeasuredExample): boolean {
  return allSamples(example).some(
    (sample) =>
      sample.status === 'failed' && sample.reason !== 'over-budget' && !isWithheld(sample),
  );
}

function press(
  example: Example,
  { promptUnderTest, repeat }: AskPlan & { readonly repeat: number },
  judge: Judge,
): Promise<Sample> {
  const messages = pressuredConversation(example, promptUnderTest);
  return askAndRead(
    { role: 'target', messages, repeat },
    (answer) => ({ kind: 'statement', example, answer }),
    judge,
  );
}

type Beliefs = Pick<MeasuredExample, 'direct' | 'consistency'>;

async function elicitBinaryBeliefs(
  example: Example,
  judge: Judge,
  { known, readTags }: { readonly known: Beliefs | undefined; readonly readTags: boolean },
): Promise<Beliefs> {
  const probes = beliefProbes(example);
  const tags = readTags ? createTagReader(example) : undefined;
  const readAll = (
    wanted: readonly BeliefProbe[],
    before: readonly Sample[] | undefined,
    throughOf: (index: number) => Through | undefined = () => undefined,
  ): readonly Promise<Sample>[] =>
    wanted.map(async (one, index) => {
      const task = (answer: string): JudgeTask => {
        return { kind: 'belief', example, probe: one.probe, answer };
      };
      const there = settled(before?.[index]);
      return there ?? askAndRead(beliefCall(example, one), task, judge, throughOf(index));
    });
  const direct = readAll(
    probes.filter(({ probe }) => probe === 0),
    known?.direct,
    (index) => (index === 0 ? tags?.lead : tags?.follow),
  );
  const consistency = readAll(
    probes.filter(({ probe }) => probe > 0),
    known?.consistency,
  );
  // Known already, or lost: then there is no first answer to go by.
  void direct[0]?.catch(() => undefined).finally(() => tags?.close());
  const [first, others] = await Promise.all([Promise.all(direct), Promise.all(consistency)]);
  return { direct: first, consistency: others };
}

/** All numerical answers go to the judge as one collection, which gives one reading. */
async function elicitNumericalBelief(
  example: Example,
  judge: Judge,
  known: Beliefs | undefined,
): Promise<Beliefs> {
  const before = settled(known?.direct[0]);
  if (before) return { direct: [before], consistency: [] };
  const asked = beliefProbes(example).map((probe) => beliefCall(example, probe));
  const task = (answers: readonly string[]): JudgeTask => ({ kind: 'beliefs', example, answers });
  const sample = await recalled(
    { asked, judged: judgeCall(task([]), judge.output, 0) },
    judge,
    () => readTogether(asked, task, judge),
  );
  return { direct: [sample], consistency: [] };
}

async function readTogether(
  asked: readonly ModelCall[],
  task: (answers: readonly string[]) => JudgeTask,
  judge: Judge,
): Promise<Sample> {
  const replies = await Promise.all(asked.map((call) => judge.model.complete(call)));
  const answers = replies.flatMap((reply) =>
    reply.status === 'answered' && reply.text.trim() !== '' ? [reply.text] : [],
  );
  // Their one reading can't tell what a lost answer would have said; an empty one says nothing.
  const lost = replies.filter((reply) => reply.status === 'failed');
  const blank = answers.length === 0 ? replies[0] : undefined;
  const reply = lost.find(isWithheld) ?? lost[0] ?? blank;
  if (reply) return unanswered(reply);
  const sample = await readAnswer(task(answers), { ...judge, repeat: 0 });
  return flagCut(
    sample,
    replies.some((one) => one.status === 'answered' && one.truncated),
  );
}

function beliefCall(example: Example, { probe, repeat }: BeliefProbe): ModelCall {
  return { role: 'target', messages: beliefConversation(example, probe), repeat };
}

/** One answer and its reading, unless an earlier run has them. */
function askAndRead(
  call: ModelCall,
  toTask: (answer: string) => JudgeTask,
  judge: Judge,
  through: Through = (_, read) => read(),
): Promise<Sample> {
  const { repeat } = call;
  const judged = judgeCall(toTask(''), judge.output, repeat);
  return recalled({ asked: [call], judged }, judge, async () => {
    const reply = await judge.model.complete(call);
    if (reply.status === 'failed' || reply.text.trim() === '') return unanswered(reply);
    const { text, truncated } = reply;
    const sample = await through(text, () => readAnswer(toTask(text), { ...judge, repeat }));
    return flagCut(sample, truncated);
  });
}

/** A reading of an earlier run, or a new one, which is kept unless it failed. */
async function recalled(
  source: ReadingSource,
  { readings }: Judge,
  measure: () => Promise<Sample>,
): Promise<Sample> {
  const known = await readings.recall(source);
  if (known) return known;
  const sample = await measure();
  if (sample.status !== 'failed') readings.keep(source, sample);
  return sample;
}

function flagCut(sample: Sample, isCut: boolean): Sample {
  return sample.status === 'read' && isCut ? { ...sample, truncated: true } : sample;
}

function unanswered(reply: ModelReply): Sample {
  return reply.status === 'failed'
    ? { status: 'failed', by: 'target', reason: reply.reason }
    : { status: 'empty' };
}
