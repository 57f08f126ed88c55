import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';

/** A SHA-256 in lower-case hexadecimal digits. */
export const SHA256 = /^[0-9a-f]{64}$/;

/** A full id of a commit: SHA-1 in lower-case hexadecimal digits. */
export const COMMIT_ID = /^[0-9a-f]{40}$/;

/**
 * SHA-256 of a value's canonical JSON: object keys sorted, `undefined` members dropped.
 * A pure function of its argument; equal data hash equally on every machine.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function computeHash(value: unknown): string {
  return sha256(stringify(value) ?? 'undefined');
}

/** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
