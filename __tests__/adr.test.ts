import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'docs/adr';
const DECISIONS = readdirSync(FOLDER).filter((name) => /^\d{4}-.+\.md$/.test(name));
/** Characters per line: without a maximum, the number of lines would not limit the length. */
const MAX_WIDTH = 132;
const NUMBERS = DECISIONS.map((name) => Number(name.slice(0, 4)));

function readDecision(name: string): string {
  return readFileSync(path.join(FOLDER, name), 'utf8');
}

const rows = readDecision('README.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** All texts that may refer to a decision or a page, by their path. */
const texts = new Map(
  ['docs', 'src', 'examples', 'data', 'bench']
    .flatMap((folder) => filesIn(folder))
    .concat('README.md', 'CONTRIBUTING.md')
    .map((file) => [file, readFileSync(file, 'utf8')] as const),
);

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(md|ts|yml)$/.test(file))
    .map((file) => path.join(folder, file));
}

/** The numbers of decisions that a text refers to: `ADR 7`, `ADR [7](…)`, `ADR 16, 17 and 23`. */
function numbersIn(text: string): readonly number[] {
  const plain = text.replaceAll(/\[(\d+)\]\([^)]*\)/g, '$1');
  const lists = plain.matchAll(/\bADRs?\s+(\d+(?:(?:,\s+|\s+and\s+|\s+or\s+)\d+)*)/g);
  return [...lists].flatMap(([, list = '']) => list.split(/\D+/).map(Number));
}

/** Links from a page to other pages of the repository, and to their headings. */
function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s:]*\.md(?:#[^)\s]*)?|#[^)\s]*)\)/g)].map(
    ([, link = '']) => link,
  );
}

/** The names by which GitHub links to the headings of a page, as far as this repository needs them. */
function anchorsIn(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsSomewhere(file: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const place = target === '' ? file : path.join(path.dirname(file), target);
  if (!existsSync(place)) return false;
  return anchor === undefined || anchorsIn(readFileSync(place, 'utf8')).includes(anchor);
}

test.each(DECISIONS)('%s is short and has the usual parts', (name) => {
  const lines = readDecision(name)
    .split('\n')
    .filter((line) => line.trim() !== '');
  expect(lines.length).toBeGreaterThanOrEqual(8);
  expect(lines.length).toBeLessThanOrEqual(25);
  expect(lines.filter((line) => line.length > MAX_WIDTH)).toEqual([]);
  expect(lines[1]).toMatch(/^Status: /);
  const parts = lines.filter((line) => line.startsWith('## ') && line !== '## Rejected');
  expect(parts).toEqual(['## Context', '## Decision', '## Consequences']);
});

test.each(DECISIONS)('%s is in the index, under its number and title', (name) => {
  const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readDecision(name)) ?? [];
  expect(Number(number)).toBe(Number(name.slice(0, 4)));
  const own = rows.filter(([, link]) => link === `[${number}](${name})`);
  expect(own.map((cells) => cells[2])).toEqual([title]);
});

test('the index lists only decisions that exist, once each and in order', () => {
  const listed = rows.flatMap(([, link]) => /^\[(\d+)\]/.exec(link ?? '')?.[1] ?? []);
  expect(listed.map(Number)).toEqual(NUMBERS);
});

test('every decision that a text refers to exists', () => {
  const references = [...texts].flatMap(([file, text]) =>
    numbersIn(text).map((number) => ({ file, number })),
  );
  expect(references.length).toBeGreaterThan(40);
  expect(references.filter(({ number }) => !NUMBERS.includes(number))).toEqual([]);
});

test('every link between pages leads to a page and a heading that exist', () => {
  const links = [...texts]
    .filter(([file]) => file.endsWith('.md'))
    .flatMap(([file, text]) => linksIn(text).map((link) => ({ file, link })));
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ file, link }) => !leadsSomewhere(file, link))).toEqual([]);
});

test.each<[string, readonly number[]]>([
  ['see ADR 7', [7]],
  ['ADR 16, 17 and 23; ADR 4 or 5', [16, 17, 23, 4, 5]],
  ['ADR [11](adr/0011-a.md), [33](adr/0033-b.md)', [11, 33]],
  ['(ADR\n8)', [8]],
  ['an ADR, and 9 lines', []],
])('references are found in %j', (text, numbers) => {
  expect(numbersIn(text)).toEqual(numbers);
});
