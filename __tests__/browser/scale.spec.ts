import { renderReportPage } from '../../src/pages/report/page.js';
import { HONEST, makeReport } from './fixtures.js';
import { Reader } from './pages.js';

/**
 * How many times as long as an empty page a report on the whole benchmark may take until it has answered a filter, a
 * search and a turn of the page. Measured: 3 to 5; 25 when all rows are drawn at once.
 */
const MAX_TIMES = 12;

/** The fastest of this many rounds on either side: other work on the machine only makes a round slower. */
const ROUNDS = 8;

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

/** Runs in the page as one call, so the round trip to the browser counts once; each step is laid out. */
function filterSearchAndTurn(): void {
  const change = (id: string, value: string): void => {
    const field = document.getElementById(id);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) {
      throw new Error(`there is no field ${id}`);
    }
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    if (document.body.offsetHeight === 0) throw new Error('nothing is shown');
  };
  change('direction', 'more');
  change('search', 'facts');
  document.querySelector<HTMLElement>('[data-turn="1"]')?.click();
  if (document.body.offsetHeight === 0) throw new Error('nothing is shown');
}

test('1,500 examples with 10 replies each answer within a small multiple of the time for an empty page', async () => {
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
        await page.evaluate(filterSearchAndTurn);
      }),
    );
    expect(await page.textContent('.pager')).toContain('Page 2');
  }
  const times = Math.min(...spent.whole) / Math.min(...spent.empty);
  console.info(
    `${(html.length / 1e6).toFixed(2)} MB; ${Math.min(...spent.whole).toFixed(0)} ms against ${Math.min(...spent.empty).toFixed(0)} ms, ${times.toFixed(1)} times`,
  );
  expect(complaints).toEqual([]);
  expect(times).toBeLessThan(MAX_TIMES);
});
