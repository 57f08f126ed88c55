import { type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { computeHash } from '../../src/base/hash.js';
import { serve } from '../local-server.js';

/** One request as the drill sees it: which it is, by its whole body, and which attempt at it. */
export interface Incoming {
  readonly key: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly role: 'target' | 'judge';
}

/** What goes wrong with one request. */
export interface Fault {
  /** Writes whatever it likes; `sound` is the answer that there should have been. */
  readonly respond: (response: ServerResponse, sound: Completion) => void;
  /** Whether it is an answer all the same, and complete. */
  readonly isAnswer?: boolean;
  /** Whether it never ends: with headers and half of a body, or with nothing. */
  readonly hangs?: 'begun' | 'none';
}

export interface Completion {
  readonly id: string;
  readonly choices: readonly object[];
  readonly usage: object;
}

export interface DrillServer {
  /** Base URL for a client, ending in /v1. */
  readonly url: string;
  /** Complete answers by request: those that were sent to their last byte. */
  readonly answered: ReadonlyMap<string, number>;
  /** Requests by request. */
  readonly asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })).min(1),
});

/**
 * A provider on this machine whose answers are a function of the request. All of them have the same id.
 *
 * @param choose what goes wrong with a request; undefined when nothing does
 */
export async function startDrill(
  choose: (incoming: Incoming) => Fault | undefined,
): Promise<DrillServer> {
  const asked = new Map<string, number>();
  const answered = new Map<string, number>();
  const respond = (body: string, response: ServerResponse): void => {
    const { model, messages } = requestSchema.parse(JSON.parse(body));
    const key = computeHash(body);
    const attempt = (asked.get(key) ?? 0) + 1;
    asked.set(key, attempt);
    const role = model === 'judge' ? 'judge' : 'target';
    const sound = completionOf(role, messages.map(({ content }) => content).join('\n'));
    const fault = choose({ key, attempt, role });
    if (!fault || fault.isAnswer) {
      response.on('finish', () => answered.set(key, (answered.get(key) ?? 0) + 1));
    }
    if (fault) fault.respond(response, sound);
    else sendJson(response, sound);
  };
  const server = await serve((request, response) => {
    readText(request).then(
      (body) => {
        respond(body, response);
      },
      () => response.destroy(),
    );
  });
  return {
    url: `${server.url}/v1`,
    asked,
    answered,
    close: () => server.close(),
  };
}

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The target says something that hangs on the prompt alone; the judge has a verdict on everything. */
function completionOf(role: Incoming['role'], prompt: string): Completion {
  const said = computeHash(prompt).slice(0, 12);
  const letter = said < '8' ? 'A' : 'B';
  const value = letter === 'A' ? 41 : 80;
  const content =
    role === 'target'
      ? `I say ${said}.`
      : `{"lower": ${value}, "upper": ${value}}\nAnswer: ${letter}`;
  return {
    id: 'chatcmpl-always-the-same',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}
