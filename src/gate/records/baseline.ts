import { z } from 'zod';
import { jsonText } from '../../base/json.js';
import { findPointer } from '../../base/pointer.js';
import { computeExamplesHash } from './fingerprint.js';
import { PROMOTION_SCHEMA, type Promotion, promotionSchema } from './promotion.js';
import { type GateRecord, recordSchema } from './record.js';
import type { Estimate } from '../statistics/rise.js';

/** A record that was not taken for a baseline, and why: its origin can't be confirmed. */
export interface RejectedRecord {
  /** The file, for messages. */
  readonly where: string;
  readonly reason: string;
  /** Present where it was passed over because it can't be read, and another record of its commit can. */
  readonly isUnreadable?: true;
}

/** A record to compare with, and how it was found. All that keeps one from being found is told apart, and none of it is a pass. */
export type BaselineLookup =
  | {
      readonly status: 'found';
      readonly record: GateRecord;
      /** First-parent steps from the commit that was looked for to the one that has the record; null if unknown. */
      readonly distance: number | null;
      /** Earlier records on the same line, youngest first, whose replies may be added. */
      readonly older: readonly GateRecord[];
      /** The records of the line as they were found, youngest first, before any were added up or left aside. */
      readonly history?: readonly GateRecord[];
      /** True when it was measured in the job that compares with it. */
      readonly isInline?: true;
      /** Who promoted it to the baseline; absent for a recorded one. A promoted record is used alone: `older` is empty. */
      readonly promotion?: Promotion;
      /** Records that were passed over on the way, when there are any. */
      readonly rejected?: readonly RejectedRecord[];
      /** The commit of the data branch that confirms the record, where GitHub does not have its run any more. */
      readonly signedCommit?: string;
      /** Earlier recordings of the same subject that say something else, so that nothing of them is added. */
      readonly apart?: Apart;
    }
  | { readonly status: 'absent' }
  /** There are records, and the search ended before it came to one of them. */
  | { readonly status: 'unreached'; readonly records: number; readonly commits: number }
  | { readonly status: 'corrupt'; readonly where: string; readonly reason: string }
  | { readonly status: 'untrusted'; readonly rejected: readonly RejectedRecord[] };

/** What newer recordings of a subject say against older ones of the same subject, where that is not chance. */
export interface Drift {
  /** By how much lies changed, newer minus older. */
  readonly change: Estimate;
  /** Whether the difference is so clear that the model or the judge must have changed behind its name. */
  readonly isAlarm: boolean;
}

/** Recordings that were left aside since newer ones of the same subject differ from them by more than chance. */
export interface Apart {
  readonly records: readonly GateRecord[];
  readonly drift: Drift;
}

export interface BaselineSource {
  /** The file, for messages. */
  readonly where: string;
  readonly distance: number | null;
  /** The suite that the record must be of; any when absent. */
  readonly suite?: string;
}

/** Parses a stored record. A record that can't be read, or contradicts itself, is corrupt and never absent. */
export function parseBaseline(text: string, source: BaselineSource): BaselineLookup {
  const parsed = storedRecord.safeParse(text);
  if (parsed.success) return checkRecord(parsed.data, source);
  const pointer = findPointer(text);
  if (!pointer) return corrupt(parsed.error, source);
  const reason = `it is ${pointer.what}, and not a record`;
  return { status: 'corrupt', where: source.where, reason };
}

const oldDuration = z.looseObject({
  provenance: z.looseObject({ durationMs: z.int().negative() }),
});

/** Earlier versions took the duration from the time of day, and wrote less than 0 where the clock was set back. */
const storedRecord = jsonText
  .transform((value): unknown => {
    const { data } = oldDuration.safeParse(value);
    return data ? { ...data, provenance: { ...data.provenance, durationMs: 0 } } : value;
  })
  .pipe(recordSchema);

/** Why a text is not a record that may be stored: stricter than the parser, which takes what earlier versions wrote. */
export function findRecordFault(text: string): string | undefined {
  const parsed = jsonText.pipe(recordSchema).safeParse(text);
  return parsed.success ? findFault(parsed.data, undefined) : describeIssue(parsed.error);
}

const promotionMark = jsonText.pipe(z.looseObject({ schema: z.literal(PROMOTION_SCHEMA) }));

/** Parses a file of a store of baselines: a record or a promoted record. A broken promotion is corrupt, too. */
export function parseStored(text: string, source: BaselineSource): BaselineLookup {
  const marked = promotionMark.safeParse(text);
  if (!marked.success) return parseBaseline(text, source);
  const parsed = promotionSchema.safeParse(marked.data);
  if (!parsed.success) return corrupt(parsed.error, source);
  const { record, who, why, when, commit } = parsed.data;
  const lookup = checkRecord(record, source);
  return lookup.status === 'found' ? { ...lookup, promotion: { who, why, when, commit } } : lookup;
}

function checkRecord(
  record: GateRecord,
  { where, distance, suite }: BaselineSource,
): BaselineLookup {
  const reason = findFault(record, suite);
  return reason === undefined
    ? { status: 'found', record, distance, older: [] }
    : { status: 'corrupt', where, reason };
}

function corrupt(error: z.ZodError, { where }: BaselineSource): BaselineLookup {
  return { status: 'corrupt', where, reason: describeIssue(error) };
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'not a record';
}

/** What no run would have written: examples twice, others than the fingerprint says, another suite. */
function findFault({ measurement }: GateRecord, suite: string | undefined): string | undefined {
  const hashes = measurement.examples.map(({ hash }) => hash);
  if (new Set(hashes).size < hashes.length) return 'it contains an example twice';
  if (computeExamplesHash(hashes) !== measurement.fingerprint.examples) {
    return 'its examples do not match its fingerprint';
  }
  if (suite === undefined || suite === measurement.suite) return undefined;
  return `it is of the suite ${measurement.suite}`;
}
