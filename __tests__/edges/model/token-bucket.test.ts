import { createTokenBucketMirror } from '../../../src/edges/model/token-bucket.js';

/** One token per second is added. */
const RATE = 0.001;
const IDLE = { inFlight: 0, now: 0 };

describe('the mirror of a bucket', () => {
  test('admits everything until the provider reports a value', () => {
    const mirror = createTokenBucketMirror();
    expect(mirror.wait(1_000_000, 0)).toBe(0);
  });

  test('a slow response among fast ones does not bring back tokens that were spent since', () => {
    const mirror = createTokenBucketMirror();
    const slow = mirror.take(1, 0);
    for (let call = 0; call < 99; call += 1) mirror.take(1, 0);
    // It was the first of a hundred, and reports that 99 are left; all others have been answered.
    mirror.reconcile({ remaining: 99, rate: RATE }, slow, IDLE);
    expect(mirror.wait(1, 0)).toBe(1000);
  });

  test('calls in flight may not be counted yet', () => {
    const mirror = createTokenBucketMirror();
    mirror.take(1, 0);
    mirror.take(1, 0);
    const last = mirror.take(1, 0);
    mirror.reconcile({ remaining: 2, rate: RATE }, last, { inFlight: 2, now: 0 });
    expect(mirror.wait(1, 0)).toBe(1000);
  });

  test('fills with time', () => {
    const mirror = createTokenBucketMirror();
    mirror.reconcile({ remaining: 0, rate: RATE }, mirror.take(1, 0), IDLE);
    expect(mirror.wait(1, 400)).toBeCloseTo(600);
    expect(mirror.wait(1, 1000)).toBeLessThanOrEqual(0);
  });

  test('an old report does not change a mirror that is correct', () => {
    const mirror = createTokenBucketMirror();
    const first = mirror.take(1, 0);
    mirror.reconcile({ remaining: 3, rate: RATE }, first, IDLE);
    const second = mirror.take(1, 0);
    mirror.take(1, 0);
    // Two of the three were left when the second came in; one was taken since.
    mirror.reconcile({ remaining: 2, rate: RATE }, second, { inFlight: 1, now: 500 });
    expect(mirror.wait(1, 500)).toBeLessThanOrEqual(0);
    mirror.take(1, 500);
    expect(mirror.wait(1, 500)).toBeCloseTo(500);
  });

  test('other users of the same key are noticed', () => {
    const mirror = createTokenBucketMirror();
    mirror.reconcile({ remaining: 50, rate: RATE }, mirror.take(1, 0), IDLE);
    mirror.reconcile({ remaining: 0, rate: RATE }, mirror.take(1, 100), { inFlight: 0, now: 100 });
    expect(mirror.wait(2, 100)).toBeGreaterThan(0);
  });

  test('a provider that counts less than expected returns the difference', () => {
    const mirror = createTokenBucketMirror();
    mirror.reconcile({ remaining: 1000, rate: RATE }, mirror.take(100, 0), IDLE);
    const big = mirror.take(1000, 0);
    expect(mirror.wait(100, 0)).toBeGreaterThan(0);
    mirror.reconcile({ remaining: 900, rate: RATE }, big, IDLE);
    expect(mirror.wait(100, 0)).toBeLessThanOrEqual(0);
  });
});
