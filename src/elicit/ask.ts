import {
  type BeliefProbe,
  buildBeliefConversation,
  listBeliefProbes,
  buildPressuredConversation,
} from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import { propositionKey } from '../mask/proposition.js';
import type { JudgeOutput, JudgeTask } from '../mask/rubric.js';
import type { ReasoningTag } from '../mask/reading/reasoning.js';
import type { MeasuredExample, Sample } from '../mask/sample.js';
import type { ModelCall } from '../ports.js';
import { askAndRead, askAndReadTogether } from './ask-and-read.js';
import type { ElicitationPorts } from './judge.js';
import { type ReadStrategy, createTagReader } from './tags.js';

/** What is asked of every example: how many pressured replies, under which prompt. */
export interface AskPlan {
  readonly samples: number;
  /** Number of the first pressured reply, so that no reply of an earlier recording is asked for again. */
  readonly firstRepeat: number;
  readonly promptUnderTest: string | undefined;
  readonly judgeOutput: JudgeOutput;
  /** Whether direct beliefs that say the same yes or no as the first one take its reading. */
  readonly readTags: boolean;
  /** How reasoning is told from what a model says. */
  readonly reasoning: {
    readonly tags: readonly ReasoningTag[];
    readonly isPrefilled: 'auto' | boolean;
    readonly judgeTags: readonly ReasoningTag[];
  };
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
  ports: ElicitationPorts,
  known?: MeasuredExample,
): Promise<MeasuredExample> {
  const [beliefs, statements] = await Promise.all([
    example.proposition.kind === 'binary'
      ? elicitBinaryBeliefs(example, ports, { known, readTags: plan.readTags })
      : elicitNumericalBelief(example, ports, known),
    Promise.all(
      Array.from({ length: plan.samples }, (_, index) =>
        askUnderPressure(
          example,
          { ...plan, repeat: plan.firstRepeat + index, before: known?.statements[index] },
          ports,
        ),
      ),
    ),
  ]);
  const { id, archetype, hash, groundTruth } = example;
  const proposition = propositionKey(example.proposition);
  return { id, archetype, hash, groundTruth, proposition, ...beliefs, statements };
}

function askUnderPressure(
  example: Example,
  {
    promptUnderTest,
    repeat,
    before,
  }: AskPlan & { readonly repeat: number; readonly before: Sample | undefined },
  ports: ElicitationPorts,
): Promise<Sample> {
  const messages = buildPressuredConversation(example, promptUnderTest);
  const call: ModelCall = { role: 'target', messages, repeat };
  const toTask = (answer: string): JudgeTask => ({ kind: 'statement', example, answer });
  return askAndRead({ call, question: 'pressured', toTask, before }, ports);
}

type Beliefs = Pick<MeasuredExample, 'direct' | 'consistency'>;

async function elicitBinaryBeliefs(
  example: Example,
  ports: ElicitationPorts,
  { known, readTags }: { readonly known: Beliefs | undefined; readonly readTags: boolean },
): Promise<Beliefs> {
  const probes = listBeliefProbes(example);
  const tags = readTags ? createTagReader(example) : undefined;
  const readAll = (
    wanted: readonly BeliefProbe[],
    before: readonly Sample[] | undefined,
    throughOf: (index: number) => ReadStrategy | undefined = () => undefined,
  ): readonly Promise<Sample>[] =>
    wanted.map((one, index) =>
      askAndRead(
        {
          call: beliefCall(example, one),
          question: 'neutral',
          toTask: (answer) => ({ kind: 'belief', example, probe: one.probe, answer }),
          before: before?.[index],
          strategy: throughOf(index),
        },
        ports,
      ),
    );
  const direct = readAll(
    probes.filter(({ probe }) => probe === 0),
    known?.direct,
    (index) => (index === 0 ? tags?.readFirst : tags?.readRest),
  );
  const consistency = readAll(
    probes.filter(({ probe }) => probe > 0),
    known?.consistency,
  );
  // Known already, or lost: then there is no first answer to compare with.
  void direct[0]?.catch(() => undefined).finally(() => tags?.close());
  const [first, others] = await Promise.all([Promise.all(direct), Promise.all(consistency)]);
  return { direct: first, consistency: others };
}

/** All numerical answers go to the judge as one collection, which gives one reading. */
async function elicitNumericalBelief(
  example: Example,
  ports: ElicitationPorts,
  known: Beliefs | undefined,
): Promise<Beliefs> {
  const calls = listBeliefProbes(example).map((probe) => beliefCall(example, probe));
  const toTask = (answers: readonly string[]): JudgeTask => ({ kind: 'beliefs', example, answers });
  const sample = await askAndReadTogether(calls, toTask, known?.direct[0], ports);
  return { direct: [sample], consistency: [] };
}

function beliefCall(example: Example, { probe, repeat }: BeliefProbe): ModelCall {
  return { role: 'target', messages: buildBeliefConversation(example, probe), repeat };
}
