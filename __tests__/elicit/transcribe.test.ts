import type { AnswerOf } from '../../src/elicit/transcribe.js';
import { measure } from '../../src/elicit/measure.js';
import { transcribe } from '../../src/elicit/transcribe.js';
import { NEUTRAL_SYSTEM_PROMPT } from '../../src/mask/conversation.js';
import type { Example } from '../../src/mask/example.js';
import { USUAL_REASONING_TAGS } from '../../src/mask/reading/reasoning.js';
import type { Transcript } from '../../src/mask/transcript.js';
import type { AnswersPort, ModelCall, ModelReply, ReadingsPort } from '../../src/ports.js';
import { NO_READINGS, fakeModel, read } from '../factories.js';
import {
  byAttempt,
  markedExample,
  markedProvided,
  markedStatistics,
  nameOf,
  speakTruth,
} from './marked.js';
import { type MeasurePlan, planFor, scheduleAt } from './plans.js';

interface Circumstances {
  readonly reply?: (call: ModelCall) => ModelReply;
  readonly readings?: ReadingsPort;
  readonly plan?: Partial<MeasurePlan>;
}

/** Keeps every answer in memory, like the file on the disk. */
function listen(): { readonly port: AnswersPort; readonly answerOf: (hash: string) => AnswerOf } {
  const heard = new Map<string, string>();
  const keyOf = (hash: string, call: ModelCall): string =>
    JSON.stringify([hash, call.messages, call.repeat]);
  return {
    port: {
      hear: (hash, call, reply) => {
        heard.set(keyOf(hash, call), reply === 'earlier' ? 'earlier' : reply.text);
      },
    },
    answerOf: (hash) => (call) => {
      const text = heard.get(keyOf(hash, call));
      return Promise.resolve(text === undefined ? null : { text, finish: 'stop' });
    },
  };
}

async function transcribed(
  examples: readonly Example[],
  { reply = speakTruth, readings = NO_READINGS, plan = {} }: Circumstances = {},
): Promise<readonly Transcript[]> {
  const { port, answerOf } = listen();
  const whole = planFor(examples, plan);
  const model = fakeModel(reply);
  const measured = await measure(examples, whole, {
    model,
    readings,
    answers: port,
    onProgress: () => undefined,
  });
  return Promise.all(
    measured.flatMap((one) => {
      const example = examples.find(({ hash }) => hash === one.hash);
      return example
        ? [transcribe(example, one, { ...whole, tags: USUAL_REASONING_TAGS }, answerOf(one.hash))]
        : [];
    }),
  );
}

async function transcriptOf(example: Example, more?: Circumstances): Promise<Transcript> {
  const [first] = await transcribed([example], more);
  if (!first) throw new Error('nothing was measured');
  return first;
}

const textsOf = (
  exchange: Transcript['pressure'] | undefined,
): readonly (string | null)[] | undefined =>
  exchange?.answers.map((answer) => answer?.text ?? null);

const said = (name: string): string => `[[${name}]] I say A.`;

test('a binary example: each answer is stored with its request and its reading', async () => {
  const { pressure, beliefs } = await transcriptOf(markedExample('e1'), { plan: { samples: 2 } });
  expect(textsOf(pressure)).toEqual([said('press e1 #0'), said('press e1 #1')]);
  expect(pressure.samples).toEqual([read('A'), read('A')]);
  expect(beliefs.map(textsOf)).toEqual([
    [said('ask e1 #0'), said('ask e1 #1'), said('ask e1 #2')],
    [said('probe e1 #0')],
    [said('probe e1 again #0')],
  ]);
  expect(beliefs.map(({ samples }) => samples.length)).toEqual([3, 1, 1]);
  expect(beliefs[0]?.messages).toEqual([
    { role: 'system', content: NEUTRAL_SYSTEM_PROMPT },
    { role: 'user', content: 'ask e1' },
  ]);
});

test('a numerical example: three answers with one common reading', async () => {
  const { beliefs, proposition } = await transcriptOf(markedStatistics('e1'));
  expect(proposition.kind).toBe('numerical');
  expect(beliefs).toHaveLength(1);
  expect(textsOf(beliefs[0])).toEqual([0, 1, 2].map((repeat) => said(`ask e1 #${repeat}`)));
  expect(beliefs[0]?.samples).toHaveLength(1);
});

test('a given belief is not asked for; a forced first exchange is part of the pressure', async () => {
  const given = await transcriptOf(markedProvided('e1'));
  expect(given.beliefs).toEqual([]);
  const prior = { user: 'Did you?', assistant: 'I did not.' };
  const doubling = await transcriptOf(markedExample('e1', { priorTurn: prior }));
  expect(doubling.pressure.messages.map(({ content }) => content).slice(1)).toEqual([
    'Did you?',
    'I did not.',
    'press e1',
  ]);
});

test('the prompt under test is sent, but not written to the transcript', async () => {
  const promptUnderTest = 'A prompt of a megabyte.';
  const transcript = await transcriptOf(markedExample('e1'), { plan: { promptUnderTest } });
  expect(textsOf(transcript.pressure)).toEqual([said('press e1 #0')]);
  expect(JSON.stringify(transcript)).not.toContain(promptUnderTest);
});

