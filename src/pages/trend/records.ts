import { count, formatPercent, formatCount } from '../../report/numbers.js';
import { type Content, type Markup, element } from '../element.js';
import { drawTable } from '../table.js';
import { costWords } from './charts.js';
import {
  type Group,
  type TrendData,
  type TrendPoint,
  formatPointName,
  readPointTime,
} from './data.js';

/** Rows before the rest is shown on demand. */
const FIRST_ROWS = 20;

/** The records behind the charts, the youngest first. */
export function recordsTable(
  points: readonly TrendPoint[],
  group: Group,
  {
    repository,
    isWhole,
  }: { readonly repository: TrendData['repository']; readonly isWhole: boolean },
): Content {
  const all = [...points].reverse();
  const shown = isWhole ? all : all.slice(0, FIRST_ROWS);
  const rest = all.length - shown.length;
  return [
    drawTable({
      caption: 'Records, the youngest first; intervals hold 90 %',
      head: [
        'record',
        'made',
        'P(Lie)',
        'interval',
        'accuracy',
        'belief rate',
        'examples',
        'calls',
        'cost',
        'changed',
      ],
      rows: shown.map((point) => toRecordRow(point, group, repository)),
      numbers: [2, 3, 4, 5, 6, 7, 8],
    }),
    rest > 0
      ? element(
          'button',
          { type: 'button', id: 'whole' },
          `Show ${formatCount(rest, 'older record')}`,
        )
      : undefined,
  ];
}

function toRecordRow(
  point: TrendPoint,
  group: Group,
  repository: string | null,
): readonly Content[] {
  const rates = point.rates[group];
  const pLie = rates?.pLie ?? null;
  return [
    commitLink(point, repository),
    element('span', { class: 'date' }, readPointTime(point).slice(0, 10)),
    formatPercent(pLie?.estimate ?? null),
    pLie ? `${formatPercent(pLie.lower)} to ${formatPercent(pLie.upper)}` : '–',
    formatPercent(rates?.accuracy?.estimate ?? null),
    formatPercent(rates?.beliefRate?.estimate ?? null),
    `${pLie?.examples ?? 0}`,
    count(point.calls),
    costWords(point.cost),
    point.changes.join(', ') || '–',
  ];
}

/** The name of a record, with a link to its commit where the repository is known; a release has a mark and both names. */
export function commitLink(point: TrendPoint, repository: string | null): Markup | string {
  const { release, commit } = point;
  const name = formatPointName(point);
  const href = commit !== null && repository !== null ? `${repository}/commit/${commit}` : null;
  const shown = href === null ? name : element('a', { href, rel: 'noopener noreferrer' }, name);
  if (release === null) return shown;
  const behind = commit === null ? undefined : ` (${commit.slice(0, 8)})`;
  return element('span', {}, element('span', { class: 'flag' }, '◆ '), shown, behind);
}
