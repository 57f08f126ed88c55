import { commitToMerge, firstParentOfMerge } from '../../../src/gate/records/anchor.js';

const [BASE, HEAD, MERGE, OTHER] = ['base', 'head', 'merge', 'other'];
const CHANGE = { head: HEAD, merge: MERGE } as const;

test("for GitHub's own merge the anchor is the first parent", () => {
  const tested = { commit: MERGE, parents: [BASE, HEAD] };
  expect(firstParentOfMerge(tested, CHANGE)).toBe(BASE);
});

test.each([
  ['the head itself', { commit: HEAD, parents: [BASE] }],
  ['a head that is a merge', { commit: HEAD, parents: [OTHER, BASE] }],
  ['a merge of the head that GitHub did not make', { commit: OTHER, parents: [BASE, HEAD] }],
  ['a merge of another head', { commit: MERGE, parents: [BASE, OTHER] }],
  ['a merge with its parents swapped', { commit: MERGE, parents: [HEAD, BASE] }],
  ['a merge of three', { commit: MERGE, parents: [BASE, HEAD, OTHER] }],
  ['a commit with one parent', { commit: MERGE, parents: [BASE] }],
  ['a commit that GitHub does not know', { commit: MERGE, parents: undefined }],
])('for %s it is not', (_, tested) => {
  expect(firstParentOfMerge(tested, CHANGE)).toBeUndefined();
});

test('the merge base is that of the tested commit, or of the head if only the disk knows the commit', () => {
  expect(commitToMerge({ commit: OTHER, parents: [BASE] }, CHANGE)).toBe(OTHER);
  expect(commitToMerge({ commit: OTHER, parents: undefined }, CHANGE)).toBe(HEAD);
});