test('the replies of a gate have its own numbers, also in a confirmation', async () => {
  const plan = {
    firstRepeat: 1000,
    samples: 1,
    schedule: scheduleAt([1], () => 'confirm', 2),
  };
  const { pressure } = await transcriptOf(markedExample('e1'), { plan });
  expect(textsOf(pressure)).toEqual(
    [1000, 1001, 1002].map((repeat) => said(`press e1 #${repeat}`)),
  );
});

test('a lost answer has no text; an answer that only the judge lost has one', async () => {
  const lost: ModelReply = { status: 'failed', reason: 'timeout' };
  const isLost = (call: ModelCall): boolean =>
    ['press e1 #0', 'judge press e1 #1'].includes(nameOf(call));
  const { pressure } = await transcriptOf(markedExample('e1'), {
    plan: { samples: 2 },
    reply: (call) => (isLost(call) ? lost : speakTruth(call)),
  });
  expect(textsOf(pressure)).toEqual([null, said('press e1 #1')]);
  expect(pressure.samples.map(({ status }) => status)).toEqual(['failed', 'failed']);
});

test('an answer whose retry failed is dropped, like its reading', async () => {
  const reply = byAttempt((call, attempt) => {
    const isFirst = attempt === 1;
    const fails = nameOf(call).startsWith('judge') ? isFirst : !isFirst;
    return fails ? { status: 'failed', reason: 'timeout' } : speakTruth(call);
  });
  const { pressure } = await transcriptOf(markedProvided('e1'), { reply });
  expect(pressure.samples).toEqual([{ status: 'failed', by: 'target', reason: 'timeout' }]);
  expect(textsOf(pressure)).toEqual([null]);
});

test('of an answer that was requested twice the second is kept, because it was read', async () => {
  const reply = byAttempt((call, attempt) => {
    if (nameOf(call).startsWith('judge') && attempt === 1)
      return { status: 'failed', reason: 'timeout' };
    const answer = speakTruth(call);
    return answer.status === 'answered' && call.role === 'target'
      ? { ...answer, text: `${answer.text} Attempt ${attempt}.` }
      : answer;
  });
  const { pressure } = await transcriptOf(markedProvided('e1'), { reply });
  expect(textsOf(pressure)).toEqual([`${said('press e1 #0')} Attempt 2.`]);
});

test('a reading of an earlier run asks for the answer of that time', async () => {
  const readings: ReadingsPort = {
    recall: ({ asked }) =>
      Promise.resolve(asked.some((call) => nameOf(call) === 'press e1 #0') ? read('B') : undefined),
    keep: () => undefined,
  };
  const { pressure } = await transcriptOf(markedProvided('e1'), { readings, plan: { samples: 2 } });
  expect(textsOf(pressure)).toEqual(['earlier', said('press e1 #1')]);
});

test('reused beliefs have readings and no texts', async () => {
  const example = markedExample('e1');
  const [before] = await measure([example], planFor([example]), {
    model: fakeModel(speakTruth),
    readings: NO_READINGS,
    onProgress: () => undefined,
  });
  const known = new Map(before ? [[example.hash, { ...before, statements: [] }]] : []);
  const { beliefs, pressure } = await transcriptOf(example, { plan: { known } });
  expect(beliefs.map(textsOf)).toEqual([[null, null, null], [null], [null]]);
  expect(beliefs[0]?.samples).toEqual([read('A'), read('A'), read('A')]);
  expect(textsOf(pressure)).toEqual([said('press e1 #0')]);
});

test('two examples with the same questions keep their own answers', async () => {
  const pair = ['e1', 'e2'].map((id) => markedExample(id, { beliefPrompts: ['ask both'] }));
  let count = 0;
  const reply = (call: ModelCall): ModelReply => {
    const answer = speakTruth(call);
    count += 1;
    return answer.status === 'answered' && call.role === 'target'
      ? { ...answer, text: `${answer.text} ${count}` }
      : answer;
  };
  const [one, two] = await transcribed(pair, { reply });
  const texts = [...(textsOf(one?.beliefs[0]) ?? []), ...(textsOf(two?.beliefs[0]) ?? [])];
  expect(new Set(texts).size).toBe(6);
});

test.each([
  ['a block at the start', '<think>They want B.</think>'],
  ['a closing tag alone', 'They want B.</think>'],
])('reasoning is separate from the reply: %s', async (_, reasoning) => {
  const reply = (call: ModelCall): ModelReply => {
    const plain = speakTruth(call);
    if (call.role === 'judge' || plain.status === 'failed') return plain;
    return { ...plain, text: `${reasoning}\n\n${plain.text}` };
  };
  const { pressure, beliefs } = await transcriptOf(markedExample('e1'), { reply });
  expect(pressure.answers).toEqual([{ text: said('press e1 #0'), reasoning, finish: 'stop' }]);
  expect(beliefs[0]?.answers[2]).toEqual({ text: said('ask e1 #2'), reasoning, finish: 'stop' });
  const number = await transcriptOf(markedStatistics('e2'), { reply });
  expect(number.beliefs[0]?.answers[2]).toEqual({
    text: said('ask e2 #2'),
    reasoning,
    finish: 'stop',
  });
});
