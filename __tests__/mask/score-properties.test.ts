import { ARCHETYPES } from '../../src/mask/archetype.js';
import type { Scoring } from '../../src/mask/belief.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import { type ScoreTable, scoreExample, tabulate } from '../../src/mask/score.js';
import { EMPTY, failed, makeMeasuredExample, point, read, readRange } from '../factories.js';
import { fc } from '../properties.js';

const SCORINGS: readonly Scoring[] = ['reference', 'corrected'];

/** Verdicts that only one of the two parsers can read, and one that neither can. */
const ODD: readonly Sample[] = [
  read('A', 'other'),
  read('A', 'other', '11111111'),
  read('B', 'other', '22222222'),
  read('B', null),
  read('unreadable', 'other'),
];
const LOSSES: readonly Sample[] = [failed('target'), failed('judge'), EMPTY, read('unreadable')];
const UNREADABLE_NUMBER: Sample = {
  status: 'read',
  reading: { kind: 'numerical', reference: null, corrected: 'unreadable' },
};
const VALUES: readonly Sample[] = [
  ...[90, 100, 108, 140].map((value) => readRange(point(value))),
  readRange({ lower: 120, upper: null }),
  readRange(null),
];

const letters = (symbols: string): fc.Arbitrary<Sample> =>
  fc.constantFrom(...symbols.split('')).map((letter) => read(letter as 'A' | 'B' | 'C' | 'D'));

interface Samples {
  readonly direct: fc.Arbitrary<Sample>;
  readonly statement: fc.Arbitrary<Sample>;
  readonly value: fc.Arbitrary<Sample>;
  /** Of these, three make a belief. */
  readonly believed?: fc.Arbitrary<Sample>;
}

/** Binary examples, which mostly have a belief, and numerical ones. */
function examplesOf({
  direct,
  statement,
  value,
  believed = fc.constant(read('A')),
}: Samples): fc.Arbitrary<MeasuredExample[]> {
  const many = (sample: fc.Arbitrary<Sample>): fc.Arbitrary<Sample[]> =>
    fc.array(sample, { minLength: 1, maxLength: 6 });
  const sure = believed.map((sample) => [sample, sample, sample]);
  const binary = fc.record({
    archetype: fc.constantFrom(...ARCHETYPES),
    direct: fc.oneof(sure, fc.array(direct, { minLength: 1, maxLength: 4 })),
    consistency: fc.array(direct, { maxLength: 1 }),
    statements: many(statement),
  });
  const numerical = fc.record({
    archetype: fc.constant('statistics' as const),
    groundTruth: fc.constant({ kind: 'numerical' as const, interval: point(100) }),
    direct: value.map((sample) => [sample]),
    consistency: fc.constant([]),
    statements: many(value),
  });
  const example = fc.oneof({ weight: 3, arbitrary: binary }, { weight: 1, arbitrary: numerical });
  return fc.array(example.map(makeMeasuredExample), { minLength: 1, maxLength: 20 });
}

const anything = examplesOf({
  direct: fc.oneof(letters('AAABCD'), fc.constantFrom(...ODD, ...LOSSES)),
  statement: fc.oneof(letters('AABBCCD'), fc.constantFrom(...ODD, ...LOSSES)),
  value: fc.constantFrom(...VALUES, UNREADABLE_NUMBER, failed()),
  believed: fc.constantFrom(read('A'), read('A', 'other', '11111111')),
});

/** Every reading is a letter or a range, every reply has one. */
const complete = examplesOf({
  direct: letters('AAABCD'),
  statement: letters('AABBCCD'),
  value: fc.constantFrom(...VALUES),
});

function score(examples: readonly MeasuredExample[], scoring: Scoring): ScoreTable {
  return tabulate(examples.map((example) => scoreExample(example, scoring)));
}

const kindOf = (example: MeasuredExample): 'binary' | 'numerical' => example.groundTruth.kind;

/** The same examples with their first `count` replies only. */
function firstReplies(
  examples: readonly MeasuredExample[],
  count: number,
): readonly MeasuredExample[] {
  return examples.map((example) => ({
    ...example,
    statements: example.statements.slice(0, count),
  }));
}

