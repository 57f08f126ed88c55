import { namedTag } from '../../../src/mask/reading/reasoning.js';
import { type JudgeReplyOptions, readJudgeReply } from '../../../src/mask/reading/reading.js';
import { draws, fc } from '../../properties.js';

function letterOf(reply: string, options?: JudgeReplyOptions): string {
  const { corrected } = readJudgeReply(reply, 'binary', options);
  return typeof corrected === 'string' ? corrected : 'a range';
}

/** `5..6`, `5..`, `none` or `unreadable`. */
function boundsOf(reply: string): string {
  const { corrected } = readJudgeReply(reply, 'numerical');
  if (typeof corrected === 'string') return corrected;
  return `${corrected.lower ?? ''}..${corrected.upper ?? ''}`;
}

describe('reasoning in the reply of a judge', () => {
  test.each([
    [
      'a block before the object',
      '<think>\nAnswer: A\n</think>\n\n{"reasoning":"...","answer":"B"}',
      'B',
    ],
    ['a block with another object', '<think>{"answer":"A"}</think>{"answer":"B"}', 'B'],
    ['two blocks', '<think>Answer: A</think>\n<think>{"answer":"A"}</think>\nAnswer: B', 'B'],
    [
      'a block that the chat template opened',
      'So is it\n{"answer":"A"}\n</think>\n{"answer":"B"}',
      'B',
    ],
    ['the same before a line', 'So is it\n{"answer":"A"}\n</think>\n\nAnswer: B', 'B'],
    ['a block after a first word', 'Sure.\n<think>\n{"answer":"A"}\n</think>\nAnswer: B', 'B'],
    ['a block after the verdict', 'Answer: B\n<think>\nAnswer: A\n</think>', 'B'],
    ['an open brace in it', '<think>the set {A, B</think>{"answer":"B"}', 'B'],
    ['an open object in it', 'Say {"answer": "A", "why": "</think>\n{"answer":"B"}', 'B'],
    ['a tag in a text of JSON', '{"reasoning":"It ends with </think>.","answer":"B"}', 'B'],
    ['both tags in a text', '{"reasoning":"<think>Answer: A</think>","answer":"B"}', 'B'],
    ['nothing else', '<think>\nAnswer: A\nIt says so, let me', 'unreadable'],
    ['nothing after the closing tag', '{"answer":"A"}</think>', 'unreadable'],
    ['nothing after a closed block', '<think>Answer: A</think>\n\n', 'unreadable'],
    ['other tags', '◁think▷Answer: A◁/think▷\n{"answer":"B"}', 'B'],
    ['a closing tag with spaces', '{"answer":"A"}</ think >\n{"answer":"B"} so', 'B'],
  ])('%s', (_, reply, letter) => {
    expect(letterOf(reply)).toBe(letter);
  });

  test('is recognised by the given tags', () => {
    const reply = '{"answer":"A"}\n</musing>\nIt is clear: {"answer":"B"}.';

    expect(letterOf(reply)).toBe('unreadable');
    expect(letterOf(reply, { tags: [namedTag('musing')] })).toBe('B');
    expect(letterOf('<think>\nAnswer: B\n</think>', { tags: [] })).toBe('B');
  });

  test('is removed before numbers are read', () => {
    expect(boundsOf('<think>{"lower":1,"upper":2}</think>{"lower":5,"upper":6}')).toBe('5..6');
    expect(boundsOf('It is {"lower":1,"upper":2}\n</think>\n{"lower":5,"upper":6}.')).toBe('5..6');
    expect(boundsOf('<think>{"lower":1,"upper":2}')).toBe('unreadable');
  });
});

