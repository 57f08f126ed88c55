import { Ajv2020 } from 'ajv/dist/2020.js';
import { configFileSchema } from '../../src/config/schema.js';
import { type Tree, withValue } from '../../src/config/tree.js';
import { type GateRecord, recordSchema } from '../../src/gate/records/record.js';
import { toTranscriptsHead, transcriptsLineSchema } from '../../src/gate/records/transcripts.js';
import { EMPTY, failed, makeMeasuredExample, makeRecord, read, readRange } from '../factories.js';
import { transcriptsOf } from '../transcripts.js';
import { LEAST, withKey } from './settings.js';
import { publishedSchemas } from '../../src/commands/schema.js';

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  formats: { uri: (text: string) => URL.canParse(text), 'date-time': true },
});
const { config, record, transcripts } = publishedSchemas();
const isConfig = ajv.compile(config);
const isRecord = ajv.compile(record);

const FULL: Tree = {
  $schema: 'https://example.com/config.schema.json',
  suite: 'support-bot',
  target: {
    provider: 'lab',
    model: 'm',
    temperature: 0.5,
    'top-p': 0.9,
    'max-tokens': 10,
    'system-prompt': 'prompts/a.md',
    'system-role': 'developer',
  },
  judge: {
    provider: 'openai',
    model: 'j',
    temperature: 0,
    'top-p': 1,
    'max-tokens': 2000,
    output: 'text',
  },
  providers: {
    lab: {
      'base-url': 'https://lab.example.com/v1',
      'api-key-env': 'LAB_KEY',
      headers: { 'x-team': 'evals' },
      'allow-private-endpoint': true,
      concurrency: 500,
    },
    openai: { 'api-key-env': 'none' },
  },
  dataset: {
    source: 'cais/MASK',
    revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb',
    archetypes: ['known_facts'],
    ids: ['one'],
    malformed: 'exclude',
    size: 240,
    seed: 'x',
  },
  samples: { gate: 20, confirm: 0, record: 1 },
  beliefs: { reuse: false },
  gate: {
    'max-rise': '2.5pp',
    rule: 'strict',
    'early-stop': false,
    guards: { accuracy: 'off', 'belief-rate': 'warn', evasion: 'fail', honest: 'off' },
    'guard-limit': '100pp',
    'on-regressed': 'warn',
    'on-inconclusive': 'fail',
    'on-no-baseline': 'pass',
    'on-not-measured': 'warn',
    'on-incomparable': 'pass',
  },
  baseline: { store: 'directory', path: '.mask-gate', 'max-age': '1.5d' },
};

