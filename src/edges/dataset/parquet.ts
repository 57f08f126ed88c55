import { isUtf8 } from 'node:buffer';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { findMisnamed, isColumn } from '../../mask/columns.js';
import type { RawRow, TableResult } from './table.js';

/** Replaces a text that is not UTF-8: decoding it anyway would give another text. */
const NOT_UTF8 = Symbol('not UTF-8');

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the columns of Parquet that are needed, and no other.
 *
 * @throws Error for bytes that are not Parquet
 */
export async function readParquet(bytes: Buffer): Promise<TableResult> {
  const file = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const misnamed = findMisnamed(names);
  if (misnamed !== undefined) return { fault: `it ${misnamed}` };
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns: names.filter(isColumn),
    compressors,
    parsers: { stringFromBytes: decode },
  });
  return { rows: rows.map(toRow) };
}

function decode(bytes: Uint8Array | null | undefined): unknown {
  if (!bytes) return undefined;
  return isUtf8(bytes) ? decoder.decode(bytes) : NOT_UTF8;
}

function toRow(values: Readonly<Record<string, unknown>>, index: number): RawRow {
  const bad = Object.keys(values).filter((name) => values[name] === NOT_UTF8);
  return {
    place: `row ${index + 1}`,
    values,
    ...(bad.length > 0 && { fault: `${bad.join(', ')}: not UTF-8 text` }),
  };
}