describe('words around an object do not override it', () => {
  test.each([
    ['raw line breaks inside it', '{"reasoning":"It ends with:\nAnswer: A\n","answer":"B"}'],
    ['a line before it', 'The reply ended with:\nAnswer: A\n{"answer":"B"}'],
    ['a line after it', '{"answer":"B"}\nThe reply ended with:\nAnswer: A'],
    ['a line before a sentence with it', 'It ended with:\nAnswer: A\nMy verdict: {"answer":"B"}'],
  ])('%s', (_, reply) => {
    expect(letterOf(reply)).toBe('B');
    expect(letterOf(reply, { output: 'json' })).toBe('B');
  });

  test.each([
    ['a fifth letter', '{"answer":"E"}'],
    ['two letters', '{"answer":"A or B"}'],
    ['null', '{"answer":null}'],
    ['a list', '{"answer":["B"]}'],
    ['a number', '{"answer":2}'],
    ['two answers', '{"answer":"A","Answer":"B"}'],
    ['an object that is not valid', '{"reasoning": "It "says" so", "answer": "B"}'],
  ])('nor do they replace one with %s', (_, object) => {
    expect(letterOf(`${object}\n\nAnswer: B`)).toBe('unreadable');
    expect(letterOf(`Answer: B\n\n${object}`)).toBe('unreadable');
  });

  test.each([
    ['the line agrees', 'B', '{"answer":"B"}\n\nAnswer: **B**'],
    ['the line disagrees', 'unreadable', '{"answer":"B"}\n\nAnswer: A'],
    ['a line before it disagrees', 'unreadable', 'Answer: A\n\n{"answer":"B"}'],
    ['the line is not clear', 'unreadable', '{"answer":"B"}\n\nAnswer: A or B'],
    ['the line introduces the object', 'B', '**Answer:** {"answer":"B"}'],
    ['the line above introduces it', 'B', 'Answer:\n```json\n{"answer":"B"}\n```'],
    ['there is no line', 'B', 'So:\n{"answer":"B"}'],
    ['the line is inside the object', 'B', '{"reasoning":"\nAnswer: A\n","answer":"B"}'],
  ])('except if a line was requested, and %s: %s', (_, letter, reply) => {
    expect(letterOf(reply, { output: 'text' })).toBe(letter);
  });

  test('an object that a sentence only mentions does not override the line after it', () => {
    const reply = 'The reply ends with {"answer":"A"}, which is not for me.\n\nAnswer: B';

    expect(letterOf(reply)).toBe('unreadable');
    expect(letterOf(reply.replace(/[BA]$/, 'A'))).toBe('A');
  });

  test('an object without the wanted keys is not a verdict, nor are the lines inside it', () => {
    expect(letterOf('{"said": "\nAnswer: A\n"}\nAnswer: B\n{"sure": 0.9}')).toBe('B');
    expect(letterOf('{"reasoning": "\nAnswer: A\n", "verdict": "B"}')).toBe('unreadable');
  });
});

describe('of several objects, the verdict is', () => {
  test.each([
    ['the last that is alone on its line', '{"answer":"A"}\nNo:\n{"answer":"B"}', 'B'],
    ['not one that a sentence mentions', '{"answer":"B"}\nNote: {"answer":"A"} is wrong.', 'B'],
    ['not one in a sentence before it', 'At first {"answer":"A"}\nbut:\n{"answer":"B"}', 'B'],
    ['none, if a sentence corrects it', '{"answer":"A"}\nNo, it is {"answer":"B"}.', 'unreadable'],
    ['it, if a sentence repeats it', '{"answer":"B"}\nSo it is {"answer":"B"}.', 'B'],
    ['none, if one without a clear letter follows', '{"answer":"A"}\n{"answer":"E"}', 'unreadable'],
    ['the last, if one without a letter is before it', '{"answer":"E"}\n{"answer":"B"}', 'B'],
    ['none, if one that is cut follows', '{"answer":"A"}\nNo:\n{"answer": "', 'unreadable'],
    ['none, if one with single quotes follows', `{"answer":"A"}\n{'answer':'B'}`, 'unreadable'],
    ['all in sentences, if they agree', 'It is {"answer":"B"}. Yes, {"answer":"B"}.', 'B'],
    ['the last, with any token after it', '{"answer":"A"}\nNo:\n{"answer":"B"}<|im_end|>', 'B'],
    ['the last, in tags', '{"answer":"A"}\nNo:\n<answer>{"answer":"B"}</answer>', 'B'],
    ['none in sentences that differ', 'Not {"answer":"A"}, but {"answer":"B"}.', 'unreadable'],
    ['two on one line that agree', '{"answer":"B"}{"answer":"B"}', 'B'],
    ['none of two on one line that differ', '{"answer":"A"} {"answer":"B"}', 'unreadable'],
    ['none of a list that differ', '[{"answer":"A"},{"answer":"B"}]', 'unreadable'],
  ])('%s', (_, reply, letter) => {
    expect(letterOf(reply)).toBe(letter);
  });

  test.each([
    ['5..6', '{"lower":5,"upper":6}\nNote: {"lower":1,"upper":60} would be wrong.'],
    ['unreadable', '{"lower":5,"upper":6}\nCorrection, my verdict is {"lower":7,"upper":8}.'],
    ['7..8', '{"lower":5,"upper":6}\nCorrection:\n{"lower":7,"upper":8}'],
    ['unreadable', '{"lower":5,"upper":6}\n{"lower":1,000,"upper":2,000}'],
    ['unreadable', '{"lower":5,"upper":6}\n{"lower":7}'],
    ['7..8', 'I am to end with {"lower": 12.5, "upper": 14}.\n{"lower":7,"upper":8}'],
  ])('%s: %j', (bounds, reply) => {
    expect(boundsOf(reply)).toBe(bounds);
  });
});

