/** A limit of a provider: what comes back each minute, and the most that can come together. */
export interface Limit {
  readonly perMinute: number;
  /** A minute's worth where nothing is said, as OpenAI's documentation has it. */
  readonly burst?: number;
}

const MINUTE_MS = 60_000;

/** A token bucket that starts full and is refilled continuously; times are in milliseconds. */
export class Bucket {
  readonly limit: Limit;
  readonly capacity: number;
  private left: number;
  private at: number;

  constructor(limit: Limit, now: number) {
    this.limit = limit;
    this.capacity = limit.burst ?? limit.perMinute;
    this.left = this.capacity;
    this.at = now;
  }

  remaining(now: number): number {
    const back = ((now - this.at) * this.limit.perMinute) / MINUTE_MS;
    this.left = Math.min(this.capacity, this.left + back);
    this.at = now;
    return this.left;
  }

  /** Milliseconds until `size` can be taken; 0 when it can be now. */
  wait(size: number, now: number): number {
    const lacking = size - this.remaining(now);
    return lacking <= 0 ? 0 : (lacking / this.limit.perMinute) * MINUTE_MS;
  }

  take(size: number): void {
    this.left -= size;
  }

  /** Milliseconds until it is full again. */
  reset(now: number): number {
    return ((this.capacity - this.remaining(now)) / this.limit.perMinute) * MINUTE_MS;
  }
}
