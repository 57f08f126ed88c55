import { send } from './virtual-provider.js';

const MINUTE = { limit: { perMinute: 600 }, calls: 900 };
const SMALL = { limit: { perMinute: 1200, burst: 40 }, calls: 720 };

/** Slow start, one lookahead of latency and the last answer. */
const SLACK_SECONDS = 2.5;

describe('a provider that reports its remaining allowance', () => {
  test.each([
    ['as of the arrival', { ...MINUTE, stamped: 'arrival' }],
    ['as of the answer', { ...MINUTE, stamped: 'answer' }],
    ['with a small burst, as of the arrival', { ...SMALL, stamped: 'arrival' }],
    ['with a small burst, as of the answer', { ...SMALL, stamped: 'answer' }],
  ] as const)('%s, is used up and rarely refuses', async (_, setting) => {
    for (const seed of [1, 2, 3]) {
      const { seconds, refused, bound } = await send({ ...setting, says: 'allowance', seed });
      expect(refused).toBeLessThanOrEqual(1);
      expect(seconds).toBeLessThan(bound + SLACK_SECONDS);
    }
  });
});

describe('a provider that reports nothing', () => {
  test.each([
    ['a minute at once', { ...MINUTE, says: 'nothing' }],
    ['a minute at once, with retry-after', { ...MINUTE, says: 'retry-after' }],
    ['a small burst', { ...SMALL, says: 'nothing' }],
    ['a small burst, with retry-after', { ...SMALL, says: 'retry-after' }],
    ['one call a second', { limit: { perMinute: 60 }, calls: 110, says: 'nothing' }],
  ] as const)('%s: its rate is learned within a few refusals', async (_, setting) => {
    for (const seed of [1, 2, 3]) {
      const { seconds, refused, bound } = await send({ ...setting, seed });
      // Calls that were sent before the first refusal returned, and a few probes.
      expect(refused).toBeLessThan(25);
      expect(seconds).toBeLessThan(bound * 1.05 + SLACK_SECONDS);
    }
  });
});
