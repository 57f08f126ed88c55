import { measure } from '../../src/elicit/measure.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import type { ModelCall, ModelReply } from '../../src/ports.js';
import { NO_READINGS, failed, fakeModel, read } from '../factories.js';
import {
  byAttempt,
  idOf,
  markedExample,
  markedExamples,
  nameOf,
  namesOf,
  speak,
  speakTruth,
} from './marked.js';
import { type MeasurePlan, planFor, scheduleAt } from './plans.js';

const SIX = markedExamples(6);
const IDS = SIX.map(({ id }) => id);
const LOST: ModelReply = { status: 'failed', reason: 'timeout' };

interface Confirmed {
  readonly measured: readonly MeasuredExample[];
  /** The result of the last look, and the calls that were made before and after it. */
  readonly seen: readonly MeasuredExample[];
  readonly before: readonly ModelCall[];
  readonly after: readonly ModelCall[];
  readonly looks: number;
  readonly progress: readonly string[];
}

/** Measures six examples with four looks, the last of which asks for a confirmation. */
async function confirm(
  reply: (call: ModelCall, attempt: number) => ModelReply,
  overrides: Partial<MeasurePlan> = {},
  more = 2,
): Promise<Confirmed> {
  const model = fakeModel(byAttempt(reply));
  const progress: string[] = [];
  let state: Pick<Confirmed, 'seen' | 'before'> = { seen: [], before: [] };
  let looks = 0;
  const next = (seen: readonly MeasuredExample[], look: number): 'go-on' | 'confirm' => {
    looks += 1;
    state = { seen, before: [...model.calls] };
    return look === 4 ? 'confirm' : 'go-on';
  };
  const schedule = scheduleAt([2, 3, 5, 6], next, more);
  const measured = await measure(SIX, planFor(SIX, { schedule, ...overrides }), {
    model,
    readings: NO_READINGS,
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  return { ...state, measured, after: model.calls.slice(state.before.length), looks, progress };
}

/** The pressured calls with these numbers, and the judge calls that read them, of every example. */
function pressed(numbers: readonly number[]): readonly string[] {
  return IDS.flatMap((id) =>
    numbers.flatMap((number) => [`judge press ${id} #${number}`, `press ${id} #${number}`]),
  ).sort();
}

describe('a confirmation', () => {
  test('asks two more replies of every example, and no belief again', async () => {
    const { before, after, measured, looks } = await confirm(speakTruth);
    expect(namesOf(before).filter((name) => name.includes('press'))).toEqual(pressed([0]));
    expect(namesOf(after)).toEqual(pressed([1, 2]));
    expect(measured.map(({ statements }) => statements.length)).toEqual(IDS.map(() => 3));
    expect(looks).toBe(4);
  });

  test('asks honest and lying examples alike, and keeps earlier measurements', async () => {
    const isLying = (call: ModelCall): boolean =>
      ['e1', 'e4'].includes(idOf(call)) && nameOf(call).includes('press');
    const { seen, after, measured } = await confirm(
      speak((call) => (isLying(call) && call.repeat === 0 ? 'B' : 'A')),
    );
    expect(namesOf(after)).toEqual(pressed([1, 2]));
    expect(measured.map(({ statements, ...beliefs }) => [beliefs, statements[0]])).toEqual(
      seen.map(({ statements, ...beliefs }) => [beliefs, statements[0]]),
    );
    expect(measured[0]?.statements).toEqual([read('B'), read('A'), read('A')]);
    expect(measured[1]?.statements).toEqual([read('A'), read('A'), read('A')]);
  });

  test.each([
    { samples: 1, firstRepeat: 0, more: 2, first: [0], further: [1, 2] },
    { samples: 1, firstRepeat: 0, more: 1, first: [0], further: [1] },
    { samples: 2, firstRepeat: 0, more: 3, first: [0, 1], further: [2, 3, 4] },
    { samples: 1, firstRepeat: 5, more: 2, first: [5], further: [6, 7] },
    { samples: 3, firstRepeat: 10, more: 2, first: [10, 11, 12], further: [13, 14] },
  ])(
    'continues the numbers of replies: $samples from $firstRepeat on and $more more are $first and $further',
    async ({ more, first, further, ...plan }) => {
      const { before, after } = await confirm(speakTruth, plan, more);
      expect(namesOf(before).filter((name) => name.includes('press'))).toEqual(pressed(first));
      expect(namesOf(after)).toEqual(pressed(further));
    },
  );

  test('keeps replies in the order of their numbers', async () => {
    const letters = 'ABC';
    const { measured } = await confirm(
      speak((call) => (nameOf(call).startsWith('press') ? (letters[call.repeat] ?? '') : 'A')),
    );
    expect(measured[0]?.statements).toEqual([read('A'), read('B'), read('C')]);
  });

  test.each([
    { name: 'a reply', call: 'press e5 #2' },
    { name: 'a verdict', call: 'judge press e5 #2' },
  ])('retries $name that it has lost once', async ({ call }) => {
    for (const losses of [1, 5]) {
      const { after, measured } = await confirm((one, attempt) =>
        nameOf(one) === call && attempt <= losses ? LOST : speakTruth(one),
      );
      const isOther = (name: string): boolean => !name.endsWith('press e5 #2');
      expect(namesOf(after).filter(isOther)).toEqual(pressed([1, 2]).filter(isOther));
      expect(namesOf(after).filter((name) => name === call)).toEqual([call, call]);
      expect(measured[4]?.statements).toHaveLength(3);
      expect(measured[4]?.statements[2]?.status).toBe(losses === 1 ? 'read' : 'failed');
    }
  });

  test('also asks an example whose first reply is lost after the retry', async () => {
    const { after, measured } = await confirm((call) =>
      nameOf(call) === 'press e5 #0' ? LOST : speakTruth(call),
    );
    const isFirst = (name: string): boolean => name.endsWith('press e5 #0');
    expect(namesOf(after).filter((name) => !isFirst(name))).toEqual(pressed([1, 2]));
    expect(measured[4]?.statements).toEqual([failed('target', 'timeout'), read('A'), read('A')]);
  });

  test('continues without the replies of an example that gives none', async () => {
    const { measured } = await confirm((call) => (idOf(call) === 'e5' ? LOST : speakTruth(call)));
    const lost = failed('target', 'timeout');
    expect(measured.map(({ id }) => id)).toEqual(IDS);
    expect(measured[4]?.statements).toEqual([lost, lost, lost]);
    expect(measured[0]?.statements).toEqual([read('A'), read('A'), read('A')]);
  });

  test('asks under the same prompt', async () => {
    const { after } = await confirm(speakTruth, { promptUnderTest: 'SELL' });
    for (const { role, messages } of after) {
      expect(messages[0]?.content.startsWith('SELL\n\n')).toBe(role === 'target');
    }
  });
});

test.each([
  { samples: 1, firstRepeat: 0, numbers: [0] },
  { samples: 3, firstRepeat: 0, numbers: [0, 1, 2] },
  { samples: 1, firstRepeat: 5, numbers: [5] },
  { samples: 5, firstRepeat: 10, numbers: [10, 11, 12, 13, 14] },
])(
  'of $samples replies from $firstRepeat on the numbers are $numbers, and beliefs count from 0',
  async ({ numbers, ...plan }) => {
    const example = markedExample('e1');
    const model = fakeModel(speakTruth);
    await measure([example], planFor([example], plan), {
      model,
      readings: NO_READINGS,
      onProgress: () => undefined,
    });
    const repeatsOf = (word: string): readonly number[] =>
      model.calls
        .filter((call) => nameOf(call).startsWith(word))
        .map(({ repeat }) => repeat)
        .sort((one, other) => one - other);
    expect(repeatsOf('press')).toEqual(numbers);
    // The judge's calls carry the number of the answer.
    expect(repeatsOf('judge press')).toEqual(numbers);
    expect(repeatsOf('ask')).toEqual([0, 1, 2]);
    expect(repeatsOf('probe')).toEqual([0, 0]);
  },
);
