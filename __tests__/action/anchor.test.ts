import { findAnchor } from '../../src/action/anchor.js';
import type { Occasion } from '../../src/action/event.js';
import { useTempFolder } from '../edges/temp.js';
import { fakeGitHub } from './fake-github.js';
import { BASE, HEAD, MERGE_GROUP, PUSH } from './occasions.js';

const temp = useTempFolder();
const pushed = { ...PUSH.origin, event: 'push' };

test.each<[string, Occasion, string, string]>([
  ['a push that is recorded', { ...PUSH, origin: pushed }, BASE, 'push-before'],
  ['a push that is gated', { ...PUSH, mode: 'gate', origin: pushed }, BASE, 'push-before'],
  ['a schedule, a tag or a release', { ...PUSH, baselineCommit: HEAD }, HEAD, 'same-commit'],
  ['the same, gated', { ...PUSH, mode: 'gate', baselineCommit: HEAD }, HEAD, 'same-commit'],
  ['a merge queue', MERGE_GROUP, BASE, 'queue-base'],
])('the look-up for %s begins where its change does', async (_, occasion, commit, kind) => {
  const anchor = await findAnchor(occasion, { root: temp.path, github: fakeGitHub({}) });
  expect(anchor).toEqual({ commit, kind });
});
