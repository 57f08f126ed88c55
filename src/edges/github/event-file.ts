import { readFileSync } from 'node:fs';
import { jsonText } from '../../base/json.js';
import { describeFileFault } from '../files/file-faults.js';

/** What the file of the event holds, or why it can't be read; undefined where the runner names none. */
type EventFile = { readonly payload: unknown } | { readonly fault: string } | undefined;

/**
 * The file of GITHUB_EVENT_PATH, read once. Imported before the package that asks GitHub: that one parses the same file
 * as soon as it is loaded, and would end the process without a verdict where it is cut.
 */
export const eventFile: EventFile = readEventFile();

function readEventFile(): EventFile {
  const place = process.env['GITHUB_EVENT_PATH'] ?? '';
  if (place === '') return undefined;
  const read = parseFile(place);
  if ('fault' in read) delete process.env['GITHUB_EVENT_PATH'];
  return read;
}

function parseFile(place: string): Exclude<EventFile, undefined> {
  try {
    const parsed = jsonText.safeParse(readFileSync(place, 'utf8'));
    return parsed.success
      ? { payload: parsed.data }
      : { fault: 'is cut, or not JSON; run the job again' };
  } catch (error) {
    return { fault: `can't be read: ${describeFileFault(error)}` };
  }
}
