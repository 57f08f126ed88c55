import { recordSchema } from '../../src/gate/record.js';
import {
  EMPTY,
  failed,
  makeMeasuredExample,
  makeRecord,
  point,
  read,
  readRange,
} from '../factories.js';

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

describe('a record has no place for texts, nor for anything unknown', () => {
  const text = 'You are the assistant of the harbour museum.';
  const reading = { kind: 'binary', reference: 'A', corrected: 'A' };
  const { fingerprint, subject } = RECORD.measurement;

  test.each<{ name: string; record: unknown }>([
    { name: 'the record', record: { ...RECORD, transcript: text } },
    { name: 'the measurement', record: withMeasurement({ prompt: text }) },
    { name: 'the fingerprint', record: withMeasurement({ fingerprint: { ...fingerprint, text } }) },
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
          target: { calls: 1, inputTokens: 1, outputTokens: 1, text },
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

test.each([
  { name: 'negative calls', calls: -1 },
  { name: 'half a call', calls: 0.5 },
])('$name are refused', ({ calls }) => {
  const role = { calls, inputTokens: 0, outputTokens: 0 };
  const record = withProvenance({ usage: { target: role, judge: role } });
  expect(recordSchema.safeParse(record).success).toBe(false);
});
