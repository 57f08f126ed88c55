import { link, mkdir, readFile, readdir, rm, stat, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { NamedPlace } from '../../../src/edges/files/outputs.js';
import type { PlacedFiles } from '../../../src/edges/files/placing.js';
import { findResults } from '../../../src/edges/files/result-files.js';
import { type ResultsRequest, openResults } from '../../../src/edges/files/results.js';
import { UsageError } from '../../../src/base/errors.js';
import { PROMOTION_SCHEMA } from '../../../src/gate/records/promotion.js';
import { FIRST_GATE_REPEAT, type GateRecord } from '../../../src/gate/records/record.js';
import { makeMeasuredExample, makeRecord } from '../../factories.js';
import { useTempFolder } from '../temp.js';
import { formatRecord } from '../../../src/edges/files/record-store.js';

const temp = useTempFolder();
const at = (...names: readonly string[]): string => path.join(temp.path, ...names);

let told: string[];
beforeEach(() => {
  told = [];
});

const recordingOf = (name: string): GateRecord =>
  makeRecord({ examples: [makeMeasuredExample({ id: name })] });

/** The files that a gate run called `name` writes; gate runs have their own numbers of replies. */
const gateOf = (name: string): GateRecord =>
  makeRecord({
    examples: [makeMeasuredExample({ id: name })],
    firstRepeat: FIRST_GATE_REPEAT,
  });

const REPORT = '## MASK Gate: a report\n';
const PAGE = '<!doctype html>\n<html lang="en">\n<head>\n<title>MASK Gate: a page</title>';

interface Run extends Partial<ResultsRequest> {
  readonly record?: GateRecord | undefined;
  readonly transcripts?: string;
  readonly folder?: string;
  /** An action that runs during the measurement. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** A complete run: afterwards its measurement is ready to be written. */
async function put({ folder = at('out'), record, ...run }: Run): Promise<PlacedFiles> {
  const mode = run.mode ?? 'gate';
  const results = await openResults({
    output: { setting: '--output', path: folder },
    given: [],
    tell: (text) => told.push(text),
    ...run,
    mode,
  });
  await run.meanwhile?.();
  if (record) await results.draft('record', () => formatRecord(record));
  await results.draft('report', () => REPORT);
  await results.draft('page', () => PAGE);
  const { transcripts } = run;
  if (transcripts !== undefined) await results.draft('transcripts', () => transcripts);
  const placed = await results.place(mode === 'record');
  await results.close();
  return placed;
}

const record = (name: string, run: Run = {}): Promise<PlacedFiles> =>
  put({ mode: 'record', record: recordingOf(name), ...run });
const gate = (name: string, run: Run = {}): Promise<PlacedFiles> =>
  put({ record: gateOf(name), ...run });

/** A record that was made the baseline by hand, as a file. */
function promotion(): string {
  const by = { who: 'Ada', why: 'it was right', when: '2026-03-05T12:00:00.000Z', commit: null };
  return JSON.stringify({ schema: PROMOTION_SCHEMA, ...by, record: gateOf('promoted') });
}

/** Which run wrote the record of a folder. */
async function ownerOf(...names: readonly string[]): Promise<unknown> {
  const text = await readFile(at(...names, 'record.json'), 'utf8');
  return /"id": "(.*?)"/.exec(text)?.[1];
}

const SET = ['record.json', 'report.html', 'report.md'];
const namesIn = async (...names: readonly string[]): Promise<readonly string[]> =>
  (await readdir(at(...names))).sort();

describe('the results of a run', () => {
  test('are put into a folder that is made for them, without other files', async () => {
    const placed = await record('first', { folder: at('a/b') });
    expect(placed).toEqual({
      recordPath: at('a/b/record.json'),
      reportPath: at('a/b/report.md'),
      pagePath: at('a/b/report.html'),
    });
    expect(await namesIn('a/b')).toEqual(SET);
    expect(told).toEqual([]);
  });

  test('replace those of an earlier run as one set, and other files are kept', async () => {
    await gate('first', { transcripts: '{"schema":"mask-gate/transcripts/v1"}\n' });
    await temp.write('out/notes.md', 'mine');
    await put({});
    expect(await namesIn('out')).toEqual(['notes.md', 'report.html', 'report.md']);
    await gate('second');
    expect(await namesIn('out')).toEqual(['notes.md', ...SET]);
    expect(await ownerOf('out')).toBe('second');
  });

  test('are not touched before others are complete: a failing run keeps them as they were', async () => {
    await record('first');
    const before = await readFile(at('out/record.json'));
    const results = await openResults({
      output: { setting: '--output', path: at('out') },
      mode: 'record',
      given: [],
      tell: (text) => told.push(text),
    });
    await results.draft('report', () => REPORT);
    await results.close();
    expect(await readFile(at('out/record.json'))).toEqual(before);
    expect(await namesIn('out')).toEqual(SET);
  });

  test('exclude files that could not be made, and the run reports them', async () => {
    const results = await openResults({
      output: { setting: '--output', path: at('out') },
      mode: 'gate',
      given: [],
      tell: (text) => told.push(text),
    });
    const fail = (): never => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
        code: 'ENOSPC',
        syscall: 'write',
      });
    };
    expect(await results.draft('report', () => REPORT)).toBe(true);
    expect(await results.draft('page', fail)).toBe(false);
    expect(await results.place(false)).toEqual({ reportPath: at('out/report.md') });
    expect(told).toEqual([
      `Could not write ${at('out/report.html')}: the disk is full. Make room, or name another folder with --output.`,
    ]);
    expect(await namesIn('out')).toEqual(['report.md']);
  });
});

