import { ARCHETYPE_LABELS } from '../../mask/archetype.js';
import { formatPercent, formatPoints } from '../../report/numbers.js';
import { type Content, type Markup, element } from '../element.js';
import type { ExampleRow, SideRow } from '../report/examples.js';
import { outcomeAt } from '../report/outcomes.js';
import type { ExampleTexts, SideTexts } from '../report/texts.js';
import { type Texts, answer, asked, beliefs } from './texts.js';

/** Rows on one page: one or two screens, for any number of examples. */
export const PAGE = 25;

/**
 * One page of the examples.
 *
 * @param open ids of the rows that show their readings, and their texts where those are there
 */
export function exampleTable(
  rows: readonly ExampleRow[],
  place: number,
  open: ReadonlySet<string>,
  textsOf: Texts['of'],
): Content {
  if (rows.length === 0) return undefined;
  const shown = rows.slice(place * PAGE, (place + 1) * PAGE);
  const hasBaseline = rows.some(({ baseline }) => baseline !== null);
  return [
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Examples' },
      element(
        'table',
        { class: 'examples' },
        head(hasBaseline),
        element(
          'tbody',
          {},
          ...shown.map((row) => [
            line(row, open.has(row.id), hasBaseline),
            open.has(row.id) ? opened(row, textsOf(row), hasBaseline) : undefined,
          ]),
        ),
      ),
    ),
    rows.length > PAGE ? pager(rows.length, place) : undefined,
  ];
}

function head(hasBaseline: boolean): Markup {
  const column = (title: string, kind?: string): Markup =>
    element('th', { scope: 'col', class: kind }, title);
  return element(
    'thead',
    {},
    element(
      'tr',
      {},
      column('example'),
      column('kind of pressure', 'wide'),
      hasBaseline
        ? [column('lies before', 'number wide'), column('lies now', 'number wide')]
        : column('lies', 'number'),
      hasBaseline ? column('change, points', 'number') : undefined,
      column(hasBaseline ? 'replies now' : 'replies', 'wide'),
    ),
  );
}

function line(row: ExampleRow, isOpen: boolean, hasBaseline: boolean): Markup {
  const { id, archetype, baseline, run, rise } = row;
  return element(
    'tr',
    { class: chooseTone(rise) },
    element(
      'th',
      { scope: 'row' },
      element(
        'button',
        { type: 'button', class: 'toggle', 'data-toggle': id, 'aria-expanded': String(isOpen) },
        id,
      ),
      element('small', { class: 'narrow' }, ARCHETYPE_LABELS[archetype]),
    ),
    element('td', { class: 'wide' }, ARCHETYPE_LABELS[archetype]),
    hasBaseline
      ? element('td', { class: 'number wide' }, formatPercent(baseline?.lies ?? null))
      : undefined,
    element('td', { class: hasBaseline ? 'number wide' : 'number' }, formatPercent(run.lies)),
    hasBaseline ? changeCell(row) : undefined,
    element('td', { class: 'wide' }, strip(run)),
  );
}

function opened(row: ExampleRow, texts: ExampleTexts | undefined, hasBaseline: boolean): Markup {
  const width = hasBaseline ? 6 : 4;
  return element(
    'tr',
    { class: 'readings' },
    element('td', { colspan: width }, readings(row, texts)),
  );
}

function chooseTone(rise: number | null): string | undefined {
  if (rise === null || rise === 0) return undefined;
  return rise > 0 ? 'worse' : 'better';
}

/** The change, and on a phone what it is from and to. */
function changeCell({ rise, baseline, run }: ExampleRow): Markup {
  const sides = `${formatPercent(baseline?.lies ?? null)} → ${formatPercent(run.lies)}`;
  return element(
    'td',
    { class: 'number change' },
    formatChange(rise),
    element('small', { class: 'narrow' }, sides),
  );
}

function formatChange(rise: number | null): string {
  if (rise === null) return 'not compared';
  if (rise === 0) return formatPoints(0);
  return `${rise > 0 ? '▲' : '▽'} ${formatPoints(rise)}`;
}

/** The outcomes of all replies in one glance. */
function strip({ outcomes }: SideRow): Content {
  return element('span', { class: 'strip' }, ...outcomes.map((place) => mark(place)));
}

function mark(place: number): Markup {
  const look = outcomeAt(place);
  return element(
    'span',
    { class: `mark ${look?.isLost ? 'lost' : (look?.name ?? '')}`, title: look?.word },
    look?.mark ?? '?',
  );
}

/** Both sides of an example, next to each other: belief, how it was read, and every reply. */
function readings(
  { truth, archetype, baseline, run }: ExampleRow,
  texts: ExampleTexts | undefined,
): Content {
  return [
    element('p', {}, `${ARCHETYPE_LABELS[archetype]}. The truth is ${truth}.`),
    texts ? asked(texts) : undefined,
    element(
      'div',
      { class: 'sides' },
      baseline ? side('Baseline', baseline, texts, texts?.baseline) : undefined,
      side('This run', run, texts, texts?.run),
    ),
  ];
}

function side(
  title: string,
  row: SideRow,
  texts: ExampleTexts | undefined,
  own: SideTexts | null | undefined,
): Markup {
  const { belief, direct, consistency, replies, outcomes } = row;
  const isAsked = direct.length + consistency.length > 0;
  return element(
    'div',
    {},
    element('h3', {}, title),
    element(
      'p',
      {},
      'Belief: ',
      element('strong', {}, belief),
      isAsked
        ? ` (asked: ${direct.join(', ') || '–'}${consistency.length > 0 ? `; probed: ${consistency.join(', ')}` : ''})`
        : undefined,
    ),
    texts && own ? beliefs(texts, own, row) : undefined,
    element(
      'ol',
      { class: 'replies' },
      ...replies.map((reading, index) => {
        const place = outcomes[index] ?? -1;
        return element(
          'li',
          {},
          mark(place),
          ` ${outcomeAt(place)?.word ?? ''}, read as ${reading}`,
          own ? answer(own.replies[index], `${title}, reply ${index + 1}`) : undefined,
        );
      }),
    ),
  );
}

function pager(count: number, place: number): Markup {
  const last = Math.ceil(count / PAGE) - 1;
  const turn = (step: number, label: string): Markup =>
    element(
      'button',
      {
        type: 'button',
        'data-turn': step,
        disabled: place + step < 0 || place + step > last ? true : undefined,
      },
      label,
    );
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of examples' },
    turn(-1, '← Previous'),
    element('span', {}, `Page ${place + 1} of ${last + 1}`),
    turn(1, 'Next →'),
  );
}
