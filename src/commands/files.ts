import { readFile } from 'node:fs/promises';
import type { FileContent } from '../edges/files/drafts.js';
import { type NamedPlace, writeOutput } from '../edges/files/outputs.js';
import { note } from './console.js';

/** Writes a file that a flag names. What can't be written is told. @returns whether it was written */
export async function writeNamed(place: NamedPlace, content: () => FileContent): Promise<boolean> {
  const fault = await writeOutput(place, content);
  if (fault !== undefined) note(fault);
  return fault === undefined;
}

/**
 * Writes a file whose name no flag gives. One that is there already is replaced only if it is of the same kind: users
 * have files of such names, too.
 *
 * @param place the file, and the setting that its folder follows from
 * @param mark how a file of this kind is known
 * @returns whether it was written
 */
export async function writeBeside(place: NamedPlace, text: string, mark: RegExp): Promise<boolean> {
  const present = await readFile(place.path, 'utf8').catch(() => undefined);
  if (present === undefined || mark.test(present)) return writeNamed(place, () => text);
  const { path: file, setting } = place;
  note(`Left as it is: ${file} was not written by MASK Gate. Move it, or use another ${setting}.`);
  return false;
}