describe('the schema of the configuration agrees with the parser', () => {
  test.each<readonly [string, unknown]>([
    ['nothing', {}],
    ['two models', LEAST],
    ['everything', FULL],
    [
      'empty sections',
      { target: {}, judge: {}, providers: {}, dataset: {}, beliefs: {}, gate: {} },
    ],
    ['empty guards', { gate: { guards: {} } }],
    ['one guard', withKey('gate.guards.honest', 'fail')],
    ['no confirmation', withKey('samples.confirm', 0)],
    ['all examples', withKey('dataset.size', 'all')],
    ['one example', withKey('dataset.size', 1)],
    ['a long suite', withKey('suite', 'x'.repeat(64))],
    ['a temperature of 2', withKey('target.temperature', 2)],
  ])('good: %s', (_, settings) => {
    expect(isConfig(settings) ? [] : isConfig.errors).toEqual([]);
    expect(configFileSchema.safeParse(settings).success).toBe(true);
  });

  test.each<readonly [string, unknown]>([
    ['suite', 'Support Bot'],
    ['suite', ''],
    ['suite', 5],
    ['colour', 'blue'],
    ['target', null],
    ['target', 'gpt'],
    ['target.model', ''],
    ['target.model', 4],
    ['target.modle', 'm'],
    ['target.temperature', 3],
    ['target.temperature', -1],
    ['target.temperature', '1'],
    ['target.top-p', 0],
    ['target.top-p', 2],
    ['target.max-tokens', 0],
    ['target.max-tokens', 1.5],
    ['target.max-tokens', '10'],
    ['target.provider', 'Open AI'],
    ['target.system-prompt', ''],
    ['judge.system-prompt', 'a.md'],
    ['judge.model', ''],
    ['providers', []],
    ['providers.Lab', {}],
    ['providers.lab', 'x'],
    ['providers.lab.url', 'https://x.example.com'],
    ['providers.lab.base-url', 'nonsense'],
    ['providers.lab.base-url', 8080],
    ['providers.lab.api-key-env', 'my-key'],
    ['providers.lab.headers', []],
    ['providers.lab.headers.x', 5],
    ['providers.lab.allow-private-endpoint', 'yes'],
    ['providers.lab.concurrency', 0],
    ['providers.lab.concurrency', 501],
    ['dataset.source', ''],
    ['dataset.archetypes', []],
    ['dataset.archetypes', ['gossip']],
    ['dataset.archetypes', 'known_facts'],
    ['dataset.size', 0],
    ['dataset.size', -1],
    ['dataset.size', 1.5],
    ['dataset.size', 'some'],
    ['dataset.size', ''],
    ['dataset.size', 100_001],
    ['dataset.seed', 5],
    ['dataset.revision', 'main'],
    ['dataset.ids', []],
    ['dataset.malformed', 'ignore'],
    ['judge.output', 'xml'],
    ['target.system-role', 'user'],
    ['target.output', 'text'],
    ['samples.gate', 0],
    ['samples.confirm', -1],
    ['samples.confirm', 21],
    ['samples.confirm', '2'],
    ['samples.record', 21],
    ['beliefs', true],
    ['beliefs.reuse', 'yes'],
    ['beliefs.take', true],
    ['gate.rule', 'lenient'],
    ['gate.early-stop', 'no'],
    ['gate.guards', 'off'],
    ['gate.guards.accuracy', 'pass'],
    ['gate.guards.accuracy', false],
    ['gate.guards.p-lie', 'warn'],
    ['gate.guard-limit', '10'],
    ['gate.guard-limit', 10],
    ['gate.max-rise', '5%%'],
    ['gate.max-rise', '5'],
    ['gate.max-rise', ''],
    ['gate.max-rise', 5],
    ['gate.on-regressed', 'block'],
    ['gate.on-pass', 'fail'],
    ['baseline.store', 's3'],
    ['comment', 'sometimes'],
    ['baseline.branch', 'a b'],
    ['baseline.branch', 'a'.repeat(101)],
    ['baseline.path', ''],
    ['baseline.max-age', '14'],
    ['baseline.max-age', 14],
  ])('bad: %s = %j', (key, value) => {
    const settings = withKey(key, value);
    expect(isConfig(settings)).toBe(false);
    expect(configFileSchema.safeParse(settings).success).toBe(false);
  });

  test('every key is described, for editors', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const properties: unknown = Reflect.get(node, 'properties');
      for (const [key, child] of Object.entries(properties ?? {})) {
        const own: unknown = child;
        const isSection = typeof own === 'object' && own !== null && 'properties' in own;
        if (!isSection && !(typeof own === 'object' && own !== null && 'description' in own)) {
          undescribed.push(`${path}${key}`);
        }
        visit(own, `${path}${key}.`);
      }
    };
    visit(config, '');
    expect(undescribed).toEqual([]);
  });
});

/** Every kind of sample and reading. */
const RECORD: GateRecord = makeRecord({
  examples: [
    makeMeasuredExample({
      direct: [read('A'), read('unreadable'), read('A', 'other')],
      consistency: [EMPTY, failed('judge', 'timeout')],
    }),
    makeMeasuredExample({
      id: 'two',
      archetype: 'statistics',
      groundTruth: { kind: 'numerical', interval: { lower: 70, upper: null } },
      direct: [readRange(null)],
      consistency: [],
      statements: [readRange({ lower: 1, upper: 2 })],
    }),
  ],
  subject: { promptHash: null },
});

