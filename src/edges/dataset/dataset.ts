import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../base/errors.js';
import { ARCHETYPES, type Archetype, isArchetype } from '../../mask/archetype.js';
import { type Example, optionalText, parseExample } from '../../mask/example.js';
import { DVC, type ReadFrom, explainPointer } from '../../base/pointer.js';
import { detectFormat, listDataFolder } from './data-folder.js';
import { type FileRequest, findKeptElsewhere, locate } from '../files/files.js';
import { findPointerInFile } from '../files/pointers.js';
import { SAMPLE_ROWS } from './bundled-sample.js';
import { readCsv } from './csv.js';
import { readJsonl } from './jsonl.js';
import { readParquet } from './parquet.js';
import type { TableResult } from './table.js';

export interface LoadedDataset {
  readonly examples: readonly Example[];
  /** What makes the dataset unusable: no such file, none that can be read. */
  readonly problems: readonly Problem[];
  /** Every row that is not an example, by file, line and id. */
  readonly malformed: readonly Problem[];
  /** The files of a folder that are not read, in one message; absent where all are. */
  readonly leftOut?: Problem;
}

const NOTHING: LoadedDataset = { examples: [], problems: [], malformed: [] };

/** One row with the name by which messages call it. */
interface DatasetRow {
  readonly where: string;
  readonly values: unknown;
  /** Why the values must not be taken. */
  readonly fault?: string;
  /** From the name of the file or its folder; a column of the row goes first. */
  readonly fileArchetype: Archetype | undefined;
}

const READERS: Readonly<
  Record<
    NonNullable<ReturnType<typeof detectFormat>>,
    (bytes: Buffer) => TableResult | Promise<TableResult>
  >
> = { '.parquet': readParquet, '.csv': readCsv, '.jsonl': readJsonl };

/**
 * Loads the examples of a source: `sample`, or a file or folder of Parquet, CSV or JSONL in the MASK columns.
 * A row's archetype is its column `archetype`, or the name of its file or folder, as in the layout of cais/MASK.
 *
 * @param from where the files of `root` come from, for messages about those that are pointers
 */
export async function loadDataset(
  source: string,
  root: string,
  from: ReadFrom = 'checkout',
): Promise<LoadedDataset> {
  if (source === 'sample') return toExamples(sampleRows());
  const request: FileRequest = { setting: 'dataset.source', path: source, root };
  const located = await locate(request);
  if ('problem' in located) return { ...NOTHING, problems: [located.problem] };
  if ('absent' in located) {
    const kept = await findKeptElsewhere(request);
    if (kept) return { ...NOTHING, problems: [kept.problem] };
    return refuse(
      `"${source}" does not exist; a dataset of the Hugging Face Hub needs dataset.revision`,
    );
  }
  const { path: place, isFolder } = located.found;
  if (!isFolder) return loadFiles(path.dirname(place), [path.basename(place)], from);
  const { files, leftOut, dvcPointers } = await listDataFolder(place);
  if (dvcPointers.length > 0) {
    return refuse(`"${dvcPointers[0]}" of "${source}" ${explainPointer(DVC, from)}`);
  }
  if (files.length === 0) {
    const kept = await findKeptElsewhere(request);
    if (kept) return { ...NOTHING, problems: [kept.problem] };
    return refuse(`"${source}" holds no .parquet, .csv or .jsonl file`);
  }
  return { ...(await loadFiles(place, files, from)), ...tellLeftOut(source, leftOut) };
}

/** One after the other, so that the bytes of one file at a time are in memory. */
async function loadFiles(
  folder: string,
  names: readonly string[],
  from: ReadFrom,
): Promise<LoadedDataset> {
  const rows: DatasetRow[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const read = await readRows(path.join(folder, name), { name, from });
    if ('problem' in read) problems.push(read.problem);
    else for (const row of read.rows) rows.push(row);
  }
  return { ...toExamples(rows), problems };
}

/** Names in one message; more are only counted. */
const MAX_NAMES = 20;

