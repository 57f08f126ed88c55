import TinyQueue from 'tinyqueue';
import { Bucket, type Limit } from '../../../bench/calls/bucket.js';
import { drawLatency } from '../../../bench/calls/latency.js';
import { draw } from '../../../src/simulation/draw.js';
import { type Permit, createScheduler } from '../../../src/edges/model/scheduler.js';
import type { RateHeaders } from '../../../src/edges/model/rate-headers.js';

const UNENDED = new AbortController().signal;

export interface Behaviour {
  readonly limit: Limit;
  readonly calls: number;
  readonly says: 'allowance' | 'retry-after' | 'nothing';
  /** The time that the reported allowance refers to: the arrival of a call, or its answer. */
  readonly stamped?: 'arrival' | 'answer';
  readonly seed: number;
}

export interface Outcome {
  readonly seconds: number;
  readonly refused: number;
  /** Minimum number of seconds in which the bucket admits all calls. */
  readonly bound: number;
}

const LATENCY = { medianMs: 400, spread: 0.4 };
const ROUND_TRIP_MS = 30;
const TRANSIT_MS = 15;

/** Sends calls at the product's pace to a provider with a limit, in simulated time. */
export async function send(behaviour: Behaviour): Promise<Outcome> {
  const { limit, calls, says, stamped = 'arrival', seed } = behaviour;
  const events = new TinyQueue<{ readonly at: number; readonly happen: () => void }>(
    [],
    (one, other) => one.at - other.at,
  );
  let now = 0;
  const after = (milliseconds: number, happen: () => void): (() => void) => {
    let isOn = true;
    events.push({
      at: now + milliseconds,
      happen: () => {
        if (isOn) happen();
      },
    });
    return () => {
      isOn = false;
    };
  };
  const pace = createScheduler(100, { now: () => now, after }, 60_000);
  const bucket = new Bucket(limit, 0);
  let refused = 0;
  let answered = 0;
  const allowance = (): RateHeaders => ({
    requests: {
      remaining: Math.max(0, Math.floor(bucket.remaining(now))),
      rate: limit.perMinute / 60_000,
    },
  });
  const arrive = (call: number, pass: Permit): void => {
    const wait = bucket.wait(1, now);
    const early = allowance();
    const headers = (): RateHeaders => {
      if (says !== 'allowance') return {};
      return stamped === 'arrival' ? early : allowance();
    };
    if (wait > 0) {
      refused += 1;
      after(ROUND_TRIP_MS, () => {
        pace.release({
          result: 'rate-limited',
          permit: pass,
          headers: headers(),
          ...(says !== 'nothing' && { retryAfter: wait }),
        });
        enter(call, -1);
      });
      return;
    }
    bucket.take(1);
    after(drawLatency(LATENCY, seed, call), () => {
      answered += 1;
      pace.release({ result: 'answered', permit: pass, headers: headers() });
    });
  };
  const enter = (call: number, order: number): void => {
    void pace.acquire(order, 1, UNENDED).then((pass) => {
      // Calls overtake each other in transit.
      after(TRANSIT_MS * draw('transit', seed, call, now), () => {
        arrive(call, pass);
      });
    });
  };
  for (let call = 0; call < calls; call += 1) enter(call, call);
  while (answered < calls) {
    await new Promise(setImmediate);
    const next = events.pop();
    if (!next) throw new Error(`${calls - answered} calls are stuck`);
    now = Math.max(now, next.at);
    next.happen();
  }
  const bound = ((calls - (limit.burst ?? limit.perMinute)) / limit.perMinute) * 60;
  return { seconds: now / 1000, refused, bound };
}
