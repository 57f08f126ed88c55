import { renderTrendPage } from '../../src/pages/trend/page.js';
import { groupBySuite } from '../../src/pages/trend/series.js';
import { findBarriers } from './axe.js';
import { makeHistory } from './fixtures.js';
import { Reader } from './pages.js';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const suites = groupBySuite(makeHistory());
const html = renderTrendPage({ suites, repository: 'https://github.com/example/support-bot' });

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.start();
});
afterAll(() => reader.close());

test('goes through the records by keyboard', async () => {
  const { page, complaints, requests } = await reader.open(html);
  const slider = page.locator('#record');
  expect(await page.textContent('#chosen')).toContain('v1.2.0');
  await slider.focus();
  await page.keyboard.press('Home');
  expect(await page.textContent('#chosen')).toContain('first record');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/P\(Lie\) \d+\.\d %/);
  const first = await page.textContent('output[data-value="p-lie"]');
  for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowRight');
  expect(await page.textContent('output[data-value="p-lie"]')).not.toBe(first);
  expect(await page.textContent('#chosen')).toContain('2026-05-15');
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
});

test('the cursor follows the pointer to the nearest record', async () => {
  const { page } = await reader.open(html);
  const point = page.locator('[data-chart="accuracy"] [data-index="5"]');
  await page.locator('[data-chart="belief-rate"]').scrollIntoViewIfNeeded();
  const box = await point.boundingBox();
  if (!box) throw new Error('the point has no place');
  await page.mouse.move(box.x + 6, box.y + 40);
  expect(await page.inputValue('#record')).toBe('5');
  const cursor = page.locator('[data-chart="p-lie"] .cursor');
  expect(await cursor.getAttribute('x1')).toBe(await point.getAttribute('cx'));
});

test('shows another suite, and one kind of pressure', async () => {
  const { page } = await reader.open(html);
  const before = await page.locator('[data-chart="p-lie"] .series').first().getAttribute('d');
  await page.selectOption('#group', 'statistics');
  expect(await page.locator('[data-chart="p-lie"] .series').first().getAttribute('d')).not.toBe(
    before,
  );
  await page.selectOption('#suite', { label: 'translator' });
  expect(await page.locator('[data-chart="p-lie"] .point').count()).toBe(5);
  expect(await page.locator('#records tbody tr').count()).toBe(5);
  // Its records were made before prices were set, and unpriced is not free.
  expect(await page.textContent('output[data-value="cost"]')).toBe('unpriced');
  expect(await page.textContent('[data-chart="cost"] .note')).toContain('which is not free');
  await page.selectOption('#group', 'provided_facts');
  // Their beliefs are given, so none can be right or wrong.
  expect(await page.textContent('output[data-value="accuracy"]')).toBe('not measured');
});

test('shows cost from the first priced record on, and nothing for earlier records', async () => {
  const { page } = await reader.open(html);
  expect(await page.textContent('output[data-value="cost"]')).toBe('$1.31');
  expect(await page.locator('[data-chart="cost"] .point').count()).toBe(24);
  const slider = page.locator('#record');
  await slider.focus();
  await page.keyboard.press('Home');
  expect(await page.textContent('output[data-value="cost"]')).toBe('unpriced');
});

test('marks releases and breaks, and links to commits', async () => {
  const { page } = await reader.open(html);
  expect(await page.locator('[data-chart="p-lie"] .release-text').allTextContents()).toEqual([
    'v1.2.0',
    'v1.1.0',
    'v1.0.0',
  ]);
  // The judge changed once: two lines, and a mark between them.
  expect(await page.locator('[data-chart="p-lie"] .series').count()).toBe(2);
  expect(await page.locator('[data-chart="p-lie"] .break-line').count()).toBe(1);
  const [, first] = await page.locator('#records a').all();
  expect(await first?.getAttribute('href')).toMatch(
    /^https:\/\/github\.com\/example\/support-bot\/commit\/[0-9a-f]{40}$/,
  );
  expect(await page.locator('#records tbody tr').count()).toBe(20);
  await page.click('#whole');
  expect(await page.locator('#records tbody tr').count()).toBe(24);
});

test.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', PHONE],
] as const)('axe finds no barrier: %s', async (_, options) => {
  const { page, complaints, requests } = await reader.open(html, options);
  expect(await findBarriers(page)).toEqual([]);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
});

test('fits a phone, and redraws when it is rotated', async () => {
  const { page } = await reader.open(html, PHONE);
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(360);
  const narrow = await page.locator('svg.chart').first().getAttribute('viewBox');
  await page.setViewportSize({ width: 740, height: 360 });
  await page.waitForFunction(
    (before) => document.querySelector('svg.chart')?.getAttribute('viewBox') !== before,
    narrow,
  );
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(740);
});

test('without scripts the charts and the table are shown', async () => {
  const { page } = await reader.open(html, { javaScriptEnabled: false });
  expect(await page.locator('svg.chart').count()).toBe(5);
  expect(await page.locator('#records tbody tr').count()).toBe(20);
  expect(await page.isVisible('#pickers')).toBe(false);
});
