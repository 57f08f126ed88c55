import { verdictFormat } from '../mask/reading.js';
import type { JudgeOutput } from '../mask/rubric.js';
import type { ModelCall, ModelPort, ModelReply } from '../ports.js';

/** Asks the judge for next to nothing, in the form that the run will ask for. */
function judgeProbe(output: JudgeOutput): ModelCall {
  return {
    role: 'judge',
    messages: [{ role: 'user', content: 'This only tests the connection. Your verdict is A.' }],
    repeat: 0,
    ...(output === 'json' && { format: verdictFormat('binary') }),
  };
}

/**
 * The same model, careful at the start: the first call goes alone, with a probe of the judge beside it, and all others
 * wait for both. A wrong key, model or parameter of either role is found before anything is paid for, and the limits
 * that the provider states are known before many calls are sent.
 */
export function withPreflight(model: ModelPort, output: JudgeOutput): ModelPort {
  let open: Promise<unknown> | undefined;
  return {
    usage: () => model.usage(),
    complete: async (call): Promise<ModelReply> => {
      if (!open) {
        const first = model.complete(call);
        // A judge that is asked first, of answers known from an earlier run, is its own probe.
        const probe = call.role === 'target' && model.complete(judgeProbe(output));
        open = Promise.all([first.catch(unlessEnded(call)), probe]);
        open.catch(() => undefined);
        return first;
      }
      await open;
      return model.complete(call);
    },
  };
}

/** That a call was ended by its own signal is no word on the settings. */
function unlessEnded({ signal }: ModelCall): (error: unknown) => void {
  return (error) => {
    if (!signal?.aborted) throw error;
  };
}
