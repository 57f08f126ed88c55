import { parseConfig } from '../../src/config/parse.js';
import { refusePrivateTranscripts } from '../../src/session/transcribing.js';
import { LEAST } from './settings.js';

type Parsed = ReturnType<typeof parseConfig>;

const DATASET_FLAG = { key: 'dataset.source', value: 'other.csv', origin: 'input dataset' };

function parse(
  more: Readonly<Record<string, unknown>>,
  assignments: Parameters<typeof parseConfig>[1] = [],
): Parsed {
  return parseConfig({ settings: { ...LEAST, ...more }, origin: 'the file' }, assignments);
}

test.each<[string, Readonly<Record<string, unknown>>, boolean]>([
  ['the sample set', {}, true],
  ['the sample set, even if the setting says no', { publishable: false }, true],
  ['a file', { source: 'items.csv' }, false],
  ['a file that is declared publishable', { source: 'items.csv', publishable: true }, true],
  ['a file with the name of the sample', { source: 'data/sample' }, false],
  [
    'a dataset of the Hub',
    { source: 'cais/MASK', revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb' },
    false,
  ],
  ['a name with a revision', { source: 'sample', revision: '4'.repeat(40) }, false],
])('whether %s may be published', (_, dataset, publishable) => {
  expect(parse({ dataset }).config.dataset.publishable).toBe(publishable);
});

describe('the setting that a dataset is publishable', () => {
  const publishable = { source: 'items.csv', publishable: true };

  test('does not apply to another dataset that an input names', () => {
    expect(parse({ dataset: publishable }, [DATASET_FLAG]).problems).toEqual([
      {
        where: 'dataset.publishable',
        message:
          'belongs to another dataset: the source is set by input dataset; set both in the same place, or leave this out',
      },
    ]);
  });

  test.each<[string, Parsed]>([
    ['is set in the same place as the source', parse({ dataset: publishable })],
    [
      'is set by an input like the source',
      parse({}, [
        DATASET_FLAG,
        { key: 'dataset.publishable', value: true, origin: 'input dataset' },
      ]),
    ],
    [
      'is set by a flag for the source in the file',
      parse({ dataset: { source: 'items.csv' } }, [
        { key: 'dataset.publishable', value: true, origin: '--set' },
      ]),
    ],
    [
      'is true of the sample even if the file says no',
      parse({ dataset: publishable }, [{ ...DATASET_FLAG, value: 'sample' }]),
    ],
  ])('%s', (_, { problems }) => {
    expect(problems).toEqual([]);
  });
});

test.each<[string, string, boolean]>([
  ['always', 'items.csv', true],
  ['publishable', 'items.csv', false],
  ['never', 'items.csv', false],
  ['always', 'sample', false],
])('an upload of results, with transcripts: %s of %s is refused: %s', (transcripts, source, no) => {
  const { config } = parse({ transcripts, dataset: { source } });
  expect(refusePrivateTranscripts(config).map(({ where }) => where)).toEqual(
    no ? ['transcripts'] : [],
  );
});
