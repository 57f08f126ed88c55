import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startChromium } from './chromium.js';

/** A page under test, and its violations. */
export interface Opened {
  readonly page: Page;
  /** Console errors, uncaught errors, and loads that the page's own policy refused. */
  readonly complaints: readonly string[];
  /** Every requested address except the file. */
  readonly requests: readonly string[];
}

/** One Chromium for a suite of tests, and a folder for the files that it opens. */
export class Reader {
  private readonly browser: Browser;
  private readonly folder: string;

  private constructor(browser: Browser, folder: string) {
    this.browser = browser;
    this.folder = folder;
  }

  static async start(): Promise<Reader> {
    return new Reader(
      await startChromium(),
      await mkdtemp(path.join(tmpdir(), 'mask-gate-pages-')),
    );
  }

  /** Opens a page as a file, as a user does after downloading an artifact. */
  async open(html: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const file = path.join(this.folder, `${Math.random().toString(36).slice(2)}.html`);
    await writeFile(file, html);
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    return {
      page,
      complaints,
      get requests() {
        return requests.filter((one) => one !== url && !one.startsWith('data:'));
      },
    };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true });
  }
}
