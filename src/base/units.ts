/** In milliseconds. */
export const MINUTE_MS = 60_000;

/** In milliseconds. */
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** A rough length of a token, for estimates before a provider has counted. */
export const CHARACTERS_PER_TOKEN = 4;

/** Differences of shares below this come from the arithmetic of floating point. */
export const ROUNDING_ERROR = 1e-9;
