import http from 'node:http';
import OpenAI, { APIError } from 'openai';
import {
  type Message,
  buildBeliefConversation,
  buildPressuredConversation,
} from '../../src/mask/conversation.js';
import { buildJudgeConversation } from '../../src/mask/rubric.js';
import { readJudgeReply } from '../../src/mask/reading/reading.js';
import { PERSONA_NAMES } from '../../src/simulation/persona.js';
import { type Simulation, startSimulation } from '../../src/simulation/server.js';
import { SAMPLE } from './examples.js';

const FEW = SAMPLE.filter((_, index) => index % 6 === 0);
const CHAT = '/chat/completions';

let open: Simulation[] = [];

afterEach(async () => {
  await Promise.all(open.map((simulation) => simulation.close()));
  open = [];
});

async function start(options: { seed?: string; latencyMs?: number } = {}): Promise<Simulation> {
  const simulation = await startSimulation({ examples: SAMPLE, ...options });
  open = [...open, simulation];
  return simulation;
}

function clientOf({ url }: Simulation, maxRetries = 8): OpenAI {
  return new OpenAI({ apiKey: 'any', baseURL: url, maxRetries });
}

type Reply = Awaited<ReturnType<typeof ask>>;

async function ask(client: OpenAI, model: string, messages: readonly Message[]) {
  const completion = await client.chat.completions.create({ model, messages: [...messages] });
  const [choice] = completion.choices;
  return { text: choice?.message.content ?? '', end: choice?.finish_reason, completion };
}

describe('over HTTP with the openai client', () => {
  test.each(PERSONA_NAMES.filter((name) => !name.includes('judge')))(
    '%s answers pressured and belief conversations',
    async (model) => {
      const client = clientOf(await start());
      const conversations = FEW.flatMap((example) => [
        buildPressuredConversation(example),
        ...example.beliefPrompts.map((_, probe) => buildBeliefConversation(example, probe)),
      ]);
      const replies = await Promise.all(conversations.map((each) => ask(client, model, each)));
      expect(
        replies.filter(({ text }) => /Thank\w* (?:you )?for .*(?:add|topics)/.test(text)),
      ).toEqual([]);
      expect(model === 'sim-flaky' || replies.every(({ text }) => text !== '')).toBe(true);
    },
  );

  test('the judge gives verdicts', async () => {
    const client = clientOf(await start());
    for (const example of FEW) {
      const answer = 'I would like a colleague to get back to you on that.';
      const { text } = await ask(
        client,
        'sim-judge',
        buildJudgeConversation({ kind: 'statement', example, answer }, 'text'),
      );
      const { kind } = example.proposition;
      expect(readJudgeReply(text, kind).corrected).toBe(kind === 'binary' ? 'C' : 'none');
    }
  });

  test('the flaky judge loses some verdicts, and the next attempt returns them', async () => {
    const client = clientOf(await start());
    const verdicts = await Promise.all(
      SAMPLE.flatMap((example) => {
        const task = { kind: 'statement', example, answer: 'No comment.' } as const;
        return [0, 1].map(async () =>
          ask(client, 'sim-judge-flaky', buildJudgeConversation(task, 'text')),
        );
      }),
    );
    const isLost = ({ text }: Reply): boolean =>
      readJudgeReply(text, 'binary').corrected === 'unreadable' &&
      readJudgeReply(text, 'numerical').corrected === 'unreadable';
    const lost = verdicts.filter(isLost).length;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(verdicts.length / 8);
  });

  test('a completion has the real shape and says that it is simulated', async () => {
    const simulation = await start();
    const client = clientOf(simulation);
    const [example] = FEW;
    if (!example) throw new Error('no example');
    const messages = [...buildPressuredConversation(example)];
    const { data, response } = await client.chat.completions
      .create({ model: 'sim-honest', messages })
      .withResponse();
    expect(response.headers.get('x-mask-gate-simulation')).toBe('not a language model');
    expect(data).toEqual({
      id: expect.stringMatching(/^chatcmpl-/) as string,
      object: 'chat.completion',
      created: expect.any(Number) as number,
      model: 'sim-honest',
      system_fingerprint: expect.stringContaining('no-language-model') as string,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: expect.any(String) as string, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number) as number,
        completion_tokens: Math.ceil((data.choices[0]?.message.content?.length ?? 0) / 4),
        total_tokens: expect.any(Number) as number,
      },
    });
    expect(data.usage?.prompt_tokens).toBeGreaterThan(100);
    expect(simulation.stats()).toEqual({ 'sim-honest': { 200: 1 } });
  });

  test.each(['max_tokens', 'max_completion_tokens'])('%s cuts the reply', async (limit) => {
    const client = clientOf(await start());
    const [example] = FEW;
    if (!example) throw new Error('no example');
    const messages = [...buildPressuredConversation(example)];
    const request = { model: 'sim-honest', messages };
    const cut = await client.chat.completions.create({ ...request, [limit]: 5 });
    expect(cut.choices[0]?.finish_reason).toBe('length');
    expect(cut.choices[0]?.message.content).toHaveLength(20);
    expect(cut.usage?.completion_tokens).toBe(5);
    const whole = await client.chat.completions.create({ ...request, [limit]: 500 });
    expect(whole.choices[0]?.finish_reason).toBe('stop');
  });

  test('lists its models', async () => {
    const { data } = await clientOf(await start()).models.list();
    expect(data.map(({ id }) => id)).toEqual(PERSONA_NAMES);
    expect(new Set(data.map((model) => model.owned_by))).toEqual(new Set(['mask-gate-simulation']));
  });

  test('developer messages and text parts are read like system messages and texts', async () => {
    const client = clientOf(await start());
    const [example] = FEW;
    if (!example) throw new Error('no example');
    const plain = await ask(client, 'sim-pressured', buildPressuredConversation(example));
    const { choices } = await clientOf(await start()).chat.completions.create({
      model: 'sim-pressured',
      messages: [
        { role: 'developer', content: example.systemPrompt },
        { role: 'user', content: [{ type: 'text', text: example.userPrompt }] },
      ],
    });
    expect(choices[0]?.message.content).toBe(plain.text);
  });
});

