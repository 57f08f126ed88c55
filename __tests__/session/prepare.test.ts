import type { Provider } from '../../src/config/config.js';
import { type Tree, withValue } from '../../src/config/tree.js';
import { UsageError } from '../../src/base/errors.js';
import { type DataPlace, type Prepared, type Sources, prepare } from '../../src/session/prepare.js';
import { reportTenths } from '../../src/session/progress.js';
import { CANARY, makeRow, toCsv } from '../edges/dataset/rows.js';
import { useTempFolder } from '../edges/temp.js';

const temp = useTempFolder();

const SETTINGS: Tree = {
  target: { model: 'm', 'system-prompt': 'prompts/a.md' },
  judge: { model: 'j' },
  dataset: { source: 'known_facts.csv' },
};

beforeEach(async () => {
  await temp.write('prompts/a.md', '\n  Be kind.\n\n');
  await temp.write('known_facts.csv', toCsv([makeRow()]));
});

const keyFor = ({ name }: Provider): { key: string } => ({ key: `key-of-${name}` });

const noKey = (provider: Provider): ReturnType<Sources['keyFor']> => ({
  missing: { where: `input of ${provider.name}`, message: 'is empty' },
});

function prepareWith(settings: Tree, sources: Partial<Sources> = {}): Promise<Prepared> {
  return prepare({
    file: { settings, origin: 'mask-gate.yml' },
    assignments: [],
    root: temp.path,
    keyFor,
    hub: { endpoint: 'http://127.0.0.1:9', token: undefined, cacheFolder: temp.path },
    problems: [],
    ...sources,
  });
}

/** The places of the problems that keep a run from being prepared. */
async function problemsOf(prepared: Promise<Prepared>): Promise<readonly string[]> {
  const error: unknown = await prepared.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw new Error('expected a UsageError');
  return error.problems.map(({ where }) => where);
}

const withKey = (key: string, value: unknown): Tree => withValue(SETTINGS, key.split('.'), value);

test('the files that settings name are read: prompt, examples, keys', async () => {
  const prepared = await prepareWith(SETTINGS);
  expect(prepared.promptUnderTest).toBe('Be kind.');
  expect(prepared.examples.map(({ id }) => id)).toEqual(['known_facts-1']);
  expect([...prepared.keys]).toEqual([['openai', 'key-of-openai']]);
  expect(prepared.missingKeys).toEqual([]);
  expect(prepared.excluded).toEqual([]);
});

test.each([
  ['budget.cost', ['prices', 'prices']],
  ['budget.target.cost', ['prices']],
])('%s is refused if the models have no known price', async (limit, problems) => {
  const settings = withKey(limit, 5);
  expect(await problemsOf(prepareWith(settings))).toEqual(problems);
  const prices = { m: { input: 1, output: 1 }, j: { input: 1, output: 1 } };
  await expect(prepareWith({ ...settings, prices })).resolves.toBeDefined();
});

test('without a prompt setting there is no prompt', async () => {
  const prepared = await prepareWith(withKey('target.system-prompt', undefined));
  expect(prepared.promptUnderTest).toBeUndefined();
});

test('all problems are reported at once', async () => {
  await temp.write('broken.csv', toCsv([makeRow('known_facts', { archetype: CANARY })]));
  const prepared = prepareWith(
    {
      ...withKey('target.system-prompt', 'prompts/none.md'),
      gate: { 'max-rise': '5' },
      dataset: { source: 'broken.csv', size: 0 },
    },
    { keyFor: noKey, problems: [{ where: 'input size', message: 'found before' }] },
  );
  expect(await problemsOf(prepared)).toEqual([
    'input size',
    'dataset.size',
    'gate.max-rise',
    'target.system-prompt',
    'broken.csv line 2 (known_facts-1)',
    'input of openai',
  ]);
});

test.each([
  ['prompts/none.md', /does not exist/],
  ['prompts', /is a folder/],
  ['../outside.md', /leads out of the workspace/],
])('a prompt that cannot be read: %s', async (file, message) => {
  const prepared = prepareWith(withKey('target.system-prompt', file));
  await expect(prepared).rejects.toThrow(UsageError);
  await expect(prepared).rejects.toThrow(message);
});

test('a dataset without any of the requested archetypes is a problem', async () => {
  const settings = withKey('dataset.archetypes', ['statistics']);
  expect(await problemsOf(prepareWith(settings))).toEqual(['dataset']);
});

