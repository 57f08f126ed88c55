import { findRepeatedKey, jsonText } from '../../base/json.js';
import { findMisnamed, isColumn } from '../../mask/columns.js';
import { type RawRow, type TableResult, findTextFault, sizeOfMark } from './table.js';

const LINE_FEED = 10;

/** Reads JSON Lines: one object a line. Empty lines are skipped. */
export function readJsonl(bytes: Buffer): TableResult {
  const fault = findTextFault(bytes);
  if (fault !== undefined) return { fault };
  const rows: RawRow[] = [];
  let start = sizeOfMark(bytes);
  for (let line = 1; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const text = bytes.toString('utf8', start, end);
    if (text.trim() !== '') rows.push({ place: `line ${line}`, ...readLine(text) });
    start = end + 1;
  }
  return { rows };
}

function readLine(text: string): Pick<RawRow, 'values' | 'fault'> {
  const { data } = jsonText.safeParse(text);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { values: undefined, fault: 'is not a JSON object' };
  }
  const fault = findFaultOfKeys(text, data);
  return { values: data, ...(fault !== undefined && { fault }) };
}

/** A key that is not read may be private text, so only its place is told. */
function findFaultOfKeys(text: string, data: object): string | undefined {
  const repeated = findRepeatedKey(text);
  if (!repeated) return findMisnamed(Object.keys(data), 'key');
  const { key, at } = repeated;
  return `has ${isColumn(key) ? `the key ${key}` : 'a key'} twice in one object (character ${at + 1})`;
}
