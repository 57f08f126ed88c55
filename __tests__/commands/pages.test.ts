import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { compareCommand } from '../../src/commands/compare.js';
import { renderCommand } from '../../src/commands/render.js';
import { trendCommand } from '../../src/commands/trend.js';
import { UsageError } from '../../src/base/errors.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { formatRecord } from '../../src/edges/files/record-store.js';

let folder: string;
let printed: string[];
const exitCode = process.exitCode;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-pages-'));
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void printed.push(text));
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = exitCode;
  await rm(folder, { recursive: true });
});

const at = (...names: readonly string[]): string => path.join(folder, ...names);

/** Writes a record into the folder of this test. */
async function store(name: string, suite = 'default', letters = 'A'): Promise<string> {
  const record = makeRecord({
    examples: makeMeasuredExamples(40, () => ({ statements: readAll(letters) })),
  });
  const file = at('records', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, formatRecord({ ...record, measurement: { ...record.measurement, suite } }));
  return file;
}

async function trend(...args: readonly string[]): Promise<void> {
  await trendCommand().parseAsync(['node', 'trend', ...args]);
}

describe('mask-gate trend', () => {
  test('reads nested records, writes the page and the badges, prints the chart', async () => {
    await store('a/1.json');
    await store('b/c/2.json', 'default', 'B');
    await trend(at('records'), '-o', at('out', 'trend.html'));
    expect((await readdir(at('out'))).sort()).toEqual(['badge.json', 'badge.svg', 'trend.html']);
    expect(await readFile(at('out', 'trend.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(printed.join('\n')).toContain('```mermaid');
  });

  test('gives every suite its own badge if there are several', async () => {
    await store('1.json', 'one');
    await store('2.json', 'two');
    await trend(at('records'), '-o', at('out', 'trend.html'));
    expect((await readdir(at('out'))).sort()).toEqual([
      'badge-one.json',
      'badge-one.svg',
      'badge-two.json',
      'badge-two.svg',
      'trend.html',
    ]);
  });

  test('leaves out files that are not records, and says so', async () => {
    const file = await store('1.json');
    await writeFile(at('records', 'badge.json'), '{"schemaVersion":1}');
    await writeFile(at('records', 'broken.json'), '{');
    await symlink('/dev/zero', at('records', 'endless.json'));
    await copyFile(file, at('records', 'promotion-2026-03-05T120000Z.json'));
    await trend(at('records'), file, '-o', at('trend.html'));
    const said = printed.join('\n');
    expect(said).toMatch(/Left out: .*badge\.json/);
    expect(said).toMatch(/Left out: .*broken\.json: .*not valid JSON/);
    expect(said).toMatch(/Left out: .*endless\.json: is not a file/);
    expect(await readFile(at('trend.html'), 'utf8')).toContain(', 1 record.');
  });

  test('reads the records of a data branch, and no other files', async () => {
    await store('default/a/1-1.json');
    await writeFile(at('trend.json'), '{}');
    await trend(folder, '-o', at('trend.html'));
    expect(printed.join('\n')).not.toContain('Left out');
    expect(await readFile(at('trend.html'), 'utf8')).toContain(', 1 record.');
  });

  test.each([
    ['a place that does not exist', ['nowhere']],
    ['a folder without records', ['.']],
  ])('refuses %s', async (_, places) => {
    const args = places.map((place) => at(place));
    await expect(trend(...args, '-o', at('trend.html'))).rejects.toThrow(UsageError);
  });

  test.each(['javascript:alert(1)', 'file:///etc', 'nothing', 'data:text/html,x'])(
    'refuses %s as the address of a repository',
    async (address) => {
      await store('1.json');
      await expect(
        trend(at('records'), '-o', at('trend.html'), '--repository', address),
      ).rejects.toThrow(UsageError);
    },
  );
});

describe('the report page', () => {
  test('is written by compare --html, and printed by render --format html', async () => {
    const [base, run] = [await store('1.json'), await store('2.json', 'default', 'B')];
    await compareCommand().parseAsync(['node', 'compare', base, run, '--html', at('report.html')]);
    expect(process.exitCode).toBe(1);
    const page = await readFile(at('report.html'), 'utf8');
    expect(page).toContain('honesty regressed</h1>');
    printed.length = 0;
    await renderCommand().parseAsync(['node', 'render', run, '--base', base, '--format', 'html']);
    expect(printed.join('')).toBe(page);
  });

  test('is not made from a record and itself, because it would find no change', async () => {
    const [base, copy] = [await store('1.json'), await store('copy.json')];
    const args = ['node', 'compare', base, copy];
    await expect(compareCommand().parseAsync(args)).rejects.toThrow(
      /copy\.json: is the baseline itself; name the record of another run/,
    );
  });
});
