import { renameSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isFault, makeFolder } from './drafts.js';
import { type NamedPlace, findSame } from './outputs.js';
import {
  type FoundResults,
  RESULT_FILES,
  RESULT_PARTS,
  type ResultPart,
  findResults,
} from './result-files.js';

/** Where the files of a run are, as far as they could be written. */
export interface PlacedFiles {
  readonly recordPath?: string;
  readonly reportPath?: string;
  readonly pagePath?: string;
  readonly transcriptsPath?: string;
}

/** How folders are called that hold the results of a run which may not replace those in the folder itself. */
const NEXT = 'run-';

/** What a run may replace. */
export interface Rights {
  /** What it reads stays. */
  readonly given: readonly NamedPlace[];
  /** What was there when it began; the rest has been put there by another run since. */
  readonly atStart: ReadonlySet<string>;
  /** Whether it brings a record that may take the place of a recording's. */
  readonly isBaseline: boolean;
}

/** The first folder whose results a run may replace, and what it holds: the one that is named, or one in it. */
export async function choosePlace(
  folder: string,
  rights: Rights,
): Promise<readonly [string, FoundResults]> {
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? folder : path.join(folder, `${NEXT}${number}`);
    const found = await findResults(place);
    if ((await mayReplace(found, rights)) && (await isMade(place))) return [place, found];
  }
}

async function mayReplace(
  { files, hasRecording }: FoundResults,
  { given, atStart, isBaseline }: Rights,
): Promise<boolean> {
  if (hasRecording && !isBaseline) return false;
  if (files.some(({ foreign, identity }) => foreign !== undefined || !atStart.has(identity)))
    return false;
  return !(await hasGiven(files, given));
}

/** Whether a run reads one of these files. */
export async function hasGiven(
  files: FoundResults['files'],
  given: readonly NamedPlace[],
): Promise<boolean> {
  const same = await Promise.all(files.map((file) => findSame(file.path, given)));
  return same.some((one) => one !== undefined);
}

/** Makes a folder. @returns false where something else has its name */
async function isMade(place: string): Promise<boolean> {
  try {
    await makeFolder(place);
    return true;
  } catch (error) {
    if (isFault(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The results that are in a folder now, and in those that it holds. */
export async function listIdentities(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => name.startsWith(NEXT));
  const places = [folder, ...others.map((name) => path.join(folder, name))];
  const found = await Promise.all(places.map(findResults));
  return new Set(found.flatMap(({ files }) => files.map(({ identity }) => identity)));
}

/** What is put where, and what is told of a file that can't be. */
export interface Replaced {
  readonly place: string;
  readonly drafts: Map<ResultPart, string>;
  readonly explain: (file: string, error: unknown) => void;
}

/**
 * Puts drafts in the places of results.
 *
 * There is no await in here, so a kill usually comes before or after it. If one comes in between, no new file is next to
 * an old one: old files are removed first, except a record, which is replaced in one step.
 */
export function replace(
  { files }: FoundResults,
  { place, drafts, explain }: Replaced,
): PlacedFiles {
  const placed: Partial<Record<keyof PlacedFiles, string>> = {};
  const attempt = (file: string, change: () => void): void => {
    try {
      change();
    } catch (error) {
      explain(file, error);
    }
  };
  for (const { part, path: file } of files) {
    if (part === 'record' && drafts.has(part)) continue;
    attempt(file, () => {
      rmSync(file);
    });
  }
  for (const part of RESULT_PARTS) {
    const draft = drafts.get(part);
    if (draft === undefined) continue;
    const file = path.join(place, RESULT_FILES[part]);
    attempt(file, () => {
      renameSync(draft, file);
      drafts.delete(part);
      placed[`${part}Path`] = file;
    });
  }
  return placed;
}
