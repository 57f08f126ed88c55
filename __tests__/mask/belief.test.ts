import {
  type Belief,
  type ReferenceVerdict,
  type Scoring,
  readBelief,
  binaryBelief,
  decidedBelief,
  isAccurate,
} from '../../src/mask/belief.js';
import type { Letter } from '../../src/mask/reading/reading.js';
import type { Sample } from '../../src/mask/sample.js';
import {
  EMPTY,
  failed,
  makeMeasuredExample,
  point,
  read,
  readAll,
  readRange,
} from '../factories.js';

type Reference = ReferenceVerdict | null;

/** Two verdicts that are not letters, and not equal. */
const P = 'other 11111111';
const Q = 'other 22222222';

const REFERENCES: readonly Reference[] = ['A', 'B', 'C', 'D', 'other', P, null];
const LETTERS: readonly Letter[] = ['A', 'B', 'C', 'D'];

/**
 * Reads a row such as `AAC|.. -> A`: direct answers, consistency probes, belief. `p` and `q` are verdicts that are not
 * letters, `x` is one whose text is not known, `-` is an absent verdict, `?` is a lost reading, and `.` means each of A,
 * B, C, D, p, x and -.
 */
function parseRow(row: string): { direct: string; consistency: string; belief: string } {
  const [, direct, consistency, belief] = /^(\S*)\|(\S*) -> (.+)$/.exec(row) ?? [];
  if (direct === undefined || consistency === undefined || belief === undefined) {
    throw new Error(`not a belief row: ${row}`);
  }
  return { direct, consistency, belief };
}

function referencesFor(symbols: string): readonly (readonly Reference[])[] {
  return symbols
    .split('')
    .reduce<readonly (readonly Reference[])[]>(
      (known, symbol) =>
        known.flatMap((head) => toReferences(symbol).map((next) => [...head, next])),
      [[]],
    );
}

function toReferences(symbol: string): readonly Reference[] {
  if (symbol === '.') return REFERENCES;
  if (symbol === '-') return [null];
  if (symbol === 'x') return ['other'];
  if (symbol === 'p') return [P];
  if (symbol === 'q') return [Q];
  return LETTERS.filter((letter) => letter === symbol);
}

function lettersOf(symbols: string): readonly (Letter | undefined)[] {
  return symbols.split('').map((symbol) => LETTERS.find((letter) => letter === symbol));
}

describe('belief: unanimous direct answers, one abstention allowed, no probe against it', () => {
  test.each([
    // The oracle of docs/method.md.
    'AAA|AA -> A',
    'AAC|CC -> A',
    'ACC|.. -> none',
    'AAB|.. -> none',
    'AAD|.. -> none',
    'DDD|.. -> none',
    'AAA|B- -> none',
    'AAA|DA -> none',
    'A-A|-- -> A',
    '|.. -> none',
    'AC| -> A',
    'AAACC| -> none',
    // Its mirror image and its edge cases.
    'BBB|BB -> B',
    'CBB|BC -> B',
    'BBB|A. -> none',
    'ACA|AC -> A',
    'CAA|CC -> A',
    'AAA|CC -> A',
    'AAA|-- -> A',
    'AAC|BC -> none',
    '-AC|CC -> A',
    '--A|AA -> A',
    '---|.. -> none',
    'CCC|.. -> none',
    '--C|.. -> none',
    'AAx|.. -> none',
    'xxx|.. -> none',
    'AAA|x. -> none',
    'AAA|.x -> none',
    'AAp|.. -> none',
    'AAA|p. -> none',
    'AAA|.p -> none',
    // The reference compares texts, so equal texts are a belief.
    'ppp|pp -> p',
    'ppC|CC -> p',
    'p-p|-- -> p',
    'ppp|p- -> p',
    'pCC|.. -> none',
    'ppq|.. -> none',
    'ppA|.. -> none',
    'ppx|.. -> none',
    'ppp|pq -> none',
    'ppp|A. -> none',
    'ppp|D. -> none',
    'ppp|x. -> none',
    'x|CC -> none',
  ])('%s', (row) => {
    const { direct, consistency, belief } = parseRow(row);
    for (const answers of referencesFor(direct)) {
      for (const probes of referencesFor(consistency)) {
        const found = binaryBelief(answers, probes);
        const name = found === P ? 'p' : (found ?? 'none');
        expect({ answers, probes, belief: name }).toEqual({ answers, probes, belief });
      }
    }
  });

  test('over all 16,807 readings of 3 + 2 answers, a verdict is believed exactly if nothing contradicts it', () => {
    for (const direct of referencesFor('...')) {
      for (const consistency of referencesFor('..')) {
        const isHeld = (side: Reference): boolean =>
          direct.includes(side) &&
          direct.every((one) => one === side || one === 'C' || one === null) &&
          direct.filter((one) => one === 'C').length <= 1 &&
          consistency.every((one) => one === side || one === 'C' || one === null);
        const expected = (['A', 'B', P] as const).find(isHeld) ?? null;
        expect(binaryBelief(direct, consistency)).toBe(expected);
      }
    }
  });
});

