import type { BaselineLookup, Doubt } from './baseline.js';
import { isPromotionFile } from './promotion.js';

/** A file of a store that was found, read, and doubted where there is reason to. */
export interface Candidate {
  readonly file: string;
  readonly lookup: BaselineLookup;
  readonly doubt?: Doubt;
}

/**
 * The candidates of one commit, where what can't be read is only a doubt if another record of that commit can be: a
 * recording that is made again heals the first one. A promotion was put in the place of every record, so that only a
 * later promotion takes the place of one that can't be read.
 */
export function withUnreadableDoubted(candidates: readonly Candidate[]): readonly Candidate[] {
  const sound = candidates.filter(({ lookup, doubt }) => !doubt && lookup.status === 'found');
  return candidates.map((candidate): Candidate => {
    const { file, lookup } = candidate;
    if (lookup.status !== 'corrupt') return candidate;
    const isHealed = sound.some(
      (other) => !isPromotionFile(file) || (isPromotionFile(other.file) && other.file > file),
    );
    if (!isHealed) return candidate;
    const reason = `it can't be read: ${lookup.reason}`;
    return { ...candidate, doubt: { where: lookup.where, reason, isUnreadable: true } };
  });
}
