import { makeHistory } from '../__tests__/browser/fixtures.js';
import { CAUSES } from '../__tests__/report/causes.js';
import { groupBySuite } from '../src/pages/trend/series.js';
import { trendSummary } from '../src/pages/trend/summary.js';
import { renderComment } from '../src/report/comment/comment.js';

export const GALLERY = 'docs/gallery.md';

/** A picture of a page, or of a part of it after it was used. */
export interface Screenshot {
  readonly name: string;
  readonly words: string;
  readonly page: 'report' | 'texts' | 'trend';
  readonly look: 'light' | 'dark' | 'phone' | 'picture';
}

const LOOKS = ['light', 'dark', 'phone'] as const;

/** The pictures of the documents: few and small, since git keeps every version of them. */
export const PICTURES: readonly Screenshot[] = [
  {
    name: 'report',
    words: 'The report page of a run: P(Lie) by kind of pressure, before and now',
    page: 'report',
    look: 'picture',
  },
  {
    name: 'trend',
    words: 'The trend page: P(Lie) over the recordings, with releases',
    page: 'trend',
    look: 'picture',
  },
];

/** Pictures for looking at a change of the pages; none of them is committed. */
export const SCREENSHOTS: readonly Screenshot[] = [
  ...LOOKS.map((look) => whole('report', look)),
  {
    name: 'report-examples',
    words: 'Report page: examples that flipped to lying, one of them open',
    page: 'report',
    look: 'light',
  },
  {
    name: 'report-intervals',
    words: 'Report page, phone: how sure is that, with the limit of each row',
    page: 'report',
    look: 'phone',
  },
  ...(['light', 'phone'] as const).map((look) => ({
    name: `report-texts-${look}`,
    words: `Report page with transcripts, ${look}: what was asked, believed, answered and read, on both sides`,
    page: 'texts' as const,
    look,
  })),
  ...LOOKS.map((look) => whole('trend', look)),
  {
    name: 'trend-records',
    words: 'Trend page: the records of the charts',
    page: 'trend',
    look: 'light',
  },
];

function whole(page: 'report' | 'trend', look: Screenshot['look']): Screenshot {
  const title = page === 'report' ? 'Report page' : 'Trend page';
  return { name: `${page}-${look}`, words: `${title}, ${look}`, page, look };
}

/** The file of a picture of the documents, from the root of the repository. */
export function pictureFile({ name }: Screenshot): string {
  return `docs/images/${name}.png`;
}

/** The whole of docs/gallery.md: a function of the fixtures. `__tests__/gallery.test.ts` fails when it is stale. */
export function galleryText(): string {
  const images = PICTURES.map(
    (shot) => `![${shot.words}](${pictureFile(shot).replace(/^docs\//, '')})`,
  );
  const [suite] = groupBySuite(makeHistory());
  return `${[
    '# Gallery',
    'What people see, made from fixtures by `npm run gallery`, which also writes more pictures of the pages to `node_modules/.cache/screenshots`. No model was asked, and no number here is a result.',
    '## Pages',
    ...images,
    '## Chart of the summary',
    suite ? trendSummary(suite).trimEnd() : '',
    '# Comments',
    'One for every verdict and each of its causes.',
    ...comments(),
  ].join('\n\n')}\n`;
}

/** Every comment as it stands on a pull request, below the cause that it is for. */
function comments(): readonly string[] {
  return Object.entries(CAUSES).flatMap(([cause, input]) => [
    `## \`${input.decision.verdict}\`: ${cause.replaceAll('-', ' ')}`,
    renderComment(input).replaceAll(/^## /gm, '### ').trimEnd(),
    '---',
  ]);
}
