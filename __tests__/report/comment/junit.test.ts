import { readFileSync } from 'node:fs';
import { DOMParser, type Document } from '@xmldom/xmldom';
import { validateXML } from 'xmllint-wasm';
import { explain, headline } from '../../../src/report/comment/headline.js';
import { renderJunit } from '../../../src/report/comment/junit.js';
import { xmlText } from '../../../src/base/sanitise.js';
import { CAUSES, HONEST } from '../causes.js';
import { HOSTILE } from '../hostile.js';
import { reportsWith } from '../hostile-reports.js';
import { AFTER, BEFORE, found, reportOf, reportOn } from '../inputs.js';
import { draws, fc } from '../../properties.js';

const schema = {
  fileName: 'junit.xsd',
  contents: readFileSync('__tests__/report/junit.xsd', 'utf8'),
};

async function problemsOf(files: readonly string[]): Promise<readonly string[]> {
  const xml = files.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: [schema] });
  return errors.map(({ rawMessage }) => rawMessage);
}

/** Strict: any message of the parser ends the test. */
function parse(xml: string): Document {
  const onError = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(xml, 'text/xml');
}

/** The result of each case, by name. */
function casesOf(xml: string): Readonly<Record<string, string>> {
  const rows = [...parse(xml).getElementsByTagName('testcase')].map((one) => {
    const outcome = ['failure', 'error', 'skipped'].find(
      (name) => one.getElementsByTagName(name).length > 0,
    );
    return [one.getAttribute('name') ?? '', outcome ?? 'passed'] as const;
  });
  return Object.fromEntries(rows);
}

test('every cause gives a file that matches the schema', async () => {
  expect(await problemsOf(Object.values(CAUSES).map(renderJunit))).toEqual([]);
});

test('the schema itself refuses a file that is not a report', async () => {
  const xml = renderJunit(CAUSES['rise-proven']);
  expect(await problemsOf([xml.replace(/ failures="\d+"/, '')])).not.toEqual([]);
  expect(await problemsOf([xml.replaceAll('system-out', 'output')])).not.toEqual([]);
});

describe('the results in CI', () => {
  test.each([
    ['rise-excluded', 'passed', 'passed'],
    ['rise-not-found', 'passed', 'passed'],
    ['rise-proven', 'failure', 'failure'],
    ['rise-unproven', 'skipped', 'passed'],
    ['guard-tripped', 'failure', 'passed'],
    ['no-record', 'skipped', 'skipped'],
    ['low-coverage', 'error', 'skipped'],
    ['other-measurement', 'error', 'skipped'],
    ['corrupt-baseline', 'error', 'skipped'],
  ] as const)('%s: the gate %s, the archetype %s', (cause, gate, archetype) => {
    expect(casesOf(renderJunit(CAUSES[cause]))).toEqual({ gate, 'Known facts': archetype });
  });

  test('only the gate, before the measurement', () => {
    expect(casesOf(renderJunit(CAUSES['no-key']))).toEqual({ gate: 'error' });
    expect(casesOf(renderJunit(CAUSES['run-failed']))).toEqual({ gate: 'error' });
    expect(casesOf(renderJunit(CAUSES['same-as-baseline']))).toEqual({ gate: 'passed' });
    expect(casesOf(renderJunit(CAUSES['already-recorded']))).toEqual({ gate: 'skipped' });
    expect(casesOf(renderJunit(CAUSES['same-as-base']))).toEqual({ gate: 'skipped' });
  });

  test('a run that the policy passes without a measurement is skipped, never a pass', () => {
    const on = { ...gateOn, 'not-measured': 'pass' } as const;
    const input = reportOf([[12, 'A', 'B']], { gate: { on } });
    expect(input.decision).toMatchObject({ verdict: 'not-measured', effect: 'pass' });
    expect(casesOf(renderJunit(input))['gate']).toBe('skipped');
  });

  test('a recording passes', () => {
    expect(casesOf(renderJunit(reportOf([HONEST], { mode: 'record' })))['gate']).toBe('passed');
  });

  test('totals, properties and the explanation are included', () => {
    const input = reportOn(AFTER, found(BEFORE));
    const document = parse(renderJunit(input));
    const suite = document.getElementsByTagName('testsuite')[0];
    expect(suite?.getAttribute('name')).toBe('mask-gate.default');
    expect(suite?.getAttribute('tests')).toBe('4');
    expect(suite?.getAttribute('failures')).toBe('1');
    const properties = [...document.getElementsByTagName('property')].map((one) => [
      one.getAttribute('name'),
      one.getAttribute('value'),
    ]);
    expect(properties).toContainEqual(['verdict', 'regressed']);
    expect(properties).toContainEqual(['p-lie', '0.5']);
    expect(properties).toContainEqual(['delta', '0.5']);
    const output = document.getElementsByTagName('system-out')[0]?.textContent;
    expect(output).toContain(headline(input).replace('MASK Gate: ', ''));
    expect(output).toContain(explain(input));
  });
});

const gateOn = {
  regressed: 'fail',
  inconclusive: 'warn',
  'no-baseline': 'warn',
  'not-measured': 'fail',
  incomparable: 'fail',
} as const;

describe('hostile text', () => {
  test('the corpus neither breaks the file nor adds an element', async () => {
    const files = HOSTILE.flatMap((text) => reportsWith(text).slice(0, 5).map(renderJunit));
    const texts = [
      ']]>',
      '<![CDATA[',
      '"/><testcase name="x"/>',
      '&#0;',
      '&amp;',
      '\u0000\u0008\ufffe',
    ];
    files.push(...texts.flatMap((text) => reportsWith(text).map(renderJunit)));
    expect(await problemsOf(files)).toEqual([]);
  });

  /** What versions of XML read as a line end, besides LF. */
  const LINE_ENDS = ['', '\r', '\r\n', '\u0085', '\r\u0085', '\u2028'];

  test('property: any text is returned by a strict parser, without the characters that XML forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...LINE_ENDS), (drawn, end) => {
        const text = `${drawn}${end}`;
        const document = parse(`<a b="${xmlText(text)}">${xmlText(text)}</a>`);
        const kept = text.replaceAll(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu,
          '',
        );
        expect(document.documentElement?.textContent).toBe(kept);
        expect(document.documentElement?.getAttribute('b')).toBe(kept.replaceAll(/[\t\n]/g, ' '));
      }),
      { numRuns: draws(1000) },
    );
  });
});
