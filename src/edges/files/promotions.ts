import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../base/errors.js';
import { type PromotedRecord } from '../../gate/records/promotion.js';
import { writeWhole } from './files.js';
import { promotionPath } from '../../gate/records/record-path.js';

/** Where a promotion is written to: a committed baseline, or a folder of records, such as a checkout of the data branch. */
export type PromotionPlace = { readonly file: string } | { readonly folder: string };

/**
 * Writes a promotion: over a committed baseline, whose history git keeps, or next to the records of its commit, where
 * no file is ever overwritten.
 *
 * @returns the file
 * @throws UsageError when another promotion exists already, or a file that is not a baseline
 */
export async function writePromotion(
  place: PromotionPlace,
  promoted: PromotedRecord,
): Promise<string> {
  const text = `${JSON.stringify(promoted, null, 1)}\n`;
  if ('file' in place) {
    await refuseForeign(place.file);
    await writeWhole(place.file, text);
    return place.file;
  }
  const name = promotionPath(promoted.record.measurement.suite, promoted);
  const file = path.join(place.folder, ...name.split('/'));
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === text) return file;
  if (present !== undefined) {
    throw new UsageError([{ where: file, message: 'already exists; promote at another time' }]);
  }
  await writeWhole(file, text);
  return file;
}

/** A committed baseline is a record or a promotion, of any version; any other file is not replaced. */
const MARK = /"schema": ?"mask-gate\/(record|promotion)\//;

async function refuseForeign(file: string): Promise<void> {
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === undefined || MARK.test(present)) return;
  const message = 'already exists and is not a baseline; name another file';
  throw new UsageError([{ where: file, message }]);
}
