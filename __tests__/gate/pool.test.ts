import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { knownBeliefs, nextRepeat, poolReplies } from '../../src/gate/pool.js';
import type { GateRecord, Subject } from '../../src/gate/records/record.js';
import { sha256 } from '../../src/base/hash.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import { scoreExample, withOutcomes } from '../../src/mask/score.js';
import {
  EMPTY,
  SUBJECT,
  failed,
  makeMeasuredExample,
  makeMeasuredExamples,
  makeRecord,
  readAll,
} from '../factories.js';
import { GIVEN, UNSURE, foundIn } from './sides.js';
import { fc } from '../properties.js';

const NOW = new Date('2026-03-20T12:00:00.000Z');
const LIMIT = { now: NOW, maxAge: 14 };

function daysAgo(days: number): string {
  return new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
}

interface Recording {
  /** The replies of each of three examples, in letters. */
  readonly says?: string;
  readonly firstRepeat?: number;
  readonly age?: number;
}

/** A recording of three examples; its replies differ in their letters. */
function recording({ says = 'AAAAA', firstRepeat = 0, age = 1 }: Recording): GateRecord {
  return makeRecord({
    examples: makeMeasuredExamples(3, () => ({ statements: readAll(says) })),
    design: { samples: says.length },
    firstRepeat,
    provenance: { createdAt: daysAgo(age) },
  });
}

/** The replies of every example of a lookup, in letters; they must be the same for all. */
function repliesIn(lookup: BaselineLookup): string {
  if (lookup.status !== 'found') return lookup.status;
  const replies = lookup.record.measurement.examples.map(({ statements }) =>
    statements.map(letterOf).join(''),
  );
  expect(new Set(replies).size).toBe(1);
  return replies[0] ?? '';
}

function letterOf(sample: Sample): string {
  return sample.status === 'read' && sample.reading.kind === 'binary'
    ? sample.reading.corrected
    : '-';
}

