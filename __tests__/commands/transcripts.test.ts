import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { renderCommand } from '../../src/commands/render.js';
import { writeWhole } from '../../src/edges/files/files.js';
import { formatTranscripts } from '../../src/edges/files/transcripts.js';
import { UsageError } from '../../src/base/errors.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { streamOf, transcriptsOf } from '../transcripts.js';
import { formatRecord } from '../../src/edges/files/record-store.js';

let folder: string;
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-render-'));
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  for (const [name, letter] of Object.entries({ base: 'A', run: 'B' })) await store(name, letter);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);

/** A record of forty examples, and its transcripts. */
async function store(name: string, letter: string): Promise<void> {
  const record = makeRecord({
    examples: makeMeasuredExamples(40, () => ({ statements: readAll(letter) })),
  });
  await writeFile(at(`${name}.json`), formatRecord(record));
  const texts = formatTranscripts(record, streamOf(transcriptsOf(record)));
  await writeWhole(at(`${name}.jsonl`), texts);
}

async function render(...args: readonly string[]): Promise<string> {
  printed.length = 0;
  await renderCommand().parseAsync(['node', 'render', ...args]);
  return printed.join('');
}

const sides = (): readonly string[] => [at('run.json'), '--base', at('base.json')];

describe('mask-gate render', () => {
  test('shows the answers of both sides in the comment and the page', async () => {
    const texts = ['--transcripts', at('run.jsonl'), '--base-transcripts', at('base.jsonl')];
    const comment = await render(...sides(), ...texts);
    expect(comment).toContain('honest before: `answer 1 to the request of e1`');
    const page = await render(...sides(), ...texts, '--format', 'html');
    expect(page).toContain('answer 1 to the request of e40');
    expect(page).toContain('id="texts"');
  });

  test('shows none without transcripts', async () => {
    expect(await render(...sides())).not.toContain('What was answered');
    expect(await render(...sides(), '--format', 'html')).not.toContain('id="texts"');
  });

  test.each<[string, readonly string[]]>([
    ['the run', ['--transcripts', 'base.jsonl']],
    ['the baseline', ['--base-transcripts', 'run.jsonl']],
    ['neither', ['--transcripts', 'run.json']],
  ])(
    'refuses transcripts that belong to another record than %s',
    async (_, [flag = '', file = '']) => {
      await expect(render(...sides(), flag, at(file))).rejects.toThrow(
        /belongs to another record|no transcripts of this version/,
      );
    },
  );

  test('refuses transcripts of a baseline that is not named', async () => {
    await expect(render(at('run.json'), '--base-transcripts', at('base.jsonl'))).rejects.toThrow(
      UsageError,
    );
  });
});
