import { renderReportPage } from '../../src/pages/report/page.js';
import { HONEST, makeReport } from './fixtures.js';
import { Reader } from './pages.js';

/**
 * Elements of a report on the whole benchmark, whatever its reader does. What a browser draws takes the time; the data
 * beside it do not. Measured: 1,400; over 30,000 when all rows are drawn at once.
 */
const MAX_ELEMENTS = 2000;

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.start();
});
afterAll(() => reader.close());

test('1,500 examples with 10 replies each draw one page of rows, at first and after each step', async () => {
  const whole = makeReport(HONEST, { count: 1500, before: 10, after: 10 });
  const { page, complaints } = await reader.open(renderReportPage(whole));
  const count = (): Promise<number> => page.locator('*').count();
  const counts = [await count()];
  const steps = [
    () => page.selectOption('#direction', 'more'),
    () => page.fill('#search', 'facts'),
    () => page.click('[data-turn="1"]'),
  ];
  for (const step of steps) {
    await step();
    counts.push(await count());
  }
  expect(await page.textContent('.pager')).toContain('Page 2');
  expect(Math.max(...counts)).toBeLessThan(MAX_ELEMENTS);
  expect(complaints).toEqual([]);
});