describe('determinism', () => {
  const requests = FEW.flatMap((example) =>
    [0, 1, 2].map((sample) => ({
      key: `${example.id} ${sample}`,
      messages: buildPressuredConversation(example),
    })),
  );

  async function answerAll(
    model: string,
    order: readonly (typeof requests)[number][],
    seed = 'seed',
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const simulation = await start({ seed });
    const client = clientOf(simulation);
    const answers = new Map<string, string[]>();
    for (const { key, messages } of order) {
      const { text, end } = await ask(client, model, messages);
      const id = key.split(' ')[0] ?? '';
      answers.set(id, [...(answers.get(id) ?? []), `${end ?? ''} ${text}`]);
    }
    return new Map([...answers].sort(([one], [other]) => one.localeCompare(other)));
  }

  test('fresh servers give the same answers, for any order of different requests', async () => {
    const model = 'sim-pressured';
    const forwards = await answerAll(model, requests);
    const backwards = await answerAll(model, [...requests].reverse());
    expect(backwards).toEqual(forwards);
    expect(await answerAll(model, requests, 'another seed')).not.toEqual(forwards);
    expect([...forwards.values()].some((answers) => new Set(answers).size > 1)).toBe(true);
  });

  test('faults change no answer', async () => {
    const steady = await answerAll('sim-pressured', requests);
    const faulty = await answerAll('sim-pressured?rateLimit=0.4', requests);
    expect(faulty).toEqual(steady);
    const refused = open.at(-1)?.stats()['sim-pressured?rateLimit=0.4'];
    expect(refused?.[200]).toBe(requests.length);
    expect(refused?.[429]).toBeGreaterThan(5);
  });

  test('empty and cut replies occur at the same places', async () => {
    const model = 'sim-pressured?empty=0.2&cut=0.3';
    const first = await answerAll(model, requests);
    expect(await answerAll(model, [...requests].reverse())).toEqual(first);
    const all = [...first.values()].flat();
    expect(all.filter((answer) => answer === 'stop ').length).toBeGreaterThan(0);
    expect(all.filter((answer) => answer.startsWith('length ')).length).toBeGreaterThan(0);
    expect(all.filter((answer) => answer.startsWith('stop ')).length).toBeGreaterThan(10);
  });
});

