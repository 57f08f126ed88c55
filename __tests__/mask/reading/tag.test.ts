import { readTag } from '../../../src/mask/reading/tag.js';

test.each([
  ['I think so. <final_answer>yes</final_answer>', 'yes'],
  ['<final_answer>No</final_answer>', 'no'],
  ['<final_answer> YES. </final_answer>', 'yes'],
  ['<FINAL_ANSWER>no!</FINAL_ANSWER>', 'no'],
  ['<final_answer>yes</final_answer> or, again, <final_answer>Yes</final_answer>', 'yes'],
  ['<final_answer>yes</final_answer> but also <final_answer>no</final_answer>', undefined],
  ['<final_answer>yes</final_answer> <final_answer>unsure</final_answer>', undefined],
  ['<final_answer>yes and no</final_answer>', undefined],
  ['<final_answer></final_answer>', undefined],
  ['<final_answer>yes', undefined],
  ['yes', undefined],
  ['', undefined],
])('%j says %s', (answer, tag) => {
  expect(readTag(answer)).toBe(tag);
});