describe('the record that a recording has written', () => {
  test.each([1, 2, 3])(
    'is kept when %d gate runs follow, whose results are next to it',
    async (count) => {
      await record('base');
      for (let index = 0; index < count; index += 1) await gate(`gate-${index}`);
      expect(await ownerOf('out')).toBe('base');
      expect(await namesIn('out')).toEqual([...SET, 'run-2']);
      expect(await ownerOf('out/run-2')).toBe(`gate-${count - 1}`);
      expect(told[0]).toBe(
        `The files in ${at('out')} are kept. The results of this run are in ${at('out/run-2')}.`,
      );
    },
  );

  test('is replaced by another recording', async () => {
    await record('first');
    await record('second');
    expect(await ownerOf('out')).toBe('second');
    expect(await namesIn('out')).toEqual(SET);
  });

  test('is kept when the next recording has no record', async () => {
    await record('first');
    await put({ mode: 'record' });
    expect(await ownerOf('out')).toBe('first');
    expect(await namesIn('out/run-2')).toEqual(['report.html', 'report.md']);
  });

  test('is kept when it is a promotion, or cannot be read', async () => {
    for (const text of [
      promotion(),
      '{ "schema": "mask-gate/record/v9" }',
      '{\n "schema": "mask-gate/record/v1",\n "measu',
    ]) {
      await temp.write('out/record.json', text);
      await gate('gate');
      expect(await readFile(at('out/record.json'), 'utf8')).toBe(text);
    }
    expect(await ownerOf('out/run-2')).toBe('gate');
  });
});

