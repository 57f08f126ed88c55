import { measure } from '../../src/elicit/measure.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import type { ModelCall, ModelReply } from '../../src/ports.js';
import {
  NO_READINGS,
  EMPTY,
  answered,
  failed,
  fakeModel,
  marked,
  point,
  read,
  readRange,
} from '../factories.js';
import {
  byAttempt,
  idOf,
  markedExample,
  markedExamples,
  markedStatistics,
  nameOf,
  namesOf,
  speak,
  speakTruth,
} from './marked.js';
import { type MeasurePlan, planFor, scheduleAt } from './plans.js';

const silent = (): void => undefined;
const LOST: ModelReply = { status: 'failed', reason: 'server-error' };
const E1 = markedExample('e1');
const PRESS: ModelCall = {
  role: 'target',
  messages: [{ role: 'user', content: 'press e1' }],
  repeat: 0,
};

/** Tells the truth, except that this call gets these answers at its first attempts. */
function spoiling(name: string, replies: readonly ModelReply[]): (call: ModelCall) => ModelReply {
  return byAttempt((call, attempt) => {
    const spoilt = nameOf(call) === name ? replies[attempt - 1] : undefined;
    return spoilt ?? speakTruth(call);
  });
}

interface Tried {
  readonly measured: MeasuredExample;
  /** How often each repeated call was made. */
  readonly again: Readonly<Record<string, number>>;
}

async function measureOne(
  example: typeof E1,
  reply: (call: ModelCall) => ModelReply,
  overrides: Partial<MeasurePlan> = {},
): Promise<Tried> {
  const model = fakeModel(reply);
  const plan = planFor([example], overrides);
  const [measured] = await measure([example], plan, {
    model,
    readings: NO_READINGS,
    onProgress: silent,
  });
  if (!measured) throw new Error('one example in, one out');
  return { measured, again: repeated(model.calls) };
}

function repeated(calls: readonly ModelCall[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of namesOf(calls)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].filter(([, count]) => count > 1));
}