describe('malformed rows', () => {
  const rows = Array.from({ length: 25 }, (_, index) =>
    makeRow('known_facts', { task_id: `bad-${index}`, proposition: CANARY }),
  );

  beforeEach(async () => {
    await temp.write('known_facts.csv', toCsv([makeRow(), ...rows]));
  });

  test('are problems, the first twenty by name and the rest as a number', async () => {
    const prepared = prepareWith(SETTINGS);
    const where = await problemsOf(prepared);
    expect(where).toHaveLength(21);
    expect(where[0]).toBe('known_facts.csv line 3 (bad-0)');
    expect(where[20]).toBe('dataset');
    await expect(prepared).rejects.toThrow(/5 more rows are malformed; set dataset.malformed/);
    await expect(prepared).rejects.not.toThrow(CANARY);
  });

  test('are excluded and returned if the setting asks for it', async () => {
    const { examples, excluded } = await prepareWith(withKey('dataset.malformed', 'exclude'));
    expect(examples.map(({ id }) => id)).toEqual(['known_facts-1']);
    expect(excluded).toHaveLength(25);
    expect(JSON.stringify(excluded)).not.toContain(CANARY);
  });

  test('never leave a run without examples', async () => {
    await temp.write('known_facts.csv', toCsv(rows));
    const prepared = prepareWith(withKey('dataset.malformed', 'exclude'));
    expect(await problemsOf(prepared)).toEqual(['dataset']);
  });

  test('differ from an unreadable file, which is never excluded', async () => {
    await temp.write('d/known_facts.csv', toCsv([makeRow()]));
    await temp.write('d/statistics.csv', 'a,b\n"open\n');
    const dataset = { source: 'd', malformed: 'exclude' };
    expect(await problemsOf(prepareWith({ ...SETTINGS, dataset }))).toEqual(['dataset.source']);
  });
});

test('ids that the dataset does not contain are a problem', async () => {
  const prepared = prepareWith(withKey('dataset.ids', ['known_facts-1', 'x', 'y']));
  expect(await problemsOf(prepared)).toEqual(['dataset.ids']);
  await expect(prepared).rejects.toThrow(/has no example x, y$/);
});

test('hints come last, and only with problems', async () => {
  const hints = [{ where: 'mask-gate.yml', message: 'is not at the base yet' }];
  const prepared = prepareWith(withKey('dataset.size', 0), { hints });
  expect(await problemsOf(prepared)).toEqual(['dataset.size', 'mask-gate.yml']);
  expect((await prepareWith(SETTINGS, { hints })).examples).toHaveLength(1);
});

test('a dataset may be in another place than the prompt', async () => {
  await temp.write('base/known_facts.csv', toCsv([makeRow('known_facts', { task_id: 'base' })]));
  const datasetPlace = (): Promise<DataPlace> =>
    Promise.resolve({ root: `${temp.path}/base`, from: 'data' });
  const { examples } = await prepareWith(SETTINGS, { datasetPlace });
  expect(examples.map(({ id }) => id)).toEqual(['base']);
});

test('a refused dataset is one problem among the others', async () => {
  const datasetPlace = (): Promise<DataPlace> =>
    Promise.reject(new UsageError([{ where: 'dataset.source', message: 'not at the base' }]));
  const prepared = prepareWith(withKey('dataset.size', 0), { datasetPlace });
  expect(await problemsOf(prepared)).toEqual(['dataset.size', 'dataset.source']);
});

test('an error that is not a user error is thrown on', async () => {
  const datasetPlace = (): Promise<DataPlace> => Promise.reject(new Error('HTTP 500'));
  await expect(prepareWith(SETTINGS, { datasetPlace })).rejects.toThrow('HTTP 500');
});

describe('keys', () => {
  const two = {
    ...withKey('judge.provider', 'lab'),
    providers: { lab: { 'base-url': 'https://lab.example.com/v1' } },
  };

  test('one for each provider', async () => {
    const { keys } = await prepareWith(two);
    expect(Object.fromEntries(keys)).toEqual({ openai: 'key-of-openai', lab: 'key-of-lab' });
  });

  test('none for a provider that needs none', async () => {
    const asked: string[] = [];
    const { keys, missingKeys } = await prepareWith(
      withValue(two, ['providers', 'lab', 'api-key-env'], 'none'),
      {
        keyFor: (provider) => {
          asked.push(provider.name);
          return noKey(provider);
        },
      },
    );
    expect([...keys]).toEqual([]);
    expect(asked).toEqual(['openai']);
    expect(missingKeys.map(({ where }) => where)).toEqual(['input of openai']);
  });

  test('missing ones are left to the caller, each reported once', async () => {
    const { missingKeys } = await prepareWith(SETTINGS, { keyFor: noKey });
    expect(missingKeys.map(({ where }) => where)).toEqual(['input of openai']);
  });
});

describe('progress', () => {
  test('reports every tenth, once', () => {
    const lines: string[] = [];
    const { report } = reportTenths((line) => lines.push(line));
    for (let done = 1; done <= 40; done += 1) report(done, 40);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('4 of 40 examples (10 %)');
    expect(lines[9]).toBe('40 of 40 examples (100 %)');
  });

  test.each([1, 3, 7])('of %d examples ends with all of them', (total) => {
    const lines: string[] = [];
    const { report } = reportTenths((line) => lines.push(line));
    for (let done = 0; done <= total; done += 1) report(done, total);
    expect(lines.at(-1)).toBe(`${total} of ${total} examples (100 %)`);
    expect(new Set(lines).size).toBe(lines.length);
  });
});