describe('the input files of a run', () => {
  const given = (file: string, setting = '--baseline'): readonly NamedPlace[] => [
    { setting, path: file },
  ];

  test.each<['gate' | 'record']>([['gate'], ['record']])(
    'are never replaced by it: mode %s',
    async (mode) => {
      await gate('given');
      await put({ mode, record: recordingOf('next'), given: given(at('out/record.json')) });
      expect(await ownerOf('out')).toBe('given');
      expect(await ownerOf('out/run-2')).toBe('next');
      await put({ mode, record: recordingOf('last'), given: given(at('out/run-2/record.json')) });
      expect(await ownerOf('out/run-2')).toBe('next');
    },
  );

  test('are recognised by another path, through a link, and by a second name', async () => {
    await gate('given');
    await symlink(at('out'), at('linked'));
    await symlink(at('out/record.json'), at('link.json'));
    await link(at('out/record.json'), at('twin.json'));
    for (const file of [
      path.relative(process.cwd(), at('out/record.json')),
      at('linked/record.json'),
      at('link.json'),
      at('twin.json'),
    ]) {
      await gate('next', { given: given(file) });
      expect([file, await ownerOf('out')]).toEqual([file, 'given']);
    }
  });

  test('may be transcripts, whose record is kept as well', async () => {
    await gate('given', { transcripts: '{"schema":"mask-gate/transcripts/v1"}\n' });
    await gate('next', { given: given(at('out/transcripts.jsonl'), '--base-transcripts') });
    expect(await ownerOf('out')).toBe('given');
  });

  test.each([
    ['the folder itself', 'data'],
    ['a folder in it', 'data/results'],
  ])('are not a place for results: %s', async (_, folder) => {
    await temp.write('data/items.csv', 'a');
    const run = gate('next', { folder: at(folder), given: given(at('data'), 'dataset.source') });
    await expect(run).rejects.toThrow(
      `--output: "${at(folder)}" is inside the folder of dataset.source; name another folder`,
    );
    expect(await namesIn('data')).toEqual(['items.csv']);
  });
});

describe('a file with the name of a result that is not a result', () => {
  test.each(['record.json', 'report.md', 'report.html', 'transcripts.jsonl'])(
    '%s is reported before the run, and is kept',
    async (name) => {
      await temp.write(`out/${name}`, 'mine');
      for (const mode of ['gate', 'record'] as const) {
        await expect(put({ mode, record: recordingOf('next') })).rejects.toThrow(
          `--output: "${at('out', name)}" would be replaced, and was not written by a run of MASK Gate; move it, or name another folder`,
        );
      }
      expect(await readFile(at('out', name), 'utf8')).toBe('mine');
      expect(await namesIn('out')).toEqual([name]);
    },
  );

  test('may be a link or a folder', async () => {
    const notes = await temp.write('notes.md', REPORT);
    await mkdir(at('out/report.html'), { recursive: true });
    await symlink(notes, at('out/report.md'));
    await mkdir(at('out/record.json'));
    const error: unknown = await gate('next').catch((reason: unknown) => reason);
    expect(error instanceof UsageError && error.problems.map(({ message }) => message)).toEqual([
      `"${at('out/record.json')}" would be replaced, and is not a file; move it, or name another folder`,
      `"${at('out/report.md')}" would be replaced, and is a link; move it, or name another folder`,
      `"${at('out/report.html')}" would be replaced, and is not a file; move it, or name another folder`,
    ]);
    expect(await readFile(notes, 'utf8')).toBe(REPORT);
  });

  test('that appears during the measurement is kept, too', async () => {
    await gate('next', { meanwhile: () => temp.write('out/report.md', 'mine') });
    expect(await readFile(at('out/report.md'), 'utf8')).toBe('mine');
    expect(await namesIn('out/run-2')).toEqual(SET);
  });
});

describe('two runs in one folder at the same time', () => {
  test('have separate folders', async () => {
    await gate('slow', { meanwhile: () => gate('fast') });
    expect([await ownerOf('out'), await ownerOf('out/run-2')]).toEqual(['fast', 'slow']);
  });

  test('are told apart as whole sets, for any number of runs', async () => {
    const names = ['1', '2', '3', '4', '5', '6'];
    await Promise.all(names.map((name) => gate(name)));
    const folders = ['.', 'run-2', 'run-3', 'run-4', 'run-5', 'run-6'];
    const owners = await Promise.all(folders.map((folder) => ownerOf('out', folder)));
    expect([...owners].sort()).toEqual(names);
    for (const folder of folders.slice(1)) expect(await namesIn('out', folder)).toEqual(SET);
  });
});

