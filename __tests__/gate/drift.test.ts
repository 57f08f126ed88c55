import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { findDrift, findRecordedDrift } from '../../src/gate/drift.js';
import { knownBeliefs, nextRepeat, poolReplies } from '../../src/gate/pool.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { foundIn } from './sides.js';
import { fc } from '../properties.js';

const NOW = new Date('2026-03-20T12:00:00.000Z');
const LIMIT = { now: NOW, maxAge: 14 };
const SIZE = 120;

const daysAgo = (days: number): string =>
  new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000).toISOString();

interface Recording {
  /** How many of the examples lie in each of their replies: the first ones. */
  readonly lies: number;
  /** The number of the first of two replies. */
  readonly at?: number;
  readonly age?: number;
  readonly size?: number;
  /** The age of the beliefs, if they were reused. */
  readonly beliefs?: number;
}

/** A recording of one subject, with two replies per example. */
function recording({ lies, at = 0, age = 1, size = SIZE, beliefs }: Recording): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(size, (index) => ({
      statements: readAll(index < lies ? 'BB' : 'AA'),
    })),
    design: { samples: 2 },
    firstRepeat: at,
    provenance: {
      createdAt: daysAgo(age),
      beliefsFrom: beliefs === undefined ? null : { commit: 'abc', createdAt: daysAgo(beliefs) },
    },
  });
}

function poolOf(...records: readonly [GateRecord, ...GateRecord[]]): BaselineLookup & {
  readonly status: 'found';
} {
  const [record, ...older] = records;
  const lookup = poolReplies(foundIn(record, ...older), LIMIT);
  if (lookup.status !== 'found') throw new Error(lookup.status);
  return lookup;
}

const repliesOf = ({ record }: BaselineLookup & { readonly status: 'found' }): number =>
  record.measurement.examples[0]?.statements.length ?? 0;

describe('recordings of one subject that differ', () => {
  test.each<[string, number, number]>([
    ['rose', 40, 10],
    ['fell', 10, 40],
  ])('are not pooled if lies %s', (_, now, before) => {
    const lookup = poolOf(
      recording({ lies: now, at: 4, age: 1 }),
      recording({ lies: before, at: 2, age: 2 }),
      recording({ lies: before, at: 0, age: 3 }),
    );
    expect(repliesOf(lookup)).toBe(2);
    expect(lookup.older).toEqual([]);
    expect(lookup.apart?.records).toHaveLength(2);
    expect(lookup.apart?.drift.change.estimate).toBeCloseTo((now - before) / SIZE);
    expect(lookup.apart?.drift.isAlarm).toBe(true);
    expect(lookup.history).toHaveLength(3);
  });

  test('start a new segment, to which later recordings are added', () => {
    const lookup = poolOf(
      recording({ lies: 41, at: 6, age: 1 }),
      recording({ lies: 40, at: 4, age: 2 }),
      recording({ lies: 10, at: 2, age: 3 }),
      recording({ lies: 10, at: 0, age: 4 }),
    );
    expect(repliesOf(lookup)).toBe(4);
    expect(lookup.older).toHaveLength(1);
    expect(lookup.apart?.records).toHaveLength(2);
  });

  test('that returned to their earlier rate are not pooled with recordings before the change', () => {
    const lookup = poolOf(
      recording({ lies: 10, at: 4, age: 1 }),
      recording({ lies: 40, at: 2, age: 2 }),
      recording({ lies: 10, at: 0, age: 3 }),
    );
    expect(repliesOf(lookup)).toBe(2);
    expect(lookup.apart?.records).toHaveLength(2);
    expect(lookup.apart?.drift.change.estimate).toBeLessThan(0);
  });

  test('that agree are pooled, and none is separate', () => {
    const lookup = poolOf(
      recording({ lies: 12, at: 4, age: 1 }),
      recording({ lies: 11, at: 2, age: 2 }),
      recording({ lies: 12, at: 0, age: 3 }),
    );
    expect(repliesOf(lookup)).toBe(6);
    expect(lookup).not.toHaveProperty('apart');
  });

  test('may differ a little if many replies are pooled: this causes no alarm', () => {
    const lookup = poolOf(
      recording({ lies: 17, at: 2, age: 1 }),
      recording({ lies: 12, at: 0, age: 2 }),
    );
    expect(lookup.apart?.drift).toMatchObject({ isAlarm: false });
    expect(repliesOf(lookup)).toBe(2);
  });

  test('cannot be told apart over fewer than thirty examples', () => {
    const lookup = poolOf(
      recording({ lies: 29, at: 2, age: 1, size: 29 }),
      recording({ lies: 0, at: 0, age: 2, size: 29 }),
    );
    expect(repliesOf(lookup)).toBe(4);
  });

  test('the difference is the same from both sides', () => {
    fc.assert(
      fc.property(fc.nat(SIZE), fc.nat(SIZE), (one, other) => {
        const there = findDrift(recording({ lies: one }), [recording({ lies: other, at: 2 })]);
        const back = findDrift(recording({ lies: other }), [recording({ lies: one, at: 2 })]);
        expect(there?.isAlarm).toBe(back?.isAlarm);
        expect(there?.change.estimate ?? 0).toBeCloseTo(-(back?.change.estimate ?? 0));
        if (one === other) expect(there).toBeUndefined();
      }),
    );
  });
});

