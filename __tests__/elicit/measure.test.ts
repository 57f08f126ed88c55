import { measure } from '../../src/elicit/measure.js';
import { RunError } from '../../src/base/errors.js';
import { computeHash } from '../../src/base/hash.js';
import { buildPressuredConversation } from '../../src/mask/conversation.js';
import type { Example } from '../../src/mask/example.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import type { ModelCall, ModelReply, RoleName } from '../../src/ports.js';
import {
  NO_READINGS,
  EMPTY,
  answered,
  failed,
  fakeModel,
  makeExample,
  makeNumericalExample,
  point,
  read,
  readAll,
  readRange,
} from '../factories.js';
import { type MeasurePlan, planFor } from './plans.js';

const BINARY = makeExample({ id: 'binary' });
const DOUBLING_DOWN = makeExample({
  id: 'doubling down',
  archetype: 'doubling_down_known_facts',
  priorTurn: { user: 'First request', assistant: 'Forced reply' },
});
const PROVIDED = makeExample({
  id: 'provided',
  archetype: 'provided_facts',
  beliefPrompts: [],
});
const STATISTICS = makeNumericalExample({ id: 'statistics' });

const silent = (): void => undefined;

function lastOf(call: ModelCall): string {
  return call.messages.at(-1)?.content ?? '';
}

/** Measures with one look at the end, and returns the calls. */
async function callsFor(
  examples: readonly Example[],
  reply: (call: ModelCall) => ModelReply,
  overrides: Partial<MeasurePlan> = {},
): Promise<readonly ModelCall[]> {
  const model = fakeModel(reply);
  await measure(examples, planFor(examples, overrides), {
    model,
    readings: NO_READINGS,
    onProgress: silent,
  });
  return model.calls;
}

/** The target's replies; the judge reads the letter or number that the reply claims ("I say B", "I say 41"). */
function replyWith(
  target: (call: ModelCall) => ModelReply | string,
): (call: ModelCall) => ModelReply {
  return (call) => {
    if (call.role === 'judge') return answered(verdictOn(lastOf(call)));
    const reply = target(call);
    return typeof reply === 'string' ? answered(reply) : reply;
  };
}

function verdictOn(prompt: string): string {
  const claim = /I say (\S+)/.exec(prompt)?.[1] ?? '';
  if (claim === 'A' && prompt.includes('[value]')) return '{"lower": 41, "upper": 41}';
  return /^\d+$/.test(claim) ? `{"lower": ${claim}, "upper": ${claim}}` : `Answer: ${claim}`;
}

async function measureOne(
  example: Example,
  reply: (call: ModelCall) => ModelReply | Promise<ModelReply>,
  samples = 1,
): Promise<MeasuredExample> {
  const [measured] = await measure([example], planFor([example], { samples }), {
    model: fakeModel(reply),
    readings: NO_READINGS,
    onProgress: silent,
  });
  if (!measured) throw new Error('one example in, one out');
  return measured;
}

function countCalls(calls: readonly ModelCall[], role: RoleName): number {
  return calls.filter((call) => call.role === role).length;
}

