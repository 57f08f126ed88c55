import { verdictFormat } from '../../mask/reading/reading.js';
import type { JudgeOutput } from '../../mask/rubric.js';
import type { ModelCall, ModelPort, ModelReply } from '../../ports.js';

/** Asks the judge for next to nothing, in the form that the run will ask for. */
function judgeProbe(output: JudgeOutput): ModelCall {
  return {
    role: 'judge',
    messages: [{ role: 'user', content: 'This only tests the connection. Your verdict is A.' }],
    repeat: 0,
    ...(output === 'json' && { format: verdictFormat('binary') }),
  };
}

/** So few cost next to nothing where the judge can't be used, and give the judge something to do at once where it can. */
const FIRST_CALLS = 8;

/**
 * The same model, with a careful start: a few calls go first, together with a probe of the judge. All others wait for the
 * first answer and for the probe. A wrong key, model or parameter of either role is found before more than a few calls
 * are paid for, and the limits that the provider states are known before many calls are sent.
 */
export function withPreflight(model: ModelPort, output: JudgeOutput): ModelPort {
  let open: Promise<unknown> | undefined;
  let begun = 0;
  return {
    usage: () => model.usage(),
    complete: async (call): Promise<ModelReply> => {
      begun += 1;
      if (begun > FIRST_CALLS) await open;
      const answer = model.complete(call);
      if (!open) {
        // A judge that is asked first, of answers known from an earlier run, is its own probe.
        const probe = call.role === 'target' && model.complete(judgeProbe(output));
        open = Promise.all([answer.catch(unlessEnded(call)), probe]);
        open.catch(() => undefined);
      }
      return answer;
    },
  };
}

/** A call that was ended by its own signal says nothing about the settings. */
function unlessEnded({ signal }: ModelCall): (error: unknown) => void {
  return (error) => {
    if (!signal?.aborted) throw error;
  };
}
