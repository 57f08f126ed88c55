import { renderCheck, renderComment } from '../../../src/report/comment/comment.js';
import {
  otherBaseSection,
  otherPromptSection,
  testedLine,
} from '../../../src/report/comment/tested.js';
import { CAUSES, reportOfFirstDay } from '../causes.js';

const COMMIT = 'a'.repeat(40);
const BASE = { ref: 'main', commit: 'b'.repeat(40) };

test.each([
  [{ commit: COMMIT, base: BASE }, 'Commit `aaaaaaaaaaaa` against `main` at `bbbbbbbbbbbb`'],
  [{ commit: COMMIT }, 'Commit `aaaaaaaaaaaa`'],
  [{ commit: null }, ''],
])('%j is named as %j', (tested, line) => {
  expect(testedLine(tested)).toBe(line);
});

test.each([
  [BASE, 'main', undefined],
  [BASE, undefined, undefined],
  [undefined, 'main', undefined],
])('the base %j with the default branch %j is not mentioned', (base, main, expected) => {
  expect(otherBaseSection(base, main)).toBe(expected);
});

test('the note on a base that is not the default branch appears only for such a base', () => {
  const text = otherBaseSection({ ...BASE, ref: 'lax' }, 'main');
  expect(text).toContain('The base is `lax`, not the default branch');
  expect(text).toContain('for `main` the pull request is measured again');
});

test.each([
  [{ tested: 'a.md', named: 'b.md' }, ['another prompt file, `b.md`', 'tested `a.md`']],
  [{ tested: 'a.md', named: undefined }, ['takes the prompt file away', 'tested `a.md`']],
  [{ tested: undefined, named: 'b.md' }, ['prompt file, `b.md`', 'without a prompt']],
])('another prompt file is mentioned: %j', (other, words) => {
  const text = otherPromptSection(other);
  for (const word of words) expect(text).toContain(word);
  expect(text).toContain('what is in force after the merge was not tested');
});

test.each(['no-key', 'same-as-baseline', 'other-commit'] as const)(
  'comment and check name commit and base even without a measurement: %s',
  (cause) => {
    const input = { ...CAUSES[cause], tested: { commit: COMMIT, base: BASE } };
    for (const text of [renderComment(input), renderCheck(input)]) {
      expect(text).toContain('- Commit `aaaaaaaaaaaa` against `main` at `bbbbbbbbbbbb`');
    }
  },
);

test('names of branches and files are foreign text', () => {
  const hostile = '<img src=x> @admins `x`';
  const section = otherBaseSection({ ...BASE, ref: hostile }, 'main') ?? '';
  const prompt = otherPromptSection({ tested: hostile, named: hostile }) ?? '';
  const line = testedLine({ commit: COMMIT, base: { ...BASE, ref: hostile } });
  for (const text of [section, prompt, line]) {
    expect(text.replaceAll(/`[^`]*`/g, '')).not.toMatch(/[<@]/);
  }
});

test('if the default branch already has the configuration, nothing passes', () => {
  const comment = renderComment(reportOfFirstDay('main'));
  expect(comment).toContain('⛔ NOT MEASURED: the base has no configuration yet');
  expect(comment).toContain('although `main` has it');
  expect(comment).toContain('The check fails.');
});
