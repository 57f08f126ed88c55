import { NO_READINGS } from '../factories.js';
import { setImmediate as turn } from 'node:timers/promises';
import { measure } from '../../src/elicit/measure.js';
import { heldModel } from './held-model.js';
import { markedExamples, speakTruth } from './marked.js';
import { planFor } from './plans.js';

test('a large dataset opens only as many calls as can be in flight, and all of them in the end', async () => {
  const examples = markedExamples(300);
  const model = heldModel(speakTruth);
  const plan = planFor(examples, { samples: 10 });
  const run = measure(examples, plan, {
    model,
    readings: NO_READINGS,
    onProgress: () => undefined,
  });
  await turn();
  const open = model.waiting.length;
  expect(open).toBeLessThanOrEqual(2000);
  expect(open).toBeGreaterThan(1900);
  let most = 0;
  await model.releaseAll((waiting) => {
    most = Math.max(most, waiting.length);
    return waiting[0];
  });
  expect(most).toBeLessThanOrEqual(2000);
  expect(await run).toHaveLength(300);
}, 60_000);
