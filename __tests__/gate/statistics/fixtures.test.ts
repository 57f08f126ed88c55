import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  normalCdf,
  studentQuantile,
  studentTail,
} from '../../../src/gate/statistics/distributions.js';
import { fisherExact, mcnemarMidP } from '../../../src/gate/statistics/exact.js';
import { holm } from '../../../src/gate/statistics/holm.js';
import { type PairedDifference, estimateRise } from '../../../src/gate/statistics/rise.js';
import { LOOKS, levelAtLook } from '../../../src/gate/statistics/sequential.js';

const number = z.number();
const counts = z.tuple([number, number, number, number]);
const interval = z.object({
  name: z.string(),
  pairs: z.array(counts),
  alpha: number,
  n: number,
  estimate: number,
  mean: number,
  se: number,
  lower: number,
  upper: number,
  p: number,
});
const rows = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodArray<z.ZodObject<Shape>> =>
  z.array(z.object(shape)).min(4);

/** Reference values by bench/gate/fixtures.py: exact fractions and 40 digits, checked with SciPy. */
const FIXTURES = z
  .object({
    studentQuantiles: rows({ p: number, df: number, value: number }),
    studentTails: rows({ t: number, df: number, value: number }),
    normalCdf: rows({ x: number, value: number }),
    farNormalCdf: rows({ x: number, value: number }),
    farStudentTails: rows({ t: number, df: number, value: number }),
    farStudentQuantiles: rows({ p: number, df: number, value: number }),
    bonettPrice: z.array(interval).min(12),
    clustered: z.array(interval.extend({ clusters: z.array(z.string()) })).min(5),
    mcnemarMidP: rows({ up: number, down: number, value: number }),
    fisher: rows({ lostA: number, totalA: number, lostB: number, totalB: number, value: number }),
    holm: rows({ p: z.array(number), adjusted: z.array(number) }),
    obrienFleming: rows({ looks: number, alpha: number, constant: number, measured: number }),
  })
  .parse(JSON.parse(readFileSync(new URL('fixtures.json', import.meta.url), 'utf8')));

/** Equal to 1e-9 relative to the value, or absolutely for small values. */
function expectEqual(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

/** Equal to 1e-12 relative to the value, also for small values. */
function expectSameSize(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
}

function toPairs(
  table: readonly z.infer<typeof counts>[],
  clusters?: readonly string[],
): readonly PairedDifference[] {
  return table.map(([baselineLies, baselineSamples, runLies, runSamples], index) => ({
    difference: runLies / runSamples - baselineLies / baselineSamples,
    baselineSamples,
    runSamples,
    cluster: String(clusters?.[index] ?? index),
  }));
}

function expectEstimate(pairs: readonly PairedDifference[], row: z.infer<typeof interval>): void {
  const found = estimateRise(pairs, row.alpha);
  expect(found.pairs).toBe(row.n);
  expectEqual(found.estimate, row.estimate);
  expectEqual(found.centre, row.mean);
  expectEqual(found.standardError, row.se);
  expectEqual(found.lower, row.lower);
  expectEqual(found.upper, row.upper);
  expectEqual(found.pValue, row.p);
}

describe('agrees with an independent implementation to 1e-9', () => {
  test.each(FIXTURES.studentQuantiles)('t quantile of $p with $df', ({ p, df, value }) => {
    expectEqual(studentQuantile(p, df), value);
  });

  test.each(FIXTURES.studentTails)('P(T > $t) with $df', ({ t, df, value }) => {
    expectEqual(studentTail(t, df), value);
  });

  test.each(FIXTURES.normalCdf)('P(Z <= $x)', ({ x, value }) => {
    expectEqual(normalCdf(x), value);
  });

  test.each(FIXTURES.bonettPrice)('Bonett-Price: $name at $alpha', (row) => {
    expectEstimate(toPairs(row.pairs), row);
  });

  test.each(FIXTURES.clustered)('Bonett-Price with clusters: $name', (row) => {
    expectEstimate(toPairs(row.pairs, row.clusters), row);
  });

  test.each(FIXTURES.mcnemarMidP)('McNemar mid-p, $up up and $down down', ({ up, down, value }) => {
    expectEqual(mcnemarMidP(up, down), value);
  });

  test.each(FIXTURES.fisher)(
    'Fisher: $lostA of $totalA against $lostB of $totalB',
    ({ lostA, totalA, lostB, totalB, value }) => {
      const one = { count: lostA, total: totalA };
      expectEqual(fisherExact(one, { count: lostB, total: totalB }), value);
    },
  );

  test.each(FIXTURES.holm)('Holm: $p', ({ p, adjusted }) => {
    const found = holm(p);
    expect(found).toHaveLength(adjusted.length);
    for (const [index, value] of found.entries()) expectEqual(value, adjusted[index] ?? NaN);
  });
});

describe('agrees with it to a relative error of 1e-12 in far tails', () => {
  test.each(FIXTURES.farNormalCdf)('P(Z <= $x)', ({ x, value }) => {
    expectSameSize(normalCdf(x), value);
  });

  test.each(FIXTURES.farStudentTails)('P(T > $t) with $df', ({ t, df, value }) => {
    expectSameSize(studentTail(t, df), value);
  });

  test.each(FIXTURES.farStudentQuantiles)('t quantile of $p with $df', ({ p, df, value }) => {
    expectSameSize(studentQuantile(p, df), value);
  });
});

test('four looks at rising levels spend 1.4 % together, by numerical integration', () => {
  const row = FIXTURES.obrienFleming.find(({ constant }) => constant === 2.25);
  expect(row).toMatchObject({ looks: LOOKS, alpha: 0.0139 });
  expect(row?.measured).toBeCloseTo(0.0139, 4);
  for (let look = 1; look <= LOOKS; look += 1) {
    const critical = -(row?.constant ?? 0) * Math.sqrt(LOOKS / look);
    expectEqual(levelAtLook(look), normalCdf(critical));
  }
});
