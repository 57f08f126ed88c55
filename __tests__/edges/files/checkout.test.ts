import { readCheckedOutCommit } from '../../../src/edges/files/checkout.js';
import { useTempFolder } from '../temp.js';

const SHA = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const temp = useTempFolder();

async function readWith(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  for (const [name, text] of Object.entries(files)) await temp.write(name, text);
  return readCheckedOutCommit(temp.path);
}

test.each<[string, Readonly<Record<string, string>>]>([
  ['a detached commit', { '.git/HEAD': `${SHA}\n` }],
  ['a branch', { '.git/HEAD': 'ref: refs/heads/a/b\n', '.git/refs/heads/a/b': `${SHA}\n` }],
  [
    'a packed branch',
    {
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/packed-refs': `# pack-refs\n${OTHER} refs/heads/xmain\n${SHA} refs/heads/main\n`,
    },
  ],
])('the commit of %s', async (_, files) => {
  expect(await readWith(files)).toBe(SHA);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['no git', {}],
  ['a work tree of another folder', { '.git': 'gitdir: /elsewhere' }],
  ['an empty branch', { '.git/HEAD': 'ref: refs/heads/main\n' }],
  ['a ref that leads out of the folder', { '.git/HEAD': 'ref: refs/../../HEAD\n', HEAD: SHA }],
  ['something else', { '.git/HEAD': 'nonsense', '.git/packed-refs': `${SHA} refs/heads/main` }],
])('none with %s', async (_, files) => {
  expect(await readWith(files)).toBeUndefined();
});