describe('calls', () => {
  const replies = replyWith(() => 'I say A');

  test.each([
    { name: 'binary with beliefs', example: BINARY, samples: 1, target: 6, judge: 6 },
    { name: 'doubling down', example: DOUBLING_DOWN, samples: 1, target: 6, judge: 6 },
    { name: 'provided facts', example: PROVIDED, samples: 1, target: 1, judge: 1 },
    { name: 'statistics', example: STATISTICS, samples: 1, target: 4, judge: 2 },
    { name: 'binary, 5 samples', example: BINARY, samples: 5, target: 10, judge: 10 },
    { name: 'provided facts, 5 samples', example: PROVIDED, samples: 5, target: 5, judge: 5 },
    { name: 'statistics, 5 samples', example: STATISTICS, samples: 5, target: 8, judge: 6 },
  ])('$name: $target calls of the target, $judge of the judge', async (row) => {
    const calls = await callsFor([row.example], replies, { samples: row.samples });
    expect(countCalls(calls, 'target')).toBe(row.target);
    expect(countCalls(calls, 'judge')).toBe(row.judge);
  });

  test('the public MASK rows take 4,438 calls of the target and 4,246 of the judge', async () => {
    const rows = [
      ...Array.from({ length: 630 }, (_, row) => ({ ...BINARY, id: `binary ${row}` })),
      ...Array.from({ length: 274 }, (_, row) => ({ ...PROVIDED, id: `provided ${row}` })),
      ...Array.from({ length: 96 }, (_, row) => ({ ...STATISTICS, id: `statistics ${row}` })),
    ];
    const calls = await callsFor(rows, replies);
    expect(countCalls(calls, 'target')).toBe(4438);
    expect(countCalls(calls, 'judge')).toBe(4246);
  });

  test('equal requests have different repeats', async () => {
    const calls = await callsFor([BINARY], replies, { samples: 3 });
    for (const role of ['target', 'judge'] as const) {
      const requests = calls
        .filter((call) => call.role === role)
        .map(({ messages, repeat }) => JSON.stringify([messages, repeat]));
      expect(new Set(requests).size).toBe(requests.length);
    }
  });

  test.each([
    { judgeOutput: 'json', asked: true },
    { judgeOutput: 'text', asked: false },
  ] as const)(
    '$judgeOutput: the judge is asked for a schema $asked, the target never',
    async (row) => {
      const { judgeOutput } = row;
      for (const { role, format } of await callsFor([BINARY, STATISTICS], replies, {
        judgeOutput,
      })) {
        expect(format !== undefined).toBe(role === 'judge' && row.asked);
      }
    },
  );

  test('the judge gets no call for a lost answer', async () => {
    const calls = await callsFor([BINARY, STATISTICS, PROVIDED], () => ({
      status: 'failed',
      reason: 'timeout',
    }));
    expect(calls.length).toBeGreaterThan(0);
    expect(countCalls(calls, 'judge')).toBe(0);
  });
});

describe('the prompt under test', () => {
  const PROMPT = 'PROMPT UNDER TEST';

  test.each([BINARY, DOUBLING_DOWN, PROVIDED, STATISTICS])(
    'is in the pressured conversation of $archetype, and nowhere else',
    async (example) => {
      const calls = await callsFor(
        [example],
        replyWith(() => 'I say A'),
        { samples: 2, promptUnderTest: PROMPT },
      );
      const holding = calls.filter((call) => JSON.stringify(call).includes(PROMPT));
      expect(holding).toHaveLength(2);
      for (const { role, messages } of holding) {
        expect(role).toBe('target');
        expect(messages).toEqual(buildPressuredConversation(example, PROMPT));
      }
    },
  );
});

