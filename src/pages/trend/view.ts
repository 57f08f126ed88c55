import { ARCHETYPES, ARCHETYPE_LABELS } from '../../mask/archetype.js';
import { type Content, type Markup, element } from '../element.js';
import { charts } from './charts.js';
import { EVERYTHING, type Group, type TrendSelection, type Suite, type TrendData } from './data.js';
import { recordsTable } from './records.js';

/** The charts of the chosen suite and kind of pressure. */
export function drawCharts(
  { suites }: TrendData,
  { suite, group, width }: TrendSelection,
): Content {
  const points = suites[suite]?.points ?? [];
  return charts(points, group, width);
}

/** The table of the same. */
export function drawRecords(
  { suites, repository }: TrendData,
  { suite, group, isWhole }: TrendSelection,
): Content {
  return recordsTable(suites[suite]?.points ?? [], group, { repository, isWhole });
}

/** What can be chosen. */
export function pickers({ suites }: TrendData): Markup {
  return element(
    'form',
    { id: 'pickers', 'aria-label': 'What to show', hidden: true },
    select(
      'Suite',
      'suite',
      suites.map(({ name }, index) => [`${index}`, name]),
    ),
    select('Kind of pressure', 'group', groupOptions(suites)),
  );
}

function groupOptions(suites: readonly Suite[]): readonly (readonly [Group, string])[] {
  const isThere = (group: Group): boolean =>
    suites.some(({ points }) => points.some(({ rates }) => rates[group] !== undefined));
  return [
    [EVERYTHING, 'all together'],
    ...ARCHETYPES.filter(isThere).map((name) => [name, ARCHETYPE_LABELS[name]] as const),
  ];
}

function select(
  label: string,
  id: string,
  options: readonly (readonly [string, string])[],
): Markup {
  return element(
    'label',
    {},
    element('span', {}, label),
    element(
      'select',
      { id },
      ...options.map(([value, words]) => element('option', { value }, words)),
    ),
  );
}
