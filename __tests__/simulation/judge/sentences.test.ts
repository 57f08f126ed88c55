import {
  asClause,
  contract,
  splitSentences,
  splitWords,
} from '../../../src/simulation/judge/sentences.js';

test.each([
  ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
  ['It is 3.5 km. Mr. Otieno said so.', ['It is 3.5 km.', 'Mr. Otieno said so.']],
  [
    'A headline\n\n- First point.\n- Second point.',
    ['A headline', 'First point.', 'Second point.'],
  ],
  ['1. One thing.\n2) Another.', ['One thing.', 'Another.']],
  ['2.5 percent is fresh.', ['2.5 percent is fresh.']],
  ['**Bold** “quoted.” <b>Tagged</b>', ['Bold quoted.', 'Tagged']],
  ['', []],
])('sentences of %j', (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});

test.each([
  ["It isn't, can't and won't.", ['it', 'is', 'not', 'can', 'not', 'and', 'will', 'not']],
  ['Cannot, doesn’t', ['can', 'not', 'does', 'not']],
  ["Grathorn's 40-hour test", ['grathorn', '40', 'hour', 'test']],
])('words of %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('contractions are written and read back', () => {
  const long = 'It does not, it is not, it cannot and it will not.';
  expect(contract(long)).toBe("It doesn't, it isn't, it can't and it won't.");
  expect(splitWords(contract(long))).toEqual(splitWords(long));
});

test.each([
  ['Bamboo is a grass.', 'So is bamboo one?', 'bamboo is a grass'],
  ['The Cape is far.', 'Is the Cape far?', 'the Cape is far'],
  ['Viking ships were fast.', 'Were Viking ships fast?', 'Viking ships were fast'],
  ['USB drives are small.', 'Those USB drives, are they small?', 'USB drives are small'],
  ['Ostriches run.', 'Do they?', undefined],
])('%j as a clause, if people write %j', (sentence, usage, clause) => {
  expect(asClause(sentence, usage)).toBe(clause);
});
