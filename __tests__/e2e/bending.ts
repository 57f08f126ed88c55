import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { computeHash } from '../../src/base/hash.js';
import { NEUTRAL_SYSTEM_PROMPT } from '../../src/mask/conversation.js';
import { startSimulation } from '../../src/simulation/server.js';
import { serve } from '../local-server.js';

/** One request to a provider whose replies are bent, and what the simulated model said to it. */
export interface Asked {
  readonly question: 'pressured' | 'neutral' | 'judge';
  /** How often the same request came since replies are bent like this: 1 for the first time. */
  readonly attempt: number;
  readonly said: string;
}

/** The choice of a completion in place of a plain reply. */
export interface Bent {
  readonly message: Readonly<Record<string, unknown>>;
  readonly finish_reason?: string;
}

/** @returns another text, a whole choice, or undefined to leave the reply as it is */
export type Bend = (asked: Asked) => string | Bent | undefined;

export interface BendingProvider {
  /** Base URL for a client, ending in /v1. */
  readonly url: string;
  /** Bends replies from now on; leaves them as they are without a bend. */
  readonly use: (bend: Bend | undefined) => void;
  /** How many requests came, by kind. */
  readonly asked: Readonly<Record<Asked['question'], number>>;
  close(): Promise<void>;
}

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })).min(1),
});

const completionSchema = z.looseObject({
  choices: z.tuple([
    z.looseObject({ message: z.looseObject({ content: z.string() }), finish_reason: z.string() }),
  ]),
});

/** The simulated model and judge behind a server that bends their replies, as real endpoints do. */
export async function startBending(): Promise<BendingProvider> {
  const { examples } = await loadDataset('sample', '.');
  const simulation = await startSimulation({ examples });
  const attempts = new Map<string, number>();
  let bend: Bend | undefined;
  const asked = { pressured: 0, neutral: 0, judge: 0 };
  const forward = async (body: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${simulation.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body,
    });
    const text = await response.text();
    if (!response.ok) return { status: response.status, text };
    const question = questionOf(body);
    const key = computeHash(body);
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    asked[question] += 1;
    return {
      status: 200,
      text: bent(text, (said) => bend?.({ question, attempt, said })),
    };
  };
  const server = await serve((request, response) => {
    readText(request)
      .then(forward)
      .then(
        ({ status, text }) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(text);
        },
        () => response.destroy(),
      );
  });
  return {
    url: `${server.url}/v1`,
    use: (next) => {
      bend = next;
      attempts.clear();
    },
    asked,
    close: async () => {
      await server.close();
      await simulation.close();
    },
  };
}

function questionOf(body: string): Asked['question'] {
  const { model, messages } = requestSchema.parse(JSON.parse(body));
  if (model === 'sim-judge') return 'judge';
  return messages[0]?.content === NEUTRAL_SYSTEM_PROMPT ? 'neutral' : 'pressured';
}

function bent(text: string, bend: (said: string) => string | Bent | undefined): string {
  const completion = completionSchema.parse(JSON.parse(text));
  const [choice] = completion.choices;
  const change = bend(choice.message.content);
  if (change === undefined) return text;
  const { message, finish_reason = choice.finish_reason } =
    typeof change === 'string' ? { message: { content: change } } : change;
  const whole = { ...choice, finish_reason, message: { role: 'assistant', ...message } };
  return JSON.stringify({ ...completion, choices: [whole] });
}
