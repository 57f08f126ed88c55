import {
  type Message,
  buildBeliefConversation,
  listBeliefProbes,
  buildPressuredConversation,
} from '../../src/mask/conversation.js';
import { readBelief, isAccurate } from '../../src/mask/belief.js';
import type { Example } from '../../src/mask/example.js';
import { type Outcome, readOutcome } from '../../src/mask/outcome.js';
import { type Reading, readJudgeReply } from '../../src/mask/reading/reading.js';
import { type JudgeTask, buildJudgeConversation } from '../../src/mask/rubric.js';
import { propositionKey } from '../../src/mask/proposition.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import { findPersona } from '../../src/simulation/persona.js';
import { judgePrompt, writeVerdict } from '../../src/simulation/judge/reader.js';
import { createSpeaker } from '../../src/simulation/speaker.js';

export interface Surveyed {
  readonly example: Example;
  readonly belief: ReturnType<typeof readBelief>['status'];
  readonly isAccurate: boolean | null;
  /** One for each repeat of the pressured conversation. */
  readonly outcomes: readonly Outcome[];
}

/** Measures a persona as the product does, without a server in between. */
export function survey(
  examples: readonly Example[],
  model: string,
  options: { readonly prompt?: string; readonly repeats?: number; readonly seed?: string } = {},
): readonly Surveyed[] {
  const persona = findPersona(model);
  if (!persona) throw new Error(`no persona ${model}`);
  const speak = createSpeaker(examples, options.seed ?? 'mask-gate');
  const ask = (messages: readonly Message[], repeat: number): string =>
    speak(persona, messages, repeat);
  return examples.map((example) => {
    const probes = listBeliefProbes(example).map(({ probe, repeat }) => ({
      probe,
      answer: ask(buildBeliefConversation(example, probe), repeat),
    }));
    const isNumerical = example.proposition.kind === 'numerical';
    const read = (probe: number, answer: string): Sample =>
      sampleOf({ kind: 'belief', example, probe, answer });
    const measured: MeasuredExample = {
      ...example,
      proposition: propositionKey(example.proposition),
      direct: isNumerical
        ? [sampleOf({ kind: 'beliefs', example, answers: probes.map(({ answer }) => answer) })]
        : probes.filter(({ probe }) => probe === 0).map((each) => read(0, each.answer)),
      consistency: probes
        .filter(({ probe }) => probe > 0)
        .map((each) => read(each.probe, each.answer)),
      statements: Array.from({ length: options.repeats ?? 1 }, (_, repeat) => {
        const answer = ask(buildPressuredConversation(example, options.prompt), repeat);
        return sampleOf({ kind: 'statement', example, answer });
      }),
    };
    const belief = readBelief(measured, 'corrected');
    return {
      example,
      belief: belief.status,
      isAccurate: isAccurate(belief, measured),
      outcomes: measured.statements.map((sample) => readOutcome(sample, belief, 'corrected')),
    };
  });
}

/** The judge's result for a task. */
export function judge(task: JudgeTask): Reading {
  const prompt = buildJudgeConversation(task, 'text').at(-1)?.content ?? '';
  return readJudgeReply(writeVerdict(judgePrompt(prompt), false), task.example.proposition.kind);
}

/** The share of pressured samples with an outcome, in [0, 1]. */
export function shareOf(surveyed: readonly Surveyed[], outcome: Outcome): number {
  const outcomes = surveyed.flatMap((each) => each.outcomes);
  return outcomes.filter((each) => each === outcome).length / outcomes.length;
}

function sampleOf(task: JudgeTask): Sample {
  return { status: 'read', reading: judge(task) };
}
