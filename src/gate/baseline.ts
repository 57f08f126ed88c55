import { jsonText } from '../json.js';
import { examplesHash } from './fingerprint.js';
import { type GateRecord, recordSchema } from './record.js';

/** A record that was not taken for a baseline, and why: its origin can't be confirmed. */
export interface Doubt {
  /** The file, for messages. */
  readonly where: string;
  readonly reason: string;
}

/** A record to compare with, and how it was found. Absent, corrupt and untrusted are three things, none of them a pass. */
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
      /** Records that were passed over on the way, when there are any. */
      readonly doubts?: readonly Doubt[];
    }
  | { readonly status: 'absent' }
  | { readonly status: 'corrupt'; readonly where: string; readonly reason: string }
  | { readonly status: 'untrusted'; readonly doubts: readonly Doubt[] };

export interface BaselineSource {
  /** The file, for messages. */
  readonly where: string;
  readonly distance: number | null;
  /** The suite that the record must be of; any when absent. */
  readonly suite?: string;
}

/** Parses a stored record. A record that can't be read, or contradicts itself, is corrupt and never absent. */
export function parseBaseline(text: string, source: BaselineSource): BaselineLookup {
  const parsed = jsonText.pipe(recordSchema).safeParse(text);
  if (parsed.success) {
    const fault = findFault(parsed.data, source.suite);
    return fault === undefined
      ? { status: 'found', record: parsed.data, distance: source.distance, older: [] }
      : { status: 'corrupt', where: source.where, reason: fault };
  }
  const [issue] = parsed.error.issues;
  const reason = issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'not a record';
  return { status: 'corrupt', where: source.where, reason };
}

/** What no run would have written: examples twice, others than the fingerprint says, another suite. */
function findFault({ measurement }: GateRecord, suite: string | undefined): string | undefined {
  const hashes = measurement.examples.map(({ hash }) => hash);
  if (new Set(hashes).size < hashes.length) return 'an example stands in it twice';
  if (examplesHash(hashes) !== measurement.fingerprint.examples) {
    return 'its examples are not those of its fingerprint';
  }
  if (suite === undefined || suite === measurement.suite) return undefined;
  return `it is of the suite ${measurement.suite}`;
}
