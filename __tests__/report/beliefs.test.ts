import { sha256 } from '../../src/base/hash.js';
import { renderReportPage } from '../../src/pages/report/page.js';
import { renderComment, renderReport } from '../../src/report/comment/comment.js';
import { renderJson } from '../../src/report/json.js';
import { renderJunit } from '../../src/report/comment/junit.js';
import { toTrendRow } from '../../src/report/trend-row.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { UNDECIDED } from './causes.js';
import { type Group, recordsOf, reportOf } from './inputs.js';

const FROM = { commit: 'c0ffee01'.repeat(5), createdAt: '2026-02-27T12:00:00.000Z' };
const WORDS = 'not measured again, from c0ffee01c0ff, 2026-02-27';

/** Measured again: all but the named ones, or all. */
type Asked = readonly string[] | 'all';

type Report = ReturnType<typeof reportOf>;

function report(asked: Asked, groups: readonly Group[] = [[40, 'A', 'A']]): Report {
  const provenance =
    asked === 'all'
      ? {}
      : {
          beliefsFrom: FROM,
          ...(asked.length > 0 && { beliefsAsked: asked.map((id) => sha256(id)) }),
        };
  return reportOf(groups, { after: { provenance } });
}

/** The forms of a report, each without the parts that only its format has. */
const FORMS = {
  comment: (input: Report) => renderComment(input).replaceAll('`', ''),
  summary: (input: Report) => renderReport(input).replaceAll('`', ''),
  page: (input: Report) => mainOf(renderReportPage(input)),
  JUnit: renderJunit,
} as const;

function mainOf(html: string): string {
  return html.slice(html.indexOf('<main'), html.indexOf('</main>'));
}

describe.each(Object.entries(FORMS))('%s', (_, render) => {
  test('says that reused beliefs were not measured again', () => {
    expect(render(report([]))).toContain(WORDS);
  });

  test('does not say so if all were asked for', () => {
    expect(render(report('all'))).not.toContain('not measured again');
  });
});

describe('the table of measures', () => {
  const rowsOf = (asked: Asked, groups?: readonly Group[]): readonly string[] =>
    FORMS.comment(report(asked, groups))
      .split('\n')
      .filter((line) => /^\| (No belief|Accuracy) /.test(line));

  test('has no change for reused beliefs', () => {
    const rows = rowsOf([]);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.endsWith(`| ${WORDS} |`)).toBe(true);
  });

  test('gives the change over the examples that were asked again', () => {
    // One in four of the examples that were asked again lost its belief; forty more were not asked.
    const asked = ['e1', 'e2', 'e3', 'e4'];
    const groups: readonly Group[] = [
      [1, 'A', UNDECIDED],
      [43, 'A', 'A'],
    ];
    const others = `over the 4 examples asked again; the others ${WORDS}`;
    expect(rowsOf(asked, groups).map((row) => row.split(' | ').at(-1))).toEqual([
      `+25.0 ${others} |`,
      `−25.0 ${others} |`,
    ]);
  });
});

describe('the page', () => {
  test('draws no interval and finds no change if nothing was measured again', () => {
    const html = FORMS.page(report([]));
    const rows = /<ul class="rows">(.*?)<\/ul>/.exec(html)?.[1] ?? '';
    expect(rows).toContain('Lies, where there is a belief');
    expect(rows).not.toContain('Accuracy');
    expect(rows).not.toContain('The share of examples with a belief');
    expect(html).toContain(
      `Accuracy and the share of examples with a belief, for 40 examples: ${WORDS}.`,
    );
  });

  test('draws no dot of this run into the ring of the baseline', () => {
    const dots = (asked: Asked): number => {
      const section = FORMS.page(report(asked)).split('id="intervals"')[0] ?? '';
      return [...section.matchAll(/class="dot"/g)].length;
    };
    expect(dots('all')).toBe(5);
    expect(dots([])).toBe(3);
  });

  test('draws nothing without a pair', () => {
    const html = FORMS.page(reportOf([[40, UNDECIDED, UNDECIDED]]));
    expect(html).not.toContain('id="intervals"');
    expect(html).not.toContain('chance may explain it');
    expect(html).toContain('40 examples, none with a belief on both sides: nothing to compare.');
  });

  test('reports the smallest detectable rise only with a verdict', () => {
    const words = 'Such a run reports a true rise of';
    expect(FORMS.page(reportOf([[40, 'A', 'A']]))).toContain(words);
    expect(FORMS.page(reportOf([[20, 'A', 'A']]))).not.toContain(words);
  });
});

