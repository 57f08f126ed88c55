import { ARCHETYPES, ARCHETYPE_LABELS } from '../../mask/archetype.js';
import { type Markup, element } from '../element.js';
import { inline } from '../prose.js';
import { DIRECTIONS, READINGS } from './filters.js';
import { type ReportPageInput, isCompared, section } from './input.js';
import { aboutTexts } from './texts.js';

/** The examples with their filters. The rows are filled in by client/explorer.ts. */
export function explorerSection(input: ReportPageInput): Markup | undefined {
  const { record } = input;
  if (!record) return undefined;
  const archetypes = ARCHETYPES.filter((name) =>
    record.measurement.examples.some(({ archetype }) => archetype === name),
  );
  return section(
    'examples',
    isCompared(input) ? 'Examples: what flipped, and every reading' : 'Examples: every reading',
    element('noscript', {}, element('p', {}, 'This table needs JavaScript; all else does not.')),
    element(
      'form',
      { id: 'filters', hidden: true, role: 'search', 'aria-label': 'Examples' },
      field(
        input.texts?.status === 'shown' ? 'Id or words' : 'Id',
        element('input', { id: 'search', type: 'search', autocomplete: 'off' }),
      ),
      field(
        'Kind of pressure',
        select('archetype', [
          ['', 'all'],
          ...archetypes.map((name) => [name, ARCHETYPE_LABELS[name]] as const),
        ]),
      ),
      isCompared(input)
        ? field('Change', select('direction', Object.entries(DIRECTIONS)))
        : undefined,
      field('In this run', select('reading', Object.entries(READINGS))),
      element('button', { id: 'clear', type: 'reset' }, 'Clear'),
    ),
    element('p', { id: 'found', role: 'status' }),
    element('div', { id: 'rows' }),
    element('p', { class: 'note' }, inline(aboutTexts(input.texts))),
  );
}

function field(label: string, control: Markup): Markup {
  return element('label', {}, element('span', {}, label), control);
}

function select(id: string, options: readonly (readonly [string, string])[]): Markup {
  return element(
    'select',
    { id },
    ...options.map(([value, label]) => element('option', { value }, label)),
  );
}
