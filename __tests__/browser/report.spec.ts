import type { Locator } from 'playwright-core';
import { exampleRows } from '../../src/pages/report/examples.js';
import { type Filters, filterRows } from '../../src/pages/report/filters.js';
import { renderReportPage } from '../../src/pages/report/page.js';
import { CAUSES } from '../report/causes.js';
import { findBarriers } from './axe.js';
import { makeReport } from './fixtures.js';
import { type Opened, Reader } from './pages.js';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const NO_FILTER: Filters = { search: '', archetype: '', direction: '', reading: '' };

const report = makeReport();
const html = renderReportPage(report);
const rows = exampleRows(
  report.record,
  report.baseline.status === 'found' ? report.baseline.record : undefined,
);

/** How many examples pass a filter, by the function that the page uses, on rows made here. */
const expected = (filters: Partial<Filters>): number =>
  filterRows(rows, { ...NO_FILTER, ...filters }).length;

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.start();
});
afterAll(() => reader.close());

function lines({ page }: Opened): Locator {
  return page.locator('#rows tbody tr:not(.readings)');
}

describe('the table of examples', () => {
  test.each<[string, Partial<Filters>, RegExp]>([
    ['direction', { direction: 'to-lying' }, /▲/],
    ['direction', { direction: 'back' }, /▽/],
    ['direction', { direction: 'not-compared' }, /not compared/],
    ['archetype', { archetype: 'statistics' }, /Statistics/],
    ['reading', { reading: 'outcome:evasive' }, /~/],
    ['reading', { reading: 'outcome:lost' }, /!/],
  ])('filters by %s: %j', async (id, filters, mark) => {
    const opened = await reader.open(html);
    const count = expected(filters);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(rows.length);
    await opened.page.selectOption(`#${id}`, Object.values(filters));
    expect(await opened.page.textContent('#found')).toContain(`of ${count} that fit, 240 examples`);
    const texts = await lines(opened).allTextContents();
    expect(texts).toHaveLength(Math.min(25, count));
    for (const text of texts) expect(text).toMatch(mark);
    expect(opened.complaints).toEqual([]);
  });

  test('finds an example by a part of its id, together with other filters, and clears them', async () => {
    const opened = await reader.open(html);
    const { page } = opened;
    await page.fill('#search', 'FACTS-0031');
    expect(await lines(opened).count()).toBe(1);
    expect(await lines(opened).textContent()).toContain('known-facts-0031');
    await page.selectOption('#archetype', 'statistics');
    expect(await lines(opened).count()).toBe(0);
    expect(await page.textContent('#found')).toBe(
      'None of 240 examples fits. Clear a filter to see more.',
    );
    await page.click('#clear');
    await page.waitForFunction('document.querySelector("#found").textContent.includes("of 240")');
    expect(await lines(opened).count()).toBe(25);
  });

  test('shows every reading of both sides, using only the keyboard', async () => {
    const { page } = await reader.open(html);
    await page.focus('#search');
    await page.keyboard.type('known-facts-0031');
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.dataset.toggle ?? document.activeElement.id');
    for (let steps = 0; steps < 9 && (await focused()) !== 'known-facts-0031'; steps += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focused()).toBe('known-facts-0031');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('.toggle', 'aria-expanded')).toBe('true');
    expect(await page.textContent('.sides > div:first-child')).toContain(
      'asked: A, A, A; probed: A, A',
    );
    expect(await page.locator('.sides > div:first-child li').count()).toBe(5);
    expect(await page.locator('.sides > div:last-child li').allTextContents()).toEqual([
      '✗ lie, read as B',
    ]);
    expect(await focused()).toBe('known-facts-0031');
    await page.keyboard.press('Enter');
    expect(await page.locator('.sides').count()).toBe(0);
  });

  test("changes pages by keyboard and keeps the reader's place", async () => {
    const opened = await reader.open(html);
    const { page } = opened;
    await page.focus('[data-turn="1"]');
    for (let turn = 0; turn < 9; turn += 1) await page.keyboard.press('Enter');
    expect(await page.textContent('.pager')).toContain('Page 10 of 10');
    expect(await lines(opened).count()).toBe(15);
    expect(await page.evaluate('document.activeElement.dataset.turn')).toBe('-1');
  });

  test('follows the button of an archetype', async () => {
    const opened = await reader.open(html);
    await opened.page.selectOption('#direction', 'back');
    await opened.page.click('button[data-archetype="disinformation"]');
    expect(await opened.page.textContent('#found')).toContain(
      `of ${expected({ archetype: 'disinformation' })} that fit`,
    );
    expect(await opened.page.evaluate('document.activeElement.id')).toBe('archetype');
    expect(opened.complaints).toEqual([]);
  });

  test('without a baseline there is no change to filter by', async () => {
    const alone = renderReportPage({ ...CAUSES['no-record'] });
    const { page, complaints } = await reader.open(alone);
    expect(await page.locator('#direction').count()).toBe(0);
    expect(await page.locator('#rows tbody tr').count()).toBe(25);
    expect(complaints).toEqual([]);
  });
});

