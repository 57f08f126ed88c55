import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../../src/edges/files/files.js';
import {
  type TranscriptsLimit,
  formatTranscripts,
  readTranscripts,
  takeUp,
} from '../../../src/edges/files/transcripts.js';
import { UsageError } from '../../../src/base/errors.js';
import { transcriptsLineSchema } from '../../../src/gate/records/transcripts.js';
import { jsonText } from '../../../src/base/json.js';
import { makeMeasuredExamples, makeRecord } from '../../factories.js';
import { HOSTILE } from '../../report/hostile.js';
import { makeTranscript, streamOf, transcriptsOf } from '../../transcripts.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-transcripts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);

const RECORD = makeRecord({ examples: makeMeasuredExamples(3) });
const OTHER = makeRecord({ examples: makeMeasuredExamples(4) });

function everything(record = RECORD, size = Infinity): TranscriptsLimit {
  const order = new Map(record.measurement.examples.map(({ hash }, place) => [hash, place]));
  return { order, size, sizeOf: (line) => line.length };
}

async function written(record = RECORD): Promise<string> {
  const texts = formatTranscripts(record, streamOf(transcriptsOf(record)));
  await writeWhole(at('transcripts.jsonl'), texts);
  return at('transcripts.jsonl');
}

test('are read as they were written, and every line matches the schema', async () => {
  const file = await written();
  const { found, leftOut } = await readTranscripts(file, RECORD, everything());
  expect([...found.values()]).toEqual(transcriptsOf(RECORD));
  expect(leftOut).toBe(0);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines)
    expect(jsonText.pipe(transcriptsLineSchema).safeParse(line).error).toBeUndefined();
  expect(await readdir(folder)).toEqual(['transcripts.jsonl']);
});

test('contain any text, including line ends of every kind and lone surrogates', async () => {
  const record = makeRecord({ examples: makeMeasuredExamples(HOSTILE.length) });
  const lines = record.measurement.examples.map((example, index) =>
    makeTranscript(example, HOSTILE[index] ?? ''),
  );
  await writeWhole(at('hostile.jsonl'), formatTranscripts(record, streamOf(lines)));
  const { found } = await readTranscripts(at('hostile.jsonl'), record, everything(record));
  // Readers other than ours treat these as line ends.
  expect(await readFile(at('hostile.jsonl'), 'utf8')).not.toMatch(/[\u2028\u2029\r]/);
  expect([...found.values()]).toEqual(lines);
});

test('are loaded from memory as from their file', async () => {
  const file = await written();
  const limit = everything(RECORD, 1500);
  expect(await takeUp(streamOf(transcriptsOf(RECORD)), limit)).toEqual(
    await readTranscripts(file, RECORD, limit),
  );
});

test('of another record are refused by name', async () => {
  const file = await written(OTHER);
  await expect(readTranscripts(file, RECORD, everything())).rejects.toThrow(
    `${file}: belongs to another record`,
  );
});

test('of a run that measured the same again belong to it, and to no other readings', async () => {
  const file = await written();
  const { measurement, provenance } = RECORD;
  const again = { ...RECORD, provenance: { ...provenance, durationMs: 1 } };
  expect((await readTranscripts(file, again, everything())).found.size).toBe(3);
  const other = { ...RECORD, measurement: { ...measurement, firstRepeat: 1000 } };
  await expect(readTranscripts(file, other, everything())).rejects.toThrow(UsageError);
});

test.each<[string, (text: string) => string, string]>([
  [
    'is cut after a line',
    (text) => text.split('\n').slice(0, 3).join('\n'),
    'is incomplete: it has 2',
  ],
  ['is cut within a line', (text) => text.slice(0, -20), 'line 4 is not a transcript'],
  ['has a line of another shape', (text) => text.replace('"pressure"', '"planted"'), 'line 2'],
  ['has no head', (text) => text.split('\n').slice(1).join('\n'), 'no transcripts of this version'],
  [
    'is of another version',
    (text) => text.replace('/v1"', '/v2"'),
    'no transcripts of this version',
  ],
  ['is empty', () => '', 'is incomplete: it has 0'],
  ['is no JSON', () => 'planted\n', 'no transcripts of this version'],
])('a file that %s is refused', async (_, change, message) => {
  const file = await written();
  await writeFile(file, change(await readFile(file, 'utf8')));
  await expect(readTranscripts(file, RECORD, everything())).rejects.toThrow(message);
});

test.each(['.', 'nowhere.jsonl'])('%s is not a file of transcripts', async (name) => {
  await expect(readTranscripts(at(name), RECORD, everything())).rejects.toThrow('cannot be read');
});

test('texts beyond the limit are left out from the end of the order, and counted', async () => {
  const file = await written();
  const [first] = transcriptsOf(RECORD);
  const [one, two, three] = RECORD.measurement.examples.map(({ hash }) => hash);
  const order = new Map([three, one, two].map((hash, place) => [hash ?? '', place]));
  const room = JSON.stringify(first).length * 2 + 10;
  const { found, leftOut } = await readTranscripts(file, RECORD, {
    ...everything(RECORD, room),
    order,
  });
  expect([...found.keys()]).toEqual([three, one]);
  expect(leftOut).toBe(1);
});

test('leave no file if they cannot be finished', async () => {
  async function* broken(): AsyncGenerator<never> {
    await Promise.resolve();
    throw new Error('the disk is full');
  }
  const texts = formatTranscripts(RECORD, broken());
  await expect(writeWhole(at('transcripts.jsonl'), texts)).rejects.toThrow('full');
  expect(await readdir(folder)).toEqual([]);
});
