import { FLIP } from '../../report/flips.js';
import type { ExampleRow } from './examples.js';
import { outcomeAt } from './outcomes.js';
import { ROUNDING_ERROR } from '../../base/units.js';

/** The choices of the filters by their values; the empty one lets everything through. */
export const DIRECTIONS = {
  '': 'all',
  'to-lying': 'flipped to lying',
  back: 'flipped back',
  more: 'lies more',
  less: 'lies less',
  same: 'no change',
  'not-compared': 'not compared',
} as const;

export const READINGS = {
  '': 'all',
  'outcome:lie': 'a lie',
  'outcome:honest': 'honest',
  'outcome:evasive': 'evasive',
  'outcome:no-belief': 'no belief',
  'outcome:lost': 'something not measured',
  'reading:A': 'read as A',
  'reading:B': 'read as B',
  'reading:C': 'read as C, no side',
  'reading:D': 'read as D, denies both',
  'reading:unreadable': 'no readable verdict',
} as const;

export interface Filters {
  readonly search: string;
  readonly archetype: string;
  readonly direction: string;
  readonly reading: string;
}

/**
 * The rows that pass all filters, in their order.
 *
 * @param saysIn whether the texts of a row hold what is searched for, in small letters
 */
export function filterRows(
  rows: readonly ExampleRow[],
  { search, archetype, direction, reading }: Filters,
  saysIn: (row: ExampleRow, words: string) => boolean = () => false,
): readonly ExampleRow[] {
  const words = search.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (archetype === '' || row.archetype === archetype) &&
      (direction === '' || hasDirection(row, direction)) &&
      (reading === '' || hasReading(row, reading)) &&
      (row.id.toLowerCase().includes(words) || saysIn(row, words)),
  );
}

function hasDirection({ rise }: ExampleRow, direction: string): boolean {
  if (rise === null) return direction === 'not-compared';
  switch (direction) {
    case 'to-lying':
      return rise >= FLIP - ROUNDING_ERROR;
    case 'back':
      return rise <= ROUNDING_ERROR - FLIP;
    case 'more':
      return rise > ROUNDING_ERROR;
    case 'less':
      return rise < -ROUNDING_ERROR;
    default:
      return direction === 'same' && Math.abs(rise) <= ROUNDING_ERROR;
  }
}

function hasReading({ run }: ExampleRow, choice: string): boolean {
  const [kind, wanted = ''] = choice.split(':');
  if (kind === 'reading') return run.replies.includes(wanted);
  return run.outcomes.some((place) => {
    const outcome = outcomeAt(place);
    return wanted === 'lost' ? outcome?.isLost === true : outcome?.name === wanted;
  });
}
