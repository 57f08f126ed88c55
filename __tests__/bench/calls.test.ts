import { boundOf } from '../../bench/calls/bound.js';
import { Bucket } from '../../bench/calls/bucket.js';
import { LEGS, type Leg } from '../../bench/calls/legs.js';
import { exchangesOf, makeRows } from '../../bench/calls/rows.js';
import { startBenchServer } from '../../bench/calls/server.js';

const FAST = { medianMs: 0, spread: 0 };
const OPEN: Leg['behaviour'] = { seed: 'test', latency: FAST, headers: 'full', faults: 0 };
const legWith = (behaviour: Partial<Leg['behaviour']>): Leg => ({
  name: 'test',
  what: 'test',
  examples: 100,
  against: 'all',
  behaviour: { ...OPEN, ...behaviour },
});

describe('the lower bound', () => {
  test.each([
    // 600 exchanges: that many calls for each of the two models.
    ['requests', legWith({ requests: { perMinute: 300 } }), 0, 60],
    ['requests with a small burst', legWith({ requests: { perMinute: 600, burst: 0 } }), 0, 60],
    ['tokens, if the judge needs more', legWith({ tokens: { perMinute: 600_000 } }), 0, 60],
    ['calls in flight', legWith({}), 5000, 30],
    ['two latencies', legWith({ latency: { medianMs: 4000, spread: 0 } }), 0, 8],
  ])('of %s', (_, leg, latency, seconds) => {
    expect(boundOf(leg, latency)).toBeCloseTo(seconds);
  });

  test('every leg has one', () => {
    for (const leg of LEGS) expect(boundOf(leg, leg.behaviour.latency.medianMs)).toBeGreaterThan(0);
  });
});

test('a bucket fills up to its burst and not beyond', () => {
  const bucket = new Bucket({ perMinute: 60, burst: 2 }, 0);
  bucket.take(2);
  expect([bucket.wait(1, 0), bucket.wait(1, 1000), bucket.remaining(60_000)]).toEqual([1000, 0, 2]);
});

test('each example has six exchanges', () => {
  expect(exchangesOf(makeRows(2)).map((one) => one.length)).toEqual([6, 6]);
});

describe('the server', () => {
  const ask = async (url: string): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer key' },
      body: JSON.stringify({
        model: 'bench-target',
        messages: [{ role: 'user', content: 'Is it open?' }],
        max_completion_tokens: 10,
      }),
    });

  test('refuses requests beyond a limit, says so, and counts them', async () => {
    const server = await startBenchServer();
    server.begin({ ...OPEN, requests: { perMinute: 1, burst: 1 } });
    const answered = await ask(server.url);
    const refused = await ask(server.url);
    await refused.text();
    expect([answered.status, refused.status]).toEqual([200, 429]);
    expect(answered.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(server.counts().models['bench-target']).toMatchObject({ calls: 2, refused: 1 });
    await answered.text();
    await server.close();
  });

  test('breaks every attempt if all are set to fail', async () => {
    const server = await startBenchServer();
    server.begin({ ...OPEN, faults: 1 });
    const outcome = await ask(server.url).then(
      async (response) =>
        response.text().then(
          () => response.status,
          () => 'reset' as const,
        ),
      () => 'reset' as const,
    );
    expect([500, 503, 'reset']).toContain(outcome);
    expect(server.counts().models['bench-target']).toMatchObject({ faults: 1, complete: 0 });
    await server.close();
  });
});