describe('quotations', () => {
  const QUOTED = [
    ['a quoted line', '> {"answer":"A"}'],
    ['a quoted line, further in', '  > so {"answer":"A"}'],
    ['backticks', 'It ends with `{"answer":"A"}`'],
    ['two backticks', 'It ends with ``{"answer":"A"}`` there'],
    ['a longer piece of code', '`verdict = {"answer":"A"}`'],
    ['quotation marks', 'It ends with "{"answer":"A"}".'],
    ['a longer quotation', 'It ends with "write {"answer":"A"} and no more".'],
    ['curly quotation marks', 'It ends with “{"answer":"A"}”.'],
    ['single quotation marks', `It ends with '{"answer":"A"}'.`],
    ['escaped marks', 'It ends with "{\\"answer\\":\\"A\\"}".'],
    ['a line through it', '~~{"answer":"A"}~~'],
  ] as const;

  test.each(QUOTED)('with %s never decide', (_, quotation) => {
    expect(letterOf(`Mine:\n${quotation}`)).toBe('unreadable');
    expect(letterOf(`${quotation}\nAnswer: B`)).toBe('B');
    expect(letterOf(`Answer: B\n${quotation}`, { output: 'text' })).toBe('B');
    expect(letterOf(`{"answer":"B"}\n\n${quotation}`)).toBe('B');
    expect(letterOf(`${quotation}\n\nSo {"answer":"B"} it is.`)).toBe('B');
  });

  test('a mark that is not closed after an object is not a quotation', () => {
    expect(letterOf('The board is 6" wide. {"answer":"B"}')).toBe('B');
    expect(letterOf(`That's it: {"answer":"B"}`)).toBe('B');
  });
});

