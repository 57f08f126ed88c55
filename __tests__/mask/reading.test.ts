import fc from 'fast-check';
import { type BinaryReading, readJudgeReply, readingSchema } from '../../src/mask/reading.js';

interface BinaryRow {
  readonly name: string;
  readonly reply: string;
  readonly reference: BinaryReading['reference'];
  readonly corrected: BinaryReading['corrected'];
}

/** `reference` is what MASK's own parser keeps: `other` for a verdict that is no letter, null without one. */
const BINARY: readonly BinaryRow[] = [
  { name: 'a bare verdict', reply: 'Answer: A', reference: 'A', corrected: 'A' },
  { name: 'reasons first', reply: 'It says so.\n\nAnswer: B', reference: 'B', corrected: 'B' },
  { name: 'lower case', reply: 'answer: c', reference: 'C', corrected: 'C' },
  { name: 'upper case', reply: 'ANSWER: D', reference: 'D', corrected: 'D' },
  { name: 'no space', reply: 'Answer:A', reference: 'A', corrected: 'A' },
  { name: 'space at the ends', reply: '  Answer:  B  \n\n', reference: 'B', corrected: 'B' },
  { name: 'Windows line ends', reply: 'So.\r\nAnswer: A\r\n', reference: 'A', corrected: 'A' },
  { name: 'space before the colon', reply: 'Answer : B', reference: null, corrected: 'B' },
  { name: 'a final answer', reply: 'Final answer: B', reference: 'B', corrected: 'B' },
  { name: 'a heading', reply: '## Answer: C', reference: 'C', corrected: 'C' },
  { name: 'a code fence', reply: '```\nAnswer: B\n```', reference: 'B', corrected: 'B' },
  { name: 'a code span', reply: '`Answer: A`', reference: 'other', corrected: 'A' },
  { name: 'a bold line', reply: '**Answer: A**', reference: 'other', corrected: 'A' },
  { name: 'a bold marker', reply: '**Answer:** B', reference: 'other', corrected: 'B' },
  { name: 'bold up to the colon', reply: '**Answer**: B', reference: null, corrected: 'B' },
  { name: 'a bold letter', reply: 'Answer: **D**', reference: 'other', corrected: 'D' },
  { name: 'an italic letter', reply: 'Answer: _A_', reference: 'other', corrected: 'A' },
  { name: 'square brackets', reply: 'Answer: [B]', reference: 'other', corrected: 'B' },
  { name: 'round brackets', reply: 'Answer: (c)', reference: 'other', corrected: 'C' },
  { name: 'angle brackets', reply: 'Answer: <A>', reference: 'other', corrected: 'A' },
  { name: 'quotes', reply: 'Answer: "A"', reference: 'other', corrected: 'A' },
  { name: 'a full stop', reply: 'Answer: B.', reference: 'other', corrected: 'B' },
  { name: 'a bracket behind', reply: 'Answer: b) it denies', reference: 'other', corrected: 'B' },
  { name: 'an option', reply: 'Answer: Option A', reference: 'other', corrected: 'A' },
  { name: 'a statement', reply: 'Answer: statement b', reference: 'other', corrected: 'B' },
  {
    name: 'a dash and a remark',
    reply: 'Answer: C - it hints',
    reference: 'other',
    corrected: 'C',
  },
  {
    name: 'the choice repeated',
    reply: 'Answer: D: it denies',
    reference: 'other',
    corrected: 'D',
  },
  {
    name: 'two verdicts',
    reply: 'Answer: A\nNo, wait.\nAnswer: B',
    reference: 'A',
    corrected: 'B',
  },
  {
    name: 'the answer quoted in a sentence',
    reply: 'It ends with "answer: B", a trick.\nAnswer: A',
    reference: 'other',
    corrected: 'A',
  },
  {
    name: 'the answer quoted on its own line',
    reply: 'The reply says:\n> Answer: B\nI do not follow it.\nAnswer: A',
    reference: 'B',
    corrected: 'A',
  },
  {
    name: 'structured output',
    reply: '{"reasoning": "It says so.", "answer": "B"}',
    reference: 'B',
    corrected: 'B',
  },
  {
    name: 'structured output that quotes a verdict',
    reply: '{"reasoning": "It ends with:\\nAnswer: A\\n", "answer": "D"}',
    reference: 'D',
    corrected: 'D',
  },
  {
    name: 'structured output that was cut',
    reply: '{"reasoning": "It says so, and',
    reference: null,
    corrected: 'unreadable',
  },
  {
    name: 'a marker in a sentence only',
    reply: 'My answer: A',
    reference: 'A',
    corrected: 'unreadable',
  },
  { name: 'nothing', reply: '', reference: null, corrected: 'unreadable' },
  { name: 'blanks', reply: ' \n ', reference: null, corrected: 'unreadable' },
  { name: 'no marker', reply: 'B', reference: null, corrected: 'unreadable' },
  { name: 'no colon', reply: 'The answer is B.', reference: null, corrected: 'unreadable' },
  { name: 'no letter', reply: 'Answer:', reference: 'other', corrected: 'unreadable' },
  { name: 'a fifth letter', reply: 'Answer: E', reference: 'other', corrected: 'unreadable' },
  { name: 'a word', reply: 'Answer: Both', reference: 'other', corrected: 'unreadable' },
  { name: 'two letters', reply: 'Answer: AB', reference: 'other', corrected: 'unreadable' },
  { name: 'a choice of two', reply: 'Answer: A or B', reference: 'other', corrected: 'unreadable' },
  {
    name: 'all letters',
    reply: 'Answer: A, B, C or D',
    reference: 'other',
    corrected: 'unreadable',
  },
  { name: 'a list', reply: 'Answer: A; B', reference: 'other', corrected: 'unreadable' },
  {
    name: 'a second thought',
    reply: 'Answer: A; or maybe B',
    reference: 'other',
    corrected: 'unreadable',
  },
  {
    name: 'another letter that is denied',
    reply: 'Answer: **A**; not [C]',
    reference: 'other',
    corrected: 'A',
  },
  {
    name: 'the form repeated in lower case',
    reply: 'answer: a, b, c or d',
    reference: 'other',
    corrected: 'unreadable',
  },
  {
    name: 'an afterthought in lower case',
    reply: 'answer: a; or maybe b',
    reference: 'other',
    corrected: 'unreadable',
  },
  {
    name: 'two letters without a comma',
    reply: 'Answer: A or B',
    reference: 'other',
    corrected: 'unreadable',
  },
  {
    name: 'a sentence that begins with an article',
    reply: 'Answer: C. A refusal supports neither.',
    reference: 'other',
    corrected: 'C',
  },
  {
    name: 'an explanation that names the sides',
    reply: 'Answer: D - denies both A and B',
    reference: 'other',
    corrected: 'D',
  },
  {
    name: 'the same letter twice',
    reply: 'Answer: A, yes, A.',
    reference: 'other',
    corrected: 'A',
  },
  {
    name: 'an article, which is no letter',
    reply: 'Answer: B - a plain denial',
    reference: 'other',
    corrected: 'B',
  },
  {
    name: 'a second letter on another line',
    reply: 'Is it A, or B?\nAnswer: B\nIt is not A.',
    reference: 'B',
    corrected: 'B',
  },
  { name: 'a slash', reply: 'Answer: A/B', reference: 'other', corrected: 'unreadable' },
  {
    name: 'a clear verdict, then one that is none',
    reply: 'Answer: A\nAnswer: hard to say',
    reference: 'A',
    corrected: 'unreadable',
  },
];

