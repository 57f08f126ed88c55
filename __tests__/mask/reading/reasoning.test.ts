import {
  USUAL_REASONING_TAGS,
  hasStrayClosing,
  isBlank,
  namedTag,
  splitPrefilled,
  splitReasoning,
} from '../../../src/mask/reading/reasoning.js';

const ANSWER = 'The bridge is 70 metres long.';

describe.each(USUAL_REASONING_TAGS)('a reply with $open', ({ open, close }) => {
  const split = (reply: string): string => splitReasoning(reply, USUAL_REASONING_TAGS).visible;
  const prefilled = (reply: string, isCut = false): string =>
    splitPrefilled(reply, USUAL_REASONING_TAGS, isCut).visible;

  test.each([
    ['closed', `${open}\nThey want 90, so I say 90.\n${close}\n\n${ANSWER}`, ANSWER],
    ['closed, and empty', `${open}\n\n${close}\n\n${ANSWER}`, ANSWER],
    ['closed, in capitals', `${open.toUpperCase()}hm${close.toUpperCase()}${ANSWER}`, ANSWER],
    ['closed, after white space', `\uFEFF \n${open}hm${close}${ANSWER}`, ANSWER],
    ['two blocks', `${open}${close}\n${open}hm${close}${ANSWER}`, ANSWER],
    ['closed, with nothing after it', `${open}hm${close}\n\n`, ''],
    ['open', `${open}\nThe user wants me to say so, let me`, ''],
    ['only begun', open, ''],
  ])('%s', (_, reply, visible) => {
    expect(split(reply)).toBe(visible);
  });

  test('loses only its first block, as with inference servers', () => {
    expect(split(`${open}hm${close}A lie.${close}The truth.`)).toBe(`A lie.${close}The truth.`);
  });

  test('that was cut before a closing tag is all reasoning if the template opens the block', () => {
    expect(prefilled('They want 90, so let me', true)).toBe('');
    expect(prefilled(ANSWER)).toBe(ANSWER);
    expect(prefilled(`${open}hm${close}${ANSWER}`, true)).toBe(ANSWER);
    expect(prefilled(`hm${close}A lie.${close}The truth.`)).toBe(`A lie.${close}The truth.`);
  });

  test('keeps a block that is not at its start', () => {
    expect(split(`${ANSWER}\n${open}hm${close}`)).toBe(`${ANSWER}\n${open}hm${close}`);
  });

  test('loses the text before a lone closing tag only if the template opens the block', () => {
    const reply = `They want 90.\n${close}\n\n${ANSWER}`;

    expect(split(reply)).toBe(reply);
    expect(prefilled(reply)).toBe(ANSWER);
    expect(hasStrayClosing(reply, USUAL_REASONING_TAGS)).toBe(true);
    expect(hasStrayClosing(`${open}${reply}`, USUAL_REASONING_TAGS)).toBe(false);
  });
});

test.each([
  ['a space', '<think >hm</ think>', 'Yes.'],
  ['an attribute', '<think effort="low">hm</think>', 'Yes.'],
  [
    'the token of a turn',
    '<|start|>assistant<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>',
    'Yes.',
  ],
])('a tag with %s is a tag', (_, before, answer) => {
  expect(splitReasoning(before + answer, USUAL_REASONING_TAGS).visible).toBe(answer);
});

test.each(['<thinker>a</thinker>b', 'Think of <think>', 'No tag at all.', ''])(
  '%j contains no reasoning',
  (reply) => {
    expect(splitPrefilled(reply, USUAL_REASONING_TAGS, false)).toEqual({ visible: reply });
  },
);

test('reports the removed text, and its form', () => {
  expect(splitPrefilled('<think>a</think>b', USUAL_REASONING_TAGS, false).reasoning).toEqual({
    form: 'leading',
    text: '<think>a</think>',
  });
  expect(splitPrefilled('a</think>b', USUAL_REASONING_TAGS, false).reasoning).toEqual({
    form: 'prefilled',
    text: 'a</think>',
  });
});

test('removes only the named tags', () => {
  const own = [namedTag('my-musing'), { open: '<<', close: '>>' }];

  expect(splitReasoning('<my-musing>a</my-musing>b', own).visible).toBe('b');
  expect(splitReasoning('<<a>>b', own).visible).toBe('b');
  expect(splitReasoning('<think>a</think>b', own).visible).toBe('<think>a</think>b');
});

test('reads a reply of very many blocks in one pass', () => {
  const reply = '<think></think>'.repeat(60_000);

  expect(splitReasoning(`${reply}Yes.`, USUAL_REASONING_TAGS).visible).toBe('Yes.');
});

test.each([
  ['', true],
  [' \n\t\u200b\u2060\u0000', true],
  ['<|im_end|>', true],
  ['</s>', true],
  ['<answer>\n</answer><|eot_id|>', true],
  ['<answer>70</answer>', false],
  ['.', false],
  ['</think>', false],
])('%j is blank: %s', (text, expected) => {
  expect(isBlank(text)).toBe(expected);
});
