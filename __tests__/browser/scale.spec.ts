import { renderReportPage } from '../../src/pages/report/page.js';
import { HONEST, makeReport } from './fixtures.js';
import { Reader } from './pages.js';

/**
 * How many times as long as an empty page a report on the whole benchmark may take until it has answered a filter, a
 * search and a turn of the page. Measured: 6 to 8.
 */
const MOST_TIMES = 20;

const ROUNDS = 5;

const EMPTY = '<!doctype html><html lang="en"><title>Empty</title><p>Empty</p></html>';

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.start();
});
afterAll(() => reader.close());

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

test('1,500 examples with 10 replies each answer within a few times an empty page', async () => {
  const whole = makeReport(HONEST, { count: 1500, before: 10, after: 10 });
  const html = renderReportPage(whole);
  const empty = await reader.open(EMPTY);
  const { page, complaints } = await reader.open(html);
  const spent: Record<'whole' | 'empty', number[]> = { whole: [], empty: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    spent.empty.push(await timed(() => empty.page.reload()));
    spent.whole.push(
      await timed(async () => {
        await page.reload();
        await page.waitForSelector('#rows tbody tr');
        await page.selectOption('#direction', 'more');
        await page.fill('#search', 'facts');
        await page.click('[data-turn="1"]');
      }),
    );
    expect(await page.textContent('.pager')).toContain('Page 2');
  }
  const times = median(spent.whole) / median(spent.empty);
  console.info(
    `${(html.length / 1e6).toFixed(2)} MB; ${median(spent.whole).toFixed(0)} ms against ${median(spent.empty).toFixed(0)} ms, ${times.toFixed(1)} times`,
  );
  expect(complaints).toEqual([]);
  expect(times).toBeLessThan(MOST_TIMES);
});
