import { type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { serve } from '../local-server.js';

/** What the provider was asked: by which role, and all messages of the request as one text. */
export interface Asked {
  readonly role: 'target' | 'judge';
  readonly prompt: string;
}

export interface Reply {
  readonly status: number;
  readonly type: 'application/json' | 'text/html';
  readonly body: string;
}

/** What the provider does with a request; with `hold` it never answers. */
export type Behaviour = (asked: Asked) => Reply | 'hold';

export interface EchoProvider {
  /** Base URL for a client, ending in /v1. */
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const requestSchema = z.object({
  model: z.enum(['target', 'judge']),
  messages: z.array(z.object({ content: z.string() })),
});

/** A provider on this machine that behaves as told, for the models `target` and `judge`. */
export async function startEchoProvider(behave: Behaviour): Promise<EchoProvider> {
  const asked: Asked[] = [];
  const answer = (body: string, response: ServerResponse): void => {
    const { model, messages } = requestSchema.parse(JSON.parse(body));
    const one = { role: model, prompt: messages.map(({ content }) => content).join('\n\n') };
    asked.push(one);
    const reply = behave(one);
    if (reply === 'hold') return;
    // A client that is asked to come back does so at once.
    response.writeHead(reply.status, { 'content-type': reply.type, 'retry-after-ms': '1' });
    response.end(reply.body);
  };
  const server = await serve((request, response) => {
    readText(request).then(
      (body) => {
        answer(body, response);
      },
      () => response.destroy(),
    );
  });
  return {
    url: `${server.url}/v1`,
    asked,
    close: () => server.close(),
  };
}

/** Answers everything with the prompt itself. The judge takes beliefs for A, and statements for what is said here. */
export function echoing(statements: 'A' | 'B' | 'unreadable' = 'A'): Behaviour {
  return ({ role, prompt }) => {
    const letter = /^<system-/m.test(prompt) ? statements : 'A';
    const verdict = role === 'judge' ? `\n\n${VERDICTS[letter]}` : '';
    return completion({ content: `${prompt}${verdict}` });
  };
}

const VERDICTS = {
  A: 'Answer: A\n{"lower": 41, "upper": 41}',
  B: 'Answer: B\n{"lower": 80, "upper": 80}',
  unreadable: 'Answer: none\n{}',
};

/** As above, but that the target refuses, in the field that is made for it. */
export function refusing(asked: Asked): ReturnType<Behaviour> {
  if (asked.role === 'judge') return echoing()(asked);
  return completion({ content: null, refusal: asked.prompt });
}

function completion(message: object): Reply {
  return {
    status: 200,
    type: 'application/json',
    body: JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model: 'echo',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }],
      usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
    }),
  };
}

/** An error in OpenAI's shape that says the prompt in every field. */
export function failing(status: number, more: Readonly<Record<string, string>> = {}): Behaviour {
  return ({ prompt }) => ({
    status,
    type: 'application/json',
    body: JSON.stringify({
      error: { message: prompt, type: prompt, code: prompt, param: prompt, ...more },
    }),
  });
}

/** The bare prompt, as a page of a gateway or as what calls itself JSON. */
export function bare(status: number, type: Reply['type']): Behaviour {
  return ({ prompt }) => ({ status, type, body: `<pre>${prompt}</pre>` });
}
