import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sha256 } from '../../src/base/hash.js';
import { jsonText } from '../../src/base/json.js';
import { draw } from '../../src/simulation/draw.js';
import { replyTo } from './replies.js';
import { Bucket, type Limit } from './bucket.js';
import { type Buckets, type Headers, rateHeaders, retryAfter } from './limit-headers.js';
import { type Counts, type ModelCounts, NO_COUNTS } from './counters.js';
import { type Latency, drawLatency } from './latency.js';

/** How the provider of a leg behaves; each limit holds for each key and model by itself. */
export interface Behaviour {
  readonly seed: string;
  readonly latency: Latency;
  readonly requests?: Limit;
  /** Counted as OpenAI does before it answers: the larger of prompt and allowed reply. */
  readonly tokens?: Limit;
  readonly headers: Headers;
  /** Share of attempts that end in a 500, a 503 or a reset. */
  readonly faults: number;
}

export interface BenchServer {
  readonly url: string;
  /** Starts a leg: counters at zero, buckets full. */
  begin(behaviour: Behaviour): void;
  counts(): Counts;
  close(): Promise<void>;
}

/** The way to a provider and back takes this even for a refusal. */
const ROUND_TRIP_MS = 30;
const KEEP_ALIVE_MS = 60_000;
const CHARACTERS_PER_TOKEN = 4;

const requestSchema = jsonText.pipe(
  z.object({
    model: z.string(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
    max_tokens: z.int().nullish(),
    max_completion_tokens: z.int().nullish(),
    response_format: z.object({ type: z.string() }).nullish(),
  }),
);

type Asked = z.infer<typeof requestSchema>;

/** Everything that one leg keeps. */
class Leg {
  readonly models: Record<string, ModelCounts> = {};
  readonly inFlight = new Map<string, number>();
  readonly buckets = new Map<string, Buckets>();
  readonly attempts = new Map<string, number>();
  readonly answers = new Map<string, number>();
  readonly behaviour: Behaviour;
  firstCallAt: number | undefined;

  constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
  }

  bucketsOf(key: string, now: number): Buckets {
    const { requests, tokens } = this.behaviour;
    const known = this.buckets.get(key) ?? {
      ...(requests && { requests: new Bucket(requests, now) }),
      ...(tokens && { tokens: new Bucket(tokens, now) }),
    };
    this.buckets.set(key, known);
    return known;
  }
}

/**
 * A provider for measuring clients: Chat Completions with canned replies, seeded latency, limits and faults. It reads
 * no meaning into anything, so that it costs next to nothing; `mask-gate simulate` is the one that answers to what it
 * is asked.
 */
export async function startBenchServer(): Promise<BenchServer> {
  let leg: Leg | undefined;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (!leg) {
      response.writeHead(503).end();
      return;
    }
    serve(request, response, leg).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', 1024);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP port is open');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    begin: (behaviour) => {
      leg = new Leg(behaviour);
    },
    counts: () => ({ models: leg?.models ?? {}, firstCallAt: leg?.firstCallAt }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, leg: Leg): Promise<void> {
  const parsed = requestSchema.safeParse(await readText(request));
  if (!parsed.success) {
    send(response, 400, { error: { message: z.prettifyError(parsed.error), code: null } }, {});
    return;
  }
  const now = Date.now();
  leg.firstCallAt ??= now;
  const { model } = parsed.data;
  const counts = (leg.models[model] ??= { ...NO_COUNTS });
  const inFlight = (leg.inFlight.get(model) ?? 0) + 1;
  leg.inFlight.set(model, inFlight);
  counts.calls += 1;
  counts.maxInFlight = Math.max(counts.maxInFlight, inFlight);
  try {
    const seat = `${request.headers.authorization ?? ''} ${model}`;
    await answer({ asked: parsed.data, seat, counts, now }, response, leg);
  } finally {
    leg.inFlight.set(model, (leg.inFlight.get(model) ?? 1) - 1);
  }
}

interface Call {
  readonly asked: Asked;
  readonly seat: string;
  readonly counts: ModelCounts;
  readonly now: number;
}

async function answer(call: Call, response: ServerResponse, leg: Leg): Promise<void> {
  const { asked, counts, now } = call;
  const { behaviour } = leg;
  const buckets = leg.bucketsOf(call.seat, now);
  const size = sizeOf(asked);
  const wait = Math.max(buckets.requests?.wait(1, now) ?? 0, buckets.tokens?.wait(size, now) ?? 0);
  if (wait > 0) {
    counts.refused += 1;
    await sleep(ROUND_TRIP_MS);
    send(response, 429, REFUSAL, {
      ...rateHeaders(behaviour.headers, buckets, now),
      ...retryAfter(behaviour.headers, wait),
    });
    return;
  }
  buckets.requests?.take(1);
  buckets.tokens?.take(size);
  // What is left is said as of the arrival, as a provider that counts before it answers does.
  const headers = rateHeaders(behaviour.headers, buckets, now);
  const key = sha256(JSON.stringify([asked.model, asked.messages.map(({ content }) => content)]));
  const attempt = leg.attempts.get(key) ?? 0;
  leg.attempts.set(key, attempt + 1);
  const latency = drawLatency(behaviour.latency, behaviour.seed, key, leg.answers.get(key) ?? 0);
  const chance = draw('fault', behaviour.seed, key, attempt);
  if (chance < behaviour.faults) {
    counts.faults += 1;
    await sleep(latency / 2);
    fail(response, Math.floor((chance / behaviour.faults) * 3));
    return;
  }
  if (latency > 0) await sleep(Math.max(latency, ROUND_TRIP_MS));
  const before = leg.answers.get(key) ?? 0;
  leg.answers.set(key, before + 1);
  send(response, 200, completionOf(asked), headers);
  await once(response, 'finish');
  counts.complete += 1;
  counts.latencyMs += latency;
  if (before === 0) counts.distinct += 1;
}

const REFUSAL = {
  error: {
    message: 'Rate limit reached.',
    type: 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  },
};

function sizeOf({ messages, max_tokens, max_completion_tokens }: Asked): number {
  const characters = messages.reduce((total, { content }) => total + content.length, 0);
  const allowed = max_completion_tokens ?? max_tokens ?? 0;
  return Math.max(allowed, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

function fail(response: ServerResponse, kind: number): void {
  if (kind === 2) {
    // Half of an answer, then nothing: the worst moment for a reset.
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"choices":');
    setTimeout(() => response.destroy(), 1);
    return;
  }
  send(response, kind === 0 ? 500 : 503, { error: { message: 'A fault.', code: null } }, {});
}

function completionOf(asked: Asked): object {
  const content = replyTo(asked.messages, asked.response_format?.type === 'json_schema');
  const prompt = asked.messages.reduce((total, message) => total + message.content.length, 0);
  const usage = {
    prompt_tokens: Math.ceil(prompt / CHARACTERS_PER_TOKEN),
    completion_tokens: Math.ceil(content.length / CHARACTERS_PER_TOKEN),
  };
  return {
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 0,
    model: asked.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
