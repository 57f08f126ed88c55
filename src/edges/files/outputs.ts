import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/config.js';
import { type Problem, UsageError } from '../../base/errors.js';
import { type FileContent, discardDraft, makeFolder, writeDraft } from './drafts.js';
import { describeFileFault } from './file-faults.js';
import { isInside, resolveRealPath, writeWhole } from './files.js';

/** A file or folder that a setting names: one that a command reads, or one that it writes. */
export interface NamedPlace {
  /** The flag, input or key, for messages. */
  readonly setting: string;
  readonly path: string;
}

/**
 * What a run reads: what its configuration names, and what else it was given.
 *
 * @param others by setting; what is undefined is not named
 * @param root what the paths are relative to
 */
export function placesRead(
  { target, dataset }: Pick<Config, 'target' | 'dataset'>,
  others: Readonly<Record<string, string | undefined>>,
  root: string,
): readonly NamedPlace[] {
  const isLocal = dataset.source !== 'sample' && dataset.revision === undefined;
  const names = {
    ...others,
    'target.system-prompt': target.systemPromptPath,
    'dataset.source': isLocal ? dataset.source : undefined,
  };
  return Object.entries(names).flatMap(([setting, name]) =>
    name === undefined ? [] : [{ setting, path: path.resolve(root, name) }],
  );
}

/**
 * Finds out whether a file that a flag names can be written, before anything is paid for: its folder is made and tried,
 * and it must not be a file that the same command needs for something else.
 */
export async function checkOutput(
  output: NamedPlace,
  given: readonly NamedPlace[],
): Promise<readonly Problem[]> {
  const entry = await stat(output.path).catch(() => undefined);
  if (entry?.isDirectory()) return [problem(output, 'is a folder; name a file')];
  const same = await findSame(output.path, given);
  if (same) return [problem(output, `is also the file of ${same.setting}; name another file`)];
  // A device or a pipe, such as /dev/stdout, is written to as it is.
  if (entry && !entry.isFile()) return [];
  const fault = await tryFolder(path.dirname(output.path));
  return fault === undefined
    ? []
    : [problem(output, `can't be written: ${fault}; name a file in another folder`)];
}

/** @throws UsageError with all that keeps files from being written */
export async function checkOutputs(
  outputs: readonly NamedPlace[],
  given: readonly NamedPlace[],
): Promise<void> {
  const problems = await Promise.all(outputs.map((output) => checkOutput(output, given)));
  if (problems.flat().length > 0) throw new UsageError(problems.flat());
}

/**
 * Writes a file that a flag names. A device or a pipe is written to; nothing takes its place.
 *
 * @returns why it could not be written, for people; undefined when it was
 */
export async function writeOutput(
  { setting, path: file }: NamedPlace,
  content: () => FileContent,
): Promise<string | undefined> {
  try {
    const entry = await stat(file).catch(() => undefined);
    if (entry && !entry.isFile() && !entry.isDirectory()) await writeFile(file, content());
    else await writeWhole(file, content());
    return undefined;
  } catch (error) {
    return `Could not write ${file}: ${describeFileFault(error)}. Name another file with ${setting}.`;
  }
}

/** Makes a folder where there is none, and writes a file in it on trial. @returns why that is not possible */
export async function tryFolder(folder: string): Promise<string | undefined> {
  try {
    await makeFolder(folder);
    await discardDraft(await writeDraft(path.join(folder, '.mask-gate-trial'), 'trial'));
    return undefined;
  } catch (error) {
    return describeFileFault(error);
  }
}

/** The place among those given that is the same file, by another name or through a link. */
export async function findSame(
  place: string,
  given: readonly NamedPlace[],
): Promise<NamedPlace | undefined> {
  const marks = await listMarkers(place);
  return findAsync(given, async (one) =>
    (await listMarkers(one.path)).some((mark) => marks.includes(mark)),
  );
}

/** The place among those given that another place is, or is in. */
export async function findAround(
  place: string,
  given: readonly NamedPlace[],
): Promise<NamedPlace | undefined> {
  const real = await resolveRealPath(place);
  return findAsync(given, async (one) => isInside(await resolveRealPath(one.path), real));
}

/** The place among those given that is in a folder. */
export async function findInside(
  folder: string,
  given: readonly NamedPlace[],
): Promise<NamedPlace | undefined> {
  const real = await resolveRealPath(folder);
  return findAsync(given, async (one) => isInside(real, await resolveRealPath(one.path)));
}

async function findAsync<Value>(
  values: readonly Value[],
  isWanted: (value: Value) => Promise<boolean>,
): Promise<Value | undefined> {
  for (const value of values) if (await isWanted(value)) return value;
  return undefined;
}

/** What tells a file from others: where it is, links followed, and its number on its disk. */
async function listMarkers(place: string): Promise<readonly string[]> {
  const entry = await stat(place).catch(() => undefined);
  return [await resolveRealPath(place), ...(entry ? [`${entry.dev}:${entry.ino}`] : [])];
}

function problem({ setting, path: place }: NamedPlace, message: string): Problem {
  return { where: setting, message: `"${place}" ${message}` };
}
