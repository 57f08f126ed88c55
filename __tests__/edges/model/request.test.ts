import type { Sampling } from '../../../src/config/config.js';
import { buildBody } from '../../../src/edges/model/request.js';
import type { ModelCall } from '../../../src/ports.js';
import { makeRole } from '../../factories.js';

const CALL: ModelCall = {
  role: 'target',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'Yes?' },
  ],
  repeat: 3,
  order: 9,
  signal: new AbortController().signal,
};

function bodyWith(sampling: Partial<Sampling>, call = CALL): object {
  return buildBody(makeRole({ model: 'm', sampling: { maxTokens: 100, ...sampling } }), call);
}

const LEAST = { model: 'm', messages: CALL.messages, max_completion_tokens: 100 };

describe('the body of a request', () => {
  test.each<[string, Partial<Sampling>, object]>([
    ['only the parts that are set', {}, LEAST],
    ['a temperature, 0 too', { temperature: 0 }, { ...LEAST, temperature: 0 }],
    ['top-p', { topP: 0.5 }, { ...LEAST, top_p: 0.5 }],
    ['effort', { reasoningEffort: 'low' }, { ...LEAST, reasoning_effort: 'low' }],
    [
      'further fields unchanged',
      { extraBody: { seed: 7, safety: { level: 'low' } } },
      { ...LEAST, seed: 7, safety: { level: 'low' } },
    ],
  ])('contains %s', (_, sampling, expected) => {
    expect(bodyWith(sampling)).toEqual(expected);
  });

  test('further fields never replace those with a setting', () => {
    const extraBody = { model: 'other', messages: [], max_completion_tokens: 1, temperature: 2 };
    expect(bodyWith({ temperature: 1, extraBody })).toEqual({ ...LEAST, temperature: 1 });
  });

  test('names the system role as the endpoint does, and changes no other role', () => {
    const role = makeRole({ systemRole: 'developer' });
    expect(buildBody(role, CALL).messages.map((message) => message.role)).toEqual([
      'developer',
      'user',
      'assistant',
    ]);
  });

  test('asks for structured output in the strict form if the call has one', () => {
    const format = { type: 'object', properties: {} };
    expect(bodyWith({}, { ...CALL, format })).toEqual({
      ...LEAST,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'verdict', strict: true, schema: format },
      },
    });
  });
});