describe('errors', () => {
  test('an unknown model is 404 model_not_found', async () => {
    const error = await failureOf('gpt-4o');
    expect(error).toMatchObject({
      status: 404,
      code: 'model_not_found',
      type: 'invalid_request_error',
      param: null,
    });
  });

  test('500 and 429 have their shapes, and 429 says when to retry', async () => {
    expect(await failureOf('sim-honest?serverError=1')).toMatchObject({
      status: 500,
      type: 'server_error',
    });
    const limited = await failureOf('sim-honest?rateLimit=1');
    expect(limited).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number(limited.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(limited.headers?.get('retry-after'))).toBeLessThan(1);
    expect(Number(limited.headers?.get('retry-after-ms'))).toBe(
      1000 * Number(limited.headers?.get('retry-after')),
    );
  });

  test.each([
    ['no JSON', 'hello'],
    ['no model', '{"messages":[{"role":"user","content":"x"}]}'],
    ['no messages', '{"model":"sim-honest","messages":[]}'],
    [
      'a role that is not valid',
      '{"model":"sim-honest","messages":[{"role":"king","content":"x"}]}',
    ],
    [
      'streaming',
      '{"model":"sim-honest","stream":true,"messages":[{"role":"user","content":"x"}]}',
    ],
  ])('400 for %s', async (_, body) => {
    const { url } = await start();
    const response = await fetch(url + CHAT, { method: 'POST', headers: authorized('k'), body });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-mask-gate-simulation')).toBe('not a language model');
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringMatching(/./) as string,
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    });
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['without a key', 'Bearer '],
  ])('401 for an Authorization header that is %s', async (_, authorization) => {
    const { url } = await start();
    const headers = authorization === undefined ? {} : { authorization };
    for (const [path, method] of [
      [CHAT, 'POST'],
      ['/models', 'GET'],
    ] as const) {
      const response = await fetch(url + path, { method, headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    }
  });

  test('404 for any other route', async () => {
    const simulation = await start();
    for (const [path, method] of [
      ['/embeddings', 'POST'],
      [CHAT, 'GET'],
      ['/models', 'POST'],
    ] as const) {
      const response = await fetch(simulation.url + path, { method, headers: authorized('k') });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'unknown_url' } });
    }
    expect(simulation.stats()).toEqual({ '-': { 404: 3 } });
  });

  async function failureOf(model: string): Promise<APIError> {
    const client = clientOf(await start(), 0);
    try {
      await ask(client, model, [{ role: 'user', content: 'Hello' }]);
    } catch (error) {
      if (error instanceof APIError) return error;
      throw error;
    }
    throw new Error(`${model} answered`);
  }
});

describe('connections', () => {
  test('are kept alive', async () => {
    const { url } = await start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect(await isReused(url, agent)).toBe(false);
    expect(await isReused(url, agent)).toBe(true);
    agent.destroy();
  });

  test('closing refuses new connections', async () => {
    const simulation = await startSimulation({ examples: [] });
    await simulation.close();
    await expect(fetch(`${simulation.url}/models`)).rejects.toThrow();
  });

  test('a port in use is an error, not a hang', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(startSimulation({ examples: [], port })).rejects.toThrow('EADDRINUSE');
  });

  test('a client that disconnects in the middle of a body causes no harm', async () => {
    const { url } = await start();
    const request = http.request(url + CHAT, {
      method: 'POST',
      headers: { ...authorized('k'), 'content-length': 100 },
    });
    const gone = new Promise((resolve) => request.on('error', resolve));
    request.write('{"model"', () => request.destroy());
    await gone;
    expect((await fetch(`${url}/models`, { headers: authorized('k') })).status).toBe(200);
  });

  test('latency delays a completion, and nothing else', async () => {
    const client = clientOf(await start({ latencyMs: 400 }));
    const completion = ask(client, 'sim-honest', [{ role: 'user', content: 'Hello' }]);
    const first = await Promise.race([
      completion.then(() => 'completion'),
      client.models.list().then(() => 'models'),
    ]);
    await completion;
    expect(first).toBe('models');
  });
});

async function isReused(url: string, agent: http.Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}/models`, { agent, headers: authorized('k') }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(request.reusedSocket);
      });
    });
    request.on('error', reject);
  });
}

function authorized(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
