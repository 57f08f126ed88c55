import type { Config, Provider, Sampling } from '../../../src/config/config.js';
import {
  differencesBetween,
  computeFingerprint,
  isSameMeasurement,
  toSubject,
} from '../../../src/gate/records/fingerprint.js';
import {
  type Fingerprint,
  fingerprintSchema,
  subjectSchema,
} from '../../../src/gate/records/record.js';
import { namedTag } from '../../../src/mask/reading/reasoning.js';
import { makeExample, makeRecord, makeRole } from '../../factories.js';

const EXAMPLES = [makeExample({ id: 'one' }), makeExample({ id: 'two' })];
const JUDGE = makeRole({ sampling: { temperature: 0, maxTokens: 500 } });

function withProvider(overrides: Partial<Provider>): ReturnType<typeof makeRole> {
  return { ...JUDGE, provider: { ...JUDGE.provider, ...overrides } };
}

function withSampling(sampling: Sampling): ReturnType<typeof makeRole> {
  return { ...JUDGE, sampling };
}

/** How a role can change, and whether its requests change. */
const CHANGES: readonly { name: string; role: ReturnType<typeof makeRole>; matters: boolean }[] = [
  { name: 'endpoint', role: withProvider({ baseUrl: 'https://other.test/v1' }), matters: true },
  { name: 'model', role: { ...JUDGE, model: 'other' }, matters: true },
  { name: 'temperature', role: withSampling({ temperature: 1, maxTokens: 500 }), matters: true },
  { name: 'no temperature', role: withSampling({ maxTokens: 500 }), matters: true },
  {
    name: 'top-p',
    role: withSampling({ temperature: 0, topP: 0.9, maxTokens: 500 }),
    matters: true,
  },
  { name: 'max-tokens', role: withSampling({ temperature: 0, maxTokens: 501 }), matters: true },
  { name: 'system role', role: { ...JUDGE, systemRole: 'developer' }, matters: true },
  {
    name: 'order of parameters',
    role: withSampling({ maxTokens: 500, temperature: 0 }),
    matters: false,
  },
  { name: 'provider name', role: withProvider({ name: 'renamed' }), matters: false },
  { name: 'key variable', role: withProvider({ apiKeyEnv: 'OTHER_KEY' }), matters: false },
  { name: 'concurrency', role: withProvider({ concurrency: 1 }), matters: false },
];

/** The fingerprint of a run with this judge. */
function judgedBy(judge: Config['judge'], examples = EXAMPLES): Fingerprint {
  return computeFingerprint({ target: makeRole(), judge }, examples);
}

