import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'docs/adr';
const INDEX = read('README.md');
const DECISIONS = readdirSync(FOLDER).filter((name) => /^\d{4}-.+\.md$/.test(name));
const NUMBERS = DECISIONS.map((name) => Number(name.slice(0, 4)));

function read(name: string): string {
  return readFileSync(path.join(FOLDER, name), 'utf8');
}

/** The numbers of decisions that a text refers to: `ADR 7`, `ADR 16, 17 and 23`. */
function referencesIn(text: string): readonly number[] {
  const lists = text.matchAll(/\bADR (\d+(?:(?:, | and | or )\d+)*)/g);
  return [...lists].flatMap(([, list = '']) => list.split(/\D+/).map(Number));
}

test.each(DECISIONS)('%s is a decision of at most 24 lines, in the usual parts', (name) => {
  const lines = read(name).split('\n');
  expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(24);
  const parts = lines.filter((line) => line.startsWith('## '));
  expect(parts).toEqual(['## Context', '## Decision', '## Consequences']);
});

test.each(DECISIONS)('%s is in the index, under its title', (name) => {
  const title = /^# \d+\. (.+)$/m.exec(read(name))?.[1] ?? '';
  const row = INDEX.split('\n').find((line) => line.includes(`](${name})`)) ?? '';
  expect(row.split('|').map((cell) => cell.trim())).toContain(title);
});

test('every decision that docs and code refer to is there', () => {
  const files = ['docs', 'src']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
        path.join(folder, file),
      ),
    )
    .filter((file) => /\.(md|ts)$/.test(file));
  const references = files.flatMap((file) =>
    referencesIn(readFileSync(file, 'utf8')).map((number) => ({ file, number })),
  );
  expect(references.length).toBeGreaterThan(40);
  expect(references.filter(({ number }) => !NUMBERS.includes(number))).toEqual([]);
});

test('references are found alone and in lists', () => {
  expect(referencesIn('see ADR 7; ADR 16, 17 and 23')).toEqual([7, 16, 17, 23]);
});
