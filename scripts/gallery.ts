/** Writes docs/gallery.md and its screenshots from fixtures: `npm run gallery`. Needs Chromium and an emoji font. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startChromium } from '../__tests__/browser/chromium.js';
import { makeHistory, makeReport } from '../__tests__/browser/fixtures.js';
import { textsOf } from '../__tests__/browser/texts.js';
import { CAUSES } from '../__tests__/report/causes.js';
import { renderReportPage } from '../src/pages/report/page.js';
import { renderTrendPage } from '../src/pages/trend/page.js';
import { suitesOf } from '../src/pages/trend/series.js';
import { trendSummary } from '../src/pages/trend/summary.js';
import { renderComment } from '../src/report/comment.js';

const IMAGES = 'docs/images/gallery';

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1100, height: 1400 } },
  dark: { colorScheme: 'dark', viewport: { width: 1100, height: 1400 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 1400 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

interface Shot {
  readonly name: string;
  readonly words: string;
  readonly html: string;
  readonly look: keyof typeof LOOKS;
  /** What the reader has done before, and the part that is shown; the top of the page when absent. */
  readonly show?: { readonly part: string; readonly after: (page: Page) => Promise<unknown> };
}

const suites = suitesOf(makeHistory());

function shots(): readonly Shot[] {
  const input = makeReport();
  const report = renderReportPage(input);
  const withTexts = renderReportPage({ ...input, texts: textsOf(input) });
  const trend = renderTrendPage({ suites, repository: 'https://github.com/example/support-bot' });
  const looks = Object.keys(LOOKS) as (keyof typeof LOOKS)[];
  return [
    ...looks.map((look) => ({
      name: `report-${look}`,
      words: `Report page, ${look}`,
      html: report,
      look,
    })),
    {
      name: 'report-examples',
      words: 'Report page: examples that flipped to lying, one of them open',
      html: report,
      look: 'light',
      show: {
        part: '#examples',
        after: async (page) => {
          await page.selectOption('#direction', 'to-lying');
          await page.selectOption('#archetype', 'known_facts');
          await page.click('.toggle >> nth=0');
        },
      },
    },
    ...(['light', 'phone'] as const).map((look) => ({
      name: `report-texts-${look}`,
      words: `Report page with transcripts, ${look}: what was asked, believed, answered and read, on both sides`,
      html: withTexts,
      look,
      show: {
        part: '.readings',
        after: async (page: Page) => {
          await page.selectOption('#direction', 'to-lying');
          await page.fill('#search', 'harbour');
          await page.click('.toggle >> nth=0');
          await page.click('.readings summary >> nth=0');
        },
      },
    })),
    ...looks.map((look) => ({
      name: `trend-${look}`,
      words: `Trend page, ${look}`,
      html: trend,
      look,
    })),
  ];
}

async function shoot(browser: Browser, folder: string, shot: Shot): Promise<void> {
  const { name, html, look, show } = shot;
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, html);
  const page = await browser.newPage(LOOKS[look]);
  await page.goto(pathToFileURL(file).href);
  await show?.after(page);
  const target = show ? page.locator(show.part) : page;
  await target.screenshot({ path: path.join(IMAGES, `${name}.png`) });
  await page.close();
}

/** Every comment as it stands on a pull request, below the cause that it is for. */
function comments(): readonly string[] {
  return Object.entries(CAUSES).flatMap(([cause, input]) => [
    `## \`${input.decision.verdict}\`: ${cause.replaceAll('-', ' ')}`,
    renderComment(input).replaceAll(/^## /gm, '### ').trimEnd(),
    '---',
  ]);
}

function galleryText(list: readonly Shot[]): string {
  const images = list.flatMap(({ name, words }) => [
    `### ${words}`,
    `![${words}](images/gallery/${name}.png)`,
  ]);
  const [suite] = suites;
  return `${[
    '# Gallery',
    'What people see, made from fixtures by `npm run gallery`. No model was asked, and no number here is a result.',
    '## Pages',
    ...images,
    '## Chart of the summary',
    suite ? trendSummary(suite).trimEnd() : '',
    '# Comments',
    'One for every verdict and each of its causes.',
    ...comments(),
  ].join('\n\n')}\n`;
}

const folder = mkdtempSync(path.join(tmpdir(), 'mask-gate-gallery-'));
mkdirSync(IMAGES, { recursive: true });
const browser = await startChromium();
const list = shots();
for (const shot of list) await shoot(browser, folder, shot);
await browser.close();
rmSync(folder, { recursive: true });
writeFileSync('docs/gallery.md', galleryText(list));
console.log(`docs/gallery.md and ${list.length} screenshots in ${IMAGES}`);