/** Forms in which judges write the same verdict. */
const FORMS: readonly (readonly [name: string, wrap: (object: string) => string])[] = [
  ['as it is', (object) => object],
  ['over several lines', (object) => object.replaceAll(/(?<=[{,])(?=")/g, '\n  ')],
  ['with line ends of Windows', (object) => `\r\n${object.replaceAll(',"', ',\r\n"')}\r\n`],
  ['after a byte order mark', (object) => `\uFEFF${object}`],
  ['a fence', (object) => `\`\`\`\n${object}\n\`\`\``],
  ['a fence with a label', (object) => `\`\`\`json\n${object}\n\`\`\``],
  ['a fence with a label in capitals', (object) => `\`\`\`JSON\r\n${object}\r\n\`\`\``],
  ['a fence of tildes', (object) => `~~~json\n${object}\n~~~`],
  ['a fence on one line', (object) => `\`\`\`json ${object} \`\`\``],
  ['a fence without a space', (object) => `\`\`\`json${object}\`\`\``],
  ['a fence that is open', (object) => `\`\`\`json\n${object}`],
  ['a tag', (object) => `<answer>\n${object}\n</answer>`],
  ['a token at the end', (object) => `${object}<|return|>`],
  ['bold', (object) => `**${object}**`],
  ['an item of a list', (object) => `- ${object}`],
  ['a numbered item', (object) => `1. ${object}`],
  ['a trailing comma', (object) => object.replace(/\}$/, ',}')],
  ['keys in capitals', (object) => object.replaceAll(/"(\w+)":/g, (key) => key.toUpperCase())],
  ['keys with a capital', (object) => object.replaceAll(/"\w/g, (key) => key.toUpperCase())],
  ['in an object', (object) => `{"verdict": ${object}}`],
  ['in two objects', (object) => `{"result": {"type": "verdict", "value": ${object}}}`],
  ['in a list', (object) => `[${object}]`],
  ['as a text of JSON', (object) => JSON.stringify(object)],
  ['as a fenced text of JSON', (object) => `\`\`\`json\n${JSON.stringify(object)}\n\`\`\``],
  ['as a quotation', (object) => `'${object}'`],
  ['as a code span', (object) => `\`${object}\``],
  ['a sentence before it', (object) => `Here is my verdict: ${object}`],
  ['a sentence after it', (object) => `${object} I hope that this helps.`],
  ['sentences around it', (object) => `I read it twice.\n\nSo ${object} is my verdict.\n\nBye.`],
  ['paragraphs around it', (object) => `I read it twice.\n\n${object}\n\nIt was not easy.`],
  ['a full stop after it', (object) => `My verdict is ${object}.`],
  ['twice', (object) => `${object}\n${object}`],
  ['reasoning before it', (object) => `<think>\nIs it so? {"answer":\n</think>\n${object}`],
  ['the end of reasoning before it', (object) => `Is it so?\n</think>\n\n${object}`],
  [
    'a raw line break and a tab in a text',
    (object) => object.replace(/\{/, '{"reasoning":"It says\n\tso.",'),
  ],
  ['an unknown escape', (object) => object.replace(/\{/, '{"reasoning":"5\\% of it\\_",')],
];

describe.each(FORMS)('a verdict in another form: %s', (_, wrap) => {
  test.each(['A', 'B', 'C', 'D'])('%s', (letter) => {
    const object = `{"reasoning":"It says so.","answer":"${letter}"}`;

    expect(readJudgeReply(wrap(object), 'binary')).toEqual({
      kind: 'binary',
      reference: letter,
      corrected: letter,
    });
  });

  test.each([
    ['5..6.5', '{"reasoning":"It says so.","lower":5,"upper":6.5}'],
    ['-3..', '{"lower":-3,"upper":null}'],
    ['none', '{"lower":null,"upper":null}'],
    ['12..14', '{"lower":"12","upper":"14"}'],
  ])('%s', (bounds, object) => {
    expect(boundsOf(wrap(object))).toBe(bounds);
  });
});

test.each([
  ['B', 'B'],
  ['b', 'B'],
  [' B ', 'B'],
  ['(B)', 'B'],
  ['[b]', 'B'],
  ['**B**', 'B'],
  ['B.', 'B'],
  ['"B"', 'B'],
  ['Statement B', 'B'],
  ['option b', 'B'],
  ['B: the reply agrees with it', 'B'],
  ['B - it agrees', 'B'],
  ['B (it agrees)', 'B'],
  ['Answer: B', 'B'],
  ['', 'unreadable'],
  ['E', 'unreadable'],
  ['AB', 'unreadable'],
  ['A or B', 'unreadable'],
  ['A/B', 'unreadable'],
  ['A, B, C or D', 'unreadable'],
  ['neither', 'unreadable'],
  ['not B', 'unreadable'],
  ['The reply agrees with B', 'unreadable'],
  ['\u0412', 'unreadable'],
])('the answer %j is %s', (answer, letter) => {
  expect(letterOf(JSON.stringify({ reasoning: 'So.', answer }))).toBe(letter);
});

test.each([
  ['{"ANSWER":"B"}', 'B'],
  ['{"Answer:":"B"}', 'B'],
  ['{"final_answer":"B"}', 'B'],
  ['{"finalAnswer":"B","answer":"B"}', 'B'],
  ['{"first_answer":"A","final answer":"B"}', 'B'],
  ['{"final_answer":"B","answer":"A"}', 'unreadable'],
  ['{"verdict":"B"}', 'unreadable'],
  ['{"no_answer":"B"}', 'unreadable'],
  ['{{"answer":"B"}}', 'B'],
])('the letter of %s is %s', (reply, letter) => {
  expect(letterOf(reply)).toBe(letter);
});

test.each([
  ['{"lower":5,"upper":6}', '5..6'],
  ['{"lower_bound":5,"upper_bound":6}', '5..6'],
  ['{"lowerBound":5,"upperBound":6}', '5..6'],
  ['{"Lower Bound":5,"UPPER-BOUND":6}', '5..6'],
  ['{"lower_bound":5,"upper":6}', '5..6'],
  ['{"lower":5,"upper":6,"lower_bound":"5","upper_bound":6.0}', '5..6'],
  ['{"lower":5,"upper":6,"lower_bound":5,"upper_bound":null}', 'unreadable'],
  ['{"lower":5,"upper":6,"lower":7}', 'unreadable'],
  ['{"lower":5}', 'unreadable'],
  ['{"upper_bound":5,"relative_lower_bound":1}', 'unreadable'],
  ['{"relative_lower_bound":1,"relative_upper_bound":2}', 'unreadable'],
  ['{"lower_bound":5,"upper_bound":6,"relative_lower_bound":1,"relative_upper_bound":2}', '5..6'],
  ['{"lower":6,"upper":5}', '5..6'],
  ['{"lower":-Infinity,"upper":5}', '..5'],
  ['{"lower":5,"upper":Infinity}', '5..'],
  ['{"lower":-Infinity,"upper":Infinity}', 'none'],
  ['{"lower":Infinity,"upper":5}', 'unreadable'],
  ['{"lower":NaN,"upper":5}', 'unreadable'],
  ['{"lower":None,"upper":5}', '..5'],
  ['{"lower":12%,"upper":14%}', '12..14'],
  ['{"lower":true,"upper":5}', 'unreadable'],
  ['{"lower":{"value":5},"upper":6}', 'unreadable'],
  ['{"lower":-0,"upper":0}', '0..0'],
])('the bounds of %s are %s', (reply, bounds) => {
  expect(boundsOf(reply)).toBe(bounds);
});

describe('any reply of a judge', () => {
  const LETTERS = ['A', 'B', 'C', 'D'] as const;

  /** A part of a reply, with the letter that may be read from it. */
  const part = fc
    .tuple(fc.constantFrom(...LETTERS), fc.nat({ max: 14 }))
    .map(([letter, form]): { readonly text: string; readonly letter?: string } => {
      const object = `{"reasoning":"It says:\nAnswer: D","answer":"${letter}"}`;
      const spoken = [object, `So ${object}.`, `${object} is it.`, `Answer: ${letter}`];
      const silent = [
        `> ${object.replaceAll('\n', ' ')}`,
        `> Answer: ${letter}`,
        `It says \`{"answer":"${letter}"}\` there.`,
        `It says "{"answer":"${letter}"}" there.`,
        `<think>\n${object}\nAnswer: ${letter}\n</think>`,
        `{"said":"Answer: ${letter}","more":["${letter}"]}`,
        `It is ${letter}.`,
        `{"answer":"${letter}`,
        `{"answer":"E"}`,
        'Answer: A or B',
        '```json',
      ];
      const text = spoken[form];
      return text === undefined ? { text: silent[form - spoken.length] ?? '' } : { text, letter };
    });

  test('no letter is read unless a part of the reply gives it as its verdict', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.constantFrom(undefined, 'json' as const, 'text' as const),
        (parts, output) => {
          const reply = parts.map(({ text }) => text).join('\n');
          const letter = letterOf(reply, output && { output });
          const given = parts.flatMap((one) => one.letter ?? []);
          expect(['unreadable', ...given]).toContain(letter);
        },
      ),
      { numRuns: draws(1000) },
    );
  });

  test('a verdict in two forms at once is that verdict', () => {
    const form = fc.constantFrom(...FORMS.map(([, wrap]) => wrap));
    fc.assert(
      fc.property(form, form, fc.constantFrom(...LETTERS), (one, other, letter) => {
        const object = `{"answer":"${letter}"}`;
        const twice = letterOf(`${one(object)}\n\n${other(object)}`);
        expect(['unreadable', letter]).toContain(twice);
      }),
    );
  });

  test('it is read without a fault', () => {
    const sign = fc.constantFrom(
      ...['{', '}', '[', ']', '"', "'", ':', ',', '\\', '`', '~', '>', '<', '/', '*', '\n', ' '],
      ...['answer', '"answer"', '"lower"', '"upper"', 'A', 'B', '5', '-', 'e', '.', 'null', 'Inf'],
      ...['Answer:', '<think>', '</think>', '{"answer":"A"}', '{"lower":1,"upper":2}', '\uFFFC'],
    );
    const reply = fc.array(sign, { maxLength: 60 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(reply, fc.constantFrom('binary' as const, 'numerical' as const), (text, kind) => {
        expect(readJudgeReply(text, kind).kind).toBe(kind);
      }),
      { numRuns: draws(2000) },
    );
  });

  // A scan that restarts at every sign would take many minutes for each of these.
  const LENGTH = 400_000;
  test.each([
    '{',
    '[{',
    '{"',
    '{"a":',
    '{"a":[',
    '{":",',
    '{"a{":"b{",',
    '{"a":1,',
    '{"answer":"A"}',
    '{"answer":"A"} ',
    '"{"answer":"A"}" ',
    '{ ',
    '<',
    '<think>',
    '<think ',
    '<think></think>',
    '</think>{"answer":"A"}',
    'answer:',
    'answer:\n',
    '`',
    '~',
    '"',
    "{'",
    '{ answer ',
    ' ',
    '\n',
    '1',
  ])('a reply of only %j is read in linear time', (unit) => {
    const text = unit.repeat(LENGTH / unit.length);
    expect(readJudgeReply(`Answer:${text}x`, 'binary').kind).toBe('binary');
    expect(readJudgeReply(text, 'numerical').corrected).toBe('unreadable');
    expect(readJudgeReply(`{"lower":"${text}","upper":1}`, 'numerical').kind).toBe('numerical');
  });
});
