import { createPrefilledEvidence } from '../../src/elicit/prefilled.js';
import { type SeenReply, createReplyReader } from '../../src/elicit/replies.js';
import { measure } from '../../src/elicit/measure.js';
import { USUAL_REASONING_TAGS } from '../../src/mask/reading/reasoning.js';
import type { MeasuredExample } from '../../src/mask/sample.js';
import type { ModelCall, ModelReply } from '../../src/ports.js';
import { NO_READINGS, USUAL_REASONING, answered, failed, fakeModel, read } from '../factories.js';
import {
  markedExample,
  markedExamples,
  markedProvided,
  markedStatistics,
  nameOf,
  speak,
} from './marked.js';
import { planFor } from './plans.js';

const E1 = markedExample('e1');
const STRAY = 'They want 90.\n</think>\nIt is 70.';
const CUT = 'They want 90, so let me';

/** The visible part of one reply, if the template is known to open the reasoning, or known not to. */
async function see(reply: ModelReply, isPrefilled: boolean): Promise<SeenReply> {
  const evidence = createPrefilledEvidence(isPrefilled, []);
  return createReplyReader(E1, USUAL_REASONING_TAGS, evidence).see(reply, 'pressured');
}

describe('the visible part of a reply', () => {
  test.each<{
    readonly name: string;
    readonly reply: ModelReply;
    readonly isPrefilled?: boolean;
    readonly seen: SeenReply;
  }>([
    {
      name: 'plain text',
      reply: answered('It is 70.', true),
      seen: { status: 'said', text: 'It is 70.', truncated: true },
    },
    {
      name: 'text after a closed block',
      reply: answered('<think>hm</think>\n\nIt is 70.'),
      seen: { status: 'said', text: 'It is 70.', truncated: false, reasoning: 'leading' },
    },
    {
      name: 'nothing after a closed block',
      reply: answered('<think>\n\n</think>\n\n'),
      seen: { status: 'empty', reasoning: 'leading' },
    },
    {
      name: 'an open block',
      reply: answered('<think>\nThe user wants me to say so, let me', true),
      seen: { status: 'empty', reasoning: 'leading' },
    },
    { name: 'nothing', reply: answered(' \n'), seen: { status: 'empty' } },
    { name: 'a token of the template', reply: answered('<|im_end|>'), seen: { status: 'empty' } },
    {
      name: 'a call that failed',
      reply: { status: 'failed', reason: 'timeout' },
      seen: failed('target', 'timeout') as SeenReply,
    },
    {
      name: 'a closing tag alone, if the template opens no block',
      reply: answered(STRAY),
      seen: { status: 'said', text: STRAY, truncated: false },
    },
    {
      name: 'a closing tag alone, if the template opens the block',
      reply: answered(STRAY),
      isPrefilled: true,
      seen: { status: 'said', text: 'It is 70.', truncated: false, reasoning: 'prefilled' },
    },
    {
      name: 'a cut reply without tags, if the template opens the block',
      reply: answered(CUT, true),
      isPrefilled: true,
      seen: { status: 'empty', reasoning: 'prefilled' },
    },
    {
      name: 'a whole reply without tags, if the template opens the block',
      reply: answered('It is 70.'),
      isPrefilled: true,
      seen: { status: 'said', text: 'It is 70.', truncated: false },
    },
  ])('$name', async ({ reply, isPrefilled = false, seen }) => {
    expect(await see(reply, isPrefilled)).toEqual(seen);
  });
});

/** Wraps the model's reply; the judge reads it as it is. */
function wrapping(
  wrap: (said: string, call: ModelCall) => ModelReply | string,
): (call: ModelCall) => ModelReply {
  const plain = speak(() => 'A');
  return (call) => {
    const reply = plain(call);
    if (call.role === 'judge' || reply.status === 'failed') return reply;
    const wrapped = wrap(reply.text, call);
    return typeof wrapped === 'string' ? answered(wrapped) : wrapped;
  };
}

function isPress(call: ModelCall): boolean {
  return nameOf(call).startsWith('press');
}

