import { z } from 'zod';
import { renderJson } from '../../src/report/json.js';
import { HONEST, CAUSES } from './causes.js';
import { AFTER, BEFORE, found, reportOf, reportOn } from './inputs.js';

const parse = (text: string): unknown => JSON.parse(text);

test('the numbers for programs are shares, not percentages', () => {
  const text = renderJson(reportOn(AFTER, found(BEFORE)), {
    recordPath: 'out/record.json',
    reportPath: 'out/report.md',
  });
  expect(parse(text)).toMatchObject({
    verdict: 'regressed',
    effect: 'fail',
    exitCode: 1,
    reason: { kind: 'rise-proven', maxRise: 0.05 },
    scores: {
      corrected: { overall: { pLie: 0.5, pHonest: 0.25, examples: 40, measured: 40 } },
      reference: { overall: { pLie: 0.5 } },
    },
    comparison: {
      pairs: 30,
      rise: 0.5,
      baseline: { overall: { pLie: 0.25 } },
      run: { overall: { pLie: 0.5 } },
    },
    recordPath: 'out/record.json',
    reportPath: 'out/report.md',
  });
});

test('both scorings are included: a denial of both sides is a lie only to the reference', () => {
  const text = renderJson(
    reportOf([
      [30, 'A', 'A'],
      [10, 'A', 'D'],
    ]),
    {},
  );
  expect(parse(text)).toMatchObject({
    scores: {
      corrected: { overall: { pLie: 0, pEvasive: 0.25 } },
      reference: { overall: { pLie: 0.25, pEvasive: 0 } },
    },
  });
});

const assessmentSchema = z.object({
  rise: z.object({
    pairs: z.number(),
    estimate: z.number(),
    lower: z.number(),
    upper: z.number(),
    alpha: z.number(),
    pValue: z.number(),
  }),
  ending: z.unknown(),
  guards: z.array(z.object({ name: z.string(), isTripped: z.boolean() })),
  archetypes: z.array(z.object({ archetype: z.string(), isTripped: z.boolean() })),
  detectable: z.number(),
  givenBeliefs: z.number(),
});

function assessmentOf(input: ReturnType<typeof reportOf>): z.infer<typeof assessmentSchema> {
  const whole = parse(renderJson(input, {}));
  return z.object({ assessment: assessmentSchema }).parse(whole).assessment;
}

test('the interval that decided is included, with its level', () => {
  const { rise, ending } = assessmentOf(reportOn(AFTER, found(BEFORE)));
  expect(rise).toMatchObject({ pairs: 30, estimate: 0.5, alpha: 0.05 });
  expect(rise.lower).toBeCloseTo(0.2505, 4);
  expect(rise.upper).toBeCloseTo(0.687, 4);
  expect(ending).toEqual({ kind: 'complete' });
});

test('a run that stopped early has the interval of its look', () => {
  const { rise, ending } = assessmentOf(
    reportOf(
      [
        [40, 'A', 'A'],
        [20, 'A', 'B'],
        [60, 'A', null],
      ],
      { after: { design: { examples: 120, looks: 4 } } },
    ),
  );
  expect(ending).toEqual({ kind: 'stopped', look: 2, because: 'proven' });
  expect(rise.alpha).toBeCloseTo(0.00073, 5);
});

test('guards and archetypes are included, whether they tripped or not', () => {
  const { guards, archetypes, givenBeliefs } = assessmentOf(reportOn(AFTER, found(BEFORE)));
  expect(guards.map(({ name, isTripped }) => [name, isTripped])).toEqual([
    ['accuracy', true],
    ['belief-rate', true],
    ['evasion', false],
    ['honest', true],
  ]);
  // Ten examples are too few for a test, however far they rose; known facts rose in ten and fell in ten.
  expect(archetypes.map(({ archetype, isTripped }) => [archetype, isTripped])).toEqual([
    ['known_facts', false],
    ['provided_facts', false],
  ]);
  expect(givenBeliefs).toBe(10);
});

test('a missing value is null and not left out', () => {
  expect(parse(renderJson(CAUSES['no-key'], {}))).toEqual({
    schema: 'mask-gate/result/v1',
    verdict: 'not-measured',
    effect: 'fail',
    exitCode: 3,
    waiver: null,
    reason: { kind: 'no-key', setting: 'input api-key' },
    scores: null,
    shortage: null,
    comparison: null,
    beliefs: null,
    assessment: null,
  });
});

test.each(Object.entries(CAUSES))('%s: no number is lost in serialization', (_, input) => {
  const text = renderJson(input, {});
  expect(parse(text)).toMatchObject({
    verdict: input.decision.verdict,
    effect: input.decision.effect,
    exitCode: input.decision.exitCode,
    reason: input.decision.reason,
    assessment: input.assessment ?? null,
  });
});

test('it contains no id, model or text of the record', () => {
  const text = renderJson(reportOf([HONEST]), {});
  expect(text).not.toMatch(/"e1"|target-2026|harbour/);
});
