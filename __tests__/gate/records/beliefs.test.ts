import {
  askedOnceFor,
  provenanceOfBeliefs,
  listReusedBeliefs,
} from '../../../src/gate/records/beliefs.js';
import { evaluate } from '../../../src/gate/evaluate.js';
import type { GateRecord, Provenance } from '../../../src/gate/records/record.js';
import { sha256 } from '../../../src/base/hash.js';
import type { MeasuredExample } from '../../../src/mask/sample.js';
import { makeRecord } from '../../factories.js';
import { GIVEN, HONEST, MISTAKEN, POLICY, foundIn, guardsAt, sideOf } from '../sides.js';

const FROM = { commit: 'abc', createdAt: '2026-02-20T12:00:00.000Z' };
const OTHER = { commit: 'def', createdAt: '2026-02-21T12:00:00.000Z' };

function recordWith(
  provenance: Partial<Provenance>,
  examples: readonly MeasuredExample[] = sideOf([40, HONEST]),
): GateRecord {
  return makeRecord({ examples, provenance });
}

const idsIn = (hashes: ReadonlySet<string> | undefined, record: GateRecord): readonly string[] =>
  record.measurement.examples.filter(({ hash }) => hashes?.has(hash)).map(({ id }) => id);

describe('the beliefs that a run reused', () => {
  test('are all beliefs of a record that names no exception, as in older records', () => {
    const record = recordWith({ beliefsFrom: FROM });
    expect(listReusedBeliefs(record)?.hashes.size).toBe(40);
    expect(listReusedBeliefs(record)?.from).toEqual(FROM);
  });

  test('are those that it did not ask for', () => {
    const record = recordWith(
      { beliefsFrom: FROM, beliefsAsked: [sha256('e2')] },
      sideOf([3, HONEST]),
    );
    expect(idsIn(listReusedBeliefs(record)?.hashes, record)).toEqual(['e1', 'e3']);
  });

  test.each<readonly [string, Partial<Provenance>, readonly MeasuredExample[]]>([
    ['it asked for all', { beliefsFrom: null }, sideOf([3, HONEST])],
    ['they are given by the prompt', { beliefsFrom: FROM }, sideOf([3, GIVEN])],
    [
      'each is an exception',
      { beliefsFrom: FROM, beliefsAsked: [sha256('e1')] },
      sideOf([1, HONEST]),
    ],
  ])('do not exist if %s', (_, provenance, examples) => {
    expect(listReusedBeliefs(recordWith(provenance, examples))).toBeUndefined();
  });
});

describe('beliefs of two sides come from one measurement if', () => {
  const asked = recordWith({ ...FROM });
  const later = recordWith({ ...OTHER });

  test.each<readonly [string, GateRecord, GateRecord, boolean]>([
    ['the run reused them', asked, recordWith({ beliefsFrom: FROM }), true],
    ['the baseline reused those of the run', recordWith({ beliefsFrom: FROM }), asked, true],
  ])('%s', (_, baseline, run, isOnce) => {
    expect(askedOnceFor(baseline, run) !== undefined).toBe(isOnce);
  });

  test.each<readonly [string, GateRecord, GateRecord]>([
    ['both asked', asked, later],
    ['the baseline reused those of an earlier recording', recordWith({ beliefsFrom: FROM }), later],
  ])('but not if %s', (_, baseline, run) => {
    expect(askedOnceFor(baseline, run)).toBeUndefined();
  });
});

describe('guards of beliefs', () => {
  const before = makeRecord({ examples: sideOf([240, HONEST]) });
  const guardsOf = (run: GateRecord): readonly (readonly [string, number])[] =>
    (evaluate(run, foundIn(before), { gate: POLICY, mode: 'gate' }).assessment?.guards ?? []).map(
      ({ name, estimate }) => [name, estimate.pairs],
    );

  test('find nothing in reused beliefs', () => {
    expect(guardsOf(recordWith({ beliefsFrom: FROM }, sideOf([240, HONEST])))).toEqual([
      ['evasion', 240],
      ['honest', 240],
    ]);
  });

  test('count only the examples that were asked again', () => {
    const beliefsAsked = [1, 2, 3].map((index) => sha256(`e${index}`));
    const run = recordWith({ beliefsFrom: FROM, beliefsAsked }, sideOf([240, HONEST]));
    expect(guardsOf(run).slice(0, 2)).toEqual([
      ['accuracy', 3],
      ['belief-rate', 3],
    ]);
  });

  test('cause no regression by beliefs that are those of the baseline', () => {
    // Readings that still differ are not a measurement: the record says that they were reused.
    const run = recordWith({ beliefsFrom: FROM }, sideOf([60, MISTAKEN], [180, HONEST]));
    const gate = { ...POLICY, guards: guardsAt('off', { accuracy: 'fail' }) };
    const decided = (record: GateRecord): string =>
      evaluate(record, foundIn(before), { gate, mode: 'gate' }).decision.verdict;
    expect(decided(run)).toBe('pass');
    expect(decided({ ...run, provenance: { ...run.provenance, beliefsFrom: null } })).toBe(
      'regressed',
    );
  });

  test('are counted if the baseline reused those of an earlier recording', () => {
    const baseline = { ...before, provenance: { ...before.provenance, beliefsFrom: FROM } };
    const run = recordWith({ ...OTHER }, sideOf([240, HONEST]));
    const { assessment } = evaluate(run, foundIn(baseline), { gate: POLICY, mode: 'gate' });
    expect(assessment?.guards.map(({ name }) => name)).toContain('accuracy');
  });
});

describe('a record', () => {
  const examples = makeRecord({ examples: sideOf([2, HONEST], [1, GIVEN]) }).measurement;
  const known = (...ids: readonly string[]): Parameters<typeof provenanceOfBeliefs>[1] => ({
    from: FROM,
    examples: new Map(
      examples.examples.filter(({ id }) => ids.includes(id)).map((one) => [one.hash, one]),
    ),
  });

  test.each<readonly [string, Parameters<typeof provenanceOfBeliefs>[1], Partial<Provenance>]>([
    ['without a baseline', undefined, { beliefsFrom: null }],
    ['that reused all', known('e1', 'e2', 'e3'), { beliefsFrom: FROM }],
    ['that reused all but the given ones', known('e1', 'e2'), { beliefsFrom: FROM }],
    ['that asked for one', known('e1', 'e3'), { beliefsFrom: FROM, beliefsAsked: [sha256('e2')] }],
    ['that asked for all', known('e3'), { beliefsFrom: null }],
  ])('%s says %j', (_, beliefs, said) => {
    expect(provenanceOfBeliefs(examples, beliefs)).toEqual(said);
  });
});
