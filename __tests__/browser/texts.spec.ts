import type { GateRecord } from '../../src/gate/records/record.js';
import { renderReportPage } from '../../src/pages/report/page.js';
import type { ReportPageInput } from '../../src/pages/report/input.js';
import { HOSTILE } from '../report/hostile.js';
import { makeTranscript, transcriptMap } from '../transcripts.js';
import { findBarriers } from './axe.js';
import { DISHONEST, makeReport } from './fixtures.js';
import { Reader } from './pages.js';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

const report = makeReport();

function baselineOf({ baseline }: ReportPageInput): GateRecord {
  if (baseline.status !== 'found') throw new Error('the report has no baseline');
  return baseline.record;
}

function withTexts(text?: string): ReportPageInput {
  const run = transcriptMap(report.record, text);
  const baseline = transcriptMap(baselineOf(report), text);
  return { ...report, texts: { status: 'shown', run, baseline, leftOut: 0 } };
}

const html = renderReportPage(withTexts());

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.start();
});
afterAll(() => reader.close());

test('an opened example shows pressure, beliefs, answers and readings side by side', async () => {
  const { page, complaints, requests } = await reader.open(html);
  await page.fill('#search', 'known-facts-0031');
  expect(await page.locator('.said').count()).toBe(0);
  await page.click('.toggle');
  expect(await page.locator('.asked .said').allTextContents()).toEqual([
    'statement A of known-facts-0031',
    'statement B of known-facts-0031',
    'system request of known-facts-0031',
    'request of known-facts-0031',
  ]);
  expect(await page.locator('.sides > div:last-child .replies li').allTextContents()).toEqual([
    '✗ lie, read as Banswer 1 to the request of known-facts-0031',
  ]);
  expect(await page.locator('.sides > div:first-child .replies .said').count()).toBe(5);
  await page.click('.sides > div:first-child summary');
  expect(await page.locator('.sides > div:first-child details').innerText()).toMatch(
    /^Belief questions and answers\s+Asked\s+question of known-facts-0031\s+Read as A\s+answer 1 to the question/,
  );
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
});

test('numerical beliefs are read together', async () => {
  const { page } = await reader.open(html);
  await page.selectOption('#archetype', 'statistics');
  await page.click('.toggle >> nth=0');
  await page.click('.sides > div:first-child summary');
  const said = await page.locator('.sides > div:first-child details').innerText();
  expect(said.match(/Read together as/g)).toHaveLength(1);
  expect(said.match(/answer \d to the question/g)).toHaveLength(3);
});

test('finds words in an answer, in one side only, and in a prompt', async () => {
  const run = new Map(transcriptMap(report.record));
  const [example] = report.record.measurement.examples;
  if (!example) throw new Error('no examples');
  run.set(example.hash, makeTranscript(example, 'A whale of a TALE'));
  const texts = { status: 'shown', run, baseline: new Map<string, never>(), leftOut: 0 } as const;
  const { page } = await reader.open(renderReportPage({ ...report, texts }));
  await page.fill('#search', 'whale of a tale');
  expect(await page.textContent('#found')).toContain('1 to 1 of 1 that fit');
  expect(await page.textContent('.toggle')).toBe(example.id);
  await page.fill('#search', 'system request of');
  expect(await page.textContent('#found')).toContain('of 239 that fit');
});

test('a missing text is reported as missing, and one side alone may have texts', async () => {
  const run = new Map(
    [...transcriptMap(report.record)].map(([hash, one]) => [
      hash,
      { ...one, pressure: { ...one.pressure, answers: [null] } },
    ]),
  );
  const texts = { status: 'shown', run, baseline: new Map<string, never>(), leftOut: 0 } as const;
  const { page } = await reader.open(renderReportPage({ ...report, texts }));
  await page.click('.toggle >> nth=0');
  expect(await page.textContent('.sides > div:last-child .replies')).toContain('No text: lost');
  expect(await page.locator('.sides > div:first-child .said').count()).toBe(0);
  expect(await page.textContent('#examples')).toContain('Of the baseline only the readings');
});

test('hostile texts remain text, with any content', async () => {
  const many = makeReport(DISHONEST, { count: HOSTILE.length });
  const run = new Map(
    many.record.measurement.examples.map((example, index) => [
      example.hash,
      makeTranscript(example, HOSTILE[index] ?? ''),
    ]),
  );
  const byId = new Map(
    [...run.values()].map(({ id, pressure }) => [id, pressure.messages[0]?.content]),
  );
  const texts = { status: 'shown', run, baseline: new Map<string, never>(), leftOut: 0 } as const;
  const { page, complaints, requests } = await reader.open(
    renderReportPage({ ...many, texts }),
    PHONE,
  );
  const seen = new Set<string>();
  for (let turn = 0; ; turn += 1) {
    for (const toggle of await page.locator('.toggle').all()) {
      const id = (await toggle.textContent()) ?? '';
      await toggle.click();
      const shown = page.locator('.asked > div:last-child .turn:last-child .said');
      expect(await shown.textContent()).toBe(byId.get(id));
      seen.add(id);
      await toggle.click();
    }
    const next = page.locator('[data-turn="1"]:not(:disabled)');
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(seen.size).toBe(HOSTILE.length);
  expect(await page.locator('.said *').count()).toBe(0);
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(360);
  expect(await page.title()).toContain('MASK Gate');
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
});

test.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', PHONE],
] as const)('axe finds no barrier, with long texts: %s', async (_, options) => {
  const long = renderReportPage(withTexts('A long answer of many words. '.repeat(80)));
  const { page } = await reader.open(long, options);
  await page.click('.toggle >> nth=0');
  for (const summary of await page.locator('.readings summary').all()) await summary.click();
  expect(await findBarriers(page)).toEqual([]);
  const hidden = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('#rows .scroll'))`;
  expect(await page.evaluate(hidden)).toBe(0);
});

/** Elements of a page full of texts: those of the open examples alone are drawn. */
const MAX_ELEMENTS = 2000;

test('a page full of texts draws those that are open, and searches all', async () => {
  const big = makeReport(DISHONEST, { count: 1500, before: 10, after: 10 });
  // 8 MB of texts, the maximum for a page.
  const run = new Map(
    [...transcriptMap(big.record, 'Some words of an answer. '.repeat(20))].slice(0, 750),
  );
  const texts = { status: 'shown', run, baseline: new Map<string, never>(), leftOut: 750 } as const;
  const whole = renderReportPage({ ...big, texts });
  expect(whole.length).toBeGreaterThan(7_000_000);
  const { page } = await reader.open(whole);
  const before = await page.locator('*').count();
  await page.fill('#search', 'words of an ANSWER');
  expect(await page.textContent('#found')).toContain('of 750 that fit');
  expect(Math.max(before, await page.locator('*').count())).toBeLessThan(MAX_ELEMENTS);
});
