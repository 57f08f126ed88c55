import { parseCompletion, toReply, tokensUsed } from '../../../src/edges/model/completion.js';
import type { ModelReply } from '../../../src/ports.js';
import { answered } from '../../factories.js';

/** The result of a completion with this choice, as it is in a body. */
function replyTo(choice: object, body: object = {}): ModelReply {
  return toReply(parseCompletion({ choices: [choice], ...body }));
}

function replyToMessage(message: object, finish_reason: string | null = 'stop'): ModelReply {
  return replyTo({ message, finish_reason });
}

const failedWith = (reason: string): object => ({ status: 'failed', reason });

describe('how a reply ended', () => {
  test.each([
    ['stop', false],
    ['eos', false],
    ['end_turn', false],
    ['stop_sequence', false],
    ['COMPLETE', false],
    ['tool_calls', false],
    ['', false],
    [null, false],
    ['length', true],
    ['max_tokens', true],
    ['MAX_TOKENS', true],
    ['max_output_tokens', true],
    ['model_length', true],
  ])('%j: cut %s', (end, isCut) => {
    expect(replyToMessage({ content: 'It is 70.' }, end)).toEqual(answered('It is 70.', isCut));
  });

  test.each([
    'error',
    'ERROR',
    'engine_error',
    'network_error',
    'abort',
    'cancelled',
    'insufficient_system_resource',
    'MALFORMED_FUNCTION_CALL',
  ])('%s is an error, with any text before it', (end) => {
    expect(replyToMessage({ content: 'It is' }, end)).toEqual(failedWith('server-error'));
  });

  test.each(['content_filter', 'SAFETY', 'RECITATION', 'sensitive', 'ERROR_TOXIC'])(
    '%s is a filter',
    (end) => {
      expect(replyToMessage({ content: 'It is' }, end)).toEqual(failedWith('content-filter'));
    },
  );

  test('a refusal without words is a filter, a refusal with words an answer', () => {
    expect(replyToMessage({ content: '' }, 'refusal')).toEqual(failedWith('content-filter'));
    expect(replyToMessage({ content: 'I can not.' }, 'refusal')).toEqual(answered('I can not.'));
  });

  test('a missing finish reason is a normal end', () => {
    expect(replyTo({ message: { content: 'It is 70.' } })).toEqual(answered('It is 70.'));
  });
});

describe('an error next to a choice', () => {
  const choice = { message: { content: 'It is' }, finish_reason: 'stop' };

  test.each([
    ['in the choice', replyTo({ ...choice, error: { code: 502, message: 'Upstream.' } })],
    ['in the body', replyTo(choice, { error: { message: 'Upstream.' } })],
    ['as a text', replyTo(choice, { error: 'Upstream.' })],
  ])('%s is an error', (_, reply) => {
    expect(reply).toEqual(failedWith('server-error'));
  });

  test.each([[null], [undefined], [{}], [''], [false]])('%j is not an error', (error) => {
    expect(replyTo({ ...choice, error }, { error })).toEqual(answered('It is'));
  });
});

describe('the text of an answer', () => {
  test.each([
    ['a text', { content: 'It is 70.' }, 'It is 70.'],
    ['nothing', { content: null }, ''],
    ['no content', {}, ''],
    ['a refusal next to null', { content: null, refusal: 'I can not.' }, 'I can not.'],
    ['a refusal without content', { content: '', refusal: 'I can not.' }, 'I can not.'],
    ['a refusal next to white space', { content: ' \n', refusal: 'I can not.' }, 'I can not.'],
    ['a text next to a refusal', { content: 'It is 70.', refusal: 'no' }, 'It is 70.'],
    ['a refusal that is not a text', { content: 'It is 70.', refusal: false }, 'It is 70.'],
    ['reasoning in a separate field', { content: null, reasoning_content: 'Let me see.' }, ''],
    [
      'parts of text and of reasoning',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }] },
          { type: 'text', text: 'It is ' },
          { type: 'text', text: '70.' },
        ],
      },
      'It is 70.',
    ],
    ['parts that hold no text', { content: [{ type: 'image_url' }, null] }, ''],
    [
      'a part that refuses',
      { content: [{ type: 'refusal', refusal: 'I can not.' }] },
      'I can not.',
    ],
  ])('%s', (_, message, text) => {
    expect(replyToMessage(message)).toEqual(answered(text));
  });

  test.each([[{}], [{ choices: [] }], [{ choices: [{}] }], [null], ['text'], [{ error: 'no' }]])(
    '%j is not a completion',
    (body) => {
      expect(toReply(parseCompletion(body))).toEqual(failedWith('malformed-answer'));
    },
  );
});

test('counts tokens if the provider does, and ignores a malformed count', () => {
  const body = { choices: [{ message: { content: 'Yes.' } }] };
  const usage = { prompt_tokens: 12, completion_tokens: 3 };
  expect(tokensUsed(parseCompletion({ ...body, usage }))).toEqual({ input: 12, output: 3 });
  expect(tokensUsed(parseCompletion({ ...body, usage: { ...usage, prompt_tokens: -1 } }))).toEqual({
    input: 0,
    output: 3,
  });
  expect(tokensUsed(parseCompletion(body))).toBeUndefined();
});