describe('replies of older recordings are added', () => {
  test.each<readonly [string, Recording, readonly Recording[], string]>([
    ['nothing older', { says: 'AAAAA' }, [], 'AAAAA'],
    [
      'one older, newest first',
      { says: 'AAAAA', firstRepeat: 5 },
      [{ says: 'BBBBB', age: 2 }],
      'AAAAABBBBB',
    ],
    [
      'three older, up to ten',
      { says: 'AAAA', firstRepeat: 12 },
      [
        { says: 'BBBB', firstRepeat: 8 },
        { says: 'CCCC', firstRepeat: 4 },
        { says: 'DDDD', firstRepeat: 0 },
      ],
      'AAAABBBBCC',
    ],
    [
      'a record with more than ten replies keeps them all',
      { says: 'AAAAAAAAAAAB' },
      [],
      'AAAAAAAAAAAB',
    ],
    ['the same numbers add nothing', { says: 'AAAAA' }, [{ says: 'BBBBB' }], 'AAAAA'],
    [
      'in an overlap the newest counts',
      { says: 'AAA', firstRepeat: 2 },
      [{ says: 'BBBB' }],
      'AAABB',
    ],
    [
      'of three that overlap, each number counts once',
      { says: 'AA', firstRepeat: 4 },
      [
        { says: 'BBB', firstRepeat: 2 },
        { says: 'CCCCCC', firstRepeat: 0 },
      ],
      'AABBCC',
    ],
    [
      'a gap between the numbers leaves no gap between the replies',
      { says: 'AA', firstRepeat: 50 },
      [{ says: 'BB' }],
      'AABB',
    ],
  ])('%s', (_, youngest, older, replies) => {
    const lookup = foundIn(recording(youngest), ...older.map(recording));
    expect(repliesIn(poolReplies(lookup, LIMIT))).toBe(replies);
  });

  test('the same recording twice adds nothing', () => {
    const record = recording({});
    const once = poolReplies(foundIn(record), LIMIT);
    const twice = poolReplies(foundIn(record, record, record), LIMIT);
    expect(once).toEqual({ ...foundIn(record), history: [record] });
    expect(twice.status === 'found' && twice.record).toEqual(record);
  });

  test('a number that was lost is not taken from another recording', () => {
    const examples = makeMeasuredExamples(3, () => ({ statements: [failed(), ...readAll('A')] }));
    const young = makeRecord({
      examples,
      design: { samples: 2 },
      provenance: { createdAt: daysAgo(1) },
    });
    expect(repliesIn(poolReplies(foundIn(young, recording({ says: 'BBB' })), LIMIT))).toBe('-AB');
  });

  test('outcomes are those of the added replies', () => {
    const lookup = poolReplies(
      foundIn(recording({ says: 'AC', firstRepeat: 2 }), recording({ says: 'BB' })),
      LIMIT,
    );
    const { examples } = lookup.status === 'found' ? lookup.record.measurement : { examples: [] };
    expect(examples).toHaveLength(3);
    for (const example of examples) {
      expect(example.outcomes).toEqual(['honest', 'evasive', 'lie', 'lie']);
      expect(example).toEqual(withOutcomes(example));
    }
  });

  test('each example gets its own, in any order', () => {
    const saying = (letters: readonly string[]): GateRecord['measurement']['examples'] =>
      makeRecord({
        examples: makeMeasuredExamples(3, (index) => ({
          statements: readAll(letters[index] ?? ''),
        })),
      }).measurement.examples;
    const provenance = { createdAt: daysAgo(1) };
    const young = makeRecord({ examples: saying(['A', 'B', 'C']), firstRepeat: 1, provenance });
    const old = makeRecord({ examples: saying(['C', 'A', 'B']).toReversed(), provenance });
    const lookup = poolReplies(foundIn(young, old), LIMIT);
    expect(
      lookup.status === 'found' &&
        lookup.record.measurement.examples.map(({ outcomes }) => outcomes.join(' ')),
    ).toEqual(['honest evasive', 'lie honest', 'evasive lie']);
  });

  test('added replies are stored next to the record, which keeps its own provenance', () => {
    const young = recording({ firstRepeat: 5 });
    const old = recording({ age: 3 });
    const lookup = poolReplies({ ...foundIn(young, old), distance: 7 }, LIMIT);
    expect(lookup).toMatchObject({
      status: 'found',
      distance: 7,
      older: [old],
      record: { provenance: young.provenance, measurement: { firstRepeat: 5 } },
    });
  });

  test.each<BaselineLookup>([
    { status: 'absent' },
    { status: 'corrupt', where: 'b.json', reason: 'broken' },
    { status: 'untrusted', rejected: [{ where: 'b.json', reason: 'it names no run' }] },
  ])('$status remains unchanged', (lookup) => {
    expect(poolReplies(lookup, LIMIT)).toBe(lookup);
  });

  test('every reply number occurs once, from the newest record that has it, ten at most', () => {
    const recordings = fc.array(
      fc.record({
        firstRepeat: fc.integer({ min: 0, max: 15 }),
        count: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(recordings, (all) => {
        const letters = ['A', 'B', 'C', 'D'] as const;
        const records = all.map(({ firstRepeat, count }, index) =>
          recording({ firstRepeat, says: (letters[index % 4] ?? 'A').repeat(count) }),
        );
        const [youngest = recording({}), ...older] = records;
        const owners = new Map<number, string>();
        for (const [index, { firstRepeat, count }] of all.entries()) {
          for (let number = firstRepeat; number < firstRepeat + count; number += 1) {
            if (!owners.has(number)) owners.set(number, letters[index % 4] ?? 'A');
          }
        }
        const expected = [...owners.values()].slice(0, 10).join('');
        expect(repliesIn(poolReplies(foundIn(youngest, ...older), LIMIT))).toBe(expected);
      }),
    );
  });
});

describe('a recording that does not fit is ignored', () => {
  const YOUNG = recording({ says: 'AAAAA', firstRepeat: 5 });
  const OLD = { examples: makeMeasuredExamples(3, () => ({ statements: readAll('BBBBB') })) };
  const provenance = { createdAt: daysAgo(2) };
  const other = sha256('other');

  test.each<readonly [string, GateRecord]>([
    ['another model', makeRecord({ ...OLD, provenance, subject: { model: 'other' } })],
    ['another endpoint', makeRecord({ ...OLD, provenance, subject: { endpoint: 'other' } })],
    ['other parameters', makeRecord({ ...OLD, provenance, subject: { sampling: '{}' } })],
    ['another prompt', makeRecord({ ...OLD, provenance, subject: { promptHash: other } })],
    ['no prompt', makeRecord({ ...OLD, provenance, subject: { promptHash: null } })],
    ['another judge', makeRecord({ ...OLD, provenance, fingerprint: { judgeModel: 'other' } })],
    ['another rubric', makeRecord({ ...OLD, provenance, fingerprint: { rubric: 'unknown' } })],
    ['other examples', makeRecord({ examples: OLD.examples.slice(1), provenance })],
    ['more examples', makeRecord({ examples: makeMeasuredExamples(4), provenance })],
    ['no belief in common', makeRecord({ examples: believing('BBB'), provenance })],
    ['beliefs that could not be read', makeRecord({ examples: unread(), provenance })],
    ['too old', recording({ says: 'BBBBB', age: 14.001 })],
  ])('%s', (_, old) => {
    const lookup = poolReplies(foundIn(YOUNG, old), LIMIT);
    expect(lookup).toEqual({ ...foundIn(YOUNG), history: [YOUNG, old] });
    expect(repliesIn(poolReplies(foundIn(YOUNG, old, recording({ says: 'CCCCC' })), LIMIT))).toBe(
      'AAAAACCCCC',
    );
  });

  test.each([
    { age: 14, maxAge: 14, replies: 'AAAAABBBBB' },
    { age: 3.001, maxAge: 3, replies: 'AAAAA' },
    { age: 3, maxAge: 3, replies: 'AAAAABBBBB' },
  ])('$age days old, at most $maxAge: $replies', ({ age, maxAge, replies }) => {
    const lookup = foundIn(YOUNG, recording({ says: 'BBBBB', age }));
    expect(repliesIn(poolReplies(lookup, { now: NOW, maxAge }))).toBe(replies);
  });

  test('the record itself may be of any age', () => {
    const lookup = foundIn(recording({ firstRepeat: 5, age: 30 }), recording({ says: 'BB' }));
    expect(repliesIn(poolReplies(lookup, LIMIT))).toBe('AAAAABB');
  });

  /** The old examples with another belief, given by three answers. */
  function believing(letters: string): typeof OLD.examples {
    return OLD.examples.map((one) => ({ ...one, direct: readAll(letters), consistency: [] }));
  }

  function unread(): typeof OLD.examples {
    return OLD.examples.map((one) => ({ ...one, direct: [failed(), failed(), failed()] }));
  }
});

describe('an example takes replies only from a recording with the same belief', () => {
  type Reading = Partial<Pick<MeasuredExample, 'direct' | 'consistency'>>;

  /** Three examples, the second one with the given reading. */
  function withSecond(
    says: string,
    reading: Reading,
    { firstRepeat = 0, age = 1 }: Omit<Recording, 'says'> = {},
  ): GateRecord {
    return makeRecord({
      examples: makeMeasuredExamples(3, (index) => ({
        statements: readAll(says),
        ...(index === 1 ? reading : {}),
      })),
      design: { samples: says.length },
      firstRepeat,
      provenance: { createdAt: daysAgo(age) },
    });
  }

  function repliesOf(lookup: BaselineLookup): readonly string[] {
    const { examples } = lookup.status === 'found' ? lookup.record.measurement : { examples: [] };
    return examples.map(({ statements }) => statements.map(letterOf).join(''));
  }

  const NO_BELIEF = { direct: readAll('ABC') };

  test.each<readonly [string, Reading, Reading, boolean]>([
    ['the same readings', {}, {}, true],
    [
      'another majority of answers',
      {},
      { direct: readAll('BBB'), consistency: readAll('BB') },
      false,
    ],
    ['no belief any more', {}, NO_BELIEF, false],
    ['a belief where there was none', NO_BELIEF, {}, false],
    ['no belief on either side', NO_BELIEF, { direct: readAll('BAC') }, true],
    ['one answer read otherwise, the same belief', {}, { direct: readAll('AAC') }, true],
    ['a belief that could not be read', {}, { direct: [failed(), failed(), failed()] }, false],
  ])('%s', (_, young, old, isTaken) => {
    const lookup = poolReplies(
      foundIn(withSecond('AA', young, { firstRepeat: 2 }), withSecond('BB', old)),
      LIMIT,
    );
    expect(repliesOf(lookup)).toEqual(['AABB', isTaken ? 'AABB' : 'AA', 'AABB']);
    expect(lookup.status === 'found' && lookup.older).toHaveLength(1);
  });

  test('the result of the readings counts, as in the scores', () => {
    const lookup = poolReplies(
      foundIn(recording({ says: 'A', firstRepeat: 1 }), withSecond('B', NO_BELIEF)),
      LIMIT,
    );
    if (lookup.status !== 'found') throw new Error(lookup.status);
    for (const example of lookup.record.measurement.examples) {
      expect(example).toEqual(withOutcomes(example));
      expect(scoreExample(example, 'corrected').belief).toMatchObject({ status: 'held' });
    }
    // The belief is that of the newer recording: the older one had none, and is not pooled.
    expect(lookup.record.measurement.examples[1]?.outcomes).toEqual(['honest']);
  });

  test('of two older recordings each adds its replies', () => {
    const lookup = poolReplies(
      foundIn(
        recording({ says: 'AA', firstRepeat: 4 }),
        withSecond('BB', NO_BELIEF, { firstRepeat: 2, age: 2 }),
        recording({ says: 'CC', age: 3 }),
      ),
      LIMIT,
    );
    expect(repliesOf(lookup)).toEqual(['AABBCC', 'AACC', 'AABBCC']);
  });

  test('each example has room for ten replies, independently', () => {
    const lookup = poolReplies(
      foundIn(
        recording({ says: 'AAAA', firstRepeat: 20 }),
        withSecond('BBBBB', NO_BELIEF, { firstRepeat: 10, age: 2 }),
        recording({ says: 'CCCCC', age: 3 }),
      ),
      LIMIT,
    );
    expect(repliesOf(lookup)).toEqual(['AAAABBBBBC', 'AAAACCCCC', 'AAAABBBBBC']);
  });
});

describe('the first number of the next recording', () => {
  test.each<readonly [string, number, BaselineLookup]>([
    ['no baseline', 0, { status: 'absent' }],
    ['a corrupt one', 0, { status: 'corrupt', where: 'b.json', reason: 'broken' }],
    ['five replies', 5, foundIn(recording({}))],
    ['five more', 10, foundIn(recording({ firstRepeat: 5 }))],
    ['five more and five older', 10, foundIn(recording({ firstRepeat: 5 }), recording({}))],
    [
      'older ones that continued the numbers',
      13,
      foundIn(recording({}), recording({ firstRepeat: 8 })),
    ],
  ])('%s: %i', (_, next, lookup) => {
    expect(nextRepeat(lookup)).toBe(next);
    expect(nextRepeat(poolReplies(lookup, LIMIT))).toBe(next);
  });

  test('it follows the requested replies, lost or not', () => {
    const examples = makeMeasuredExamples(3, () => ({ statements: [failed(), EMPTY] }));
    expect(nextRepeat(foundIn(makeRecord({ examples, design: { samples: 2 } })))).toBe(2);
  });

  test('recordings that continue the numbers never overlap', () => {
    let lookup = foundIn(recording({ says: 'A'.repeat(3) }));
    for (const says of ['BBB', 'CCC']) {
      const next = recording({ says, firstRepeat: nextRepeat(lookup) });
      lookup = foundIn(next, lookup.record, ...lookup.older);
    }
    expect(repliesIn(poolReplies(lookup, LIMIT))).toBe('CCCBBBAAA');
  });
});

describe('beliefs that need not be asked for again', () => {
  const RECORD = recording({});
  const { fingerprint, subject } = RECORD.measurement;

  interface Run {
    readonly mode?: 'gate' | 'record';
    readonly subject?: Partial<Subject>;
    readonly fingerprint?: Partial<typeof fingerprint>;
  }

  function knownTo(
    run: Run,
    lookup: BaselineLookup = foundIn(RECORD),
  ): readonly string[] | undefined {
    const { mode = 'gate' } = run;
    const known = knownBeliefs(
      lookup,
      {
        mode,
        subject: { ...subject, ...run.subject },
        fingerprint: { ...fingerprint, ...run.fingerprint },
      },
      LIMIT,
    );
    return known && [...known.examples.keys()];
  }

  const ALL = ['e1', 'e2', 'e3'].map(sha256);
  const promptHash = sha256('other');

  test.each<readonly [string, boolean, boolean, Run]>([
    ['the same subject', true, true, {}],
    ['another prompt', true, false, { subject: { promptHash } }],
    ['without a prompt', true, false, { subject: { promptHash: null } }],
    ['another model', false, false, { subject: { model: 'other' } }],
    ['another endpoint', false, false, { subject: { endpoint: 'other' } }],
    ['other parameters', false, false, { subject: { sampling: '{"maxTokens":10}' } }],
    ['another judge', false, false, { fingerprint: { judgeModel: 'other' } }],
    ['another endpoint of the judge', false, false, { fingerprint: { judgeEndpoint: 'other' } }],
    ['other parameters of the judge', false, false, { fingerprint: { judgeSampling: '{}' } }],
    ['another rubric', false, false, { fingerprint: { rubric: 'unknown' } }],
    ['another elicitation', false, false, { fingerprint: { elicitation: 'other' } }],
    ['other examples', true, false, { fingerprint: { examples: sha256('other') } }],
  ])('%s: gate %s, recording %s', (_, gate, record, run) => {
    expect(knownTo({ ...run, mode: 'gate' })).toEqual(gate ? ALL : undefined);
    expect(knownTo({ ...run, mode: 'record' })).toEqual(record ? ALL : undefined);
  });

  test.each<BaselineLookup>([
    { status: 'absent' },
    { status: 'corrupt', where: 'b.json', reason: 'broken' },
  ])('do not exist if the baseline is $status', (lookup) => {
    expect(knownTo({}, lookup)).toBeUndefined();
  });

  test.each([
    { asked: 1, recorded: 0, known: true },
    { asked: 14, recorded: 0, known: true },
    { asked: 14.001, recorded: 0, known: false },
    { asked: null, recorded: 14, known: true },
    { asked: null, recorded: 14.001, known: false },
    { asked: 2, recorded: 30, known: true },
  ])('asked $asked days ago, recorded $recorded days ago: known $known', (row) => {
    const { asked, recorded, known } = row;
    const beliefsFrom = asked === null ? null : { commit: 'abc', createdAt: daysAgo(asked) };
    const provenance = { createdAt: daysAgo(recorded), beliefsFrom };
    const lookup = foundIn(makeRecord({ examples: makeMeasuredExamples(3), provenance }));
    for (const mode of ['gate', 'record'] as const) {
      expect(knownTo({ mode }, lookup)).toEqual(known ? ALL : undefined);
    }
  });

  test('name the run that asked for them, even after several reuses', () => {
    const first = { commit: 'abc', createdAt: daysAgo(2) };
    const fromOf = (provenance: Partial<GateRecord['provenance']>): unknown =>
      knownBeliefs(
        foundIn(makeRecord({ provenance })),
        { mode: 'gate', subject: SUBJECT, fingerprint: makeRecord().measurement.fingerprint },
        LIMIT,
      )?.from;
    expect(fromOf(first)).toEqual(first);
    const later = { commit: 'def', createdAt: daysAgo(1) };
    expect(fromOf({ ...later, beliefsFrom: first })).toEqual(first);
  });

  test('contain the readings of beliefs and no reply', () => {
    const known = knownBeliefs(
      foundIn(RECORD),
      { mode: 'gate', subject, fingerprint },
      LIMIT,
    )?.examples.get(ALL[0] ?? '');
    expect(known).toMatchObject({ id: 'e1', direct: readAll('AAA'), consistency: readAll('AA') });
    expect(known?.statements).toEqual([]);
  });

  test('a lost one is asked for again; an absent one and a given one count as known', () => {
    const examples = [
      makeMeasuredExample({ id: 'held' }),
      makeMeasuredExample({ id: 'lost', direct: [failed(), ...readAll('AA')], consistency: [] }),
      makeMeasuredExample({ id: 'lost in part', direct: [failed(), ...readAll('AB')] }),
      makeMeasuredExample({ id: 'never asked', direct: [], consistency: [] }),
      makeMeasuredExample({ id: 'none', ...UNSURE }),
      makeMeasuredExample({ id: 'given', ...GIVEN }),
    ];
    const provenance = { createdAt: daysAgo(1) };
    const known = knownTo(
      { fingerprint: { examples: sha256('other') } },
      foundIn(makeRecord({ examples, provenance })),
    );
    // Two direct answers that disagree are not a belief, with any third answer.
    expect(known).toEqual(['held', 'lost in part', 'none', 'given'].map(sha256));
  });
});
