import {
  type Fault,
  decideRetry,
  listDetails,
  toFailure,
  fatalError,
} from '../../../src/edges/model/faults.js';
import { makeRole } from '../../factories.js';

function answer(status: number, more: Partial<Fault & { kind: 'answer' }> = {}): Fault {
  const none = { cause: new Error('as the client threw it'), code: '', param: '', message: '' };
  return { kind: 'answer', status, ...none, ...more };
}

const fatal = (fault: Fault, role: 'target' | 'judge' = 'target'): string | undefined =>
  fatalError(fault, role, makeRole())?.message;

describe('a fault that makes every further call fail names the setting', () => {
  test.each<[string, Fault, RegExp]>([
    ['a refused key', answer(401), /refused the key of provider openai.*OPENAI_API_KEY/],
    ['no rights', answer(403), /OPENAI_API_KEY/],
    ['no such model', answer(404), /judge\.model and providers\.openai\.base-url/],
    ['a model that was removed', answer(410), /judge\.model/],
    [
      'no structured output',
      answer(400, { message: "Invalid parameter: 'response_format'" }),
      /set judge\.output: text/,
    ],
    ['temperature', answer(400, { param: 'temperature' }), /change judge\.temperature \(`none`/],
    ['top_p', answer(422, { param: 'top_p' }), /change judge\.top-p$/],
    ['tokens', answer(400, { param: 'max_completion_tokens' }), /change judge\.max-tokens$/],
    ['effort', answer(400, { param: 'reasoning_effort' }), /change judge\.reasoning-effort$/],
    ['no money', answer(429, { code: 'insufficient_quota' }), /quota of provider openai/],
    [
      'requests per day',
      answer(429, { message: 'Rate limit reached on requests per day (RPD): Limit 200' }),
      /quota of provider openai.*run again tomorrow: answers that were paid for are in the cache/,
    ],
    [
      'a free tier of the day',
      answer(429, { message: 'Quota exceeded: GenerateRequestsPerDayPerProject-FreeTier' }),
      /quota/,
    ],
    ['a daily limit', answer(429, { message: 'You hit your daily limit' }), /quota/],
  ])('%s', (_, fault, expected) => {
    expect(fatal(fault, 'judge')).toMatch(expected);
    expect(decideRetry(fault)).toBe('permanent');
  });

  test('the message is never quoted, because it may quote a prompt', () => {
    const quoting = { message: 'response_format per day SECRET', param: 'temperature' };
    for (const status of [400, 401, 404, 422, 429]) {
      expect(fatal(answer(status, quoting))).not.toContain('SECRET');
    }
  });
});

describe('a fault that concerns only one call', () => {
  test.each<[string, Fault, ReturnType<typeof decideRetry>, string]>([
    ['a limit per minute', answer(429), 'rate-limited', 'rate-limited'],
    [
      'a message about a limit per minute',
      answer(429, { message: 'Rate limit reached on requests per min (RPM): Limit 3' }),
      'rate-limited',
      'rate-limited',
    ],
    ['a request that is not valid', answer(400), 'permanent', 'refused-request'],
    [
      'a parameter without a setting',
      answer(400, { param: 'user' }),
      'permanent',
      'refused-request',
    ],
    ['a filter', answer(400, { code: 'content_filter' }), 'permanent', 'content-filter'],
    ['too large', answer(413), 'permanent', 'refused-request'],
    ['a slow request', answer(408), 'transient', 'timeout'],
    ['a conflict', answer(409), 'transient', 'refused-request'],
    ['a request that comes too early', answer(425), 'transient', 'refused-request'],
    ['a broken server', answer(500), 'transient', 'server-error'],
    ['an unknown higher status', answer(599), 'transient', 'server-error'],
    ['no time', { kind: 'timeout', cause: null }, 'transient', 'timeout'],
    ['no connection', { kind: 'network', cause: null }, 'transient', 'network'],
    ['no budget', { kind: 'over-budget', limit: 'budget.calls' }, 'permanent', 'over-budget'],
  ])('%s', (_, fault, chance, failure) => {
    expect(fatal(fault)).toBeUndefined();
    expect([decideRetry(fault), toFailure(fault)]).toEqual([chance, failure]);
  });
});

describe('the message for a fault', () => {
  test.each<[Fault, readonly string[]]>([
    [{ kind: 'over-budget', limit: 'budget.judge.calls' }, ['budget.judge.calls']],
    [{ kind: 'network', cause: null }, []],
    [answer(500), ['500']],
    [
      answer(400, { code: 'context_length_exceeded', param: 'messages' }),
      ['400', 'context_length_exceeded', 'messages'],
    ],
    [answer(400, { code: 'Tell of the lighthouse', param: 'lighthouse' }), ['400']],
  ])('%j', (fault, words) => {
    expect(listDetails(fault)).toEqual(words);
  });
});
