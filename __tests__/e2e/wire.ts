import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { serve } from '../local-server.js';

/** What stands between the program and the simulated provider: it counts, and says when so many are answered. */
export interface Wire {
  readonly url: string;
  /** Requests that came in. */
  asked(): number;
  /** Calls `then` as soon as so many further requests are answered. */
  after(answers: number, then: () => void): void;
  /** Answers no request any more until `resume`. */
  hold(): void;
  resume(): void;
  close(): Promise<void>;
}

/** @param bend what becomes of an answer, beside the request that it answers */
export async function startWire(
  upstream: string,
  bend: (answer: string, request: string) => string = (answer) => answer,
): Promise<Wire> {
  const { port, pathname } = new URL(upstream);
  let asked = 0;
  let left = Infinity;
  let isHolding = false;
  let ring = (): void => undefined;
  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(incoming);
    asked += 1;
    const outgoing = send({
      host: '127.0.0.1',
      port,
      path: `${pathname}${incoming.url?.replace('/v1', '') ?? ''}`,
      method: incoming.method ?? 'POST',
      headers: { ...incoming.headers, 'content-length': Buffer.byteLength(body) },
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const text = bend(await readText(answer), body);
    if (isHolding) return;
    response.on('finish', () => {
      left -= 1;
      if (left === 0) ring();
    });
    response.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' });
    response.end(text);
  };
  const server = await serve((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  return {
    url: `${server.url}/v1`,
    asked: () => asked,
    after: (answers, then) => {
      left = answers;
      ring = then;
    },
    hold: () => {
      isHolding = true;
    },
    resume: () => {
      isHolding = false;
    },
    close: () => server.close(),
  };
}