describe('a lost call is retried once', () => {
  const UNREADABLE = answered('Hm.');

  interface Row {
    readonly name: string;
    readonly call: string;
    readonly replies: readonly ModelReply[];
    readonly again: Readonly<Record<string, number>>;
    readonly part: 'statements' | 'direct' | 'consistency';
    readonly samples: readonly Sample[];
  }

  test.each<Row>([
    {
      name: 'a reply under pressure, not lost the second time',
      call: 'press e1 #0',
      replies: [LOST],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [read('A')],
    },
    {
      name: 'a reply under pressure, lost again',
      call: 'press e1 #0',
      replies: [LOST, LOST, answered('[[x]] I say B.')],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [failed('target', 'server-error')],
    },
    {
      name: 'a reply under pressure, lost again for another reason',
      call: 'press e1 #0',
      replies: [LOST, { status: 'failed', reason: 'content-filter' }],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [failed('target', 'content-filter')],
    },
    {
      name: 'a reply under pressure, empty the second time',
      call: 'press e1 #0',
      replies: [LOST, answered('')],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [EMPTY],
    },
    {
      name: 'one belief of five, and no other with it',
      call: 'ask e1 #1',
      replies: [LOST],
      again: { 'ask e1 #1': 2 },
      part: 'direct',
      samples: [read('A'), read('A'), read('A')],
    },
    {
      name: 'one belief of five, lost again',
      call: 'ask e1 #1',
      replies: [LOST, LOST],
      again: { 'ask e1 #1': 2 },
      part: 'direct',
      samples: [read('A'), failed('target', 'server-error'), read('A')],
    },
    {
      name: 'a consistency probe',
      call: 'probe e1 again #0',
      replies: [LOST],
      again: { 'probe e1 again #0': 2 },
      part: 'consistency',
      samples: [read('A'), read('A')],
    },
    {
      name: 'a verdict on a statement: the model is asked again as well, because no text is kept',
      call: 'judge press e1 #0',
      replies: [LOST],
      again: { 'press e1 #0': 2, 'judge press e1 #0': 2 },
      part: 'statements',
      samples: [read('A')],
    },
    {
      name: 'a verdict on a statement, lost again',
      call: 'judge press e1 #0',
      replies: [LOST, LOST],
      again: { 'press e1 #0': 2, 'judge press e1 #0': 2 },
      part: 'statements',
      samples: [failed('judge', 'server-error')],
    },
    {
      name: 'a verdict on a belief',
      call: 'judge probe e1 #0',
      replies: [LOST],
      again: { 'probe e1 #0': 2, 'judge probe e1 #0': 2 },
      part: 'consistency',
      samples: [read('A'), read('A')],
    },
    {
      name: 'an empty reply under pressure, then one with text: it keeps the mark of the first',
      call: 'press e1 #0',
      replies: [answered('')],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [marked(read('A'), { emptyAtFirst: true })],
    },
    {
      name: 'a reply under pressure that was lost in its reasoning',
      call: 'press e1 #0',
      replies: [answered('<think>They want B, so', true)],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [marked(read('A'), { emptyAtFirst: true })],
    },
    {
      name: 'an empty reply under pressure, lost the second time',
      call: 'press e1 #0',
      replies: [answered(''), LOST],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [marked(failed('target', 'server-error'), { emptyAtFirst: true })],
    },
    {
      name: 'an empty reply under pressure, empty again',
      call: 'press e1 #0',
      replies: [answered(''), answered('<think>\n\n</think>\n'), speakTruth(PRESS)],
      again: { 'press e1 #0': 2 },
      part: 'statements',
      samples: [marked(EMPTY, { reasoning: 'leading' })],
    },
    {
      name: 'an empty belief, which needs no mark',
      call: 'ask e1 #0',
      replies: [answered(' \n')],
      again: { 'ask e1 #0': 2 },
      part: 'direct',
      samples: [read('A'), read('A'), read('A')],
    },
    {
      name: 'an unreadable verdict, of the judge alone',
      call: 'judge press e1 #0',
      replies: [UNREADABLE],
      again: { 'judge press e1 #0': 2 },
      part: 'statements',
      samples: [read('A')],
    },
    {
      name: 'an unreadable verdict, unreadable again',
      call: 'judge press e1 #0',
      replies: [UNREADABLE, UNREADABLE, answered('Answer: A')],
      again: { 'judge press e1 #0': 2 },
      part: 'statements',
      samples: [read('unreadable')],
    },
    {
      name: 'an unreadable verdict, lost the second time: the first is kept',
      call: 'judge press e1 #0',
      replies: [UNREADABLE, LOST],
      again: { 'judge press e1 #0': 2 },
      part: 'statements',
      samples: [read('unreadable')],
    },
    {
      name: 'a verdict that was cut',
      call: 'judge ask e1 #2',
      replies: [answered('Answer: A', true)],
      again: { 'judge ask e1 #2': 2 },
      part: 'direct',
      samples: [read('A'), read('A'), read('A')],
    },
  ])('$name', async ({ call, replies, again, part, samples }) => {
    const tried = await measureOne(E1, spoiling(call, replies));
    expect(tried.again).toEqual(again);
    expect(tried.measured[part]).toEqual(samples);
  });

  test('the new reply counts, not the one whose verdict was lost', async () => {
    const changing = byAttempt((call, attempt) => {
      if (nameOf(call) === 'press e1 #0') return speak(() => (attempt === 1 ? 'A' : 'B'))(call);
      if (nameOf(call) === 'judge press e1 #0' && attempt === 1) return LOST;
      return speakTruth(call);
    });
    const { measured } = await measureOne(E1, changing);
    expect(measured.statements).toEqual([read('B')]);
  });

  test('a lost reply keeps its number', async () => {
    const { measured, again } = await measureOne(E1, spoiling('press e1 #8', [LOST]), {
      samples: 3,
      firstRepeat: 7,
    });
    expect(again).toEqual({ 'press e1 #8': 2 });
    expect(measured.statements).toHaveLength(3);
  });

  test.each([
    { name: 'one answer of three', call: 'ask e1 #1', judged: {} },
    {
      name: 'their one verdict',
      call: 'judge ask e1 #0, ask e1 #1, ask e1 #2',
      judged: { 'judge ask e1 #0, ask e1 #1, ask e1 #2': 2 },
    },
  ])('of a numerical belief, $name: all answers are asked for again', async ({ call, judged }) => {
    const { measured, again } = await measureOne(markedStatistics('e1'), spoiling(call, [LOST]));
    expect(again).toEqual({ 'ask e1 #0': 2, 'ask e1 #1': 2, 'ask e1 #2': 2, ...judged });
    expect(measured.direct).toEqual([readRange(point(41))]);
    expect(measured.statements).toEqual([readRange(point(41))]);
  });

  test('every call lost twice makes twice the calls, not more', async () => {
    const examples = markedExamples(6);
    const model = fakeModel(() => LOST);
    const schedule = scheduleAt([2, 4, 6], () => 'go-on');
    await measure(examples, planFor(examples, { schedule }), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    // Two of each kind: 6, 1 and 4 calls of the target.
    expect(model.calls).toHaveLength(2 * 2 * (6 + 1 + 4));
    expect(new Set(Object.values(repeated(model.calls)))).toEqual(new Set([2]));
  });
});

describe('the retry comes before the look that needs it', () => {
  const FOUR = markedExamples(4);

  /** What e1 and e4 are asked more than once, and the looks, in the order of events. */
  async function eventsOf(isLost: (call: ModelCall, attempt: number) => boolean, last = 2) {
    const events: string[] = [];
    const model = fakeModel(
      byAttempt((call, attempt) => {
        if (attempt > 1) events.push(`again ${nameOf(call)}`);
        return isLost(call, attempt) ? LOST : speakTruth(call);
      }),
    );
    const schedule = scheduleAt([2, 4], (_, look) => {
      events.push(`look ${look}`);
      return look === last ? 'stop' : 'go-on';
    });
    const plan = planFor(FOUR, { schedule });
    const measured = await measure(FOUR, plan, {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    return { events, measured };
  }

  const isPressed = (id: string, call: ModelCall): boolean => nameOf(call) === `press ${id} #0`;

  test.each([
    { id: 'e1', events: ['again press e1 #0', 'look 1', 'look 2'] },
    { id: 'e2', events: ['again press e2 #0', 'look 1', 'look 2'] },
    { id: 'e3', events: ['look 1', 'again press e3 #0', 'look 2'] },
    { id: 'e4', events: ['look 1', 'again press e4 #0', 'look 2'] },
  ])('of $id', async ({ id, events }) => {
    const once = await eventsOf((call, attempt) => isPressed(id, call) && attempt === 1);
    expect(once.events).toEqual(events);
    // A later look does not cause a third attempt.
    const always = await eventsOf((call) => isPressed(id, call));
    expect(always.events).toEqual(events);
    const lost = always.measured.filter(({ statements }) => statements[0]?.status === 'failed');
    expect(lost.map((one) => one.id)).toEqual([id]);
  });

  test('but not if the run has stopped before', async () => {
    const { events, measured } = await eventsOf((call) => idOf(call) === 'e4', 1);
    expect(events).toEqual(['look 1']);
    expect(measured.map(({ id }) => id)).toEqual(['e1', 'e2']);
  });
});
