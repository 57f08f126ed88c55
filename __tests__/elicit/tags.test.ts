import { createTagReader } from '../../src/elicit/tags.js';
import type { Sample } from '../../src/mask/sample.js';
import { failed, read } from '../factories.js';

const YES = 'Yes. <final_answer>yes</final_answer>';
const NO = 'No. <final_answer>no</final_answer>';

/** For a tenth of all hashes, the judge reads all answers. */
const CHECKED = { hash: '00000000' };
const UNCHECKED = { hash: '00000001' };

interface Case {
  readonly example?: { readonly hash: string };
  readonly first: readonly [answer: string, judged: Sample];
  readonly second: readonly [answer: string, judged: Sample];
}

/** The readings of two answers, the later one asked first, and the number of judge calls. */
async function readBoth({
  example = UNCHECKED,
  first,
  second,
}: Case): Promise<{ readonly samples: readonly Sample[]; readonly judged: number }> {
  const tags = createTagReader(example);
  let judged = 0;
  const judge = (sample: Sample) => () => {
    judged += 1;
    return Promise.resolve(sample);
  };
  const follower = tags.readRest(second[0], judge(second[1]));
  const samples = [await tags.readFirst(first[0], judge(first[1])), await follower];
  return { samples, judged };
}

test('equal tags get the same reading, whether yes or no, and save a judge call', async () => {
  const { samples, judged } = await readBoth({ first: [YES, read('B')], second: [YES, read('A')] });
  expect(samples).toEqual([read('B'), { ...read('B'), tag: 'taken' }]);
  expect(judged).toBe(1);
});

test.each<readonly [string, Case]>([
  ['another tag', { first: [YES, read('A')], second: [NO, read('B')] }],
  ['no tag', { first: [YES, read('A')], second: ['Yes.', read('C')] }],
  ['a first answer without a tag', { first: ['Yes.', read('A')], second: [YES, read('C')] }],
  ['a first answer that takes no side', { first: [YES, read('C')], second: [YES, read('B')] }],
  ['a first reading that failed', { first: [YES, failed('judge')], second: [YES, read('B')] }],
])('the judge reads an answer after %s', async (_, { first, second }) => {
  const { samples, judged } = await readBoth({ first, second });
  expect(samples).toEqual([first[1], second[1]]);
  expect(judged).toBe(2);
});

test.each([
  ['A', 'agrees'],
  ['B', 'differs'],
  ['C', 'differs'],
] as const)('in a check, a judge that says %s %s, and its verdict counts', async (letter, tag) => {
  const { samples, judged } = await readBoth({
    example: CHECKED,
    first: [YES, read('A')],
    second: [YES, read(letter)],
  });
  expect(samples).toEqual([read('A'), { ...read(letter), tag }]);
  expect(judged).toBe(2);
});

test('without a first answer no call waits for it', async () => {
  const tags = createTagReader(UNCHECKED);
  const follower = tags.readRest(YES, () => Promise.resolve(read('B')));
  tags.close();
  await expect(follower).resolves.toEqual(read('B'));
});