describe('samples', () => {
  test('are stored with their kind: direct, consistency, statements', async () => {
    const claims: Readonly<Record<string, string>> = {
      'Does the moon cause tides?': 'A',
      'What causes tides?': 'B',
      'Surely not the moon?': 'C',
      'Tell the visitors about the tides.': 'D',
    };
    const measured = await measureOne(
      BINARY,
      replyWith((call) => `I say ${claims[lastOf(call)] ?? 'nothing'}`),
      2,
    );
    expect(measured).toEqual({
      id: BINARY.id,
      archetype: BINARY.archetype,
      hash: BINARY.hash,
      groundTruth: BINARY.groundTruth,
      proposition: computeHash(BINARY.proposition),
      direct: readAll('AAA'),
      consistency: readAll('BC'),
      statements: readAll('DD'),
    });
  });

  const FAILED_CALL: ModelReply = { status: 'failed', reason: 'content-filter' };

  test.each<{ name: string; reply: ModelReply; sample: Sample }>([
    { name: 'a reply', reply: answered('I say A'), sample: read('A') },
    {
      name: 'a reply that was cut',
      reply: answered('I say B', true),
      sample: {
        status: 'read',
        reading: { kind: 'binary', reference: 'B', corrected: 'B' },
        truncated: true,
      },
    },
    { name: 'a failed call', reply: FAILED_CALL, sample: failed('target', 'content-filter') },
    { name: 'an empty reply', reply: answered(''), sample: EMPTY },
    { name: 'blanks', reply: answered(' \n\t'), sample: EMPTY },
    { name: 'an empty reply that was cut', reply: answered('', true), sample: EMPTY },
    {
      name: 'a reply that the judge cannot assign',
      reply: answered('Hm.'),
      sample: read('unreadable'),
    },
  ])('$name, as statement and as belief', async ({ reply, sample }) => {
    const measured = await measureOne(
      BINARY,
      replyWith(() => reply),
    );
    expect(measured.statements).toEqual([sample]);
    expect(measured.direct).toEqual([sample, sample, sample]);
    expect(measured.consistency).toEqual([sample, sample]);
  });

  test('a judge that fails is named as the cause', async () => {
    const measured = await measureOne(BINARY, (call) =>
      call.role === 'judge' ? { status: 'failed', reason: 'rate-limited' } : answered('I say A'),
    );
    expect(measured.statements).toEqual([failed('judge', 'rate-limited')]);
    expect(measured.direct).toHaveLength(3);
  });

  test('an empty reply of the judge is unreadable', async () => {
    const measured = await measureOne(BINARY, (call) =>
      answered(call.role === 'judge' ? '' : 'I say A'),
    );
    expect(measured.statements).toEqual([read('unreadable')]);
  });

  test('a cut reply of the judge has no verdict, even if it quotes one', async () => {
    const measured = await measureOne(BINARY, (call) =>
      call.role === 'judge' ? answered('It ends with\nAnswer: B\nwhich', true) : answered('x'),
    );
    expect(measured.statements).toEqual([read('unreadable', 'B')]);
  });

  test.each([
    { name: 'structured', text: '{"reasoning": "So it is.", "answer": "A"}' },
    { name: 'plain', text: 'So it is.\nAnswer: A' },
  ])('not even with a $name verdict at its end', async ({ text }) => {
    const measured = await measureOne(BINARY, (call) =>
      call.role === 'judge' ? answered(text, true) : answered('x'),
    );
    const unread = read('unreadable', 'A');
    expect(measured.statements).toEqual([unread]);
    expect(measured.direct).toEqual([unread, unread, unread]);
    expect(measured.consistency).toEqual([unread, unread]);
  });

  test('nor with a number', async () => {
    const measured = await measureOne(STATISTICS, (call) =>
      call.role === 'judge' ? answered('{"lower": 41, "upper": 41}', true) : answered('x'),
    );
    const reading = { kind: 'numerical', reference: point(41), corrected: 'unreadable' };
    expect(measured.statements).toEqual([{ status: 'read', reading }]);
  });

  test('one lost reply does not affect the others', async () => {
    const measured = await measureOne(
      BINARY,
      replyWith((call) =>
        lastOf(call) === 'Does the moon cause tides?' && call.repeat === 1
          ? FAILED_CALL
          : 'I say A',
      ),
    );
    expect(measured.direct).toEqual([read('A'), failed('target', 'content-filter'), read('A')]);
    expect(measured.statements).toEqual([read('A')]);
  });

  test('provided facts have statements only', async () => {
    const measured = await measureOne(
      PROVIDED,
      replyWith(() => 'I say B'),
    );
    expect(measured).toMatchObject({ direct: [], consistency: [], statements: readAll('B') });
  });
});

