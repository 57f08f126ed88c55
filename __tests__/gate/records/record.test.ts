import { recordSchema } from '../../../src/gate/records/record.js';
import {
  EMPTY,
  failed,
  makeMeasuredExample,
  makeRecord,
  point,
  read,
  readRange,
} from '../../factories.js';

const EXAMPLE = makeMeasuredExample();
const RECORD = makeRecord({ examples: [EXAMPLE] });

function withMeasurement(overrides: object): unknown {
  return { ...RECORD, measurement: { ...RECORD.measurement, ...overrides } };
}

function withExample(overrides: object): unknown {
  return withMeasurement({ examples: [{ ...EXAMPLE, outcomes: ['honest'], ...overrides }] });
}

function withProvenance(overrides: object): unknown {
  return { ...RECORD, provenance: { ...RECORD.provenance, ...overrides } };
}

test('every kind of sample can be stored and read again', () => {
  const record = makeRecord({
    examples: [
      makeMeasuredExample({
        direct: [read('A'), read('unreadable', 'other'), read('C', null)],
        consistency: [EMPTY, failed('judge', 'rate-limited')],
        statements: [
          {
            status: 'read',
            reading: { kind: 'binary', reference: 'B', corrected: 'B' },
            truncated: true,
          },
        ],
      }),
      makeMeasuredExample({
        id: 'numerical',
        archetype: 'statistics',
        groundTruth: { kind: 'numerical', interval: { lower: null, upper: 4 } },
        direct: [readRange(null)],
        statements: [readRange(point(4)), readRange({ lower: 1, upper: null })],
      }),
    ],
  });
  expect(recordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

describe('a record has no field for texts, nor for unknown data', () => {
  const text = 'You are the assistant of the harbour museum.';
  const reading = { kind: 'binary', reference: 'A', corrected: 'A' };
  const { fingerprint, subject } = RECORD.measurement;

  test.each<{ name: string; record: unknown }>([
    { name: 'the record', record: { ...RECORD, transcript: text } },
    { name: 'the measurement', record: withMeasurement({ prompt: text }) },
    { name: 'the fingerprint', record: withMeasurement({ fingerprint: { ...fingerprint, text } }) },
    {
      name: 'the design',
      record: withMeasurement({ design: { ...RECORD.measurement.design, text } }),
    },
    { name: 'the subject', record: withMeasurement({ subject: { ...subject, prompt: text } }) },
    { name: 'an example', record: withExample({ systemPrompt: text }) },
    {
      name: 'a ground truth',
      record: withExample({ groundTruth: { kind: 'binary', side: 'A', text } }),
    },
    {
      name: 'an interval',
      record: withExample({
        groundTruth: { kind: 'numerical', interval: { lower: 1, upper: 2, text } },
      }),
    },
    { name: 'a sample', record: withExample({ statements: [{ status: 'read', reading, text }] }) },
    {
      name: 'a reading',
      record: withExample({ direct: [{ status: 'read', reading: { ...reading, quote: text } }] }),
    },
    { name: 'an empty sample', record: withExample({ direct: [{ ...EMPTY, text }] }) },
    {
      name: 'a failed sample',
      record: withExample({ consistency: [{ ...failed(), message: text }] }),
    },
    { name: 'the provenance', record: withProvenance({ prompt: text }) },
    {
      name: 'the usage',
      record: withProvenance({ usage: { ...RECORD.provenance.usage, dollars: 3 } }),
    },
    {
      name: 'the usage of a role',
      record: withProvenance({
        usage: {
          ...RECORD.provenance.usage,
          target: { calls: 1, reused: 0, inputTokens: 1, outputTokens: 1, cost: null, text },
        },
      }),
    },
  ])('$name refuses another key', ({ record }) => {
    expect(recordSchema.safeParse(RECORD).success).toBe(true);
    const parsed = recordSchema.safeParse(record);
    expect(parsed.error?.issues.map(({ code }) => code)).toEqual(['unrecognized_keys']);
  });

  test.each<{ name: string; record: unknown }>([
    {
      name: 'a prompt for its hash',
      record: withMeasurement({ subject: { ...subject, promptHash: text } }),
    },
    {
      name: 'a rubric for its hash',
      record: withMeasurement({ fingerprint: { ...fingerprint, rubric: text } }),
    },
    { name: 'a title for a suite', record: withMeasurement({ suite: text }) },
    {
      name: 'an answer for a letter',
      record: withExample({
        direct: [{ status: 'read', reading: { ...reading, corrected: text } }],
      }),
    },
    {
      name: 'a message for a reason',
      record: withExample({ direct: [{ ...failed(), reason: text }] }),
    },
    { name: 'an unknown archetype', record: withExample({ archetype: text }) },
    { name: 'an unknown status', record: withExample({ statements: [{ status: text }] }) },
  ])('$name is refused', ({ record }) => {
    expect(recordSchema.safeParse(record).success).toBe(false);
  });
});

describe('a record says what it planned to measure', () => {
  const { design } = RECORD.measurement;

  test.each<{ name: string; record: unknown; valid: boolean }>([
    { name: 'no example', record: withDesign({ examples: 0 }), valid: true },
    { name: 'a negative number of examples', record: withDesign({ examples: -1 }), valid: false },
    { name: 'no reply', record: withDesign({ samples: 0 }), valid: false },
    { name: 'half a reply', record: withDesign({ samples: 0.5 }), valid: false },
    { name: 'four looks', record: withDesign({ looks: 4 }), valid: true },
    { name: 'no look', record: withDesign({ looks: 0 }), valid: false },
    { name: 'no design', record: withMeasurement({ design: undefined }), valid: false },
    { name: 'a later reply', record: withMeasurement({ firstRepeat: 5 }), valid: true },
    {
      name: 'a reply before the first',
      record: withMeasurement({ firstRepeat: -1 }),
      valid: false,
    },
    { name: 'no number', record: withMeasurement({ firstRepeat: undefined }), valid: false },
  ])('$name: valid $valid', ({ record, valid }) => {
    expect(recordSchema.safeParse(record).success).toBe(valid);
  });

  function withDesign(overrides: object): unknown {
    return withMeasurement({ design: { ...design, ...overrides } });
  }
});

describe('a record says where its beliefs come from', () => {
  const createdAt = '2026-03-01T12:00:00.000Z';

  test.each<{ name: string; beliefsFrom: unknown; valid: boolean }>([
    { name: 'afresh', beliefsFrom: null, valid: true },
    { name: 'a commit', beliefsFrom: { commit: 'abc', createdAt }, valid: true },
    { name: 'an unknown commit', beliefsFrom: { commit: null, createdAt }, valid: true },
    { name: 'no date', beliefsFrom: { commit: 'abc' }, valid: false },
    { name: 'no word', beliefsFrom: undefined, valid: false },
    { name: 'a text', beliefsFrom: { commit: 'abc', createdAt, text: 'text' }, valid: false },
  ])('$name: valid $valid', ({ beliefsFrom, valid }) => {
    expect(recordSchema.safeParse(withProvenance({ beliefsFrom })).success).toBe(valid);
  });

  test.each<{ name: string; beliefsAsked: unknown; valid: boolean }>([
    { name: 'hashes', beliefsAsked: ['abc', 'def'], valid: true },
    { name: 'none', beliefsAsked: [], valid: false },
    { name: 'a text', beliefsAsked: 'abc', valid: false },
    { name: 'null', beliefsAsked: null, valid: false },
  ])('exceptions, $name: valid $valid', ({ beliefsAsked, valid }) => {
    expect(recordSchema.safeParse(withProvenance({ beliefsAsked })).success).toBe(valid);
  });
});

test.each([
  { name: 'negative calls', calls: -1 },
  { name: 'half a call', calls: 0.5 },
])('$name are refused', ({ calls }) => {
  const role = { calls, reused: 0, inputTokens: 0, outputTokens: 0, cost: null };
  const record = withProvenance({ usage: { target: role, judge: role } });
  expect(recordSchema.safeParse(record).success).toBe(false);
});
