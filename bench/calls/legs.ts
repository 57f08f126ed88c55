import type { Behaviour } from './server.js';

/** One setting of the provider, and how much is asked of it. */
export interface Leg {
  readonly name: string;
  readonly what: string;
  readonly behaviour: Behaviour;
  /** Examples; each is six exchanges, twelve calls. */
  readonly examples: number;
  /** Who runs it beside the product: plain ways and peers at their best, peers only, or peers as they come. */
  readonly against: 'all' | 'peers' | 'defaults';
}

/** What every variant allows a reply, so that the token limit weighs the same calls alike. */
export const MAX_TOKENS = { target: 1000, judge: 2000 } as const;

export const EXCHANGES_PER_EXAMPLE = 6;

const OPEN = {
  seed: 'bench-calls',
  latency: { medianMs: 400, spread: 0.4 },
  headers: 'full',
  faults: 0,
} as const;

/** 10 calls per second for each model, and a minute's worth to start with. */
const REQUESTS = { perMinute: 600 };

export const LEGS: readonly Leg[] = [
  {
    name: 'no limit',
    what: 'nothing binds but latency',
    behaviour: OPEN,
    examples: 150,
    against: 'all',
  },
  {
    name: 'no limit, peers as they come',
    what: 'nothing binds but latency',
    behaviour: OPEN,
    examples: 20,
    against: 'defaults',
  },
  {
    name: 'request limit',
    what: '600 requests per minute and model, rate headers',
    behaviour: { ...OPEN, requests: REQUESTS },
    examples: 140,
    against: 'all',
  },
  {
    name: 'request limit, no headers',
    what: '600 requests per minute and model, a bare 429',
    behaviour: { ...OPEN, requests: REQUESTS, headers: 'none' },
    examples: 140,
    against: 'peers',
  },
  {
    name: 'request limit, small burst',
    what: '1200 requests per minute and model but never more than 40 at once, rate headers',
    behaviour: { ...OPEN, requests: { perMinute: 1200, burst: 40 } },
    examples: 87,
    against: 'all',
  },
  {
    name: 'token limit',
    what: '1.2 million tokens per minute and model, rate headers',
    behaviour: { ...OPEN, tokens: { perMinute: 1_200_000 } },
    examples: 140,
    against: 'peers',
  },
  {
    name: '2 % faults',
    what: '500, 503 or a reset for 2 % of the attempts, no limit',
    behaviour: { ...OPEN, faults: 0.02 },
    examples: 130,
    against: 'peers',
  },
];