describe('a new recording', () => {
  const before = recording({ lies: 10 });

  test('is compared with the one before it', () => {
    const drift = findRecordedDrift(recording({ lies: 40, at: 2 }), foundIn(before));
    expect(drift?.isAlarm).toBe(true);
    expect(findRecordedDrift(recording({ lies: 10, at: 2 }), foundIn(before))).toBeUndefined();
  });

  test.each<[string, BaselineLookup]>([
    ['no record', { status: 'absent' }],
    ['one that was not reached', { status: 'unreached', records: 1, commits: 9 }],
    [
      'one of another prompt',
      foundIn(makeRecord({ ...before.measurement, subject: { promptHash: null } })),
    ],
    [
      'one of another model',
      foundIn(makeRecord({ ...before.measurement, subject: { model: 'other' } })),
    ],
    [
      'one of another judge',
      foundIn(makeRecord({ ...before.measurement, fingerprint: { judgeModel: 'other' } })),
    ],
  ])('reports no change behind a name against %s', (_, baseline) => {
    expect(findRecordedDrift(recording({ lies: 40 }), baseline)).toBeUndefined();
  });
});

describe('after a change behind a name, a recording', () => {
  const { subject, fingerprint } = recording({ lies: 0 }).measurement;
  const beliefsAfter = (nearest: GateRecord, mode: 'gate' | 'record'): number | undefined =>
    knownBeliefs(
      poolOf(nearest, recording({ lies: 10, at: 0, age: 3 })),
      { mode, subject, fingerprint },
      LIMIT,
    )?.examples.size;

  test('asks again for beliefs that are from before the change; a gate is compared with the same ones', () => {
    const taken = recording({ lies: 40, at: 2, age: 2, beliefs: 3 });
    expect(beliefsAfter(taken, 'record')).toBeUndefined();
    expect(beliefsAfter(taken, 'gate')).toBe(SIZE);
  });

  test('reuses beliefs that were asked for since', () => {
    expect(beliefsAfter(recording({ lies: 40, at: 2, age: 2 }), 'record')).toBe(SIZE);
  });

  test('reuses them if nothing changed', () => {
    expect(beliefsAfter(recording({ lies: 10, at: 2, age: 2, beliefs: 3 }), 'record')).toBe(SIZE);
  });

  test('continues the numbers of its replies', () => {
    const lookup = poolOf(
      recording({ lies: 40, at: 2, age: 2 }),
      recording({ lies: 10, at: 0, age: 3 }),
    );
    expect(nextRepeat(lookup)).toBe(4);
  });
});
