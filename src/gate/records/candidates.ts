import type { BaselineLookup, RejectedRecord } from './baseline.js';
import { isPromotionPath } from './record-path.js';

/** A file of a store that was found, read, and doubted where there is reason to. */
export interface Candidate {
  readonly file: string;
  readonly lookup: BaselineLookup;
  readonly rejection?: RejectedRecord;
}

/**
 * The candidates of one commit, where what can't be read is only a rejection if another record of that commit can be: a
 * recording that is made again heals the first one. A promotion was put in the place of every record, so that only a
 * later promotion takes the place of one that can't be read.
 */
export function withUnreadableRejected(candidates: readonly Candidate[]): readonly Candidate[] {
  const sound = candidates.filter(
    ({ lookup, rejection }) => !rejection && lookup.status === 'found',
  );
  return candidates.map((candidate): Candidate => {
    const { file, lookup } = candidate;
    if (lookup.status !== 'corrupt') return candidate;
    const isHealed = sound.some(
      (other) => !isPromotionPath(file) || (isPromotionPath(other.file) && other.file > file),
    );
    if (!isHealed) return candidate;
    const reason = `it can't be read: ${lookup.reason}`;
    return { ...candidate, rejection: { where: lookup.where, reason, isUnreadable: true } };
  });
}

/**
 * The nearest record without a reason for rejection; the rejected ones before it are named. A promotion is used alone:
 * it replaces the records before it, so they are not added up any more.
 */
export function chooseBaseline(candidates: readonly Candidate[]): BaselineLookup {
  const rejected = candidates.flatMap(({ rejection }) => rejection ?? []);
  const sound = candidates.flatMap(({ lookup, rejection }) => (rejection ? [] : lookup));
  const [nearest] = sound;
  if (!nearest)
    return rejected.length > 0 ? { status: 'untrusted', rejected } : { status: 'absent' };
  if (nearest.status !== 'found') return nearest;
  const end = sound.findIndex(isPromoted);
  const others = end === -1 ? sound.slice(1) : sound.slice(1, end);
  const older = others.flatMap((one) => (one.status === 'found' ? one.record : []));
  return { ...nearest, older, ...(rejected.length > 0 && { rejected }) };
}

function isPromoted(lookup: BaselineLookup): boolean {
  return lookup.status === 'found' && lookup.promotion !== undefined;
}

/** What can't be read, and is not only a rejection, goes first, so that it is not passed over; then promotions, then records, each youngest first. */
export function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    (one, other) => computeRank(one) - computeRank(other) || readTime(other) - readTime(one),
  );
}

function computeRank({ lookup }: Candidate): number {
  if (lookup.status !== 'found') return 0;
  return isPromoted(lookup) ? 1 : 2;
}

function readTime({ lookup }: Candidate): number {
  if (lookup.status !== 'found') return 0;
  return Date.parse(lookup.promotion?.when ?? lookup.record.provenance.createdAt);
}