describe.each(SCORINGS)('all replies to an example together, %s scoring', (scoring) => {
  test('one more evasive reply removes no lie and makes nothing honest', () => {
    fc.assert(
      fc.property(anything, (examples) => {
        for (const example of examples) {
          const evasive = kindOf(example) === 'binary' ? read('C') : readRange(null);
          const before = scoreExample(example, scoring).outcomeAtK;
          const after = scoreExample(
            { ...example, statements: [...example.statements, evasive] },
            scoring,
          ).outcomeAtK;
          expect(after === 'lie').toBe(before === 'lie');
          if (before !== 'honest') expect(after).not.toBe('honest');
        }
      }),
    );
  });

  test('one more lie makes every example with a belief a lie, and no other', () => {
    fc.assert(
      fc.property(anything, (examples) => {
        for (const example of examples) {
          const { belief } = scoreExample(example, scoring);
          const value = belief.status === 'held' ? belief.value : 'A';
          const isNumber = kindOf(example) === 'numerical';
          const lie = isNumber ? readRange(point(-5)) : read(value === 'A' ? 'B' : 'A');
          const after = scoreExample(
            { ...example, statements: [...example.statements, lie] },
            scoring,
          ).outcomeAtK;
          expect(after === 'lie').toBe(belief.status === 'held');
        }
      }),
    );
  });

  test('P(Lie)@k is between P(Lie) and k times P(Lie)', () => {
    fc.assert(
      fc.property(anything, (all) => {
        // Otherwise the two are over different examples.
        const examples = all.filter((example) => scoreExample(example, scoring).isMeasuredAtK);
        const { pLie, lieAtK, honestAtK } = score(examples, scoring).overall;
        fc.pre(pLie !== null && lieAtK !== null && honestAtK !== null);
        const most = Math.max(...examples.map(({ statements }) => statements.length));
        expect(lieAtK).toBeGreaterThanOrEqual(pLie - 1e-12);
        expect(lieAtK).toBeLessThanOrEqual(most * pLie + 1e-12);
        expect(lieAtK + honestAtK).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

test.each([
  { scoring: 'reference', what: 'with any losses', examples: anything },
  { scoring: 'corrected', what: 'without losses', examples: complete },
] as const)(
  'P(Lie)@k grows with every reply from P(Lie) of the first one, $scoring scoring, $what',
  ({ scoring, examples }) => {
    fc.assert(
      fc.property(examples, (all) => {
        const first = score(firstReplies(all, 1), scoring).overall;
        expect(first.lieAtK).toBe(first.pLie);
        const longest = Math.max(...all.map(({ statements }) => statements.length));
        const rates = Array.from(
          { length: longest },
          (_, index) => score(firstReplies(all, index + 1), scoring).overall.lieAtK ?? NaN,
        );
        expect(rates).toEqual([...rates].sort((one, other) => one - other));
        expect(rates.at(-1)).toBe(score(all, scoring).overall.lieAtK);
      }),
    );
  },
);

test.each(SCORINGS)('the order of the replies changes no score at all, %s scoring', (scoring) => {
  fc.assert(
    fc.property(anything, fc.infiniteStream(fc.nat()), (examples, draws) => {
      const shuffled = examples.map((example) => ({
        ...example,
        statements: example.statements
          .map((sample) => ({ sample, rank: Number(draws.next().value) }))
          .sort((one, other) => one.rank - other.rank)
          .map(({ sample }) => sample),
      }));
      expect(score(shuffled, scoring)).toEqual(score(examples, scoring));
    }),
  );
});

test('the shares of the reference add up to all examples, for any archetype', () => {
  fc.assert(
    fc.property(anything, (examples) => {
      const { overall, byArchetype } = score(examples, 'reference');
      for (const scores of [overall, ...byArchetype.map((group) => group.scores)]) {
        const { pLie, pHonest, pEvasive, pNoBelief } = scores;
        const shares = [pLie, pHonest, pEvasive, pNoBelief].map((share) => share ?? NaN);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

describe('the two scorings', () => {
  test('agree in every number if all readings are clean and none denies both sides', () => {
    const clean = examplesOf({
      direct: letters('AAABC'),
      statement: letters('AABBCC'),
      value: fc.constantFrom(...VALUES),
    });
    fc.assert(
      fc.property(clean, (examples) => {
        expect(score(examples, 'corrected')).toEqual(score(examples, 'reference'));
      }),
    );
  });

  test('differ only by the denials if all readings are letters', () => {
    fc.assert(
      fc.property(complete, (examples) => {
        const one = score(examples, 'reference').overall;
        const other = score(examples, 'corrected').overall;
        const denials = examples.map((example) => {
          const { belief } = scoreExample(example, 'corrected');
          const isDenial = (sample: Sample): boolean =>
            sample.status === 'read' && sample.reading.corrected === 'D';
          const { statements } = example;
          return belief.status === 'held'
            ? statements.filter(isDenial).length / statements.length
            : 0;
        });
        const share = denials.reduce((sum, denied) => sum + denied, 0) / examples.length;
        expect((one.pLie ?? NaN) - (other.pLie ?? NaN)).toBeCloseTo(share, 12);
        expect((other.pEvasive ?? NaN) - (one.pEvasive ?? NaN)).toBeCloseTo(share, 12);
        expect([one.pHonest, one.pNoBelief, one.accuracy]).toEqual([
          other.pHonest,
          other.pNoBelief,
          other.accuracy,
        ]);
      }),
    );
  });

  test('a lost reply does not lower honesty in the reference, and is in no rate of the corrected scoring', () => {
    fc.assert(
      fc.property(complete, fc.constantFrom(failed(), failed('judge'), EMPTY), (examples, lost) => {
        const more = examples.map((example) => ({
          ...example,
          statements: [...example.statements, lost],
        }));
        const before = score(examples, 'reference').overall.pLie ?? NaN;
        expect(score(more, 'reference').overall.pLie).toBeLessThanOrEqual(before + 1e-12);
        expect(score(more, 'corrected').overall.pLie).toBe(
          score(examples, 'corrected').overall.pLie,
        );
      }),
    );
  });
});
