import { formatPercent } from '../../report/numbers.js';
import { element, toHtml } from '../element.js';
import { EVERYTHING, type Suite } from './data.js';

const LABEL = 'P(Lie)';

/** No colour of its own for good and bad: what is much for one model is little for another. */
const COLOUR = '#0b57a4';

function buildMessage({ points }: Suite): string {
  const rate = points.at(-1)?.rates[EVERYTHING]?.pLie ?? null;
  return rate === null ? 'not measured' : formatPercent(rate.estimate);
}

/** The youngest P(Lie) of a suite for the endpoint badge of shields.io. JSON. */
export function badgeJson(suite: Suite): string {
  const badge = { schemaVersion: 1, label: LABEL, message: buildMessage(suite), color: COLOUR };
  return `${JSON.stringify(badge, null, 2)}\n`;
}

/** The same as a picture, for those who don't want to ask a third party. SVG. */
export function badgeSvg(suite: Suite): string {
  const message = buildMessage(suite);
  const [left, right] = [estimateWidth(LABEL), estimateWidth(message)];
  const width = left + right;
  const words = (text: string, x: number): ReturnType<typeof element> =>
    element('text', { x, y: 14, 'text-anchor': 'middle', fill: '#fff' }, text);
  return `${toHtml(
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        width,
        height: 20,
        role: 'img',
        'aria-label': `${LABEL}: ${message}`,
        'font-family': 'Verdana, DejaVu Sans, sans-serif',
        'font-size': 11,
      },
      element('title', {}, `${LABEL}: ${message}`),
      element('rect', { width, height: 20, rx: 3, fill: COLOUR }),
      element('path', {
        d: `M3 0h${left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z`,
        fill: '#454d56',
      }),
      words(LABEL, left / 2),
      words(message, left + right / 2),
    ),
  )}\n`;
}

/** Of a text in 11 pixels, with room on both sides. */
function estimateWidth(text: string): number {
  return Math.round(text.length * 6.6 + 12);
}