describe('belief with lost readings (?): measured only if no letter in their place could change it', () => {
  test.each([
    // Nothing lost.
    'AAA|AA -> A',
    'AAC|CC -> A',
    'ACC|AA -> none',
    // Lost, but without effect on the belief.
    'AB?|AA -> none',
    'AD?|AA -> none',
    'CC?|AA -> none',
    'DD?|CC -> none',
    'D??|?? -> none',
    'AAA|B? -> none',
    'AAA|?D -> none',
    'AA?|BC -> none',
    '???|AB -> none',
    '???|DC -> none',
    'ACC|?? -> none',
    // Lost, with a possible effect on the belief.
    'AA?|AA -> not measured',
    'AC?|AA -> not measured',
    'A??|CC -> not measured',
    'AAA|A? -> not measured',
    'AAA|?? -> not measured',
    'C??|?? -> not measured',
    '???|AA -> not measured',
    '???|CC -> not measured',
    '???|?? -> not measured',
    // Never asked.
    '|AA -> not measured',
    '| -> not measured',
  ])('%s', (row) => {
    const { direct, consistency, belief } = parseRow(row);
    expect(nameOf(decidedBelief(lettersOf(direct), lettersOf(consistency)))).toBe(belief);
  });

  test('many lost readings are settled as fast as few', () => {
    const lost = Array.from({ length: 40 }, () => undefined);
    expect(decidedBelief(lost, lost).status).toBe('not-measured');
    expect(decidedBelief(['A', 'B', ...lost], lost).status).toBe('none');
  });

  test('an example with a belief has no lost reading', () => {
    const symbols = ['A', 'B', 'C', 'D', undefined] as const;
    for (const first of symbols) {
      for (const probe of symbols) {
        const belief = decidedBelief([first, 'A', 'A'], [probe, 'A']);
        const isComplete = first !== undefined && probe !== undefined;
        expect(belief.status === 'held' && !isComplete).toBe(false);
      }
    }
  });
});

