import type { Known, Schedule, measure } from '../../src/elicit/measure.js';
import type { Example } from '../../src/mask/example.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import { USUAL_REASONING } from '../factories.js';

export type MeasurePlan = Parameters<typeof measure>[1];

/** One reply per example and one look at all examples, which ends the run, unless a test says otherwise. */
export function planFor(
  examples: readonly Example[],
  overrides: Partial<MeasurePlan> = {},
): MeasurePlan {
  return {
    samples: 1,
    firstRepeat: 0,
    promptUnderTest: undefined,
    judgeOutput: 'text',
    readTags: false,
    reasoning: USUAL_REASONING,
    known: new Map(),
    schedule: scheduleAt([examples.length], () => 'stop'),
    ...overrides,
  };
}

/** A schedule with these looks, and `confirm` further replies if the run asks for them. */
export function scheduleAt(
  looks: readonly number[],
  next: Schedule['next'],
  confirm = 2,
): Schedule {
  return { looks, next, confirm: confirm };
}

/** The known readings of these examples, by their content hash. */
export function knownOf(measured: readonly MeasuredExample[]): Known {
  return new Map(measured.map((example) => [example.hash, example]));
}