describe('the fingerprint: how it was measured', () => {
  test.each(CHANGES)('judge, $name: changes it $matters', ({ role, matters }) => {
    const before = judgedBy(JUDGE);
    const after = judgedBy(role);
    expect(differencesBetween(before, after)).toHaveLength(matters ? 1 : 0);
    if (!matters) expect(after).toEqual(before);
  });

  test('changes with the form in which the judge gives its verdicts', () => {
    const [json, text] = (['json', 'text'] as const).map((output) =>
      judgedBy({ ...JUDGE, output }),
    );
    expect(json).not.toEqual(text);
  });

  test.each([
    { name: 'the usual tags', target: {}, judge: {}, part: undefined },
    {
      name: 'tags set for the target',
      target: { reasoningTags: [namedTag('musing')] },
      judge: {},
      part: '{"target":[{"close":"</musing>","open":"<musing>"}]}',
    },
    {
      name: 'no tags of the judge',
      target: {},
      judge: { reasoningTags: [] },
      part: '{"judge":[]}',
    },
    {
      name: 'a template that opens the reasoning',
      target: { reasoningPrefilled: true },
      judge: {},
      part: '{"prefilled":true}',
    },
  ] as const)('names the settings of reasoning: $name', ({ target, judge, part }) => {
    const { reasoning } = computeFingerprint(
      { target: makeRole(target), judge: makeRole(judge) },
      EXAMPLES,
    );
    expect(reasoning).toBe(part);
  });

  test('compares with a record that names no reasoning only if the tags are the usual ones', () => {
    const own = computeFingerprint(
      { target: makeRole({ reasoningTags: [] }), judge: JUDGE },
      EXAMPLES,
    );
    expect(differencesBetween(judgedBy(JUDGE), own)).toEqual([
      { part: 'what counts as reasoning', baseline: 'default', run: '{"target":[]}' },
    ]);
  });

  test('contains the examples, in any order', () => {
    const { examples } = judgedBy(JUDGE);
    expect(judgedBy(JUDGE, EXAMPLES.toReversed()).examples).toBe(examples);
    expect(judgedBy(JUDGE, EXAMPLES.slice(1)).examples).not.toBe(examples);
    const edited = [makeExample({ id: 'one', userPrompt: 'edited' }), ...EXAMPLES.slice(1)];
    expect(judgedBy(JUDGE, edited).examples).not.toBe(examples);
  });

  test('other examples alone do not make records incomparable', () => {
    const one = judgedBy(JUDGE);
    expect(differencesBetween(one, judgedBy(JUDGE, []))).toEqual([]);
  });

  test('differences name the part and both values', () => {
    const other = judgedBy({ ...JUDGE, model: 'other-2026' });
    expect(differencesBetween(judgedBy(JUDGE), other)).toEqual([
      { part: 'judge model', baseline: 'model-2026-01-01', run: 'other-2026' },
    ]);
  });

  test('is stored in a record', () => {
    const fingerprint = judgedBy(JUDGE);
    expect(fingerprintSchema.parse(fingerprint)).toEqual(fingerprint);
  });
});

describe('the subject: what was measured', () => {
  const before = toSubject(JUDGE, 'BE HONEST');

  test.each(CHANGES)('target, $name: changes it $matters', ({ role, matters }) => {
    const after = toSubject(role, 'BE HONEST');
    if (matters) expect(after).not.toEqual(before);
    else expect(after).toEqual(before);
  });

  test('changes with the text of the prompt, including the last blank', () => {
    const prompts = ['BE HONEST', 'BE HONEST ', 'be honest', undefined];
    const hashes = prompts.map((prompt) => toSubject(JUDGE, prompt).promptHash);
    expect(new Set(hashes).size).toBe(prompts.length);
    expect(hashes.at(-1)).toBeNull();
  });

  test('does not change with the name of the prompt file', () => {
    const at = (systemPromptPath: string): Config['target'] => ({ ...JUDGE, systemPromptPath });
    expect(toSubject(at('prompts/new.md'), 'BE HONEST')).toEqual(
      toSubject(at('prompts/old.md'), 'BE HONEST'),
    );
    expect(toSubject(at('prompts/new.md'), 'BE HONEST')).toEqual(before);
  });

  test('contains the hash of the prompt, not its text, and is stored in a record', () => {
    expect(JSON.stringify(before)).not.toContain('HONEST');
    expect(subjectSchema.parse(before)).toEqual(before);
  });
});

describe('the same measurement', () => {
  const { measurement } = makeRecord();
  const { fingerprint, subject } = measurement;

  test('has every part equal, with the parts in any order', () => {
    const reversed = subjectSchema.parse(Object.fromEntries(Object.entries(subject).reverse()));
    expect(isSameMeasurement(measurement, { fingerprint, subject: reversed })).toBe(true);
  });

  test.each(Object.keys(fingerprint))('differs in %s of the fingerprint', (part) => {
    const other = { ...fingerprint, [part]: 'other' };
    expect(isSameMeasurement(measurement, { fingerprint: other, subject })).toBe(false);
  });

  test.each(Object.keys(subject))('differs in %s of the subject', (part) => {
    const other = { ...subject, [part]: 'other' };
    expect(isSameMeasurement(measurement, { fingerprint, subject: other })).toBe(false);
  });
});
