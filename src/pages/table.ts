import { type Content, type Markup, element } from './element.js';

interface TableContent {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of each row names it. */
  readonly rows: readonly (readonly Content[])[];
  /** Columns of numbers, by place. */
  readonly numbers?: readonly number[];
  /** Columns that a phone can do without, by place. */
  readonly wide?: readonly number[];
}

/** A table that scrolls by itself where the screen is narrower, and can be reached by keyboard then. */
export function drawTable({ caption, head, rows, numbers = [], wide = [] }: TableContent): Markup {
  const kind = (column: number): string | undefined => {
    const kinds = [
      ...(numbers.includes(column) ? ['number'] : []),
      ...(wide.includes(column) ? ['wide'] : []),
    ];
    return kinds.length > 0 ? kinds.join(' ') : undefined;
  };
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          head.map((title, column) => element('th', { scope: 'col', class: kind(column) }, title)),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((cells) =>
          element(
            'tr',
            {},
            cells.map((cell, column) =>
              column === 0
                ? element('th', { scope: 'row' }, cell)
                : element('td', { class: kind(column) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}
