import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Example } from '../mask/example.js';
import { completionRequestSchema } from './completion.js';
import { PERSONA_NAMES } from './persona.js';
import { type ProviderResponse, buildError, createProvider } from './provider.js';

export interface SimulationOptions {
  /** The examples whose prompts the simulated model knows. */
  readonly examples: readonly Example[];
  /** Port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  readonly seed?: string;
  /** How long each completion takes, in milliseconds; 0 by default. */
  readonly latencyMs?: number;
}

/** Responses so far: counts by model (`-` where there was none) and status. */
type SimulationStats = Readonly<Record<string, Readonly<Record<number, number>>>>;

export interface Simulation {
  /** Base URL for a client, ending in /v1. */
  readonly url: string;
  stats(): SimulationStats;
  close(): Promise<void>;
}

/** A response, and the model that it is counted under. */
interface Served extends ProviderResponse {
  readonly model?: string;
}

type Serve = (request: IncomingMessage) => Promise<Served>;

const HOST = '127.0.0.1';
/** Longer than any pause of a client, so that no connection closes under a request. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Serves simulated models and judges with OpenAI's wire format over HTTP on loopback. They are not language
 * models, and every response says so.
 */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { examples, port = 0, seed = 'mask-gate', latencyMs = 0 } = options;
  const provide = createProvider(examples, seed);
  const counts = new Map<string, Map<number, number>>();
  const serve: Serve = async (request) => {
    const refusal = refuseRequest(request);
    if (refusal) return refusal;
    if (request.method === 'GET') return { status: 200, body: listModels() };
    const parsed = completionRequestSchema.safeParse(await readText(request));
    if (!parsed.success) {
      return buildError(400, 'invalid_request_error', z.prettifyError(parsed.error));
    }
    const response = provide(parsed.data);
    if (latencyMs > 0) await sleep(latencyMs);
    return { ...response, model: parsed.data.model };
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    serve(request).then(
      (served) => {
        count(counts, served);
        send(response, served);
      },
      () => response.destroy(),
    );
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  return {
    url: `http://${HOST}:${readPort(server.address())}/v1`,
    stats: () =>
      Object.fromEntries([...counts].map(([model, each]) => [model, Object.fromEntries(each)])),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refuseRequest({ method, url, headers }: IncomingMessage): ProviderResponse | undefined {
  const route = `${method ?? ''} ${url ?? ''}`;
  if (route !== 'POST /v1/chat/completions' && route !== 'GET /v1/models') {
    return buildError(404, 'invalid_request_error', `Unknown request URL: ${route}`, 'unknown_url');
  }
  const key = headers.authorization?.replace(/^Bearer\b/i, '').trim();
  if (key) return undefined;
  const message = 'An API key is missing from the Authorization header; any key will do.';
  return buildError(401, 'invalid_request_error', message, 'invalid_api_key');
}

function listModels(): object {
  const data = PERSONA_NAMES.map((id) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'mask-gate-simulation',
  }));
  return { object: 'list', data };
}

function count(counts: Map<string, Map<number, number>>, { model = '-', status }: Served): void {
  const byStatus = counts.get(model) ?? new Map<number, number>();
  counts.set(model, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
}

function send(response: ServerResponse, { status, body, headers }: ProviderResponse): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-mask-gate-simulation': 'not a language model',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

function readPort(address: string | { readonly port: number } | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('no TCP port is open');
  return address.port;
}
