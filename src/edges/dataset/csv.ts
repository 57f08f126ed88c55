import { types } from 'node:util';
import { parse } from 'csv-parse/sync';
import { findMisnamed, isColumn } from '../../mask/columns.js';
import {
  type RawRow,
  type TableResult,
  createLineCounter,
  findTextFault,
  sizeOfMark,
  skipLineEnds,
} from './table.js';

/** The cells of one row, and the line that it begins on. */
interface Cells {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Rows of another length that are named before the rest is only counted. */
const MAX_ROWS = 5;

/** Reads CSV (RFC 4180) with a header. Every row must have as many cells as that. */
export function readCsv(bytes: Buffer): TableResult {
  const fault = findTextFault(bytes);
  if (fault !== undefined) return { fault };
  const parsed = parseCells(bytes);
  if ('fault' in parsed) return parsed;
  const [header, ...rows] = parsed.found;
  if (!header) return { rows: [] };
  const misnamed = findFaultOfHeader(header);
  if (misnamed !== undefined) return { fault: misnamed };
  const uneven = rows.filter(({ cells }) => cells.length !== header.cells.length);
  if (uneven.length > 0) return { fault: describeUneven(uneven, header) };
  return { rows: rows.map((row) => toRow(row, header)) };
}

function parseCells(
  bytes: Buffer,
): { readonly found: readonly Cells[] } | { readonly fault: string } {
  const found: Cells[] = [];
  const lineAt = createLineCounter(bytes);
  let end = sizeOfMark(bytes);
  const nextLine = (): number => lineAt(skipLineEnds(bytes, end));
  try {
    parse(bytes, {
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      // Counted here, so that all rows of another length are told, each by its line.
      relax_column_count: true,
      on_record: (cells: readonly string[], { bytes: read }) => {
        if (!isBlank(cells)) found.push({ cells, line: nextLine() });
        end = read;
        return null;
      },
    });
    return { found };
  } catch (error) {
    return { fault: `line ${nextLine()}: ${describeFault(error)}` };
  }
}

/** A line of white space is as good as an empty one. */
function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]?.trim() === '';
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and not closed',
  INVALID_OPENING_QUOTE: 'a quote is within a cell that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'text follows the quote that closes a cell',
};

/** The parser quotes what it stumbles over; the data are private, so only the code of the fault is passed on. */
function describeFault(error: unknown): string {
  if (!types.isNativeError(error) || !('code' in error)) return 'malformed';
  const code = String(error.code);
  const place =
    'column' in error && typeof error.column === 'number' ? ` (column ${error.column + 1})` : '';
  return `${FAULTS[code] ?? code}${place}`;
}

function findFaultOfHeader({ cells, line }: Cells): string | undefined {
  const misnamed = findMisnamed(cells);
  if (misnamed !== undefined) return `line ${line} ${misnamed}`;
  return cells.length === 1 && /[;\t|]/.test(cells[0] ?? '')
    ? `line ${line} has one column; columns must be separated by commas`
    : undefined;
}

function describeUneven(uneven: readonly Cells[], header: Cells): string {
  const named = uneven
    .slice(0, MAX_ROWS)
    .map(({ cells, line }) => `line ${line} has ${describeCount(cells)}`);
  const rest = uneven.length - named.length;
  const others = rest > 0 ? `, and so on for ${rest} more` : '';
  return `${named.join(', ')}${others}; the header on line ${header.line} has ${describeCount(header.cells)}`;
}

function describeCount({ length }: readonly string[]): string {
  return length === 1 ? '1 cell' : `${length} cells`;
}

/** Columns that are not read are dropped at once. */
function toRow({ cells, line }: Cells, header: Cells): RawRow {
  const named = header.cells.map((name, index) => [name, cells[index]] as const);
  return {
    place: `line ${line}`,
    values: Object.fromEntries(named.filter(([name]) => isColumn(name))),
  };
}
