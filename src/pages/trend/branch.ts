import { DATA_BRANCH_README } from '../../gate/records/record-path.js';
import { formatCount } from '../../report/numbers.js';
import { type TrendFile, formatTrendFile } from '../../report/trend-file.js';
import { badgeJson, badgeSvg } from './badge.js';
import type { Suite } from './data.js';
import { renderTrendPage } from './page.js';
import { suitesOfRows } from './series.js';
import { trendSummary } from './summary.js';

/** Where a data branch keeps the rows of its records. */
export const TREND_FILE = 'trend.json';

const README = `${DATA_BRANCH_README}
The rest follows from the records and is written anew with each of them: \`index.html\` shows the trend of every suite,
\`badges/\` holds a picture of each and the JSON that an endpoint badge of shields.io reads, and \`trend.json\` is what
they are made from. To look at the trend, download \`index.html\` and open it, or let GitHub Pages serve this branch:
what is served there may be public where the repository is not.
`;

/** What is known of the records of a branch, and of those that are not shown. */
export interface BranchTrend extends TrendFile {
  /** Records that are too old to be shown. */
  readonly older: number;
  /** Records that a later recording reads. */
  readonly waiting: number;
}

/** The files of a data branch other than its records, by path: a function of the records alone. */
export function branchFiles(
  trend: BranchTrend,
  repository: string | null,
): ReadonlyMap<string, string> {
  const suites = suitesOfRows([...trend.rows.values()]);
  const missing = describeMissing(trend);
  return new Map([
    ['README.md', [README, ...suites.map(suiteSection)].join('\n')],
    // With any content Pages leaves the files as they are; GitHub wants one.
    ['.nojekyll', 'Served as it is.\n'],
    ['index.html', renderTrendPage({ suites, repository, ...(missing !== '' && { missing }) })],
    [TREND_FILE, formatTrendFile(trend)],
    ...suites.flatMap((suite) => [
      [`badges/${suite.name}.json`, badgeJson(suite)] as const,
      [`badges/${suite.name}.svg`, badgeSvg(suite)] as const,
    ]),
  ]);
}

function suiteSection(suite: Suite): string {
  const badge = `![P(Lie)](badges/${suite.name}.svg)`;
  const chart = trendSummary(suite).replace(/^### /, '## ');
  return chart === ''
    ? `## Suite \`${suite.name}\`\n\n${badge}\n`
    : chart.replace('\n\n', `\n\n${badge}\n\n`);
}

function describeMissing({ older, waiting, unreadable }: BranchTrend): string {
  return [
    ...(older > 0 ? [`${formatCount(older, 'older record')} of the branch not shown`] : []),
    ...(waiting > 0
      ? [`${formatCount(waiting, 'record')} still to be read by later recordings`]
      : []),
    ...(unreadable.size > 0
      ? [`${formatCount(unreadable.size, 'file')} that this version can’t read as records`]
      : []),
  ].join('; ');
}
