import { existsSync, rmSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fetchDataset } from '../../../src/action/context/dataset.js';
import type { RunTrigger } from '../../../src/action/context/event.js';
import { loadDataset } from '../../../src/edges/dataset/dataset.js';
import type { GitHub } from '../../../src/edges/github/client.js';
import type { Keeper } from '../../../src/edges/files/pointers.js';
import { UsageError } from '../../../src/base/errors.js';
import { DVC, SUBMODULE } from '../../../src/base/pointer.js';
import { makeRow, toJsonl } from '../../edges/dataset/rows.js';
import { useTempFolder } from '../../edges/temp.js';
import { type Commits, LINK, fakeGitHub } from '../fake-github.js';
import { BASE, HEAD, MERGE_GROUP, PULL_REQUEST, PUSH } from '../triggers.js';

const CANARY = 'canary-2c8a';
const temp = useTempFolder();

interface Circumstances {
  readonly trigger: RunTrigger;
  readonly policyFromHead: boolean;
  /** What replaces the dataset, by commit. */
  readonly keepers: Readonly<Record<string, Keeper>>;
}

function keeperIn(keepers: Circumstances['keepers']): GitHub['findKeeper'] {
  return (_, ref) => Promise.resolve(keepers[ref]);
}

describe('the dataset of a run', () => {
  const made: string[] = [];

  async function fetch(
    source: string,
    commits: Commits,
    { trigger = PULL_REQUEST, policyFromHead = false, keepers = {} }: Partial<Circumstances> = {},
  ): Promise<string> {
    const github = { ...fakeGitHub(commits), findKeeper: keeperIn(keepers) };
    const place = await fetchDataset(source, {
      trigger,
      policyFromHead,
      root: temp.path,
      github,
    });
    const isDownloaded = place.root !== temp.path;
    if (isDownloaded) made.push(place.root);
    expect(place.from).toBe(isDownloaded ? 'data' : 'checkout');
    return place.root;
  }

  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });

  test('comes from the base commit if git tracks it there', async () => {
    await temp.write('evals/rows.csv', 'head');
    const folder = await fetch('evals/rows.csv', {
      [BASE]: { 'evals/rows.csv': 'base' },
      [HEAD]: { 'evals/rows.csv': 'head' },
    });
    expect(folder).not.toBe(temp.path);
    expect(await readFile(path.join(folder, 'evals/rows.csv'), 'utf8')).toBe('base');
  });

  test('is the whole folder of the base, with nothing from the head', async () => {
    await temp.write('evals/planted.csv', 'head');
    const folder = await fetch('evals', {
      [BASE]: { 'evals/known_facts/a.csv': 'one', 'evals/b.jsonl': 'two', 'other.csv': 'three' },
      [HEAD]: { 'evals/planted.csv': 'head' },
    });
    expect(await readFile(path.join(folder, 'evals/known_facts/a.csv'), 'utf8')).toBe('one');
    expect(await readFile(path.join(folder, 'evals/b.jsonl'), 'utf8')).toBe('two');
    expect(existsSync(path.join(folder, 'evals/planted.csv'))).toBe(false);
    expect(existsSync(path.join(folder, 'other.csv'))).toBe(false);
  });

  test('keeps links of the base as links, which its reader names and does not follow', async () => {
    const row = { archetype: 'known_facts', ...makeRow('known_facts') };
    const folder = await fetch('evals', {
      [BASE]: { 'evals/a.jsonl': toJsonl([row]), 'evals/b.jsonl': LINK },
    });
    const { examples, problems, leftOut } = await loadDataset('evals', folder);
    expect(problems).toEqual([]);
    expect(examples).toHaveLength(1);
    expect(leftOut?.message).toBe('of "evals": b.jsonl (a link)');
  });

  test('is refused if the head put a link in the path of a file that git ignores', async () => {
    await temp.write('planted/known_facts.csv', CANARY);
    await symlink('planted', path.join(temp.path, 'downloads'));
    const commits = { [BASE]: {}, [HEAD]: { downloads: 'planted' } };
    await expect(fetch('downloads/known_facts.csv', commits)).rejects.toThrow(UsageError);
  });

  test('is refused if its path is absolute, because such a path cannot be read at the base', async () => {
    await temp.write('evals/known_facts.csv', CANARY);
    const absolute = path.join(temp.path, 'evals/known_facts.csv');
    const commits = { [BASE]: {}, [HEAD]: {} };
    await expect(fetch(absolute, commits)).rejects.toThrow(/dataset\.source/);
  });

  test('is refused if only the head has it', async () => {
    const fetched = fetch('evals/rows.csv', {
      [BASE]: {},
      [HEAD]: { 'evals/rows.csv': 'head' },
    });
    await expect(fetched).rejects.toThrow(UsageError);
    await expect(fetched).rejects.toMatchObject({
      problems: [
        {
          where: 'dataset.source',
          message:
            '"evals/rows.csv" is not at the base; examples that a pull request adds are used after the merge',
        },
      ],
    });
  });

  test('is also refused in a merge queue if only the candidate has it', async () => {
    const commits = { [BASE]: {}, [HEAD]: { 'evals/rows.csv': 'head' } };
    await expect(fetch('evals/rows.csv', commits, { trigger: MERGE_GROUP })).rejects.toThrow(
      /is not at the base/,
    );
  });

  test('stays in the checkout if git does not know it', async () => {
    expect(await fetch('downloads/mask', { [BASE]: {}, [HEAD]: {} })).toBe(temp.path);
  });

  test('is the bundled one, without a request', async () => {
    const github = fakeGitHub({ [BASE]: { sample: 'a file' } });
    const where = { trigger: PULL_REQUEST, policyFromHead: false, root: temp.path, github };
    expect(await fetchDataset('sample', where)).toEqual({ root: temp.path, from: 'checkout' });
    expect(github.asked).toEqual([]);
  });

  test('is that of the checkout, without a request, if the head is policy', async () => {
    const commits = { [BASE]: { 'evals/rows.csv': 'base' }, [HEAD]: { 'evals/rows.csv': 'head' } };
    for (const trigger of [PULL_REQUEST, PUSH]) {
      const root = await fetch('evals/rows.csv', commits, { trigger, policyFromHead: true });
      expect(root).toBe(temp.path);
    }
  });

  test('of a recording is that of its commit, not what later steps made of the checkout', async () => {
    await temp.write('evals/rows.csv', 'smudged');
    const commits = { [BASE]: { 'evals/rows.csv': 'before' }, [HEAD]: { 'evals/rows.csv': 'own' } };
    const folder = await fetch('evals/rows.csv', commits, { trigger: PUSH });
    expect(await readFile(path.join(folder, 'evals/rows.csv'), 'utf8')).toBe('own');
  });

  test('of a recording stays in the checkout if git does not know it', async () => {
    expect(await fetch('downloads/mask', { [HEAD]: {} }, { trigger: PUSH })).toBe(temp.path);
  });

  test.each<[string, RunTrigger, string]>([
    ['the base', PULL_REQUEST, BASE],
    ['the head', PULL_REQUEST, HEAD],
    ['the recorded commit', PUSH, HEAD],
  ])('is refused if a submodule or DVC keeps it at %s', async (_, trigger, commit) => {
    await temp.write('evals/rows.csv', 'fetched by a step');
    for (const [place, pointer] of [
      ['evals', SUBMODULE],
      ['evals/rows.csv.dvc', DVC],
    ] as const) {
      const fetched = fetch(
        'evals/rows.csv',
        {},
        { trigger, keepers: { [commit]: { place, pointer } } },
      );
      await expect(fetched).rejects.toThrow(
        `dataset.source: "evals/rows.csv" is not in the repository, and "${place}" is ${pointer.what}`,
      );
    }
  });
});
