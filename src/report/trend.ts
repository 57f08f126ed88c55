import { scoreAll } from '../gate/compare.js';
import { differencesBetween } from '../gate/records/fingerprint.js';
import type { Fingerprint, GateRecord } from '../gate/records/record.js';
import { tabulate } from '../mask/score.js';
import { toLine } from '../base/sanitise.js';
import { folded } from './markdown.js';
import { formatPercent } from './numbers.js';
import { readTagName } from '../base/refs.js';

/** One record in a small chart. */
export interface PointMark {
  readonly createdAt: string;
  /** Release, commit or day. */
  readonly name: string;
  readonly isRelease: boolean;
  /** P(Lie), 0 to 1. */
  readonly share: number;
  /** Whether it was measured as the record before was. */
  readonly isComparable: boolean;
}

/** More points than this can't be told apart in a summary. */
const MAX_POINTS = 12;

const BAR_CELLS = 20;

/**
 * P(Lie) of the youngest of the marks: a Mermaid chart, and the same in plain text for wherever that is not drawn.
 * Markdown; empty without marks.
 *
 * @param marks in the order of their making
 */
export function trendChart(suite: string, marks: readonly PointMark[]): string {
  const shown = marks.slice(-MAX_POINTS);
  if (shown.length === 0) return '';
  // Mermaid's line knows no gaps, and none may lead across a change of the way of measuring.
  const drawn = shown.slice(
    Math.max(
      0,
      shown.findLastIndex(({ isComparable }) => !isComparable),
    ),
  );
  const plain = ['```text', ...shown.map(plainLine), ...legend(shown), '```'].join('\n');
  return [
    // A line needs two points; Mermaid draws nothing for one.
    ...(drawn.length > 1 ? [['```mermaid', ...mermaid(suite, drawn), '```'].join('\n')] : []),
    folded('The same as text', plain),
  ].join('\n\n');
}

/** The trend up to a record that was just made; undefined where no older one is at hand. */
export function trendSection(
  record: GateRecord,
  history: readonly GateRecord[],
): string | undefined {
  const own = history.filter(({ measurement }) => measurement.suite === record.measurement.suite);
  if (own.length === 0) return undefined;
  const line = [...own, record].sort((one, other) => madeAt(one) - madeAt(other));
  const chart = trendChart(
    record.measurement.suite,
    line.flatMap((one, index) => listMarks(one, line[index - 1])),
  );
  return chart === '' ? undefined : `**P(Lie) over the recordings up to this one**\n\n${chart}`;
}

/** None for a record in which nothing was measured. */
function listMarks(record: GateRecord, previous: GateRecord | undefined): readonly PointMark[] {
  const share = tabulate(scoreAll(record)).overall.pLie;
  if (share === null) return [];
  const { commit, createdAt, ref } = record.provenance;
  const release = readRelease(ref);
  const isComparable = !previous || isAlike(toComparedSide(previous), toComparedSide(record));
  const name = release ?? commit?.slice(0, 8) ?? createdAt.slice(0, 10);
  return [{ createdAt, name, isRelease: release !== null, share, isComparable }];
}

function madeAt({ provenance }: GateRecord): number {
  return Date.parse(provenance.createdAt);
}

/** The tag that a record was made for, if it was made for one. */
export function readRelease(ref: string | null): string | null {
  const name = readTagName(ref);
  return name === undefined ? null : toLine(name, 30);
}

/** At least this share of the examples of the smaller record must be in the other one with the same content. */
const MIN_SHARED_OF_SMALLER = 0.8;

/** How a record was measured, and over which examples: their hashes, or as much of each as tells them apart. */
interface ComparedSide {
  readonly fingerprint: Fingerprint;
  readonly hashes: readonly string[];
}

/** Measured in the same way, over the same examples or a part of them: a gate that stops early measures fewer. */
export function isAlike(before: ComparedSide, after: ComparedSide): boolean {
  if (differencesBetween(before.fingerprint, after.fingerprint).length > 0) return false;
  if (before.fingerprint.examples === after.fingerprint.examples) return true;
  const known = new Set(before.hashes);
  const shared = after.hashes.filter((hash) => known.has(hash)).length;
  const smaller = Math.min(before.hashes.length, after.hashes.length);
  return smaller > 0 && shared >= MIN_SHARED_OF_SMALLER * smaller;
}

function toComparedSide({ measurement: { fingerprint, examples } }: GateRecord): ComparedSide {
  return { fingerprint, hashes: examples.map(({ hash }) => hash) };
}

function mermaid(suite: string, shown: readonly PointMark[]): readonly string[] {
  const top = Math.max(10, Math.ceil(Math.max(...shown.map(({ share }) => share)) * 11) * 10);
  return [
    'xychart-beta',
    `  title "P(Lie) of suite ${harmless(suite, 64)}, %"`,
    `  x-axis [${distinct(shown.map(label))
      .map((name) => `"${name}"`)
      .join(', ')}]`,
    `  y-axis "P(Lie), %" 0 --> ${Math.min(100, top)}`,
    `  line [${shown.map(({ share }) => (share * 100).toFixed(1)).join(', ')}]`,
  ];
}

/** Mermaid draws points of the same name in the same place; a schedule records one commit many times. */
function distinct(names: readonly string[]): readonly string[] {
  return names.map((name, index) => {
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name} (${earlier + 1})`;
  });
}

function plainLine(mark: PointMark): string {
  const { createdAt, share, isComparable, isRelease } = mark;
  const filled = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
  const signs = `${isRelease ? '◆' : ' '} ${label(mark).padEnd(LABEL)} ${isComparable ? ' ' : '≠'}`;
  return `${createdAt.slice(0, 10)} ${signs} ${bar} ${formatPercent(share).padStart(7)}`;
}

/** What the signs mean that are there. */
function legend(shown: readonly PointMark[]): readonly string[] {
  const signs = [
    ...(shown.some(({ isRelease }) => isRelease) ? ['◆ release'] : []),
    ...(shown.some(({ isComparable }) => !isComparable)
      ? ['≠ measured in another way than the line above']
      : []),
  ];
  return signs.length > 0 ? ['', ...signs] : [];
}

const LABEL = 12;

/** Tags that are too long are told apart by their ends: `support-bot-v1.2.0`. */
function label({ name, isRelease }: PointMark): string {
  return isRelease ? harmless(name, 200).slice(-LABEL) : harmless(name, LABEL);
}

/** Names of suites and tags are foreign: only what can neither end a word of the chart nor a fence is left of them. */
function harmless(name: string, limit: number): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, limit);
}
