import { type BaselineLookup, parseBaseline } from '../../../src/gate/records/baseline.js';
import { makeMeasuredExample, makeMeasuredExamples, makeRecord } from '../../factories.js';

const RECORD = makeRecord();
const SOURCE = { where: '.github/mask-gate/default.baseline.json', distance: 2 };

function lookUp(stored: unknown): BaselineLookup {
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored);
  return parseBaseline(text, SOURCE);
}

test('a stored record is found, with its distance', () => {
  expect(lookUp(RECORD)).toEqual({ status: 'found', record: RECORD, distance: 2, older: [] });
  expect(lookUp(`${JSON.stringify(RECORD, null, 1)}\n`)).toMatchObject({ status: 'found' });
});

describe('a stored text that cannot be read is corrupt, never absent', () => {
  const { measurement, provenance } = RECORD;

  test.each([
    { name: 'an empty file', stored: '', reason: /^the file: is not valid JSON$/ },
    { name: 'no JSON', stored: 'not a record', reason: /^the file: is not valid JSON$/ },
    {
      name: 'a record that was cut',
      stored: JSON.stringify(RECORD).slice(0, -2),
      reason: /^the file: is not valid JSON$/,
    },
    {
      name: 'merge markers',
      stored: `<<<<<<< HEAD\n${JSON.stringify(RECORD)}`,
      reason: /^the file: is not valid JSON$/,
    },
    { name: 'null', stored: 'null', reason: /^the file: / },
    { name: 'a list', stored: [RECORD], reason: /^the file: / },
    { name: 'an empty object', stored: {}, reason: /^schema: / },
    {
      name: 'an older schema',
      stored: { ...RECORD, schema: 'mask-gate/record/v0' },
      reason: /^schema: /,
    },
    {
      name: 'a newer schema',
      stored: { ...RECORD, schema: 'mask-gate/record/v2' },
      reason: /^schema: /,
    },
    { name: 'one key too many', stored: { ...RECORD, verdict: 'pass' }, reason: /^the file: / },
    {
      name: 'one key too few',
      stored: { schema: RECORD.schema, measurement },
      reason: /^provenance: /,
    },
    {
      name: 'a hash that is not valid',
      stored: {
        ...RECORD,
        measurement: { ...measurement, subject: { ...measurement.subject, promptHash: 'text' } },
      },
      reason: /^measurement\.subject\.promptHash: /,
    },
    {
      name: 'a letter that is not valid',
      stored: {
        ...RECORD,
        measurement: {
          ...measurement,
          examples: [
            {
              ...makeMeasuredExample(),
              statements: [
                { status: 'read', reading: { kind: 'binary', reference: null, corrected: 'E' } },
              ],
            },
          ],
        },
      },
      reason: /^measurement\.examples\.0\.statements\.0\.reading\.corrected: /,
    },
    {
      name: 'a date that is not valid',
      stored: { ...RECORD, provenance: { ...provenance, createdAt: 'yesterday' } },
      reason: /^provenance\.createdAt: /,
    },
  ])('$name', ({ stored, reason }) => {
    const baseline = lookUp(stored);
    expect(baseline).toMatchObject({ status: 'corrupt', where: SOURCE.where });
    expect(baseline.status === 'corrupt' ? baseline.reason : '').toMatch(reason);
  });
});

describe('a text that no run would have written is corrupt', () => {
  const examples = makeMeasuredExamples(3);

  test('an example twice', () => {
    const record = makeRecord({ examples: [...examples, ...examples.slice(0, 1)] });
    expect(lookUp(record)).toMatchObject({
      status: 'corrupt',
      reason: 'it contains an example twice',
    });
  });

  test('examples that the fingerprint does not describe', () => {
    const { fingerprint } = makeRecord({ examples }).measurement;
    const record = makeRecord({ examples: examples.slice(1), fingerprint });
    expect(lookUp(record)).toMatchObject({
      status: 'corrupt',
      reason: 'its examples do not match its fingerprint',
    });
  });

  test('the order of the examples does not matter', () => {
    expect(lookUp(makeRecord({ examples: examples.toReversed() }))).toMatchObject({
      status: 'found',
    });
  });

  test.each([
    { suite: 'default', status: 'found' },
    { suite: 'other', status: 'corrupt' },
  ])('a record of the suite default, looked for as $suite: $status', ({ suite, status }) => {
    const found = parseBaseline(JSON.stringify(RECORD), { ...SOURCE, suite });
    expect(found.status).toBe(status);
    if (found.status === 'corrupt') expect(found.reason).toBe('it is of the suite default');
  });
});
