import { lstat, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parseStored } from '../../gate/records/baseline.js';
import { isOfGateRun } from '../../gate/records/record.js';
import { jsonText } from '../../base/json.js';
import { isFault } from './drafts.js';
import { TRANSCRIPTS } from './transcripts.js';

/** The files that a run leaves in its folder, in the order in which they are written: the most important one first. */
export const RESULT_FILES = {
  record: 'record.json',
  report: 'report.md',
  transcripts: TRANSCRIPTS,
  page: 'report.html',
} as const;

export type ResultPart = keyof typeof RESULT_FILES;

export const RESULT_PARTS = ['record', 'report', 'transcripts', 'page'] as const;

/** A file in the place of a result. */
interface FoundResult {
  readonly part: ResultPart;
  readonly path: string;
  /** Another one for each file that is ever written there. */
  readonly identity: string;
  /** Why no run has written it, where none has; such a file is never replaced. */
  readonly foreign?: string;
}

export interface FoundResults {
  readonly files: readonly FoundResult[];
  /** Whether there is a record that others may be compared with: not that of a gate run, as far as can be told. */
  readonly hasRecording: boolean;
}

/** What is in a folder in the places of results. */
export async function findResults(folder: string): Promise<FoundResults> {
  const found = await Promise.all(RESULT_PARTS.map((part) => findResult(folder, part)));
  const files = found.flatMap((file) => file ?? []);
  const record = files.find(({ part }) => part === 'record');
  return { files, hasRecording: record !== undefined && (await isRecording(record)) };
}

async function findResult(folder: string, part: ResultPart): Promise<FoundResult | undefined> {
  const file = path.join(folder, RESULT_FILES[part]);
  const status = await lstat(file).catch(() => undefined);
  if (!status) return undefined;
  const identity = `${file}:${status.ino}:${status.mtimeMs}:${status.size}`;
  const about = { part, path: file, identity };
  if (status.isSymbolicLink()) return { ...about, foreign: 'is a link' };
  if (!status.isFile()) return { ...about, foreign: 'is not a file' };
  try {
    if (await hasMark(file, part)) return about;
  } catch (error) {
    // Another run has replaced it at this very moment.
    if (isFault(error, 'ENOENT')) return undefined;
  }
  return { ...about, foreign: 'was not written by a run of MASK Gate' };
}

/** How every page of ours begins. */
export const PAGE_MARK = /^<!doctype html>[^]*?<title>MASK Gate: /;

/** How each of them begins. */
const MARKS: Readonly<Record<Exclude<ResultPart, 'record'>, RegExp>> = {
  report: /^## MASK Gate: /,
  transcripts: /^\{"schema":"mask-gate\/transcripts\//,
  page: PAGE_MARK,
};

/** In bytes: more than a page has before its title. */
const MARK_BYTES = 4096;

async function hasMark(file: string, part: ResultPart): Promise<boolean> {
  if (part === 'record') return isRecord(await readFile(file, 'utf8'));
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(MARK_BYTES) });
    return MARKS[part].test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

const recordMark = jsonText.pipe(
  z.looseObject({ schema: z.string().startsWith('mask-gate/record/') }),
);

/** A record of any version; one that was cut is known by its beginning. */
function isRecord(text: string): boolean {
  return recordMark.safeParse(text).success || /^\{\s*"schema": ?"mask-gate\/record\//.test(text);
}

/**
 * Whether a record is one that others may be compared with. What can't be told from a recording counts as one: it is
 * left alone once too often rather than lost.
 */
async function isRecording({ path: file, foreign }: FoundResult): Promise<boolean> {
  // A pipe would never end.
  const status = await lstat(file).catch(() => undefined);
  if (!status?.isFile()) return false;
  const text = await readFile(file, 'utf8').catch(() => '');
  const lookup = parseStored(text, { where: file, distance: null });
  if (lookup.status === 'found' && lookup.promotion) return true;
  if (foreign !== undefined) return false;
  return lookup.status !== 'found' || !isOfGateRun(lookup.record);
}
