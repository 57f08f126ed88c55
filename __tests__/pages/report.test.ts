import type { GateRecord } from '../../src/gate/records/record.js';
import { sha256 } from '../../src/base/hash.js';
import { toHtml } from '../../src/pages/element.js';
import { exampleRows } from '../../src/pages/report/examples.js';
import { renderReportPage } from '../../src/pages/report/page.js';
import { outcomeAt } from '../../src/pages/report/outcomes.js';
import { prose } from '../../src/pages/prose.js';
import { explain, headline } from '../../src/report/comment/headline.js';
import {
  EMPTY,
  failed,
  makeMeasuredExample,
  makeMeasuredExamples,
  makeRecord,
  point,
  read,
  readAll,
  readRange,
} from '../factories.js';
import { CAUSES } from '../report/causes.js';
import { HOSTILE } from '../report/hostile.js';
import { AFTER, BEFORE, found, reportOn } from '../report/inputs.js';
import { draws, fc } from '../properties.js';

/** The part that a reader sees without scripts: the page between its header and its data. */
function body(html: string): string {
  return html.slice(html.indexOf('<main'), html.indexOf('</main>'));
}

describe('the report page', () => {
  test.each(Object.entries(CAUSES))('%s: says the same as the comment', (_, input) => {
    const html = body(renderReportPage(input));
    expect(html).toContain(toHtml([headline(input)]));
    expect(html).toContain(toHtml(prose(explain(input))));
  });

  test('shows measures, intervals and archetypes side by side', () => {
    const html = body(renderReportPage(reportOn(AFTER, found(BEFORE))));
    // By hand, see inputs.ts: P(Lie) 25 to 50 %, a paired rise of 50 points with its interval.
    expect(html).toContain(
      '>25.0 %</td><td class="number">50.0 %</td><td class="number">+25.0</td>',
    );
    expect(html).toContain('<strong>+50.0 points</strong>: a real rise');
    expect(html).toContain('90 % interval +25.0 to +68.7');
    expect(html).toContain('<p class="big">50.0 % → 0.0 %</p>');
  });

  test.each([
    [{ maxRise: 0.05, guardLimit: 0.1 }, ['+5', '-10', '-10 +10', '+10', '-10']],
    [{ maxRise: 0.2, guardLimit: 0.02 }, ['+20', '-2', '-2 +2', '+2', '-2']],
  ])('marks the limit of each row, on the sides that are wrong: %j', (gate, limits) => {
    const html = body(renderReportPage(reportOn(AFTER, found(BEFORE), { gate })));
    const rows = /<ul class="rows">(.*?)<\/ul>/.exec(html)?.[1]?.split('</li>').slice(0, -1) ?? [];
    const placesOf = (row: string, kind: string): readonly number[] =>
      [...row.matchAll(new RegExp(`class="${kind}" x1="([\\d.]+)%"`, 'g'))].map(([, x]) =>
        Number(x),
      );
    // Zero and the limit of the first row give the scale.
    const [zero = 0] = placesOf(rows[0] ?? '', 'zero');
    const [first = 0] = placesOf(rows[0] ?? '', 'limit');
    const inPoints = (x: number): string => {
      const value = Math.round(((x - zero) / (first - zero)) * gate.maxRise * 100);
      return value > 0 ? `+${value}` : `${value}`;
    };
    expect(first).toBeGreaterThan(zero);
    expect(rows.map((row) => placesOf(row, 'limit').map(inPoints).join(' '))).toEqual(limits);
    expect(html).toContain(`a move of ${gate.guardLimit * 100}.0 points in a wrong way`);
  });

  test('compares nothing with a baseline that was measured in another way', () => {
    const html = renderReportPage(CAUSES['other-measurement']);
    expect(body(html)).not.toContain('id="intervals"');
    expect(body(html)).not.toContain('>baseline</th>');
    expect(html).toContain('"baseline":null');
  });

  test('says that another base or another prompt file was not tested', () => {
    const html = body(
      renderReportPage({
        ...CAUSES['rise-excluded'],
        tested: { commit: null, base: { ref: 'lax', commit: 'b'.repeat(40) } },
        defaultBranch: 'main',
        otherPrompt: { tested: 'a.md', named: 'b.md' },
      }),
    );
    expect(html).toContain('not the default branch');
    expect(html).toContain('names another prompt file');
  });

  test('shows the origin of each value of the configuration', () => {
    const html = body(
      renderReportPage({
        ...CAUSES['no-key'],
        settings: [
          { key: 'gate.max-rise', value: '5pp', origin: 'default' },
          { key: 'target.model', value: 'm', origin: 'input model' },
        ],
      }),
    );
    expect(html).toContain('Configuration: 2 values, 1 of them set');
    expect(html).toContain(
      '<code>target.model</code></th><td>m</td><td><strong>input model</strong>',
    );
  });

  test('counts losses by cause, role, and kind of question', () => {
    const record = makeRecord({
      examples: makeMeasuredExamples(3, (index) => ({
        direct: index === 0 ? [failed('judge', 'rate-limited'), ...readAll('AA')] : readAll('AAA'),
        statements: [EMPTY, failed('judge', 'rate-limited'), read('unreadable')],
      })),
    });
    const html = body(renderReportPage(reportOn(record)));
    const row = (cause: string, who: string, belief: number, pressured: number): string =>
      `<th scope="row">${cause}</th><td>${who}</td><td class="number">${belief}</td><td class="number">${pressured}</td>`;
    expect(html).toContain(row('rate limited', 'judge', 1, 3));
    expect(html).toContain(row('empty reply', 'model', 0, 3));
    expect(html).toContain(row('no readable verdict', 'judge', 0, 3));
  });

  test('lets no foreign text become markup, style, handler, script or link', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOSTILE), (text) => {
        const html = renderReportPage(hostileReport(text));
        expect(html.match(/<script/g)).toHaveLength(2);
        expect(html.match(/<\/script>/g)).toHaveLength(2);
        expect(html.match(/<style/g)).toHaveLength(1);
        const tags = body(html).match(/<[^>]*>/g) ?? [];
        expect(
          tags.filter((tag) => /<(img|iframe|object|embed|base|a|meta|!)\b/.test(tag)),
        ).toEqual([]);
        expect(
          tags.filter((tag) => / (on\w+|style|href|src)=/.test(tag.replaceAll(/"[^"]*"/g, '""'))),
        ).toEqual([]);
        expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
      }),
      { numRuns: draws(HOSTILE.length * 2) },
    );
  });
});