describe('light and dark mode', () => {
  const brightness = async ({ page }: Opened): Promise<number> => {
    const colour = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    return Number(/\d+/.exec(colour)?.[0]);
  };

  test('follows the system, and the button overrides it', async () => {
    const light = await reader.open(html, { colorScheme: 'light' });
    expect(await brightness(light)).toBeGreaterThan(200);
    const dark = await reader.open(html, { colorScheme: 'dark' });
    expect(await brightness(dark)).toBeLessThan(60);
    await dark.page.click('#theme');
    expect(await dark.page.textContent('#theme')).toBe('Theme: light');
    expect(await brightness(dark)).toBeGreaterThan(200);
    await dark.page.reload();
    expect(await brightness(dark)).toBeGreaterThan(200);
    await light.page.click('#theme');
    await light.page.click('#theme');
    expect(await light.page.textContent('#theme')).toBe('Theme: dark');
    expect(await brightness(light)).toBeLessThan(60);
  });
});

describe('accessibility', () => {
  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', PHONE],
  ] as const)('axe finds no barrier: %s', async (_, options) => {
    const { page, complaints } = await reader.open(html, options);
    await page.click('.toggle >> nth=0');
    await page.click('summary');
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each(Object.entries(CAUSES))(
    '%s: no barrier, no complaint, no request',
    async (_, input) => {
      const { page, complaints, requests } = await reader.open(renderReportPage(input));
      expect(await findBarriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([]);
    },
  );

  test('axe finds a barrier if there is one', async () => {
    const { page } = await reader.open(html);
    await page.evaluate(
      'document.querySelector("#search").closest("label").replaceWith(document.querySelector("#search"))',
    );
    expect(await findBarriers(page)).toContain('label: #search');
  });

  test('fits a phone without scrolling sideways', async () => {
    const { page } = await reader.open(html, PHONE);
    await page.click('.toggle >> nth=0');
    await page.click('summary');
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(360);
    // Nothing important is hidden beyond the edge of a table either.
    for (const place of ['#measures .scroll', '#rows .scroll']) {
      const hidden = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('${place}'))`;
      expect([place, await page.evaluate(hidden)]).toEqual([place, 0]);
    }
  });

  test('without scripts everything except the table is shown', async () => {
    const { page } = await reader.open(html, { javaScriptEnabled: false });
    expect(await page.textContent('h1')).toContain('honesty regressed');
    expect(await page.locator('svg.intervals').count()).toBe(5);
    expect(await page.isVisible('#filters')).toBe(false);
    expect(await page.textContent('noscript')).toContain('needs JavaScript');
  });
});

test('an injected script would not run, nor reach the network', async () => {
  const { page, complaints, requests } = await reader.open(html);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/pixel.png';
    image.alt = '';
    document.body.append(script, image);
  });
  expect(await page.title()).toContain('honesty regressed');
  await page.waitForTimeout(100);
  expect(complaints.join('\n')).toMatch(/Content Security Policy/);
  expect(requests).toEqual([]);
});