describe('a folder for one run only', () => {
  const own = { isOwn: true } as const;

  test('contains nothing of an earlier run from the start on', async () => {
    await record('first');
    await temp.write('out/notes.md', 'mine');
    await gate('second', {
      ...own,
      meanwhile: async () => {
        expect(await namesIn('out')).toEqual(['notes.md']);
      },
    });
    expect(await ownerOf('out')).toBe('second');
  });

  test('must not contain input files of the run', async () => {
    await record('first');
    const given = [{ setting: 'input record', path: at('out/fork/record.json') }];
    await expect(gate('second', { ...own, given })).rejects.toThrow(
      `--output: "${at('out')}" contains the file of input record; name another folder`,
    );
    expect(await ownerOf('out')).toBe('first');
  });
});

describe('a place that cannot be written to', () => {
  test.each([
    ['a file', 'file', 'a file with that name exists'],
    ['a folder in a file', 'file/out', 'a file is in the place of a folder'],
    ['a device', '/dev/full', 'a file with that name exists'],
    [
      'a folder that cannot contain another',
      '/proc/out',
      'there is no such folder, and none can be made',
    ],
  ])('is reported before the run: %s', async (_, place, words) => {
    await temp.write('file', 'mine');
    const folder = path.resolve(temp.path, place);
    await expect(gate('next', { folder })).rejects.toThrow(
      `--output: "${folder}" can't be written to: ${words}; name another folder`,
    );
    expect(await namesIn()).toEqual(['file']);
  });

  test('is reported with the other problems', async () => {
    await temp.write('file', 'mine');
    const problems = [{ where: '--junit', message: '"x" is a folder; name a file' }];
    await expect(gate('next', { folder: at('file'), problems })).rejects.toThrow(
      /^--junit: .*\n--output: /,
    );
  });
});

describe('drafts of a run that was killed', () => {
  const ID = '0b0c1d2e-3f40-4152-8637-4859606a7b8c';
  /** No process has this number: it is higher than the maximum of any system. */
  const GONE = '999999999';

  /** A draft from before this process began. */
  async function leave(name: string, hours = 1): Promise<void> {
    const file = await temp.write(`out/${name}`, 'half');
    const time = Date.now() / 1000 - process.uptime() - hours * 3600;
    await utimes(file, time, time);
  }

  test('are removed by the next run', async () => {
    await leave(`record.json.${GONE}-${ID}.tmp`);
    await leave(`report.html.${ID}.tmp`);
    await gate('next');
    expect(await namesIn('out')).toEqual(SET);
  });

  test('are kept if the process exists, or if they belong to something else', async () => {
    await leave(`record.json.1-${ID}.tmp`);
    await leave(`notes.md.${GONE}-${ID}.tmp`);
    await leave('report.html.tmp');
    await temp.write(`out/report.md.${process.pid}-${ID}.tmp`, 'half');
    const before = await namesIn('out');
    await gate('next');
    expect(await namesIn('out')).toEqual([...before, ...SET].sort());
  });

  test('are removed after a day, because process ids are used again', async () => {
    await leave(`record.json.1-${ID}.tmp`, 25);
    await gate('next');
    expect(await namesIn('out')).toEqual(SET);
  });

  test.each([
    ['', 'an empty one'],
    [GONE, 'one whose process is gone'],
  ])('and its lock (%j, %s) stop no run from writing', async (text) => {
    await temp.write('out/.mask-gate.lock', text);
    await gate('next');
    expect(await namesIn('out')).toEqual(SET);
  });
});

test('the files that runs write are recognised', async () => {
  await record('first', { transcripts: '{"schema":"mask-gate/transcripts/v1"}\n' });
  const { files, hasRecording } = await findResults(at('out'));
  expect(files.filter(({ foreign }) => foreign !== undefined)).toEqual([]);
  expect([files.length, hasRecording]).toEqual([4, true]);
  await rm(at('out'), { recursive: true });
  await gate('second');
  expect(await findResults(at('out'))).toMatchObject({ hasRecording: false });
  expect((await stat(at('out'))).isDirectory()).toBe(true);
});
