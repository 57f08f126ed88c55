import type { Config } from '../config/config.js';
import { beliefIsGiven } from '../mask/archetype.js';
import {
  buildBeliefConversation,
  listBeliefProbes,
  buildPressuredConversation,
} from '../mask/conversation.js';
import type { Message } from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import { type JudgeTask, buildJudgeConversation } from '../mask/rubric.js';
import {
  BELIEF_SHARE,
  MIN_PAIRS,
  type Remedy,
  computeShortageChance,
  countPropositions,
  remedyFor,
} from './shortage.js';
import { TYPICAL_REPLY_VARIANCE, detectableRise } from './statistics/detectable.js';
import { CHARACTERS_PER_TOKEN } from '../base/units.js';

/** What a run asks of one model. Tokens are an estimate from the lengths of the texts. */
export interface Load {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface PlannedRun {
  readonly target: Load;
  readonly judge: Load;
}

/** What a configuration amounts to, before a call is made. */
export interface Plan {
  readonly examples: number;
  /** Further examples of the dataset, which `dataset.size` leaves out. */
  readonly spare: number;
  /** Propositions of the examples, and how many must have a belief on both sides for a comparison. */
  readonly propositions: number;
  readonly neededPropositions: number;
  /** How likely a run has fewer of them and is not measured, 0 to 1; 1 where there are not as many at all. */
  readonly shortage: number;
  /** Propositions with which that is unlikely; null where it is already. */
  readonly advisedPropositions: number | null;
  /** What would bring more of them. */
  readonly remedy: Remedy;
  /** Examples that are expected to have a belief on both sides. */
  readonly pairs: number;
  /** Gating a changed prompt, with beliefs taken over, at full size. */
  readonly promptChange: PlannedRun;
  /** Gating a changed model, at full size. */
  readonly modelChange: PlannedRun;
  /** The same with the confirmation: the maximum of a gate run. */
  readonly confirmed: PlannedRun;
  readonly recording: PlannedRun;
  /**
   * Smallest detectable rises of the gate against one recording, for a steady and for a noisy model. Null where so
   * many runs are not measured that nothing is found in four of five.
   */
  readonly detectable: { readonly typical: number; readonly noisy: number } | null;
  /** Examples that would bring the smallest detectable rise to the limit of blindness; null when they are enough. */
  readonly neededExamples: number | null;
}

/** A noisy model: see `noisy` in docs/statistics.md. */
const NOISY_REPLY_VARIANCE = 0.1;

/** A design that finds only rises above this many limits is called underpowered. */
export const UNDERPOWERED = 3;

/** Above this chance of too few beliefs a plan warns; above the other no rise is found in four of five cases. */
const LIKELY_SHORTAGE = 0.05;
const BLINDING_SHORTAGE = 0.2;

/**
 * Plans the runs of a configuration over the chosen examples.
 *
 * @param available all that the dataset settings let in, the chosen ones among them
 */
export function planRuns(
  examples: readonly Example[],
  config: Config,
  promptUnderTest: string | undefined,
  available: readonly Example[] = examples,
): Plan {
  const { gate, confirm, record } = config.samples;
  const runOf = (samples: number, hasBeliefs: boolean): PlannedRun =>
    totalLoad(examples, { samples, hasBeliefs, promptUnderTest, config });
  const pairs = Math.round(examples.length * BELIEF_SHARE);
  const detectableAt = (size: number, replyVariance: number): number =>
    detectableRise({
      pairs: Math.round(size * BELIEF_SHARE),
      baselineSamples: record,
      runSamples: gate,
      replyVariance,
      maxRise: config.gate.maxRise,
    });
  const isUnderpowered = (size: number): boolean =>
    detectableAt(size, TYPICAL_REPLY_VARIANCE) > UNDERPOWERED * config.gate.maxRise;
  let needed = examples.length;
  while (isUnderpowered(needed)) needed += 10;
  const propositions = countPropositions(examples);
  const shortage = computeShortageChance(propositions);
  return {
    examples: examples.length,
    spare: available.length - examples.length,
    propositions: propositions.size,
    neededPropositions: MIN_PAIRS,
    shortage,
    advisedPropositions: shortage > LIKELY_SHORTAGE ? adviseOn(propositions) : null,
    remedy: remedyFor(available, examples),
    pairs,
    promptChange: runOf(gate, !config.beliefs.reuse),
    modelChange: runOf(gate, true),
    confirmed: runOf(gate + confirm, true),
    recording: runOf(record, true),
    detectable:
      shortage > BLINDING_SHORTAGE
        ? null
        : {
            typical: detectableAt(examples.length, TYPICAL_REPLY_VARIANCE),
            noisy: detectableAt(examples.length, NOISY_REPLY_VARIANCE),
          },
    neededExamples: needed === examples.length ? null : needed,
  };
}

/** How many propositions it takes, if those that are added have beliefs that must be asked for. */
function adviseOn(propositions: ReadonlyMap<string, boolean>): number {
  const more = new Map(propositions);
  while (computeShortageChance(more) > LIKELY_SHORTAGE) more.set(`further ${more.size}`, false);
  return more.size;
}

interface PlannedQuestion {
  readonly samples: number;
  readonly hasBeliefs: boolean;
  readonly promptUnderTest: string | undefined;
  readonly config: Config;
}

const NO_LOAD: Load = { calls: 0, inputTokens: 0, outputTokens: 0 };

function totalLoad(examples: readonly Example[], asking: PlannedQuestion): PlannedRun {
  const calls = examples.flatMap((example) => countCalls(example, asking));
  const sum = (role: keyof PlannedRun): Load =>
    calls
      .filter((call) => call.role === role)
      .reduce(
        (total, { messages }) => ({
          calls: total.calls + 1,
          inputTokens: total.inputTokens + estimateTokens(messages),
          outputTokens: total.outputTokens + OUTPUT_TOKENS[role],
        }),
        NO_LOAD,
      );
  return { target: sum('target'), judge: sum('judge') };
}

interface PlannedCall {
  readonly role: keyof PlannedRun;
  readonly messages: readonly Message[];
}

/** Every call of one example, as `measureExample` makes them. */
function countCalls(
  example: Example,
  { samples, hasBeliefs, promptUnderTest, config }: PlannedQuestion,
): readonly PlannedCall[] {
  const judge = (task: JudgeTask): PlannedCall => ({
    role: 'judge',
    messages: buildJudgeConversation(task, config.judge.output),
  });
  const target = (messages: readonly Message[]): PlannedCall => ({ role: 'target', messages });
  const pressed = Array.from({ length: samples }, () => [
    target(buildPressuredConversation(example, promptUnderTest)),
    judge({ kind: 'statement', example, answer: ANSWER }),
  ]).flat();
  if (!hasBeliefs || beliefIsGiven(example.archetype)) return pressed;
  const probes = listBeliefProbes(example);
  const asked = probes.map(({ probe }) => target(buildBeliefConversation(example, probe)));
  const read =
    example.proposition.kind === 'binary'
      ? probes.map(({ probe }) => judge({ kind: 'belief', example, probe, answer: ANSWER }))
      : [judge({ kind: 'beliefs', example, answers: probes.map(() => ANSWER) })];
  return [...pressed, ...asked, ...read];
}

/** Mean lengths of replies: of a model under test about 290 tokens, of a judge that reasons briefly about 95. */
const OUTPUT_TOKENS = { target: 290, judge: 95 };

/** A placeholder for an answer where only its length counts. */
const ANSWER = 'x'.repeat(OUTPUT_TOKENS.target * CHARACTERS_PER_TOKEN);

function estimateTokens(messages: readonly Message[]): number {
  const characters = messages.reduce((total, { content }) => total + content.length, 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
