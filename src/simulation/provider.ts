import { computeHash } from '../base/hash.js';
import type { Example } from '../mask/example.js';
import { type CompletionRequest, type Utterance, buildCompletion } from './completion.js';
import { draw } from './draw.js';
import { type Persona, findPersona } from './persona.js';
import { judgePrompt, writeVerdict } from './judge/reader.js';
import { createSpeaker } from './speaker.js';

/** What the provider sends back. */
export interface ProviderResponse {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long a client is asked to wait after a 429, in milliseconds. */
const RETRY_AFTER_MS = 20;

const MUDDLED =
  'Parts of the reply point one way and parts of it the other, and I keep changing my mind.\n\nAnswer: A or B';

/**
 * The provider behind the server: answers requests as the persona of the model's name. Requests
 * that are equal in model and messages are numbered. Faults hang on the number of the attempt, answers on the
 * number of answers given before, so that a fault never moves the answers; a request with a seed of its own gets the
 * same answer each time.
 */
export function createProvider(
  examples: readonly Example[],
  seed: string,
): (request: CompletionRequest) => ProviderResponse {
  const speak = createSpeaker(examples, seed);
  const counts = new Map<string, { attempts: number; answers: number }>();
  return (request) => {
    const persona = findPersona(request.model);
    if (!persona) return refuseModel(request.model);
    const key = computeHash({ model: request.model, messages: request.messages });
    const count = counts.get(key) ?? { attempts: 0, answers: 0 };
    counts.set(key, count);
    count.attempts += 1;
    const fault = drawFault(persona, draw('fault', seed, key, count.attempts));
    if (fault) return fault;
    const repeat = request.seed ?? count.answers;
    count.answers += 1;
    const spoil = draw('spoil', seed, key, repeat);
    const asJson = request.response_format?.type === 'json_schema';
    const text =
      persona.role === 'target'
        ? speak(persona, request.messages, repeat)
        : writeVerdict(judgePrompt(request.messages.at(-1)?.content ?? ''), asJson);
    return { status: 200, body: buildCompletion(request, spoilText(text, persona, spoil)) };
  };
}

function drawFault(
  { serverError, rateLimit }: Persona,
  chance: number,
): ProviderResponse | undefined {
  if (chance < serverError) {
    return buildError(500, 'server_error', 'The simulated server had a simulated fault.');
  }
  if (chance >= serverError + rateLimit) return undefined;
  const headers = {
    'retry-after': String(RETRY_AFTER_MS / 1000),
    'retry-after-ms': String(RETRY_AFTER_MS),
  };
  const message = 'Rate limit reached in the simulation. Please try again shortly.';
  return { ...buildError(429, 'requests', message, 'rate_limit_exceeded'), headers };
}

function spoilText(text: string, { empty, cut, muddled }: Persona, chance: number): Utterance {
  if (chance < empty) return { text: '', isCut: false };
  if (chance < empty + cut) return { text, isCut: true };
  return { text: chance < empty + cut + muddled ? MUDDLED : text, isCut: false };
}

function refuseModel(model: string): ProviderResponse {
  const message = `The model \`${model}\` does not exist in the simulation.`;
  return buildError(404, 'invalid_request_error', message, 'model_not_found');
}

/** A response in OpenAI's error shape. */
export function buildError(
  status: number,
  type: string,
  message: string,
  code: string | null = null,
): ProviderResponse {
  return { status, body: { error: { message, type, param: null, code } } };
}