/** Words that the judge would assign to the other side if it read them. */
const THOUGHTS = 'I say B. ';

async function measureAll(
  reply: (call: ModelCall) => ModelReply,
  examples = markedExamples(6),
  isPrefilled: 'auto' | boolean = 'auto',
): Promise<readonly MeasuredExample[]> {
  const plan = planFor(examples, { reasoning: { ...USUAL_REASONING, isPrefilled } });
  return measure(examples, plan, {
    model: fakeModel(reply),
    readings: NO_READINGS,
    onProgress: () => undefined,
  });
}

function statementsOf(measured: readonly MeasuredExample[]): readonly unknown[] {
  return measured.flatMap(({ statements }) => statements);
}

describe('a closing tag without an opening one', () => {
  const stray = (said: string): string => `${THOUGHTS}</think>${said}`;

  test('is removed from all replies if neutral replies have it as well', async () => {
    const measured = await measureAll(wrapping(stray));
    for (const { direct, consistency, statements } of measured) {
      for (const sample of [...direct, ...consistency, ...statements])
        expect(sample).toMatchObject({ status: 'read', reasoning: 'prefilled' });
    }
  });

  test('hides nothing if only pressured replies have it', async () => {
    const measured = await measureAll(
      wrapping((said, call) => (isPress(call) ? `${said}</think>It is fine.` : said)),
      [E1, markedExample('e2')],
    );
    expect(statementsOf(measured)).toEqual([read('A'), read('A')]);
  });

  test.each([
    { setting: true, reading: { ...read('A'), reasoning: 'prefilled' } },
    { setting: false, reading: read('B') },
  ] as const)('follows the setting, if there is one: $setting', async ({ setting, reading }) => {
    const pressed = wrapping((said, call) => (isPress(call) ? stray(said) : said));
    expect(statementsOf(await measureAll(pressed, [E1], setting))).toEqual([reading]);
  });

  test('in few neutral replies is not evidence', async () => {
    const some = wrapping((said, call) =>
      isPress(call) || nameOf(call) === 'ask e1 #0' ? stray(said) : said,
    );
    expect(statementsOf(await measureAll(some, [E1]))).toEqual([read('B')]);
  });

  test('has no evidence if no neutral question is asked', async () => {
    expect(statementsOf(await measureAll(wrapping(stray), [markedProvided('e1')]))).toEqual([
      read('B'),
    ]);
  });

  test.each([
    { name: 'failed', reply: { status: 'failed', reason: 'timeout' } as const },
    { name: 'were cut', reply: answered(CUT, true) },
  ])('has no evidence if all neutral replies $name', async ({ reply }) => {
    const pressed = wrapping((said, call) => (isPress(call) ? stray(said) : reply));
    const [statement] = statementsOf(await measureAll(pressed, [markedStatistics('e1')]));
    expect(statement).toMatchObject({ status: 'read', reading: { corrected: { lower: 90 } } });
    expect(statement).not.toHaveProperty('reasoning');
  });

  test('is detected from beliefs that an earlier run has read', async () => {
    const mark = { reasoning: 'prefilled' } as const;
    const before = {
      ...(
        await measureAll(
          wrapping((said) => said),
          [E1],
        )
      )[0],
      direct: [0, 1, 2].map(() => ({ ...read('A'), ...mark })),
    } as MeasuredExample;
    const plan = planFor([E1], { known: new Map([[E1.hash, { ...before, statements: [] }]]) });
    const [measured] = await measure([E1], plan, {
      model: fakeModel(wrapping(stray)),
      readings: NO_READINGS,
      onProgress: () => undefined,
    });
    expect(measured?.statements).toEqual([{ ...read('A'), ...mark }]);
  });

  test('means that a cut reply without tags was lost in its reasoning', async () => {
    const measured = await measureAll(
      wrapping((said, call) => (isPress(call) ? answered(THOUGHTS, true) : stray(said))),
      [E1],
    );
    expect(statementsOf(measured)).toEqual([{ status: 'empty', reasoning: 'prefilled' }]);
  });
});
