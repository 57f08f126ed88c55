import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HeardAnswers, openAnswers } from '../../../src/edges/files/answer-spool.js';
import type { ModelCall } from '../../../src/ports.js';
import { HOSTILE } from '../../report/hostile.js';

const call = (content: string, repeat = 0): ModelCall => ({
  role: 'target',
  messages: [{ role: 'user', content }],
  repeat,
});

const says = (text: string, truncated = false): Parameters<HeardAnswers['hear']>[2] => ({
  status: 'answered',
  text,
  truncated,
});

let answers: HeardAnswers;
const kept = new Map([
  ['asked before', { status: 'answered' as const, text: 'old', truncated: false }],
]);
beforeEach(() => {
  answers = openAnswers((one) => Promise.resolve(kept.get(one.messages[0]?.content ?? '')));
});
afterEach(() => {
  answers.close();
});

test('every answer is found by its example, its request and its repeat', async () => {
  answers.hear('e1', call('q'), says('one'));
  answers.hear('e1', call('q', 1), says('two', true));
  answers.hear('e2', call('q'), says('three'));
  expect(await answers.answerTo('e1', call('q'))).toEqual({ text: 'one', finish: 'stop' });
  expect(await answers.answerTo('e1', call('q', 1))).toEqual({ text: 'two', finish: 'length' });
  expect(await answers.answerTo('e2', call('q'))).toEqual({ text: 'three', finish: 'stop' });
  expect(await answers.answerTo('e3', call('q'))).toBeNull();
});

test('the last answer counts, as the last reading does', async () => {
  answers.hear('e1', call('q'), says('the judge was lost'));
  answers.hear('e1', call('q'), says('it was read'));
  expect(await answers.answerTo('e1', call('q'))).toMatchObject({ text: 'it was read' });
});

test('an answer of an earlier run is looked up there, if it is still in the cache', async () => {
  answers.hear('e1', call('asked before'), 'earlier');
  answers.hear('e1', call('forgotten'), 'earlier');
  expect(await answers.answerTo('e1', call('asked before'))).toEqual({
    text: 'old',
    finish: 'stop',
  });
  expect(await answers.answerTo('e1', call('forgotten'))).toBeNull();
  // Its reading comes from another run than the one that left this answer here.
  expect(await answers.answerTo('e2', call('asked before'))).toBeNull();
});

test('any text is returned unchanged', async () => {
  for (const [index, text] of HOSTILE.entries()) answers.hear('e1', call('q', index), says(text));
  for (const [index, text] of HOSTILE.entries()) {
    expect(await answers.answerTo('e1', call('q', index))).toEqual({ text, finish: 'stop' });
  }
});

test('the file has no name while answers are stored', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mask-gate-nameless-'));
  const own = openAnswers(() => Promise.resolve(undefined), folder);
  own.hear('e1', call('q'), says('private'));
  expect(readdirSync(folder)).toEqual([]);
  expect(await own.answerTo('e1', call('q'))).toMatchObject({ text: 'private' });
  own.close();
  rmSync(folder, { recursive: true });
});

test('a disk that accepts no writes costs only the text', async () => {
  const own = openAnswers(() => Promise.resolve(undefined));
  own.close();
  own.hear('e1', call('q'), says('lost'));
  await expect(own.answerTo('e1', call('q'))).resolves.toBeNull();
});
