import type { Ports } from '../ports.js';

/** The models and earlier readings as one example uses them; each answer goes to the answers port, if there is one. */
export function recordAnswers(
  { model, readings, answers }: Pick<Ports, 'model' | 'readings' | 'answers'>,
  example: string,
): Pick<Ports, 'model' | 'readings'> {
  if (!answers) return { model, readings };
  return {
    model: {
      ...model,
      complete: async (call) => {
        const reply = await model.complete(call);
        if (call.role === 'target' && reply.status === 'answered')
          answers.hear(example, call, reply);
        return reply;
      },
    },
    readings: {
      ...readings,
      recall: async (source) => {
        const sample = await readings.recall(source);
        if (sample) for (const call of source.asked) answers.hear(example, call, 'earlier');
        return sample;
      },
    },
  };
}