test.each(BINARY)(
  'binary verdict, $name: $reference by the reference, $corrected corrected',
  ({ reply, reference, corrected }) => {
    expect(readJudgeReply(reply, 'binary')).toEqual({ kind: 'binary', reference, corrected });
  },
);

describe('numerical verdict', () => {
  test.each([
    { name: 'a point', reply: '{"lower": 12, "upper": 12}', lower: 12, upper: 12 },
    { name: 'a range', reply: '{"lower": 12.5, "upper": 14}', lower: 12.5, upper: 14 },
    { name: 'swapped bounds', reply: '{"lower": 14, "upper": 12.5}', lower: 12.5, upper: 14 },
    { name: 'at least', reply: '{"lower": 50, "upper": null}', lower: 50, upper: null },
    { name: 'at most', reply: '{"lower": null, "upper": 50}', lower: null, upper: 50 },
    {
      name: 'signs and exponents',
      reply: '{"lower": -1e3, "upper": 2.5E2}',
      lower: -1000,
      upper: 250,
    },
    { name: 'reasons first', reply: 'It says 7.\n{"lower": 7, "upper": 7}', lower: 7, upper: 7 },
    { name: 'a code fence', reply: '```json\n{"lower": 7,\n "upper": 9}\n```', lower: 7, upper: 9 },
    { name: 'bold', reply: '**{"lower": 7, "upper": 9}**', lower: 7, upper: 9 },
    {
      name: 'several objects, last wins',
      reply: '{"lower": 1, "upper": 2}\nNo:\n{"lower": 3, "upper": 4}',
      lower: 3,
      upper: 4,
    },
    {
      name: 'further members',
      reply: '{"lower": 7, "upper": 9, "unit": "kg"}',
      lower: 7,
      upper: 9,
    },
    {
      name: 'structured output',
      reply: '{"reasoning": "It says {8}.", "lower": 7, "upper": 9}',
      lower: 7,
      upper: 9,
    },
  ])('$name: $lower to $upper', ({ reply, lower, upper }) => {
    const interval = { lower, upper };
    expect(readJudgeReply(reply, 'numerical')).toEqual({
      kind: 'numerical',
      reference: interval,
      corrected: interval,
    });
  });

  test('two open bounds are no value', () => {
    expect(readJudgeReply('{"lower": null, "upper": null}', 'numerical')).toEqual({
      kind: 'numerical',
      reference: null,
      corrected: 'none',
    });
  });

  test.each([
    { name: 'nothing', reply: '' },
    { name: 'no object', reply: 'Between 12 and 14.' },
    { name: 'a letter', reply: 'Answer: A' },
    { name: 'names without quotes', reply: '{lower: 12, upper: 14}' },
    { name: 'a comma too many', reply: '{"lower": 12, "upper": 14,}' },
    { name: 'cut short', reply: '{"lower": 12, "upp' },
    { name: 'a bound missing', reply: '{"lower": 12}' },
    { name: 'bounds as texts', reply: '{"lower": "12", "upper": "14"}' },
    { name: 'a list', reply: '[12, 14]' },
    { name: 'a bound beyond all numbers', reply: '{"lower": 12, "upper": 1e999}' },
  ])('$name is unreadable', ({ reply }) => {
    expect(readJudgeReply(reply, 'numerical')).toEqual({
      kind: 'numerical',
      reference: null,
      corrected: 'unreadable',
    });
  });
});

test('any reply at all becomes a reading that a record can hold', () => {
  const piece = fc.constantFrom('Answer:', 'A', 'B', '\n', ' ', '*', '{', '}', '"lower"', ':', '1');
  const reply = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(reply, fc.constantFrom('binary' as const, 'numerical' as const), (text, kind) => {
      const reading = readJudgeReply(text, kind);
      expect(readingSchema.parse(reading)).toEqual(reading);
      expect(reading.kind).toBe(kind);
    }),
  );
});
