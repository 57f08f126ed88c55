import { jsonText } from '../json.js';
import { type GateRecord, recordSchema } from './record.js';

/** A record to compare with, and how it was found. Absent and corrupt are different things, neither is a pass. */
export type BaselineLookup =
  | {
      readonly status: 'found';
      readonly record: GateRecord;
      /** First-parent steps from the commit that was looked for to the one that has the record; null if unknown. */
      readonly distance: number | null;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'corrupt'; readonly where: string; readonly reason: string };

/** Parses a stored record. A record that can't be read is corrupt, never absent. */
export function parseBaseline(
  text: string,
  source: { readonly where: string; readonly distance: number | null },
): BaselineLookup {
  const parsed = jsonText.pipe(recordSchema).safeParse(text);
  if (parsed.success) return { status: 'found', record: parsed.data, distance: source.distance };
  const [issue] = parsed.error.issues;
  const reason = issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'not a record';
  return { status: 'corrupt', where: source.where, reason };
}
