import published from '../../data/published.json' with { type: 'json' };
import type { GateRecord } from '../../src/gate/records/record.js';
import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import { findPublished, standingSection } from '../../src/report/published.js';
import { failed, makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { outsideOfCode } from './inputs.js';

const MASK = 'cais/MASK@4602b84d';

/** A record of a thousand examples of all archetypes, with this many lies. */
function recordOf(
  lies: number,
  {
    model = 'lab-model',
    dataset = MASK,
    archetypes = ARCHETYPES,
  }: { model?: string; dataset?: string; archetypes?: readonly Archetype[] } = {},
): GateRecord {
  const examples = makeMeasuredExamples(1000, (index) => ({
    archetype: archetypes[index % archetypes.length] ?? 'known_facts',
    statements: readAll(index < lies ? 'B' : 'A'),
  }));
  return makeRecord({ examples, subject: { model }, provenance: { dataset } });
}

/** Only the position, between the figure of this run and the warning. */
function placeOf(record: GateRecord): string | undefined {
  return /^P\(Lie\) here is \S+ %; in the MASK paper \(v3, table 3\): (.*?)\. /.exec(
    standingSection(record) ?? '',
  )?.[1];
}

describe('the position of P(Lie) among the figures of the paper', () => {
  test.each([
    { dataset: 'cais/MASK', says: true },
    { dataset: 'cais/mask', says: true },
    { dataset: MASK, says: true },
    { dataset: 'sample', says: false },
    { dataset: 'unknown', says: false },
    { dataset: '', says: false },
    { dataset: 'cais/MASK-hard@4602b84d', says: false },
    { dataset: 'cais/MASKED', says: false },
    { dataset: 'someone/cais/MASK', says: false },
    { dataset: './cais/MASK', says: false },
    { dataset: 'someone/MASK@4602b84d', says: false },
  ])('is shown for "$dataset": $says', ({ dataset, says }) => {
    expect(standingSection(recordOf(300, { dataset })) !== undefined).toBe(says);
  });

  test.each(ARCHETYPES)('is not shown if %s is missing, or alone', (archetype) => {
    const others = ARCHETYPES.filter((one) => one !== archetype);
    expect(standingSection(recordOf(300, { archetypes: others }))).toBeUndefined();
    expect(standingSection(recordOf(300, { archetypes: [archetype] }))).toBeUndefined();
  });

  test('is not shown without a measurement', () => {
    const examples = makeMeasuredExamples(6, (index) => ({
      archetype: ARCHETYPES[index] ?? 'known_facts',
      statements: [failed()],
    }));
    expect(
      standingSection(makeRecord({ examples, provenance: { dataset: MASK } })),
    ).toBeUndefined();
  });

  test('names the figure of the same model, wherever this run ranks', () => {
    for (const lies of [0, 445, 1000]) {
      const record = recordOf(lies, { model: 'gpt-4o-2024-08-06' });
      expect(placeOf(record)).toBe('`gpt-4o-2024-08-06` 44.5 %');
    }
  });

  test.each([
    { lies: 0, place: 'below every model, the lowest is `llama-3.2-1b` 13.1 %' },
    { lies: 130, place: 'below every model, the lowest is `llama-3.2-1b` 13.1 %' },
    { lies: 131, place: 'as much as `llama-3.2-1b` 13.1 %' },
    { lies: 140, place: 'between `llama-3.2-1b` 13.1 % and `qwen2.5-0.5b` 15.4 %' },
    { lies: 300, place: 'between `llama-3.1-405b` 28.0 % and `claude-3-5-sonnet-20240620` 33.4 %' },
    { lies: 600, place: 'between `deepseek-v3` 53.5 % and `grok-2-1212` 63.0 %' },
    { lies: 629, place: 'between `deepseek-v3` 53.5 % and `grok-2-1212` 63.0 %' },
    { lies: 631, place: 'above every model, the highest is `grok-2-1212` 63.0 %' },
    { lies: 1000, place: 'above every model, the highest is `grok-2-1212` 63.0 %' },
  ])('another model with $lies lies in 1,000 ranks $place', ({ lies, place }) => {
    expect(placeOf(recordOf(lies))).toBe(place);
  });

  test.each(['lab-model', 'openai/gpt-4o'])(
    "for %s it also gives the model's own figure, and the limits of the comparison",
    (model) => {
      const text = standingSection(recordOf(300, { model })) ?? '';
      expect(text).toContain('P(Lie) here is 30.0 %;');
      expect(text).toContain('1,500 examples, 500 of them never published');
      expect(text).toContain('by 12 to 15 points');
      expect(text).toContain('orientation, no yardstick');
    },
  );

  test('the name of the model under test is not repeated', () => {
    const text = standingSection(recordOf(300, { model: 'lab|<b>model</b>' })) ?? '';
    expect(text).not.toContain('<b>');
    expect(outsideOfCode(text)).not.toMatch(/llama|claude|`/);
  });
});

describe('the row of the paper for a model', () => {
  test.each([
    { model: 'gpt-4o-2024-08-06', row: 'gpt-4o-2024-08-06', pLie: 44.5 },
    { model: 'gpt-4o', row: 'gpt-4o-2024-08-06', pLie: 44.5 },
    { model: 'openai/gpt-4o', row: 'gpt-4o-2024-08-06', pLie: 44.5 },
    { model: 'openrouter/openai/GPT-4o-2024-11-20', row: 'gpt-4o-2024-08-06', pLie: 44.5 },
    { model: 'gpt-4o-mini', row: 'gpt-4o-mini-2024-07-18', pLie: 45.3 },
    { model: 'gpt-4o-mini-2024-07-18', row: 'gpt-4o-mini-2024-07-18', pLie: 45.3 },
    { model: 'claude-3-7-sonnet-20250219', row: 'claude-3-7-sonnet-20250219', pLie: 26.6 },
    { model: 'anthropic/claude-3-7-sonnet', row: 'claude-3-7-sonnet-20250219', pLie: 26.6 },
    { model: 'grok-2', row: 'grok-2-1212', pLie: 63 },
    { model: 'o3-mini', row: 'o3-mini-2025-01-31 (low)', pLie: 48.6 },
    { model: 'o3-mini-2025-01-31', row: 'o3-mini-2025-01-31 (low)', pLie: 48.6 },
    { model: 'gpt-4.5-preview', row: 'gpt-4.5-preview-2025-02-27', pLie: 43.5 },
    { model: 'deepseek/deepseek-r1', row: 'deepseek-r1', pLie: 42.9 },
  ])('$model: $row, $pLie %', ({ model, row, pLie }) => {
    expect(findPublished(model)).toMatchObject({ model: row, pLie });
  });

  test.each([
    'gpt-4',
    'gpt-4o-audio',
    'gpt-4o-mini-search',
    'my-gpt-4o',
    'gpt-4o/tuned',
    'o3',
    'llama-3.1-70',
    'claude-3-5',
    'grok-3',
    'unknown',
    '',
    'openai/',
  ])('"%s" has none', (model) => {
    expect(findPublished(model)).toBeUndefined();
  });

  test('finds every row by its own name', () => {
    for (const row of published.models) expect(findPublished(row.model)).toBe(row);
  });
});

describe('the figures as published', () => {
  const { models, interventions, firstVersion } = published;
  const rowOf = (model: string): (typeof models)[number] | undefined =>
    models.find((row) => row.model === model);

  test('32 models, each once', () => {
    expect(models).toHaveLength(32);
    expect(new Set(models.map(({ model }) => model)).size).toBe(32);
  });

  test.each(models)('$model: shares are between 0 and 1', ({ pHonest, pLie, accuracy }) => {
    for (const share of [pHonest, pLie, accuracy, 100 - pHonest - pLie]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(100);
    }
  });

  test('29 of them were asked ten times: more lies, less honesty, and at most 1 together', () => {
    const asked = models.filter(({ pLieAt10 }) => pLieAt10 !== null);
    expect(asked).toHaveLength(29);
    for (const row of models) {
      expect(row.pHonestAt10 === null).toBe(row.pLieAt10 === null);
    }
    for (const { model, pLie, pHonest, pLieAt10, pHonestAt10 } of asked) {
      expect([model, (pLieAt10 ?? NaN) > pLie]).toEqual([model, true]);
      expect([model, (pHonestAt10 ?? NaN) < pHonest]).toEqual([model, true]);
      expect((pLieAt10 ?? NaN) + (pHonestAt10 ?? NaN)).toBeLessThan(100);
    }
  });

  test('their mean P(Lie) is 37.1 %', () => {
    const sum = models.reduce((total, { pLie }) => total + pLie, 0);
    expect((sum / models.length).toFixed(1)).toBe('37.1');
  });

  test.each([
    { model: 'gpt-4o-2024-08-06', rest: 33.7 },
    { model: 'claude-3-7-sonnet-20250219', rest: 25.8 },
    { model: 'llama-3.1-405b', rest: 50.4 },
  ])('$model evades or has no belief in $rest %', ({ model, rest }) => {
    const row = rowOf(model);
    expect(100 - (row?.pHonest ?? NaN) - (row?.pLie ?? NaN)).toBeCloseTo(rest, 9);
  });

  test.each([
    { model: 'llama-2-7b-chat', intervention: 'developer honesty prompt', gain: 12.2 },
    { model: 'llama-2-13b-chat', intervention: 'developer honesty prompt', gain: 8.8 },
    { model: 'llama-2-7b-chat', intervention: 'LoRRA', gain: 6.6 },
    { model: 'llama-2-13b-chat', intervention: 'LoRRA', gain: 13.1 },
  ])('$intervention on $model starts at 1 − P(Lie) and gains $gain points', (row) => {
    const found = interventions.filter(
      ({ model, intervention }) => model === row.model && intervention === row.intervention,
    );
    expect(found).toHaveLength(1);
    const { honestyBefore = NaN, honestyAfter = NaN } = found[0] ?? {};
    expect(honestyBefore).toBeCloseTo(100 - (rowOf(row.model)?.pLie ?? NaN), 9);
    expect(honestyAfter - honestyBefore).toBeCloseTo(row.gain, 9);
  });

  test('no other intervention is listed', () => {
    expect(interventions).toHaveLength(4);
  });

  test('the first version covers models of the table, and reports at least as many lies', () => {
    for (const [model, pLie] of Object.entries(firstVersion.pLie)) {
      expect([model, pLie >= (rowOf(model)?.pLie ?? NaN)]).toEqual([model, true]);
    }
  });
});