describe('the JSON result', () => {
  const parse = (input: Report): unknown => JSON.parse(renderJson(input, {}));

  test('names beliefs that were not measured again, and has no guard for them', () => {
    const result = parse(report(['e1']));
    expect(result).toMatchObject({ beliefs: { takenOver: 39, from: FROM } });
    expect(parse(report([]))).toMatchObject({
      beliefs: { takenOver: 40, from: FROM },
      assessment: { guards: [{ name: 'evasion' }, { name: 'honest' }] },
    });
    expect(parse(report('all'))).toMatchObject({ beliefs: null });
  });

  test('has no interval without a pair', () => {
    expect(parse(reportOf([[40, UNDECIDED, UNDECIDED]]))).toMatchObject({
      comparison: { pairs: 0, rise: null },
      assessment: { rise: null, archetypes: [] },
    });
  });
});

describe('without a pair', () => {
  const input = reportOf([
    [40, 'A', 'A'],
    [10, { archetype: 'statistics', ...UNDECIDED }, { archetype: 'statistics', ...UNDECIDED }],
  ]);

  test('a kind of pressure has no change in the comment, and does not pass in JUnit', () => {
    expect(renderComment(input)).toContain('| no belief to compare | 10 |');
    expect(renderJunit(input)).toMatch(/name="Statistics"[^>]*>\s*<skipped/);
    expect(renderJunit(input)).not.toMatch(/name="Known facts"[^>]*>\s*<skipped/);
  });

  test('the report does not say that no example changed sides', () => {
    const nothing = renderComment(reportOf([[40, UNDECIDED, UNDECIDED]]));
    expect(nothing).not.toContain('No example changed sides');
    expect(renderComment(input)).toContain('No example changed sides');
  });
});

describe('a point of the trend', () => {
  const examples = makeMeasuredExamples(40, () => ({ statements: readAll('A') }));
  const ratesOf = (provenance: Parameters<typeof makeRecord>[0]): unknown =>
    toTrendRow(makeRecord({ examples, ...provenance })).rates.all;

  test('has no accuracy and no belief rate if beliefs were reused', () => {
    expect(ratesOf({ provenance: { beliefsFrom: FROM } })).toMatchObject({
      pLie: { estimate: 0 },
      accuracy: null,
      beliefRate: null,
    });
  });

  test('has them if all were asked for', () => {
    expect(ratesOf({})).toMatchObject({ accuracy: { estimate: 1 }, beliefRate: { estimate: 1 } });
  });
});

test('tags are counted if this run read them', () => {
  const tagged = makeMeasuredExamples(40, () => ({
    direct: readAll('AAA').map((sample, index) =>
      index > 0 && sample.status === 'read' ? { ...sample, tag: 'taken' as const } : sample,
    ),
  }));
  const { before } = recordsOf([[40, 'A', 'A']]);
  const render = (provenance: object): string =>
    renderReport({
      ...reportOf([[40, 'A', 'A']]),
      record: { ...makeRecord({ examples: tagged, provenance }) },
      baseline: { status: 'found', record: before, distance: 0, older: [] },
    });
  expect(render({})).toContain('80 direct beliefs read by their tag; the judge read none of them');
  expect(render({ beliefsFrom: FROM })).not.toContain('read by their tag');
});
