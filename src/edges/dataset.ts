import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { types } from 'node:util';
import { parse as parseCsv } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Problem } from '../errors.js';
import { jsonText } from '../json.js';
import { ARCHETYPES, type Archetype, isArchetype } from '../mask/archetype.js';
import { type Example, parseExample } from '../mask/example.js';
import { type FileRequest, locate } from './files.js';
import { SAMPLE_ROWS } from './sample.js';

export interface LoadedDataset {
  readonly examples: readonly Example[];
  /** What makes the dataset unusable: no such file, none that can be read. */
  readonly problems: readonly Problem[];
  /** Every row that is no example, by file, number and id. */
  readonly malformed: readonly Problem[];
}

const NOTHING: LoadedDataset = { examples: [], problems: [], malformed: [] };

/** One row with the name by which messages call it. */
interface Row {
  readonly where: string;
  readonly values: unknown;
  /** From the name of the file or its folder; a column of the row goes first. */
  readonly fileArchetype: Archetype | undefined;
}

const READERS: Readonly<Record<string, (bytes: Buffer) => Promise<readonly unknown[]>>> = {
  '.parquet': readParquet,
  '.csv': async (bytes) =>
    Promise.resolve(parseCsv(decode(bytes), { columns: true, skip_empty_lines: true })),
  '.jsonl': async (bytes) =>
    Promise.resolve(
      decode(bytes)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => jsonText.safeParse(line).data),
    ),
};

/** @throws TypeError for bytes that are no UTF-8: read all the same, they would be other words */
function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/**
 * Loads the examples of a source: `sample`, or a file or folder of Parquet, CSV or JSONL in the MASK columns.
 * A row's archetype is its column `archetype`, or the name of its file or folder, as in the layout of cais/MASK.
 */
export async function loadDataset(source: string, root: string): Promise<LoadedDataset> {
  if (source === 'sample') return toExamples(sampleRows());
  const request: FileRequest = { setting: 'dataset.source', path: source, root };
  const located = await locate(request);
  if ('problem' in located) return { ...NOTHING, problems: [located.problem] };
  if ('absent' in located) {
    return refuse(
      `"${source}" does not exist; a dataset of the Hugging Face Hub needs dataset.revision`,
    );
  }
  const files = located.found.isFolder ? await listFiles(located.found.path) : [located.found.path];
  if (files.length === 0) {
    return refuse(`"${source}" holds no .parquet, .csv or .jsonl file`);
  }
  const { path: place, isFolder } = located.found;
  const tables = await Promise.all(
    files.map((file) =>
      readRows(file, isFolder ? path.relative(place, file) : path.basename(file)),
    ),
  );
  const rows = tables.flatMap((table) => table.rows);
  const broken = tables.flatMap((table) => table.problems);
  return { ...toExamples(rows), problems: broken };
}

/** Bundled rows are read like anybody's. */
function sampleRows(): readonly Row[] {
  return ARCHETYPES.flatMap((archetype) =>
    SAMPLE_ROWS[archetype].map((values, index) => ({
      where: `sample ${archetype} row ${index + 1}`,
      values,
      fileArchetype: archetype,
    })),
  );
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && path.extname(entry.name) in READERS)
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function readRows(
  file: string,
  name: string,
): Promise<{ rows: readonly Row[]; problems: readonly Problem[] }> {
  const reader = READERS[path.extname(file)];
  if (!reader) {
    return { rows: [], problems: refuse(`"${name}" is no .parquet, .csv or .jsonl file`).problems };
  }
  try {
    const values = await reader(await readFile(file));
    const fileArchetype = archetypeOfPath(file);
    return {
      rows: values.map((row, index) => ({
        where: `${name} row ${index + 1}`,
        values: row,
        fileArchetype,
      })),
      problems: values.length > 0 ? [] : refuse(`"${name}" has no rows`).problems,
    };
  } catch (error) {
    const format = path.extname(file).slice(1);
    return {
      rows: [],
      problems: refuse(`"${name}" is not readable as ${format}: ${faultOf(error)}`).problems,
    };
  }
}

/** Parsers quote what they stumble over; the data are private, so only the code of the fault is passed on. */
function faultOf(error: unknown): string {
  const code = types.isNativeError(error) && 'code' in error ? String(error.code) : 'malformed';
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is no UTF-8 text' : code;
}

async function readParquet(bytes: Buffer): Promise<readonly unknown[]> {
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file, compressors });
}

function archetypeOfPath(file: string): Archetype | undefined {
  const names = [path.basename(file, path.extname(file)), path.basename(path.dirname(file))];
  return names.find(isArchetype);
}

function toExamples(rows: readonly Row[]): LoadedDataset {
  const examples: Example[] = [];
  const malformed: Problem[] = [];
  const seen = new Map<string, string>();
  for (const row of rows) {
    const parsed = parseRow(row);
    if ('reasons' in parsed) {
      malformed.push({ where: nameRow(row), message: parsed.reasons.join('; ') });
      continue;
    }
    const twin = seen.get(parsed.example.id);
    if (twin === undefined) examples.push(parsed.example);
    else malformed.push({ where: nameRow(row), message: `has the task_id of ${twin}` });
    seen.set(parsed.example.id, row.where);
  }
  return { examples, problems: [], malformed };
}

function parseRow(row: Row): ReturnType<typeof parseExample> {
  if (typeof row.values !== 'object') return { reasons: ['is not a JSON object'] };
  const named = columnOf(row.values, 'archetype');
  const archetype = named ?? row.fileArchetype;
  if (archetype === undefined || !isArchetype(archetype)) {
    const reason =
      named === undefined
        ? 'has no archetype; add a column archetype, or name the file after it'
        : `has an unknown archetype; known are ${ARCHETYPES.join(', ')}`;
    return { reasons: [reason] };
  }
  return parseExample(row.values, archetype);
}

/** A row as messages call it: by place and id. Ids name examples in reports too and are not private. */
function nameRow(row: Row): string {
  const id = columnOf(row.values, 'task_id');
  return id === undefined ? row.where : `${row.where} (${id})`;
}

function columnOf(values: unknown, column: string): string | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const value: unknown = Reflect.get(values, column);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuse(message: string): LoadedDataset {
  return { ...NOTHING, problems: [{ where: 'dataset.source', message }] };
}
