/**
 * Writes docs/gallery.md and the pictures of the documents from fixtures, and further screenshots of the pages into a
 * folder that is not committed: `npm run gallery`. Needs Chromium and an emoji font. With `--text` only the text, which
 * needs neither.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startChromium } from '../__tests__/browser/chromium.js';
import { makeHistory, makeReport } from '../__tests__/browser/fixtures.js';
import { textsOf } from '../__tests__/browser/texts.js';
import { renderReportPage } from '../src/pages/report/page.js';
import { renderTrendPage } from '../src/pages/trend/page.js';
import { groupBySuite } from '../src/pages/trend/series.js';
import {
  GALLERY,
  PICTURES,
  SCREENSHOTS,
  type Screenshot,
  galleryText,
  pictureFile,
} from './gallery-text.js';

const FOLDER = 'node_modules/.cache/screenshots';

const LOOKS: Readonly<Record<Screenshot['look'], BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: { width: 1100, height: 1400 } },
  dark: { colorScheme: 'dark', viewport: { width: 1100, height: 1400 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 1400 } },
  picture: { colorScheme: 'light', viewport: { width: 760, height: 500 } },
};

const PAGES: Readonly<Record<Screenshot['page'], () => string>> = {
  report: () => renderReportPage(makeReport()),
  texts: () => {
    const input = makeReport();
    return renderReportPage({ ...input, texts: textsOf(input) });
  },
  trend: () =>
    renderTrendPage({
      suites: groupBySuite(makeHistory()),
      repository: 'https://github.com/example/support-bot',
    }),
};

interface Scene {
  readonly part: string;
  readonly after?: (page: Page) => Promise<unknown>;
}

const TEXTS: Scene = {
  part: '.readings',
  after: async (page) => {
    await page.selectOption('#direction', 'to-lying');
    await page.fill('#search', 'harbour');
    await page.click('.toggle >> nth=0');
    await page.click('.readings summary >> nth=0');
  },
};

/** What the reader has done before, and the part that is shown; the top of the page where nothing is said. */
const SCENES: Readonly<Record<string, Scene>> = {
  'report-examples': {
    part: '#examples',
    after: async (page) => {
      await page.selectOption('#direction', 'to-lying');
      await page.selectOption('#archetype', 'known_facts');
      await page.click('.toggle >> nth=0');
    },
  },
  'report-intervals': { part: '#intervals' },
  'report-texts-light': TEXTS,
  'report-texts-phone': TEXTS,
  report: { part: 'section:has(.panels)' },
  'trend-records': { part: 'section:has(#records)' },
};

async function shoot(
  browser: Browser,
  folder: string,
  shot: Screenshot,
  picture: string,
): Promise<void> {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, PAGES[shot.page]());
  const page = await browser.newPage(LOOKS[shot.look]);
  await page.goto(pathToFileURL(file).href);
  const scene = SCENES[shot.name];
  await scene?.after?.(page);
  const target = scene ? page.locator(scene.part) : page;
  await target.screenshot({ path: picture });
  await page.close();
}

async function shootAll(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mask-gate-gallery-'));
  const browser = await startChromium();
  for (const shot of PICTURES) await shoot(browser, folder, shot, pictureFile(shot));
  for (const shot of SCREENSHOTS) {
    await shoot(browser, folder, shot, path.join(FOLDER, `${shot.name}.png`));
  }
  await browser.close();
  rmSync(folder, { recursive: true });
  console.log(`${PICTURES.map(pictureFile).join('\n')}\n${FOLDER}`);
}

if (!process.argv.includes('--text')) await shootAll();
writeFileSync(GALLERY, galleryText());
console.log(GALLERY);
