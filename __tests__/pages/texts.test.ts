import { z } from 'zod';
import type { GateRecord } from '../../src/gate/records/record.js';
import { toHtml } from '../../src/pages/element.js';
import { renderReportPage } from '../../src/pages/report/page.js';
import { aboutTexts, pageTexts } from '../../src/pages/report/texts.js';
import { embeddedSize, orderOfTexts } from '../../src/report/texts.js';
import type { ReportTexts } from '../../src/report/texts.js';
import { CAUSES } from '../report/causes.js';
import { HOSTILE } from '../report/hostile.js';
import { AFTER, BEFORE, found, recordsOf, reportOn } from '../report/inputs.js';
import { transcriptMap } from '../transcripts.js';

function shown(run: GateRecord, baseline?: GateRecord, text?: string): ReportTexts {
  return {
    status: 'shown',
    run: transcriptMap(run, text),
    baseline: baseline ? transcriptMap(baseline, text) : new Map(),
    leftOut: 0,
  };
}

const sideSchema = z
  .object({ replies: z.array(z.object({ text: z.string() }).nullable()) })
  .nullable();

const textsSchema = z.array(
  z.object({
    proposition: z.array(z.string()),
    questions: z.array(z.string()),
    baseline: sideSchema,
    run: sideSchema,
  }),
);

function embedded(html: string): z.infer<typeof textsSchema> {
  const [, json = '[]'] =
    /<script type="application\/json" id="texts">(.*?)<\/script>/s.exec(html) ?? [];
  return textsSchema.parse(JSON.parse(json));
}

const compared = reportOn(AFTER, found(BEFORE));

describe('the texts of the report page', () => {
  test('are in the page at the position that a row names, both sides together', () => {
    const html = renderReportPage({ ...compared, texts: shown(AFTER, BEFORE) });
    const texts = embedded(html);
    expect(texts).toHaveLength(40);
    const [, data = ''] = /id="data">(.*?)<\/script>/s.exec(html) ?? [];
    const { rows } = z
      .object({ rows: z.array(z.object({ id: z.string(), texts: z.number() })) })
      .parse(JSON.parse(data));
    for (const { id, texts: place } of rows) {
      expect(texts[place]?.run?.replies[0]?.text).toBe(`answer 1 to the request of ${id}`);
      expect(texts[place]?.baseline?.replies[1]?.text).toBe(`answer 2 to the request of ${id}`);
    }
    const numerical = texts[rows.find(({ id }) => id === 'e40')?.texts ?? -1];
    expect(numerical?.proposition).toEqual(['sentence of e40 [value]']);
    expect(numerical?.questions).toEqual(['question of e40']);
  });

  test('of a baseline that was measured in another way are left out', () => {
    const input = CAUSES['other-measurement'];
    if (!input.record || input.baseline.status !== 'found') throw new Error('no records');
    const texts = shown(input.record, input.baseline.record);
    expect(
      new Set(embedded(renderReportPage({ ...input, texts })).map(({ baseline }) => baseline)),
    ).toEqual(new Set([null]));
  });

  test('are empty without transcripts, and the page gives the reason', () => {
    for (const texts of [undefined, { status: 'missing', reason: 'private' } as const]) {
      const html = renderReportPage({ ...compared, ...(texts && { texts }) });
      expect(html).not.toContain('id="texts"');
      expect(html).not.toContain('"texts":');
    }
    const html = renderReportPage({ ...compared, texts: { status: 'missing', reason: 'private' } });
    expect(html).toContain('the dataset is private');
  });

  test.each(HOSTILE.map((text, index) => [index, text]))(
    'hostile text %i opens and ends no element',
    (_, text) => {
      const { record } = compared;
      const html = renderReportPage({ ...compared, texts: shown(record, BEFORE, text) });
      const script = html.slice(html.indexOf('id="texts">') + 'id="texts">'.length);
      const json = script.slice(0, script.indexOf('</script>'));
      expect(json).not.toMatch(/[<>]/);
      expect(embedded(html)[0]?.run?.replies[0]?.text).toBe(text);
      const plain = renderReportPage({ ...compared, texts: shown(record, BEFORE) });
      const frameOf = (page: string): string => page.replace(/id="texts">.*?<\/script>/s, '');
      expect(frameOf(html)).toBe(frameOf(plain));
    },
  );
});

test.each<[ReportTexts | undefined, RegExp]>([
  [undefined, /a record holds no texts/],
  [{ status: 'missing', reason: 'not-given' }, /a record holds no texts/],
  [{ status: 'missing', reason: 'private' }, /the dataset is private/],
  [{ status: 'missing', reason: 'unwanted' }, /`transcripts: never`/],
  [{ status: 'missing', reason: 'lost' }, /could not be written/],
  [shown(AFTER), /Of the baseline only the readings are here/],
  [
    shown(AFTER, BEFORE),
    /^Texts are shown as they were sent and answered, the prompt under test left out\.$/,
  ],
  [{ ...shown(AFTER, BEFORE), leftOut: 7 } as ReportTexts, /the texts of 7 examples are left out/],
])('says which texts are available: %#', (texts, words) => {
  expect(aboutTexts(texts)).toMatch(words);
});

test('the examples that changed most come first, then those that lie most', () => {
  const { before, after } = recordsOf([
    [1, 'A', 'A'],
    [1, 'B', 'B'],
    [1, 'B', 'A'],
    [1, 'AB', 'B'],
    [1, 'A', 'B'],
  ]);
  const idOf = new Map(after.measurement.examples.map(({ hash, id }) => [hash, id]));
  const ids = (order: ReadonlyMap<string, number>): readonly (string | undefined)[] =>
    [...order].sort((one, other) => one[1] - other[1]).map(([hash]) => idOf.get(hash));
  expect(ids(orderOfTexts(after, before))).toEqual(['e5', 'e3', 'e4', 'e2', 'e1']);
  expect(ids(orderOfTexts(after, undefined))).toEqual(['e2', 'e4', 'e5', 'e1', 'e3']);
});

test.each(HOSTILE.map((text, index) => [index, text]))(
  'the size of text %i in a page is predicted',
  (_, text) => {
    const json = JSON.stringify(text);
    const page = pageTexts(shown(AFTER, undefined, text), false).json;
    expect(embeddedSize(json)).toBeGreaterThanOrEqual(
      Buffer.byteLength(json.replaceAll(/[<>]/g, '\\u003c')),
    );
    expect(page).not.toMatch(/[<>]/);
  },
);

test('no text is in the part that a reader sees without scripts', () => {
  const html = renderReportPage({ ...compared, texts: shown(AFTER, BEFORE, 'PLANTED') });
  expect(html.slice(html.indexOf('<main'), html.indexOf('</main>'))).not.toContain('PLANTED');
  expect(toHtml(['PLANTED'])).toBe('PLANTED');
});