/** What a dataset leaves out, named once. */
export function tellLeftOut(
  source: string,
  names: readonly string[],
): Pick<LoadedDataset, 'leftOut'> {
  if (names.length === 0) return {};
  const rest = names.length - MAX_NAMES;
  const listed = [...names.slice(0, MAX_NAMES), ...(rest > 0 ? [`${rest} more`] : [])];
  return { leftOut: { where: 'dataset.source', message: `of "${source}": ${listed.join(', ')}` } };
}

/** Bundled rows are read like anybody's. */
function sampleRows(): readonly DatasetRow[] {
  return ARCHETYPES.flatMap((archetype) =>
    SAMPLE_ROWS[archetype].map((values, index) => ({
      where: `sample ${archetype} row ${index + 1}`,
      values,
      fileArchetype: archetype,
    })),
  );
}

async function readRows(
  file: string,
  { name, from }: { readonly name: string; readonly from: ReadFrom },
): Promise<{ readonly rows: readonly DatasetRow[] } | { readonly problem: Problem }> {
  const bytes = await readFile(file).catch(() => undefined);
  const pointer = bytes && (await findPointerInFile(file, bytes));
  if (pointer) return { problem: toProblem(`"${name}" ${explainPointer(pointer, from)}`) };
  const format = detectFormat(name);
  if (!format) return { problem: toProblem(`"${name}" is no .parquet, .csv or .jsonl file`) };
  const table = await readTable(bytes, format);
  if ('fault' in table) {
    const reason = `is not readable as ${format.slice(1)}: ${table.fault}`;
    return { problem: toProblem(`"${name}" ${reason}`) };
  }
  if (table.rows.length === 0) return { problem: toProblem(`"${name}" has no rows`) };
  const fileArchetype = archetypeOfPath(file);
  return {
    rows: table.rows.map(({ place, ...row }) => ({
      ...row,
      where: `${name} ${place}`,
      fileArchetype,
    })),
  };
}

/** Readers quote what they stumble over; the data are private, so nothing of it is passed on. */
async function readTable(
  bytes: Buffer | undefined,
  format: keyof typeof READERS,
): Promise<TableResult> {
  try {
    return bytes ? await READERS[format](bytes) : { fault: 'malformed' };
  } catch {
    return { fault: 'malformed' };
  }
}

function archetypeOfPath(file: string): Archetype | undefined {
  const names = [path.basename(file, path.extname(file)), path.basename(path.dirname(file))];
  return names.find(isArchetype);
}

function toExamples(rows: readonly DatasetRow[]): LoadedDataset {
  const examples: Example[] = [];
  const malformed: Problem[] = [];
  const seen = new Map<string, string>();
  for (const row of rows) {
    const parsed = parseRow(row);
    if ('reasons' in parsed) {
      malformed.push({ where: nameRow(row), message: parsed.reasons.join('; ') });
      continue;
    }
    const { id } = parsed.example;
    const twin = seen.get(id);
    if (twin !== undefined) {
      malformed.push({ where: nameRow(row), message: `has the task_id of ${twin}` });
      continue;
    }
    examples.push(parsed.example);
    seen.set(id, row.where);
  }
  return { examples, problems: [], malformed };
}

function parseRow(row: DatasetRow): ReturnType<typeof parseExample> {
  if (row.fault !== undefined) return { reasons: [row.fault] };
  const fault = findFaultOfArchetype(row.values);
  if (fault !== undefined) return { reasons: [fault] };
  const named = readColumn(row.values, 'archetype');
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

const archetypeSchema = z.object({ archetype: optionalText });

/** A value of another type must not give way to the name of the file. */
function findFaultOfArchetype(values: unknown): string | undefined {
  const parsed = archetypeSchema.safeParse(values);
  return parsed.error?.issues.map(({ message }) => `archetype ${message}`).join('; ');
}

/** A row as messages call it: by place and id. Ids name examples in reports too and are not private. */
function nameRow(row: DatasetRow): string {
  const id = row.fault === undefined ? readColumn(row.values, 'task_id') : undefined;
  return id === undefined ? row.where : `${row.where} (${id})`;
}

function readColumn(values: unknown, column: string): string | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const value: unknown = Reflect.get(values, column);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuse(message: string): LoadedDataset {
  return { ...NOTHING, problems: [toProblem(message)] };
}

function toProblem(message: string): Problem {
  return { where: 'dataset.source', message };
}