describe('numerical beliefs', () => {
  const isBelief = (call: ModelCall): boolean => lastOf(call) === STATISTICS.beliefPrompts[0];
  const FAILED_CALL: ModelReply = { status: 'failed', reason: 'network' };

  test('all answers go to the judge together, and it gives one reading', async () => {
    const model = fakeModel(replyWith((call) => `I say 4${call.repeat}`));
    const [measured] = await measure([STATISTICS], planFor([STATISTICS]), {
      model,
      readings: NO_READINGS,
      onProgress: silent,
    });
    const collections = model.calls.filter(
      (call) => call.role === 'judge' && /I say 40[^]*I say 41[^]*I say 42/.test(lastOf(call)),
    );
    expect(collections).toHaveLength(1);
    expect(measured).toMatchObject({
      direct: [readRange(point(40))],
      consistency: [],
      statements: [readRange(point(40))],
    });
  });

  test.each<{ name: string; replies: readonly ModelReply[]; direct: Sample }>([
    {
      name: 'one failed: its answer is unknown, so the reading is lost',
      replies: [answered('I say 41'), FAILED_CALL, answered('I say 41')],
      direct: failed('target', 'network'),
    },
    {
      name: 'one failed and the others were empty: lost as well',
      replies: [answered(''), answered(' '), FAILED_CALL],
      direct: failed('target', 'network'),
    },
    {
      name: 'one was empty: the others are read',
      replies: [answered('I say 41'), answered(' '), answered('I say 41')],
      direct: readRange(point(41)),
    },
    {
      name: 'all failed',
      replies: [FAILED_CALL, FAILED_CALL, FAILED_CALL],
      direct: failed('target', 'network'),
    },
    { name: 'all were empty', replies: [answered(''), answered(''), answered('')], direct: EMPTY },
  ])('$name', async ({ replies, direct }) => {
    const measured = await measureOne(
      STATISTICS,
      replyWith((call) => (isBelief(call) ? (replies[call.repeat] ?? '') : 'I say 50')),
    );
    expect(measured.direct).toEqual([direct]);
    expect(measured.statements).toEqual([readRange(point(50))]);
  });
});

describe('order', () => {
  /** Makes some calls wait until others are finished, without a clock. */
  function makeGate(): { opened: Promise<void>; open: () => void } {
    let open = silent;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { opened, open };
  }

  test('results are in the order of the examples, with the replies in any order', async () => {
    const examples = ['first', 'second', 'third'].map((id) =>
      makeExample({ id, userPrompt: `Request of ${id}` }),
    );
    const gate = makeGate();
    const progress: string[] = [];
    const model = fakeModel(async (call) => {
      if (call.role === 'target' && lastOf(call) === 'Request of first') await gate.opened;
      return replyWith(() => 'I say A')(call);
    });
    const measured = await measure(examples, planFor(examples), {
      model,
      readings: NO_READINGS,
      onProgress: (done, total) => {
        progress.push(`${done}/${total}`);
        if (done === 2) gate.open();
      },
    });
    expect(measured.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
    expect(progress).toEqual(['1/3', '2/3', '3/3']);
  });

  test('samples are in the order of their repeats, with the replies in any order', async () => {
    const gate = makeGate();
    const letters = ['A', 'B', 'C'];
    const measured = await measureOne(
      BINARY,
      async (call) => {
        if (call.role === 'target' && call.repeat === 0) await gate.opened;
        if (call.role === 'target' && call.repeat === 2) gate.open();
        return replyWith(({ repeat }) => `I say ${letters[repeat] ?? ''}`)(call);
      },
      3,
    );
    expect(measured.direct).toEqual(readAll('ABC'));
    expect(measured.statements).toEqual(readAll('ABC'));
  });

  test('an answer is judged before other answers arrive', async () => {
    const gate = makeGate();
    const measured = await measureOne(BINARY, async (call) => {
      if (call.role === 'judge') gate.open();
      else if (call.repeat > 0) await gate.opened;
      return replyWith(() => 'I say A')(call);
    });
    expect(measured.direct).toEqual(readAll('AAA'));
  });
});

test('a provider that cannot be used ends the run', async () => {
  const model = fakeModel(() => {
    throw new RunError('the key was refused');
  });
  const measured = measure([BINARY], planFor([BINARY]), {
    model,
    readings: NO_READINGS,
    onProgress: silent,
  });
  await expect(measured).rejects.toThrow(RunError);
});

test('no examples make no calls', async () => {
  const model = fakeModel(() => answered('I say A'));
  const measured = measure([], planFor([]), { model, readings: NO_READINGS, onProgress: silent });
  await expect(measured).resolves.toEqual([]);
  expect(model.calls).toEqual([]);
});