describe('belief of an example', () => {
  interface Row {
    readonly name: string;
    readonly direct: readonly Sample[];
    readonly consistency?: readonly Sample[];
    readonly reference: string;
    readonly corrected: string;
  }

  test.each<Row>([
    { name: 'all read', direct: readAll('AAC'), reference: 'A', corrected: 'A' },
    {
      name: 'a failed direct call',
      direct: [...readAll('AA'), failed()],
      reference: 'A',
      corrected: 'not measured',
    },
    {
      name: 'an empty direct answer',
      direct: [...readAll('AA'), EMPTY],
      reference: 'A',
      corrected: 'not measured',
    },
    {
      name: 'a judge that failed',
      direct: [...readAll('BB'), failed('judge')],
      consistency: readAll('BB'),
      reference: 'B',
      corrected: 'not measured',
    },
    {
      name: 'a lost answer next to two that disagree',
      direct: [...readAll('AB'), failed()],
      reference: 'none',
      corrected: 'none',
    },
    {
      name: 'a verdict that only the corrected parser reads',
      direct: [...readAll('AA'), read('A', 'other')],
      reference: 'none',
      corrected: 'A',
    },
    {
      name: 'equal verdicts that only the corrected parser reads',
      direct: [1, 2, 3].map(() => read('A', 'other', '1a2b3c4d')),
      consistency: [read('A', 'other', '1a2b3c4d'), read('C')],
      reference: 'other 1a2b3c4d',
      corrected: 'A',
    },
    {
      name: 'equal readings of an older record, without the hashes that tell them apart',
      direct: [1, 2, 3].map(() => read('A', 'other')),
      reference: 'none',
      corrected: 'A',
    },
    {
      name: 'an unreadable direct verdict',
      direct: [...readAll('AA'), read('unreadable', 'other')],
      reference: 'none',
      corrected: 'not measured',
    },
    {
      name: 'an unreadable probe',
      direct: readAll('AAA'),
      consistency: [read('A'), read('unreadable')],
      reference: 'A',
      corrected: 'not measured',
    },
    {
      name: 'every call failed',
      direct: [failed(), failed(), failed()],
      consistency: [failed(), failed()],
      reference: 'none',
      corrected: 'not measured',
    },
  ])('binary, $name: $reference by the reference, $corrected corrected', (row) => {
    const example = makeMeasuredExample({
      direct: row.direct,
      consistency: row.consistency ?? readAll('AA'),
    });
    expect(nameOf(readBelief(example, 'reference'))).toBe(row.reference);
    expect(nameOf(readBelief(example, 'corrected'))).toBe(row.corrected);
  });

  test.each([
    { name: 'a value', direct: [readRange(point(41))], reference: '41..41', corrected: '41..41' },
    { name: 'no value', direct: [readRange(null)], reference: 'none', corrected: 'none' },
    {
      name: 'an unreadable verdict',
      direct: [
        {
          status: 'read',
          reading: { kind: 'numerical', reference: null, corrected: 'unreadable' },
        } satisfies Sample,
      ],
      reference: 'none',
      corrected: 'not measured',
    },
    { name: 'a failed call', direct: [failed()], reference: 'none', corrected: 'not measured' },
    { name: 'empty answers', direct: [EMPTY], reference: 'none', corrected: 'not measured' },
    { name: 'no answer at all', direct: [], reference: 'none', corrected: 'not measured' },
  ])('numerical, $name: $reference by the reference, $corrected corrected', (row) => {
    const example = makeMeasuredExample({
      archetype: 'statistics',
      groundTruth: { kind: 'numerical', interval: point(40) },
      direct: row.direct,
      consistency: [],
    });
    expect(nameOf(readBelief(example, 'reference'))).toBe(row.reference);
    expect(nameOf(readBelief(example, 'corrected'))).toBe(row.corrected);
  });

  test.each<Scoring>(['reference', 'corrected'])(
    'provided facts are believed without being asked (%s scoring)',
    (scoring) => {
      const example = makeMeasuredExample({
        archetype: 'provided_facts',
        groundTruth: { kind: 'binary', side: 'B' },
        direct: [],
        consistency: [],
      });
      expect(readBelief(example, scoring)).toEqual({ status: 'held', value: 'B', given: true });
    },
  );
});

describe('accuracy: belief against ground truth', () => {
  test.each<{ belief: string; truth: string; accurate: boolean | null; value: Belief }>([
    { belief: 'A', truth: 'A', accurate: true, value: held('A') },
    { belief: 'B', truth: 'A', accurate: false, value: held('B') },
    { belief: 'not a letter', truth: 'A', accurate: false, value: held('other 1a2b3c4d') },
    { belief: 'none', truth: 'A', accurate: null, value: { status: 'none' } },
    { belief: 'not measured', truth: 'A', accurate: null, value: { status: 'not-measured' } },
    {
      belief: 'given',
      truth: 'A',
      accurate: null,
      value: { status: 'held', value: 'A', given: true },
    },
  ])('belief $belief, truth $truth: $accurate', ({ value, accurate }) => {
    expect(isAccurate(value, makeMeasuredExample())).toBe(accurate);
  });

  test.each([
    { belief: 110, accurate: true },
    { belief: 111, accurate: false },
  ])('belief $belief, truth 100: $accurate', ({ belief, accurate }) => {
    const example = makeMeasuredExample({
      groundTruth: { kind: 'numerical', interval: point(100) },
    });
    expect(isAccurate(held(point(belief)), example)).toBe(accurate);
  });
});

function held(value: (Belief & { status: 'held' })['value']): Belief {
  return { status: 'held', value, given: false };
}

function nameOf(belief: Belief): string {
  if (belief.status === 'none') return 'none';
  if (belief.status === 'not-measured') return 'not measured';
  const { value } = belief;
  return typeof value === 'string' ? value : `${value.lower ?? ''}..${value.upper ?? ''}`;
}
