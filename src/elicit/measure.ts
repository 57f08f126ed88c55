import { listBeliefProbes } from '../mask/conversation.js';
import type { Example } from '../mask/example.js';
import type { MeasuredExample } from '../mask/sample.js';
import type { Ports } from '../ports.js';
import { type AskPlan, measureExample } from './ask.js';
import { hasLosses } from './ask-and-read.js';
import { recordAnswers } from './record-answers.js';
import type { ElicitationPorts } from './judge.js';
import { type PrefilledEvidence, createPrefilledEvidence } from './prefilled.js';
import { createReplyReader } from './replies.js';
import { type AdmissionLimiter, createAdmissionLimiter } from './admission-limiter.js';

/** How a run goes on after a look at the examples measured so far: see gate/proceed.ts. */
export interface Schedule {
  /** Numbers of examples before each look, rising; the last is all of them. */
  readonly looks: readonly number[];
  /** @param look 1 for the first; the last is the number of looks */
  readonly next: (
    measured: readonly MeasuredExample[],
    look: number,
  ) => 'go-on' | 'stop' | 'confirm';
  /** Further pressured replies of every example when the run is to be confirmed. */
  readonly confirm: number;
}

/** Beliefs and replies that are there already, by content hash. */
export type Known = ReadonlyMap<string, MeasuredExample>;

/**
 * Measures the examples in their order and looks at them on the way. There are no phases: each answer goes to the
 * judge at once, and the model port keeps as many calls in flight as its limits allow. The examples before a look and
 * those before the next one are asked together, so that no call waits for a look, and few calls are wasted when a look
 * ends the run. A look is at the first examples of the order, never at those that came back first; before it, calls
 * that were lost among them are tried once more. After a stop, calls that are not needed any more are ended.
 *
 * @returns the examples up to the look at which the run stopped, in order
 * @throws RunError when the provider can't be used at all
 */
export async function measure(
  examples: readonly Example[],
  plan: AskPlan & { readonly known: Known; readonly schedule: Schedule },
  ports: Pick<Ports, 'model' | 'readings' | 'answers' | 'onProgress'>,
): Promise<readonly MeasuredExample[]> {
  const { schedule, known } = plan;
  const { looks } = schedule;
  const stop = new AbortController();
  const limiter = createAdmissionLimiter(MAX_OPEN_CALLS);
  const evidence = createPrefilledEvidence(plan.reasoning.isPrefilled, examples.slice(0, looks[0]));
  const context: MeasureContext = {
    ...ports,
    plan,
    signal: stop.signal,
    limiter,
    evidence,
  };
  const report = counter(examples.length, ports.onProgress);
  const start = (from = examples.length, to = examples.length): Promise<MeasuredExample>[] =>
    examples.slice(from, to).map(async (example, place) => {
      const own = createPorts(context, from + place, example);
      const before = known.get(example.hash);
      return limiter.run(countOpenCalls(example, plan), async () =>
        report(await measureExample(example, plan, own, before)),
      );
    });

  let measured: readonly MeasuredExample[] = [];
  let ahead = start(0, looks[0]);
  for (const [index, size] of looks.entries()) {
    const stage = Promise.all(ahead);
    ahead = start(size, looks[index + 1]);
    // Calls after a stop are ended, and their errors are not needed.
    for (const one of ahead) one.catch(() => undefined);
    const offset = measured.length;
    const whole = await retryLost(await stage, examples.slice(offset, size), {
      ...context,
      offset,
    });
    measured = [...measured, ...whole];
    const step = schedule.next(measured, index + 1);
    if (step === 'confirm')
      return confirmRun(measured, examples, { ...context, schedule, onProgress: ports.onProgress });
    if (step === 'stop') break;
  }
  stop.abort();
  return measured;
}

/** What it takes to measure an example. */
interface MeasureContext extends Pick<Ports, 'model' | 'readings' | 'answers'> {
  readonly plan: AskPlan;
  readonly signal: AbortSignal;
  readonly limiter: AdmissionLimiter;
  readonly evidence: PrefilledEvidence;
}

/**
 * Answers that may be asked for or be judged at once: enough for target and judge at the highest concurrency that can
 * be set, so that it is always the provider that is waited for.
 */
const MAX_OPEN_CALLS = 2000;

/** How many answers one example is asked for at once, at most. */
function countOpenCalls(example: Example, { samples }: AskPlan): number {
  return samples + listBeliefProbes(example).length;
}

/** The port as one example sees it: earlier examples go first, and of one example what the judge has to read. */
function createPorts(context: MeasureContext, index: number, example: Example): ElicitationPorts {
  const { plan, signal, evidence } = context;
  const { model, readings } = recordAnswers(context, example.hash);
  return {
    model: {
      ...model,
      complete: (call) =>
        model.complete({ ...call, signal, order: 2 * index + (call.role === 'judge' ? 0 : 1) }),
    },
    readings,
    output: plan.judgeOutput,
    tags: plan.reasoning.judgeTags,
    replies: createReplyReader(example, plan.reasoning.tags, evidence),
  };
}

/** Asks every example again, so that the replies that raised the suspicion weigh no more than the others. */
async function confirmRun(
  measured: readonly MeasuredExample[],
  examples: readonly Example[],
  context: MeasureContext & { readonly schedule: Schedule } & Pick<Ports, 'onProgress'>,
): Promise<readonly MeasuredExample[]> {
  const plan = { ...context.plan, samples: context.plan.samples + context.schedule.confirm };
  const report = counter(examples.length, context.onProgress);
  const more = await Promise.all(
    examples.map((example, index) =>
      context.limiter.run(countOpenCalls(example, plan), async () =>
        report(
          await measureExample(
            example,
            plan,
            createPorts(context, index, example),
            measured[index],
          ),
        ),
      ),
    ),
  );
  return retryLost(more, examples, { ...context, plan, offset: 0 });
}

/** Tries once more what was lost or empty; what is lost again stays so. `offset` is the place of the first example. */
async function retryLost(
  measured: readonly MeasuredExample[],
  examples: readonly Example[],
  { offset, ...context }: MeasureContext & { readonly offset: number },
): Promise<readonly MeasuredExample[]> {
  return Promise.all(
    measured.map(async (one, index) => {
      const example = hasLosses(one) ? examples[index] : undefined;
      if (!example) return one;
      return measureExample(
        example,
        context.plan,
        createPorts(context, offset + index, example),
        one,
      );
    }),
  );
}

function counter(
  total: number,
  onProgress: Ports['onProgress'],
): (example: MeasuredExample) => MeasuredExample {
  let done = 0;
  return (example) => {
    done += 1;
    onProgress(done, total);
    return example;
  };
}
