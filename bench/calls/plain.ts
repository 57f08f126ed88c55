import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { APIError } from 'openai';
import { z } from 'zod';
import { jsonText } from '../../src/base/json.js';
import { MAX_TOKENS } from './legs.js';
import { CEILING } from './bound.js';

/** The plain ways of making the calls: what one writes in an afternoon with the same client. */
export const PLAIN = ['phases', 'samples', 'pipeline-100', 'client-retries'] as const;

export type PlainName = (typeof PLAIN)[number];

const messages = z.array(
  z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }),
);
const exchange = z.object({ answer: messages, judge: messages });
/** What the parent process hands over in a file. */
export const jobSchema = jsonText.pipe(
  z.object({ name: z.enum(PLAIN), url: z.string(), examples: z.array(z.array(exchange)) }),
);

type Messages = z.infer<typeof messages>;
type Exchange = z.infer<typeof exchange>;
type Ask = (role: 'target' | 'judge', content: Messages) => Promise<boolean>;

const DEFAULT_CONCURRENCY = 20;

/** Runs one plain way to its end; the server counts what came of it. */
export async function runPlain(file: string): Promise<void> {
  const { name, url, examples } = jobSchema.parse(readFileSync(file, 'utf8'));
  const ask = createAsk(url, name === 'client-retries');
  const exchanges = examples.flat();
  const judged = async ({ answer, judge }: Exchange): Promise<void> => {
    if (await ask('target', answer)) await ask('judge', judge);
  };
  if (name === 'phases') {
    const answered: Exchange[] = [];
    await pool(exchanges, DEFAULT_CONCURRENCY, async (one) => {
      if (await ask('target', one.answer)) answered.push(one);
    });
    await pool(answered, DEFAULT_CONCURRENCY, async ({ judge }) => {
      await ask('judge', judge);
    });
  } else if (name === 'samples') {
    await pool(examples, DEFAULT_CONCURRENCY, async (one) => {
      for (const each of one) await judged(each);
    });
  } else {
    await pool(exchanges, name === 'pipeline-100' ? CEILING : DEFAULT_CONCURRENCY, judged);
  }
}

async function pool<Item>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}

/** Tries of the naive retry: as often as the prototype's plain variants had. */
const MAX_TRIES = 50;
const PAUSE_MS = 500;

/** Whether a call was answered in the end. The client's own retries are its default, two of them. */
function createAsk(url: string, leaveRetriesToClient: boolean): Ask {
  const client = new OpenAI({
    apiKey: 'bench',
    baseURL: url,
    ...(!leaveRetriesToClient && { maxRetries: 0 }),
  });
  const send = async (role: 'target' | 'judge', content: Messages): Promise<void> => {
    await client.chat.completions.create({
      model: `bench-${role}`,
      messages: content,
      max_completion_tokens: MAX_TOKENS[role],
    });
  };
  return async (role, content) => {
    for (let tries = 0; tries < (leaveRetriesToClient ? 1 : MAX_TRIES); tries += 1) {
      try {
        await send(role, content);
        return true;
      } catch (error) {
        await sleep(pauseOf(error));
      }
    }
    return false;
  };
}

function pauseOf(error: unknown): number {
  const headers: unknown = error instanceof APIError ? error.headers : undefined;
  const asked = headers instanceof Headers ? headers.get('retry-after-ms') : null;
  return asked === null ? PAUSE_MS : Number(asked);
}