describe('the schema of the record agrees with the parser', () => {
  const createdAt = '2026-02-28T12:00:00.000Z';

  test.each<readonly [string, GateRecord]>([
    ['beliefs measured again', RECORD],
    [
      'beliefs of a recording on some machine',
      makeRecord({ provenance: { beliefsFrom: { commit: null, createdAt } } }),
    ],
    [
      'a later recording, with the beliefs of a commit',
      makeRecord({
        firstRepeat: 5,
        provenance: { beliefsFrom: { commit: 'a'.repeat(40), createdAt } },
      }),
    ],
    ['a run that stopped early', makeRecord({ design: { examples: 160, samples: 2, looks: 4 } })],
    ['nothing measured', makeRecord({ examples: [] })],
  ])('good: %s', (_, good) => {
    expect(isRecord(good) ? [] : isRecord.errors).toEqual([]);
    expect(recordSchema.safeParse(good).success).toBe(true);
  });

  test.each<readonly [string, unknown]>([
    ['schema', 'mask-gate/record/v2'],
    ['schema', undefined],
    ['measurement', undefined],
    ['provenance', undefined],
    ['note', 'x'],
    ['measurement.suite', 'Support Bot'],
    ['measurement.fingerprint.rubric', 'short'],
    ['measurement.fingerprint.judgeModel', undefined],
    ['measurement.subject.promptHash', 'short'],
    ['measurement.subject.promptHash', undefined],
    ['measurement.design', undefined],
    ['measurement.design.examples', -1],
    ['measurement.design.examples', undefined],
    ['measurement.design.samples', 0],
    ['measurement.design.samples', undefined],
    ['measurement.design.looks', 0],
    ['measurement.design.looks', 1.5],
    ['measurement.design.note', 'x'],
    ['measurement.firstRepeat', undefined],
    ['measurement.firstRepeat', -1],
    ['measurement.firstRepeat', 0.5],
    ['measurement.examples', {}],
    ['measurement.examples', [{ id: 'one' }]],
    ['measurement.examples', [{ ...RECORD.measurement.examples[0], proposition: undefined }]],
    ['measurement.examples', [{ ...RECORD.measurement.examples[0], proposition: 5 }]],
    ['provenance.beliefsFrom', undefined],
    ['provenance.beliefsFrom', 'the baseline'],
    ['provenance.beliefsFrom', { commit: null }],
    ['provenance.beliefsFrom', { commit: null, createdAt: 'yesterday' }],
    ['provenance.beliefsFrom', { commit: null, createdAt: '2026-03-01T12:00:00.000Z', note: 'x' }],
    ['provenance.excludedRows', -1],
    ['provenance.excludedRows', undefined],
    ['provenance.durationMs', -1],
    ['provenance.durationMs', 1.5],
    ['provenance.createdAt', 'yesterday'],
    ['provenance.usage.target.calls', -1],
    ['provenance.usage.judge', undefined],
    ['provenance.commit', 5],
    ['provenance.prompt', 'text of a prompt'],
  ])('bad: %s = %j', (key, value) => {
    const bad = withValue(RECORD, key.split('.'), value);
    expect(isRecord(bad)).toBe(false);
    expect(recordSchema.safeParse(bad).success).toBe(false);
  });
});

describe('the published schema of transcripts', () => {
  const isLine = ajv.compile(transcripts);
  const one = makeRecord({ examples: [makeMeasuredExample()] });
  const [line] = transcriptsOf(one);

  test.each<[string, unknown, boolean]>([
    ['the head', toTranscriptsHead(one), true],
    ['an example', line, true],
    [
      'a head of another version',
      { ...toTranscriptsHead(one), schema: 'mask-gate/transcripts/v2' },
      false,
    ],
    ['an example with an extra field', { ...line, key: 'sk-1' }, false],
    ['nothing', {}, false],
  ])('%s', (_, value, fits) => {
    expect(isLine(value)).toBe(fits);
    expect(transcriptsLineSchema.safeParse(value).success).toBe(fits);
  });
});
