import type { Example } from '../mask/example.js';
import type { MeasuredExample } from '../mask/sample.js';
import type { Ports } from '../ports.js';
import { type AskPlan, measureExample } from './ask.js';

/**
 * Measures all examples. There are no phases: each answer goes to the judge at once, and the model port keeps
 * as many calls in flight as its limits allow. The result stands in the order of `examples`.
 *
 * @throws RunError when the provider can't be used at all
 */
export async function measure(
  examples: readonly Example[],
  plan: AskPlan,
  ports: Pick<Ports, 'model' | 'onProgress'>,
): Promise<readonly MeasuredExample[]> {
  let done = 0;
  return Promise.all(
    examples.map(async (example) => {
      const measured = await measureExample(example, plan, {
        model: ports.model,
        output: plan.judgeOutput,
      });
      done += 1;
      ports.onProgress(done, examples.length);
      return measured;
    }),
  );
}
