import { z } from 'zod';
import { badgeJson, badgeSvg } from '../../src/pages/trend/badge.js';
import { renderTrendPage } from '../../src/pages/trend/page.js';
import { groupBySuite } from '../../src/pages/trend/series.js';
import { trendSummary } from '../../src/pages/trend/summary.js';
import type { Suite } from '../../src/pages/trend/data.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { failed, makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { HOSTILE } from '../report/hostile.js';

/** A record of ten examples, `lies` of which lie. */
function recordAt(
  day: number,
  lies: number,
  choices: Parameters<typeof makeRecord>[0] = {},
): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(10, (index) => ({
      statements: readAll(index < lies ? 'B' : 'A'),
    })),
    ...choices,
    provenance: {
      commit: `${day}`.padStart(40, 'a'),
      createdAt: new Date(Date.UTC(2026, 2, day)).toISOString(),
      ...choices.provenance,
    },
  });
}

function only(records: readonly GateRecord[]): Suite {
  const [suite] = groupBySuite(records);
  if (!suite) throw new Error('no suite');
  return suite;
}

describe('the points of a trend', () => {
  test('are in chronological order, each suite separately', () => {
    const other = recordAt(2, 0);
    const suites = groupBySuite([
      recordAt(3, 1),
      { ...other, measurement: { ...other.measurement, suite: 'another' } },
      recordAt(1, 2),
    ]);
    expect(suites.map(({ name }) => name)).toEqual(['another', 'default']);
    expect(suites[1]?.points.map(({ createdAt }) => createdAt.slice(0, 10))).toEqual([
      '2026-03-01',
      '2026-03-03',
    ]);
  });

  test('contain rates with intervals, and the spending', () => {
    const [point] = only([recordAt(1, 3)]).points;
    expect(point?.rates.all?.pLie?.estimate).toBeCloseTo(0.3);
    expect(point?.rates.all?.pLie?.lower).toBeGreaterThan(0.05);
    expect(point?.rates.all?.pLie?.upper).toBeLessThan(0.7);
    expect(point?.rates.all?.accuracy?.estimate).toBe(1);
    expect(point?.rates.all?.beliefRate).toMatchObject({ estimate: 1, examples: 10 });
    expect(point?.rates.known_facts?.pLie?.estimate).toBeCloseTo(0.3);
    expect(point?.rates.statistics).toBeUndefined();
    expect(point).toMatchObject({ calls: 24, tokens: 7920 });
  });

  test('report changes, and join only recordings that were measured in the same way', () => {
    const points = only([
      recordAt(1, 1),
      recordAt(2, 1, { subject: { promptHash: null } }),
      recordAt(3, 1, { subject: { promptHash: null }, fingerprint: { judgeModel: 'other' } }),
    ]).points;
    expect(points.map(({ isComparable }) => isComparable)).toEqual([true, true, false]);
    expect(points.map(({ changes }) => changes)).toEqual([[], ['system prompt'], ['judge model']]);
  });

  test.each([
    ['the first half, as after an early stop', 0, 5, true],
    ['twice as many', 0, 20, true],
    ['half of them replaced', 5, 15, false],
    ['all of them replaced', 20, 30, false],
  ])('compare with %s: from %i to %i of ten', (_, from, to, isComparable) => {
    const other = recordAt(2, 0, { examples: makeMeasuredExamples(30).slice(from, to) });
    const [, point] = only([recordAt(1, 0), other]).points;
    expect(point).toMatchObject({ isComparable, changes: ['examples'] });
  });

  test('are empty if nothing was measured', () => {
    const record = makeRecord({
      examples: makeMeasuredExamples(2, () => ({ statements: [failed()] })),
    });
    expect(only([record]).points[0]?.rates.all?.pLie).toBeNull();
    expect(trendSummary(only([record]))).toBe('');
    expect(badgeJson(only([record]))).toContain('"not measured"');
  });

  test('accept a commit only if it looks like one, and a release only from a tag', () => {
    const at = (provenance: object): unknown => only([recordAt(1, 0, { provenance })]).points[0];
    expect(at({ commit: '../../evil' })).toMatchObject({ commit: null });
    expect(at({ ref: 'refs/heads/main' })).toMatchObject({ release: null });
    expect(at({ ref: 'refs/tags/v1' })).toMatchObject({ release: 'v1' });
  });
});

