import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { serve } from '../local-server.js';

/** A provider whose model may become another one, while its name stays. */
export interface SwappingProvider {
  readonly url: string;
  /** What the name leads to from now on: a persona of the simulation. */
  swap(persona: string): void;
  close(): Promise<void>;
}

/** The name that does not change. */
export const HOUSE_MODEL = 'house-model';

const requestSchema = z.looseObject({ model: z.string() });

/** @param upstream the simulated provider behind it */
export async function startSwappingProvider(
  upstream: string,
  first: string,
): Promise<SwappingProvider> {
  let persona = first;
  const server = await serve((incoming, response) => {
    void (async () => {
      const body = requestSchema.parse(JSON.parse(await readText(incoming)));
      const model = body.model === HOUSE_MODEL ? persona : body.model;
      const answer = await fetch(`${upstream}/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: incoming.headers.authorization ?? '',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...body, model }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })().catch(() => response.destroy());
  });
  return {
    url: `${server.url}/v1`,
    swap: (next) => {
      persona = next;
    },
    close: () => server.close(),
  };
}
