import path from 'node:path';
import { findKeeper, findPointerInFile } from '../../../src/edges/files/pointers.js';
import { DVC_FILE, LFS_POINTER } from '../dataset/rows.js';
import { useTempFolder } from '../temp.js';

const temp = useTempFolder();

async function find(text: string | Uint8Array): Promise<string | undefined> {
  const file = await temp.write('prompts/a.md', text);
  return (await findPointerInFile(file, Buffer.from(text)))?.what;
}

describe('a file of a checkout', () => {
  beforeEach(async () => {
    await temp.write('prompts/base.md', 'Be brief.');
    await temp.write('prompts/deep/base.md', 'Be brief.');
  });

  test.each([
    [LFS_POINTER, 'a Git LFS pointer'],
    ['base.md', 'a link of git'],
    ['deep/base.md', 'a link of git'],
    ['deep', 'a link of git'],
    ['../elsewhere.md', 'a link of git'],
  ])('is recognised: %j', async (text, what) => {
    expect(await find(text)).toBe(what);
  });

  test.each([
    ['other.md'],
    ['base.md\n'],
    ['a.md'],
    ['Be brief.'],
    [''],
    ['deep/../base.md'],
    ['/no_think'],
    [`base.md${' '.repeat(5000)}`],
  ])('is content: %j', async (text) => {
    expect(await find(text)).toBeUndefined();
  });
});

describe('a path that is not in the checkout', () => {
  const keeper = (name: string): ReturnType<typeof findKeeper> =>
    findKeeper({ root: temp.path, path: name });

  beforeEach(async () => {
    await temp.write('evals/rows.csv.dvc', DVC_FILE);
    await temp.write(
      '.gitmodules',
      '[submodule "one"]\r\n\tpath = modules/one\r\n\turl = x\r\n[submodule "two"]\n  path=with space\n',
    );
  });

  test.each([
    ['evals/rows.csv', 'evals/rows.csv.dvc', 'a DVC pointer'],
    ['./evals//rows.csv', 'evals/rows.csv.dvc', 'a DVC pointer'],
    ['modules/one', 'modules/one', 'a submodule'],
    ['modules/one/rows.csv', 'modules/one', 'a submodule'],
    ['with space/rows.csv', 'with space', 'a submodule'],
  ])('%s is kept by %s', async (name, place, what) => {
    expect(await keeper(name)).toMatchObject({ place, pointer: { what } });
  });

  test('also by an absolute path', async () => {
    expect(await keeper(path.join(temp.path, 'evals/rows.csv'))).toHaveProperty('place');
  });

  test.each(['evals/other.csv', 'evals', 'modules/one-more/rows.csv', 'modules'])(
    '%s is not kept by a known tool',
    async (name) => {
      expect(await keeper(name)).toBeUndefined();
    },
  );
});