describe('the chart of the summary', () => {
  test('shows the twelve newest points, as a drawing and as text', () => {
    const records = Array.from({ length: 20 }, (_, index) => recordAt(index + 1, index % 10));
    const text = trendSummary(only(records));
    const values = /line \[(.*)\]/.exec(text)?.[1]?.split(', ');
    expect(values).toHaveLength(12);
    expect(values?.at(-1)).toBe('90.0');
    expect(text.match(/^2026-03-/gm)).toHaveLength(12);
    expect(text).toContain('2026-03-20   aaaaaaaa       ██████████████████░░  90.0 %');
  });

  test('draws no line across a change of the judge, and keeps both sides in the text', () => {
    const text = trendSummary(
      only([
        recordAt(1, 1),
        recordAt(2, 2),
        recordAt(3, 3, { fingerprint: { judgeModel: 'other' } }),
        recordAt(4, 4, { fingerprint: { judgeModel: 'other' } }),
      ]),
    );
    expect(text).toContain('line [30.0, 40.0]');
    expect(text.match(/^2026-03-/gm)).toHaveLength(4);
    expect(text).toMatch(/2026-03-03 {3}aaaaaaaa +≠/);
  });

  test('draws no line through one point', () => {
    const text = trendSummary(only([recordAt(1, 1)]));
    expect(text).not.toContain('mermaid');
    expect(text).toContain('10.0 %');
  });

  test.each(HOSTILE)('keeps a tag inside its label: %j', (tag) => {
    const release = { provenance: { ref: `refs/tags/${tag}` } };
    const text = trendSummary(only([recordAt(1, 1, release), recordAt(2, 2, release)]));
    expect(text.match(/```/g)).toHaveLength(4);
    expect(/x-axis \[(.*)\]$/m.exec(text)?.[1]).toMatch(/^"[\w.-]*", "[\w.-]*(?: \(2\))?"$/);
  });
});

describe('badges', () => {
  test('have the format that shields.io requires', () => {
    const schema = z.strictObject({
      schemaVersion: z.literal(1),
      label: z.string().min(1),
      message: z.string().min(1),
      color: z.string(),
    });
    expect(
      schema.parse(JSON.parse(badgeJson(only([recordAt(1, 3), recordAt(2, 4)])))),
    ).toMatchObject({
      label: 'P(Lie)',
      message: '40.0 %',
    });
  });

  test('have a name and both words in the picture', () => {
    const svg = badgeSvg(only([recordAt(1, 3)]));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('aria-label="P(Lie): 30.0 %"');
    expect(svg.match(/<text/g)).toHaveLength(2);
  });
});

describe('the trend page', () => {
  test.each(HOSTILE)('lets no tag or model become markup: %j', (text) => {
    const record = recordAt(1, 1, {
      subject: { model: text },
      provenance: { ref: `refs/tags/${text}` },
    });
    const html = renderTrendPage({ suites: groupBySuite([record]), repository: null });
    expect(html.match(/<\/?script/g)).toHaveLength(4);
    const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'));
    expect(main).not.toMatch(/<(img|a|b|h3|code|iframe|!--)\b/);
  });

  test('shows the cost of a record, and calls it unpriced without a price', () => {
    const cost = (target: number | null, judge: number | null): GateRecord['provenance']['usage'] =>
      ({
        target: { calls: 5, reused: 0, inputTokens: 1, outputTokens: 1, cost: target },
        judge: { calls: 5, reused: 0, inputTokens: 1, outputTokens: 1, cost: judge },
      }) as const;
    const pageOf = (...usages: readonly GateRecord['provenance']['usage'][]): string => {
      const records = usages.map((usage, index) =>
        recordAt(index + 1, 1, { provenance: { usage } }),
      );
      const html = renderTrendPage({ suites: groupBySuite(records), repository: null });
      return html.slice(html.indexOf('<main'), html.indexOf('</main>'));
    };
    const priced = pageOf(cost(1.5, 0.75), cost(2, null), cost(0, 0));
    expect(priced).toContain('<td class="number">$2.25</td>');
    expect(priced).toContain('<td class="number">unpriced</td>');
    expect(priced).toContain('<td class="number">$0.000</td>');
    const chart = (html: string): string => /data-chart="cost".*?<\/figure>/.exec(html)?.[0] ?? '';
    expect(chart(priced)).toContain('<svg');
    // The middle record has no position on the line, and the line does not pass through it.
    expect(chart(priced).match(/<circle[^>]* visibility="hidden"/g)).toHaveLength(1);
    expect(chart(priced).match(/<circle/g)).toHaveLength(3);
    expect(chart(pageOf(cost(null, null)))).toMatch(/^[^$]*Unpriced in every record/);
    expect(chart(pageOf(cost(null, null)))).not.toContain('<svg');
  });

  test('names as many releases as fit, by the ends of their names, and cuts none off', () => {
    const records = Array.from({ length: 60 }, (_, index) =>
      recordAt(index + 1, 1, { provenance: { ref: `refs/tags/support-bot-service@1.${index}.0` } }),
    );
    const html = renderTrendPage({ suites: groupBySuite(records), repository: null });
    const [chart = ''] = /<svg class="chart".*?<\/svg>/.exec(html) ?? [];
    const texts = [...chart.matchAll(/class="release-text" x="([\d.]+)"[^>]*>([^<]*)/g)];
    const ends = texts.map(([, x, text = '']) => ({ x: Number(x), half: text.length * 3.7 }));
    expect(texts[0]?.[2]).toBe('…-service@1.59.0');
    expect(texts.length).toBeGreaterThan(4);
    for (const [index, { x, half }] of ends.entries()) {
      expect(x + half).toBeLessThanOrEqual(
        ends[index - 1] ? (ends[index - 1]?.x ?? 0) - half : 960.1,
      );
    }
    expect(chart.match(/class="release-line"/g)).toHaveLength(60);
  });

  test('folds the state of each suite if there are many', () => {
    const suites = (count: number): readonly Suite[] =>
      groupBySuite(
        Array.from({ length: count }, (_, index) => {
          const record = recordAt(1, 1);
          return { ...record, measurement: { ...record.measurement, suite: `suite-${index}` } };
        }),
      );
    expect(renderTrendPage({ suites: suites(6), repository: null })).toContain(
      '<summary>6 suites, where each stands</summary>',
    );
    expect(renderTrendPage({ suites: suites(5), repository: null })).not.toContain('<summary>');
  });

  test('marks the rows of releases', () => {
    const released = recordAt(1, 1, { provenance: { ref: 'refs/tags/v1.0' } });
    const html = renderTrendPage({
      suites: groupBySuite([released, recordAt(2, 1)]),
      repository: null,
    });
    expect(html).toContain('<span class="flag">◆ </span>v1.0 (aaaaaaaa)');
    expect(html.match(/class="flag"/g)).toHaveLength(1);
  });

  test('links to commits only if the repository is known', () => {
    const suites = groupBySuite([recordAt(1, 1)]);
    expect(renderTrendPage({ suites, repository: null })).not.toContain('<a href=');
    expect(renderTrendPage({ suites, repository: 'https://git.test/o/r' })).toContain(
      `href="https://git.test/o/r/commit/${'1'.padStart(40, 'a')}"`,
    );
  });
});
