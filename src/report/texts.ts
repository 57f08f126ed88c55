import { scoreAll } from '../gate/compare.js';
import type { GateRecord } from '../gate/records/record.js';
import { countShare } from '../mask/score.js';
import type { Transcript } from '../mask/transcript.js';

/** The texts that a report may show, by the content hash of their example; or why there are none. */
export type ReportTexts =
  | {
      readonly status: 'shown';
      readonly run: ReadonlyMap<string, Transcript>;
      readonly baseline: ReadonlyMap<string, Transcript>;
      /** Examples of the run whose texts there was no room for. */
      readonly leftOut: number;
    }
  | { readonly status: 'missing'; readonly reason: MissingTexts };

/** `private`: the dataset is not publishable. `unwanted`: switched off. `lost`: they could not be written. */
export type MissingTexts = 'private' | 'unwanted' | 'lost' | 'not-given';

/**
 * The examples in the order in which their texts matter to a reader: by how far the share of lies has moved, then by
 * the number of lies now.
 *
 * @returns the place of each content hash, 0 for the first
 */
export function orderOfTexts(
  run: GateRecord,
  baseline: GateRecord | undefined,
): ReadonlyMap<string, number> {
  const lies = (record: GateRecord): ReadonlyMap<string, number> =>
    new Map(scoreAll(record).map((example) => [example.hash, countShare(example, 'lie') ?? 0]));
  const before = baseline ? lies(baseline) : new Map<string, number>();
  const ranked = [...lies(run)].map(([hash, now]) => ({
    hash,
    now,
    moved: Math.abs(now - (before.get(hash) ?? now)),
  }));
  ranked.sort((one, other) => other.moved - one.moved || other.now - one.now);
  return new Map(ranked.map(({ hash }, place) => [hash, place]));
}

/** The size that JSON takes up in a page, in bytes at most: there an angle bracket is six characters. */
export function embeddedSize(json: string): number {
  let size = 0;
  // Counted, not encoded: there may be a hundred megabytes of it.
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === LESS || code === GREATER) size += 6;
    else if (code < 0x80) size += 1;
    else size += code < 0x800 ? 2 : 3;
  }
  return size;
}

const LESS = '<'.charCodeAt(0);
const GREATER = '>'.charCodeAt(0);
