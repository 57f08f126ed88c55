import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UsageError } from '../../base/errors.js';
import type { GateRecord } from '../../gate/records/record.js';
import { toTranscriptsHead, transcriptsHeadSchema } from '../../gate/records/transcripts.js';
import { jsonText } from '../../base/json.js';
import { type Transcript, transcriptSchema } from '../../mask/transcript.js';

/** The file of transcripts in a folder of results. */
export const TRANSCRIPTS = 'transcripts.jsonl';

/** What is larger was not written by a run. */
const MAX_FILE_BYTES = 2 * 1024 ** 3;

/**
 * The file of transcripts of a record: a head that names the record, then a line for each example. One example is in
 * memory at a time.
 *
 * @param transcripts the examples in the order of the record
 */
export async function* formatTranscripts(
  record: GateRecord,
  transcripts: AsyncIterable<Transcript>,
): AsyncIterable<string> {
  yield toJsonLine(toTranscriptsHead(record));
  for await (const transcript of transcripts) yield toJsonLine(transcript);
}

/** Many readers take U+2028 and U+2029 for line ends, and an answer may hold them. */
function toJsonLine(value: object): string {
  const json = JSON.stringify(value)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `${json}\n`;
}

/** How much of a file is taken up, and what goes first. */
export interface TranscriptsLimit {
  /** Place of an example by its content hash, 0 for the first; the last ones are left out where space is short. */
  readonly order: ReadonlyMap<string, number>;
  /** Sum of the sizes of what is taken up. */
  readonly size: number;
  readonly sizeOf: (line: string) => number;
}

/** Transcripts by the content hash of their example. */
export interface ReadTranscripts {
  readonly found: ReadonlyMap<string, Transcript>;
  /** Examples that are in the file, and were left out to keep within the size. */
  readonly leftOut: number;
}

/** Takes up transcripts that are at hand. */
export async function takeUp(
  transcripts: AsyncIterable<Transcript>,
  limit: TranscriptsLimit,
): Promise<ReadTranscripts> {
  const shelf = createBoundedBuffer(limit);
  for await (const transcript of transcripts) shelf.put(toJsonLine(transcript), transcript);
  return shelf.take();
}

/**
 * Reads the transcripts of a record, line by line.
 *
 * @throws UsageError when the file can't be read, is not whole, or belongs to another record
 */
export async function readTranscripts(
  file: string,
  record: GateRecord,
  limit: TranscriptsLimit,
): Promise<ReadTranscripts> {
  const entry = await stat(file).catch(() => undefined);
  if (!entry?.isFile())
    throw refuse(file, 'cannot be read; name transcripts that a run has written');
  if (entry.size > MAX_FILE_BYTES) throw refuse(file, 'is too large for transcripts');
  const shelf = createBoundedBuffer(limit);
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    number += 1;
    if (number === 1) checkHead(file, line, record);
    else shelf.put(line, readLine(file, line, number));
  }
  if (number - 1 !== record.measurement.examples.length) {
    throw refuse(file, `is incomplete: it has ${Math.max(0, number - 1)} examples`);
  }
  return shelf.take();
}

/** A foreign file is recognised by its head, so that no answer is shown next to the reading of another one. */
function checkHead(file: string, line: string, record: GateRecord): void {
  const head = jsonText.pipe(transcriptsHeadSchema).safeParse(line);
  if (!head.success) throw refuse(file, 'contains no transcripts of this version');
  if (head.data.measurement !== toTranscriptsHead(record).measurement) {
    throw refuse(
      file,
      'belongs to another record; transcripts and record have to come from one run',
    );
  }
}

function readLine(file: string, line: string, number: number): Transcript {
  const read = jsonText.pipe(transcriptSchema).safeParse(line);
  if (!read.success) throw refuse(file, `line ${number} is not a transcript of an example`);
  return read.data;
}

interface Buffered {
  readonly transcript: Transcript;
  readonly size: number;
  readonly place: number;
}

/** Room for a limited size: what comes last in the order is dropped as soon as there is too much. */
function createBoundedBuffer({ order, size, sizeOf }: TranscriptsLimit): {
  readonly put: (line: string, transcript: Transcript) => void;
  readonly take: () => ReadTranscripts;
} {
  const shelved: Buffered[] = [];
  let taken = 0;
  let leftOut = 0;
  return {
    put(line, transcript) {
      const place = order.get(transcript.hash);
      if (place === undefined) return;
      const one = { transcript, size: sizeOf(line), place };
      const index = shelved.findIndex((other) => other.place > place);
      shelved.splice(index === -1 ? shelved.length : index, 0, one);
      taken += one.size;
      while (taken > size) {
        taken -= shelved.pop()?.size ?? taken;
        leftOut += 1;
      }
    },
    take: () => ({
      found: new Map(shelved.map(({ transcript }) => [transcript.hash, transcript])),
      leftOut,
    }),
  };
}

function refuse(where: string, message: string): UsageError {
  return new UsageError([{ where, message }]);
}
