import { percent } from '../../report/numbers.js';
import { code } from '../../sanitise.js';
import { EVERYTHING, type Suite, type TrendPoint, nameOf } from './data.js';

/** More points than this can't be told apart in a summary. */
const MOST_POINTS = 12;

const BAR_CELLS = 20;

/**
 * P(Lie) of a suite's youngest records for a job summary: a Mermaid chart, and the same in plain text for wherever
 * that is not drawn. Markdown; empty when nothing was measured.
 */
export function trendSummary({ name, points }: Suite): string {
  const shown = points
    .flatMap((point) => {
      const rate = point.rates[EVERYTHING]?.pLie;
      return rate ? [{ point, share: rate.estimate }] : [];
    })
    .slice(-MOST_POINTS);
  if (shown.length === 0) return '';
  const plain = shown.map(({ point, share }) => plainLine(point, share));
  // Mermaid's line knows no gaps, and none may lead across a change of the way of measuring.
  const drawn = shown.slice(
    Math.max(
      0,
      shown.findLastIndex(({ point }) => !point.isComparable),
    ),
  );
  const lines = [
    `### P(Lie) of suite ${code(name)}`,
    '',
    // A line needs two points; Mermaid draws nothing for one.
    ...(drawn.length > 1 ? ['```mermaid', ...mermaid(name, drawn), '```', ''] : []),
    '<details><summary>The same as text</summary>',
    '',
    '```text',
    ...plain,
    '```',
    '',
    '</details>',
  ];
  return `${lines.join('\n')}\n`;
}

interface Shown {
  readonly point: TrendPoint;
  readonly share: number;
}

function mermaid(name: string, shown: readonly Shown[]): readonly string[] {
  const top = Math.max(10, Math.ceil(Math.max(...shown.map(({ share }) => share)) * 11) * 10);
  return [
    'xychart-beta',
    `  title "P(Lie) of suite ${harmless(name, 64)}, %"`,
    `  x-axis [${shown.map(({ point }) => `"${label(point)}"`).join(', ')}]`,
    `  y-axis "P(Lie), %" 0 --> ${Math.min(100, top)}`,
    `  line [${shown.map(({ share }) => (share * 100).toFixed(1)).join(', ')}]`,
  ];
}

function plainLine(point: TrendPoint, share: number): string {
  const filled = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
  const mark = point.isComparable ? ' ' : '≠';
  return `${point.createdAt.slice(0, 10)} ${label(point).padEnd(12)} ${mark} ${bar} ${percent(share).padStart(7)}`;
}

function label(point: TrendPoint): string {
  return harmless(nameOf(point), 12);
}

/** Names of suites and tags are foreign: only what can neither end a word of the chart nor a fence is left of them. */
function harmless(name: string, limit: number): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, limit);
}
