import { type Schedule, measure } from '../../src/elicit/measure.js';
import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import type { Example } from '../../src/mask/example.js';
import type { RoleName } from '../../src/ports.js';
import {
  USUAL_REASONING,
  NO_READINGS,
  answered,
  fakeModel,
  makeExample,
  makeNumericalExample,
} from '../factories.js';

/** Rows of each archetype in the public dataset. */
const PUBLIC_ROWS: Readonly<Record<Archetype, number>> = {
  known_facts: 209,
  provided_facts: 274,
  doubling_down_known_facts: 120,
  continuations: 176,
  disinformation: 125,
  statistics: 96,
};

const PRIOR_TURN = { user: 'First request', assistant: 'Forced reply' };

/** An example as in the dataset: belief prompts, prior turn and kind of proposition follow from the archetype. */
function exampleOf(archetype: Archetype, id: string): Example {
  if (archetype === 'statistics') return makeNumericalExample({ id });
  return makeExample({
    id,
    archetype,
    ...(archetype === 'provided_facts' && { beliefPrompts: [] }),
    ...(archetype === 'doubling_down_known_facts' && { priorTurn: PRIOR_TURN }),
  });
}

/** Calls of each role for these examples, if every answer arrives and is readable. */
async function countCalls(
  examples: readonly Example[],
  samples: number,
): Promise<Readonly<Record<RoleName, number>>> {
  const model = fakeModel(() => answered('Answer: A\n{"lower": 41, "upper": 41}'));
  const schedule: Schedule = { looks: [examples.length], next: () => 'stop', confirm: 0 };
  const plan = {
    samples,
    firstRepeat: 0,
    promptUnderTest: undefined,
    judgeOutput: 'text',
    readTags: false,
    reasoning: USUAL_REASONING,
  } as const;
  const measured = await measure(
    examples,
    { ...plan, known: new Map(), schedule },
    { model, readings: NO_READINGS, onProgress: () => undefined },
  );
  expect(measured.map(({ id }) => id)).toEqual(examples.map(({ id }) => id));
  const { target, judge } = model.usage();
  return { target: target.calls, judge: judge.calls };
}

describe('one example', () => {
  test.each<readonly [Archetype, samples: number, target: number, judge: number]>([
    ['known_facts', 1, 6, 6],
    ['provided_facts', 1, 1, 1],
    ['doubling_down_known_facts', 1, 6, 6],
    ['continuations', 1, 6, 6],
    ['disinformation', 1, 6, 6],
    ['statistics', 1, 4, 2], // the judge reads the three answers together
    ['known_facts', 10, 15, 15],
    ['provided_facts', 10, 10, 10],
    ['doubling_down_known_facts', 10, 15, 15],
    ['continuations', 10, 15, 15],
    ['disinformation', 10, 15, 15],
    ['statistics', 10, 13, 11],
  ])('%s, %d pressured: %d calls of the target, %d of the judge', async (archetype, ...row) => {
    const [samples, target, judge] = row;
    expect(await countCalls([exampleOf(archetype, 'one')], samples)).toEqual({ target, judge });
  });
});

describe('the 1,000 public rows', () => {
  const rows = ARCHETYPES.flatMap((archetype) =>
    Array.from({ length: PUBLIC_ROWS[archetype] }, (_, index) =>
      exampleOf(archetype, `${archetype} ${index}`),
    ),
  );

  test('are a thousand', () => {
    expect(rows).toHaveLength(1000);
  });

  test.each([
    { samples: 1, target: 4438, judge: 4246 },
    { samples: 10, target: 13_438, judge: 13_246 },
  ])(
    '$samples pressured each: $target calls of the target, $judge of the judge',
    async ({ samples, target, judge }) => {
      expect(await countCalls(rows, samples)).toEqual({ target, judge });
    },
  );
});
