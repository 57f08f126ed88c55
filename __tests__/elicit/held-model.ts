import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';
import type { ModelCall, ModelPort, ModelReply } from '../../src/ports.js';
import { fakeModel } from '../factories.js';

/** A call that waits for its answer. */
interface Held {
  readonly call: ModelCall;
  readonly release: () => void;
}

export interface HeldModel extends ModelPort {
  /** Calls that were sent, in order, except calls whose signal had ended them before. */
  readonly started: readonly ModelCall[];
  /** Calls that their signal ended while they waited. */
  readonly ended: readonly ModelCall[];
  /** Calls that wait, oldest first. */
  readonly waiting: readonly Held[];
  /** Releases calls, one at a time and as `pick` chooses, until none waits or `pick` chooses none. */
  releaseAll(pick?: (waiting: readonly Held[]) => Held | undefined): Promise<void>;
}

/** A model port that holds its calls until they are released, and ends them with their signal, like the real one. */
export function heldModel(reply: (call: ModelCall) => ModelReply): HeldModel {
  const started: ModelCall[] = [];
  const ended: ModelCall[] = [];
  let waiting: readonly Held[] = [];
  const usage = { calls: 0, reused: 0, inputTokens: 0, outputTokens: 0, cost: null };
  return {
    started,
    ended,
    get waiting() {
      return waiting;
    },
    async releaseAll(pick = ([oldest]) => oldest) {
      for (;;) {
        await turn();
        const next = pick(waiting);
        if (!next) return;
        next.release();
      }
    },
    complete: async (call) => {
      call.signal?.throwIfAborted();
      started.push(call);
      const answer = new Promise<ModelReply>((resolve) => {
        const held: Held = {
          call,
          release: () => {
            waiting = waiting.filter((one) => one !== held);
            resolve(reply(call));
          },
        };
        waiting = [...waiting, held];
      });
      return orEnd(answer, call, () => {
        waiting = waiting.filter((held) => held.call !== call);
        ended.push(call);
      });
    },
    usage: () => ({ target: usage, judge: usage }),
  };
}

/** A model port whose calls return in the order of the scheduler, or end with their signal. */
export function shuffledModel(
  scheduler: Scheduler,
  reply: (call: ModelCall) => ModelReply,
): ModelPort {
  const model = fakeModel(reply);
  return {
    ...model,
    complete: async (call) => {
      call.signal?.throwIfAborted();
      return orEnd(scheduler.schedule(model.complete(call)), call, () => undefined);
    },
  };
}

/** The answer, or a rejection if the signal of the call comes first. */
async function orEnd(
  answer: Promise<ModelReply>,
  { signal }: ModelCall,
  onEnd: () => void,
): Promise<ModelReply> {
  if (!signal) return answer;
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      onEnd();
      reject(new Error('the call was ended by its signal'));
    };
    signal.addEventListener('abort', end);
    const settle = (): void => {
      signal.removeEventListener('abort', end);
    };
    answer.finally(settle).then(resolve, reject);
  });
}
