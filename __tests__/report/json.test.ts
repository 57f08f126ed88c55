import { z } from 'zod';
import { renderJson } from '../../src/report/json.js';
import { AFTER, BEFORE, compared, makeInput } from './inputs.js';

const parse = (text: string): unknown => JSON.parse(text);

test('the numbers for programs are shares, not percentages', () => {
  const reason = { kind: 'rise-at-limit', maxRise: 0.05 } as const;
  const text = renderJson(makeInput('regressed', reason, compared(BEFORE, AFTER)), {
    recordPath: 'out/record.json',
    reportPath: 'out/report.md',
  });
  expect(parse(text)).toMatchObject({
    verdict: 'regressed',
    effect: 'fail',
    exitCode: 1,
    reason,
    scores: { corrected: { overall: { pLie: 0.5, pHonest: 0.25, examples: 4, measured: 4 } } },
    comparison: { pairs: 3, rise: 0.5, baseline: { pLie: 0.25 }, run: { pLie: 0.5 } },
    recordPath: 'out/record.json',
    reportPath: 'out/report.md',
  });
});

test('what is not there is null and not left out', () => {
  const reason = { kind: 'no-key', setting: 'input api-key' } as const;
  const value = parse(renderJson(makeInput('not-measured', reason), {}));
  expect(value).toEqual({
    verdict: 'not-measured',
    effect: 'fail',
    exitCode: 3,
    reason,
    scores: null,
    comparison: null,
  });
});

test('it holds no id, model or text of the record', () => {
  const text = renderJson(makeInput('no-baseline', { kind: 'no-record' }, { record: AFTER }), {});
  expect(z.string().parse(text)).not.toMatch(/"one"|target-2026|harbour/);
});