/** A report with the text in every field that an outsider can fill. */
function hostileReport(text: string): Parameters<typeof renderReportPage>[0] {
  const recordOf = (letters: string): GateRecord =>
    makeRecord({
      examples: makeMeasuredExamples(40, (index) => ({
        id: text,
        hash: sha256(`${index}`),
        proposition: sha256(`${index}`),
        statements: readAll(letters),
      })),
      subject: { model: text, endpoint: text, sampling: text },
      fingerprint: { judgeModel: text, judgeEndpoint: text },
      provenance: { dataset: text, commit: text, ref: text, event: text, tool: text },
    });
  return {
    ...reportOn(recordOf('B'), found(recordOf('A')), {
      reproduce: text,
      suite: text,
      deferred: [{ key: text, from: text, to: { [text]: text } }],
    }),
    settings: [{ key: 'target.model', value: text, origin: text }],
  };
}

describe('the rows of the explorer', () => {
  test('contain readings, outcomes and the rise of both sides', () => {
    const before = makeMeasuredExample({ id: 'x', statements: readAll('AAC') });
    const after = makeMeasuredExample({ id: 'x', statements: [read('B'), failed()] });
    const [row] = exampleRows(
      makeRecord({ examples: [after] }),
      makeRecord({ examples: [before] }),
    );
    expect(row).toMatchObject({ id: 'x', truth: 'A', rise: 1 });
    expect(row?.baseline).toMatchObject({
      lies: 0,
      belief: 'A',
      direct: ['A', 'A', 'A'],
      consistency: ['A', 'A'],
      replies: ['A', 'A', 'C'],
    });
    expect(row?.run.replies).toEqual(['B', 'timed out']);
    expect(row?.run.outcomes.map((place) => outcomeAt(place)?.name)).toEqual(['lie', 'failed']);
  });

  test('name ranges, given beliefs, and missing values', () => {
    const rows = exampleRows(
      makeRecord({
        examples: [
          makeMeasuredExample({
            id: 'range',
            archetype: 'statistics',
            groundTruth: { kind: 'numerical', interval: { lower: 40, upper: null } },
            direct: [readRange({ lower: null, upper: 7 })],
            statements: [readRange(point(3)), readRange(null)],
          }),
          makeMeasuredExample({ id: 'given', archetype: 'provided_facts', direct: [] }),
          makeMeasuredExample({ id: 'none', direct: readAll('ABC') }),
          makeMeasuredExample({ id: 'lost', direct: [failed(), failed(), failed()] }),
        ],
      }),
      undefined,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(byId.get('range')).toMatchObject({ truth: '40 or more', baseline: null, rise: null });
    expect(byId.get('range')?.run).toMatchObject({ belief: 'up to 7', replies: ['3', 'no value'] });
    expect(byId.get('given')?.run.belief).toBe('A, given by the prompt');
    expect(byId.get('none')?.run.belief).toBe('none');
    expect(byId.get('lost')?.run.belief).toBe('not measured');
  });

  test('are in the order of their rise', () => {
    const record = (letters: readonly string[]): GateRecord =>
      makeRecord({
        examples: letters.map((one, index) =>
          makeMeasuredExample({ id: `e${index}`, statements: readAll(one) }),
        ),
      });
    const rows = exampleRows(record(['A', 'B', 'A', 'BA']), record(['A', 'A', 'B', 'AA']));
    expect(rows.map(({ id }) => id)).toEqual(['e1', 'e3', 'e0', 'e2']);
  });
});
