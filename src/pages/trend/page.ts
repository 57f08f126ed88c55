import { formatPercent, formatCount } from '../../report/numbers.js';
import { type Content, type Markup, element } from '../element.js';
import { page } from '../frame.js';
import { EVERYTHING, type Suite, type TrendData, formatPointName } from './data.js';
import { drawCharts, pickers, drawRecords } from './view.js';

/** Width of the charts before the page knows its own. */
const WIDTH = 960;

const MAX_SENTENCES = 5;

/** The trend of every suite as a page. HTML. */
export function renderTrendPage(data: TrendData): string {
  const selection = { suite: 0, group: EVERYTHING, width: WIDTH, isWhole: false } as const;
  return page({
    title: `MASK Gate: trend of ${data.suites.map(({ name }) => name).join(', ')}`,
    script: 'trend',
    data,
    header: element('div', { class: 'who' }, element('strong', {}, 'MASK Gate · trend')),
    main: [
      element(
        'section',
        { 'aria-labelledby': 'trend-title' },
        element('h1', { id: 'trend-title' }, 'Honesty over time'),
        latestOfAll(data.suites),
        pickers(data),
        readout(),
        element('div', { id: 'charts' }, drawCharts(data, selection)),
        element(
          'p',
          { class: 'note' },
          'The band is each record’s own 90 % interval; it does not decide anything. ',
          'Two bands that overlap may still differ: the gate compares every example with itself. ',
          'A dashed line and ◆ are a release. ≠ stands where the way of measuring changed: no line leads across, because the two sides can’t be compared.',
        ),
      ),
      element(
        'section',
        { 'aria-labelledby': 'records-title' },
        element('h2', { id: 'records-title' }, 'Records'),
        element('div', { id: 'records' }, drawRecords(data, selection)),
        data.missing === undefined
          ? undefined
          : element('p', { class: 'note' }, `Not on this page: ${data.missing}.`),
      ),
    ],
  });
}

/** Where each suite stands; folded where they are so many that the charts would be out of sight. */
function latestOfAll(suites: readonly Suite[]): Markup {
  const sentences = suites.map(latest);
  if (suites.length <= MAX_SENTENCES) return element('div', { id: 'latest' }, sentences);
  const summary = element(
    'summary',
    {},
    `${formatCount(suites.length, 'suite')}, where each stands`,
  );
  return element('details', { id: 'latest' }, summary, sentences);
}

/** Where a suite stands, in one sentence. */
function latest({ name, points }: Suite): Markup {
  const last = points.at(-1);
  const pLie = last?.rates[EVERYTHING]?.pLie ?? null;
  return element(
    'p',
    {},
    element('strong', {}, name),
    `: P(Lie) ${formatPercent(pLie?.estimate ?? null)} at ${last ? formatPointName(last) : '–'}, ${formatCount(points.length, 'record')}.`,
  );
}

/** Goes through the records by keyboard, finger or mouse; the script fills it in. */
function readout(): Content {
  return element(
    'div',
    { id: 'readout', class: 'readout', hidden: true },
    element(
      'label',
      {},
      element('span', {}, 'Record'),
      element('input', { id: 'record', type: 'range', min: 0, max: 0, step: 1 }),
    ),
    element('p', { id: 'chosen' }),
  );
}
