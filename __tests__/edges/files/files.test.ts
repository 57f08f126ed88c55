import { mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import {
  type FileRequest,
  TEXT_LIMIT,
  locate,
  missing,
  readText,
  writeWhole,
} from '../../../src/edges/files/files.js';
import { useTempFolder } from '../temp.js';

const CANARY = 'canary-5d1e';
const temp = useTempFolder();

/** The workspace is a subfolder, so there is something outside it. */
const request = (file: string): FileRequest => ({
  setting: 'target.system-prompt',
  path: file,
  root: path.join(temp.path, 'workspace'),
});

beforeEach(async () => {
  await temp.write('outside/secret.md', CANARY);
  await temp.write('workspace/prompts/a.md', `prompt ${CANARY} ü\n`);
  await temp.write('workspace-2/secret.md', CANARY);
});

describe('a file inside the workspace', () => {
  test.each(['prompts/a.md', './prompts/a.md', 'prompts/../prompts/a.md', 'prompts//a.md'])(
    'is read: %s',
    async (file) => {
      expect(await readText(request(file))).toEqual({ found: `prompt ${CANARY} ü\n` });
    },
  );

  test('is read through an absolute path', async () => {
    const file = path.join(temp.path, 'workspace/prompts/a.md');
    expect(await readText(request(file))).toEqual({ found: `prompt ${CANARY} ü\n` });
  });

  test('is read through a link that stays inside', async () => {
    const root = path.join(temp.path, 'workspace');
    await symlink(path.join(root, 'prompts/a.md'), path.join(root, 'link.md'));
    await symlink('prompts', path.join(root, 'linked'));
    expect(await readText(request('link.md'))).toHaveProperty('found');
    expect(await readText(request('linked/a.md'))).toHaveProperty('found');
  });

  test('is read if the workspace itself is a link', async () => {
    await symlink(path.join(temp.path, 'workspace'), path.join(temp.path, 'ws'));
    const linked = { ...request('prompts/a.md'), root: path.join(temp.path, 'ws') };
    expect(await readText(linked)).toHaveProperty('found');
  });

  test('may be empty', async () => {
    await temp.write('workspace/empty.md', '');
    expect(await readText(request('empty.md'))).toEqual({ found: '' });
  });

  test('may have 1 MiB and no more', async () => {
    await temp.write('workspace/most.md', 'x'.repeat(TEXT_LIMIT));
    await temp.write('workspace/more.md', 'x'.repeat(TEXT_LIMIT + 1));
    expect(await readText(request('most.md'))).toHaveProperty('found');
    expect(await readText(request('more.md'))).toEqual({
      problem: { where: 'target.system-prompt', message: '"more.md" is larger than 1 MiB' },
    });
  });
});

test('a name may begin with dots', async () => {
  await temp.write('workspace/..prompt.md', 'Be brief.');
  expect(await readText(request('..prompt.md'))).toEqual({ found: 'Be brief.' });
});

describe('a path that leads out of the workspace', () => {
  test.each([
    '../outside/secret.md',
    '../workspace-2/secret.md',
    'prompts/../../outside/secret.md',
    '..',
    '../does-not-exist.md',
    '/etc/passwd',
    '/does-not-exist/either',
  ])('is refused: %s', async (file) => {
    const read = await readText(request(file));
    expect(read).toEqual({
      problem: {
        where: 'target.system-prompt',
        message: `"${file}" leads out of the workspace; name a file inside the repository`,
      },
    });
  });

  test.each([
    ['a link to a file', 'link.md', '../outside/secret.md', 'link.md'],
    ['a link to a folder', 'linked', '../outside', 'linked/secret.md'],
    ['an absolute link', 'absolute.md', '/etc/passwd', 'absolute.md'],
    ['a link to the parent', 'up', '..', 'up/outside/secret.md'],
  ])('is refused: %s', async (_, name, target, file) => {
    await symlink(target, path.join(temp.path, 'workspace', name));
    const read = await readText(request(file));
    expect(read).toHaveProperty('problem');
    expect(JSON.stringify(read)).toContain('leads out of the workspace');
    expect(JSON.stringify(read)).not.toContain(CANARY);
  });

  test.each(['.git/config', 'sub/.git/config', 'linked-git/config'])(
    'is in .git, which may contain tokens: %s',
    async (file) => {
      await temp.write('workspace/.git/config', CANARY);
      await temp.write('workspace/sub/.git/config', CANARY);
      await symlink('.git', path.join(temp.path, 'workspace/linked-git'));
      const read = await readText(request(file));
      expect(read).toEqual({
        problem: {
          where: 'target.system-prompt',
          message: `"${file}" is in .git, which may contain tokens`,
        },
      });
    },
  );

  test('may have a name that starts like .git', async () => {
    await temp.write('workspace/.github/prompt.md', 'text');
    expect(await readText(request('.github/prompt.md'))).toEqual({ found: 'text' });
  });

  test('is refused through a chain of links', async () => {
    const root = path.join(temp.path, 'workspace');
    await symlink('second', path.join(root, 'first'));
    await symlink('../outside', path.join(root, 'second'));
    expect(await readText(request('first/secret.md'))).toHaveProperty('problem');
  });
});

describe('something other than a text file', () => {
  test.each(['prompts', '.', 'prompts/'])('a folder: %s', async (file) => {
    expect(await readText(request(file))).toEqual({
      problem: { where: 'target.system-prompt', message: `"${file}" is a folder; name a file` },
    });
  });

  test.each(['missing.md', 'prompts/missing.md', 'no/such/folder.md', 'prompts/a.md/b'])(
    'a missing path: %s',
    async (file) => {
      expect(await readText(request(file))).toEqual({ absent: true });
      expect(missing(request(file))).toEqual({
        where: 'target.system-prompt',
        message: `"${file}" does not exist`,
      });
    },
  );

  test('a link to a missing path', async () => {
    await symlink('nowhere.md', path.join(temp.path, 'workspace/dangling.md'));
    expect(await readText(request('dangling.md'))).toEqual({ absent: true });
  });

  test('a link to itself', async () => {
    await symlink('loop.md', path.join(temp.path, 'workspace/loop.md'));
    expect(await readText(request('loop.md'))).not.toHaveProperty('found');
  });

  test.each([
    ['Latin-1', Buffer.from(`${CANARY} \xfc`, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${CANARY}`, 'utf16le')],
    ['cut in a character', Buffer.from(`${CANARY} ü`, 'utf8').subarray(0, -1)],
    ['random bytes', Uint8Array.from([0xff, 0xfe, 0x00, 0xc3, 0x28])],
  ])('%s', async (_, bytes) => {
    await temp.write('workspace/bytes.md', bytes);
    const read = await readText(request('bytes.md'));
    expect(read).toEqual({
      problem: {
        where: 'target.system-prompt',
        message: '"bytes.md" cannot be read as UTF-8 text',
      },
    });
  });
});

test('no message contains file content', async () => {
  await temp.write('workspace/big.md', CANARY.repeat(TEXT_LIMIT / 8));
  await temp.write('workspace/bytes.md', Buffer.from(`${CANARY} \xfc`, 'latin1'));
  await symlink('../outside/secret.md', path.join(temp.path, 'workspace/link.md'));
  for (const file of ['big.md', 'bytes.md', 'link.md', '../outside/secret.md', 'prompts']) {
    const read = await readText(request(file));
    expect(read).toHaveProperty('problem');
    expect(JSON.stringify(read)).not.toContain(CANARY);
  }
});

test('locating a file or a folder returns its kind', async () => {
  expect(await locate(request('prompts'))).toMatchObject({ found: { isFolder: true } });
  expect(await locate(request('prompts/a.md'))).toMatchObject({
    found: {
      isFolder: false,
      path: path.join(temp.path, 'workspace/prompts/a.md'),
      size: Buffer.byteLength(`prompt ${CANARY} ü\n`),
    },
  });
});

describe('writing', () => {
  test('makes folders and leaves no temporary file', async () => {
    const file = path.join(temp.path, 'a/b/record.json');
    await writeWhole(file, 'one');
    await writeWhole(file, Buffer.from('two'));
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(path.dirname(file))).toEqual(['record.json']);
  });

  test('does not write through a link that another process put there', async () => {
    const file = path.join(temp.path, 'results/record.json');
    const outside = await temp.write('outside.md', 'kept');
    await mkdir(path.dirname(file));
    for (const name of [file, `${file}.${process.pid}.tmp`]) await symlink(outside, name);
    await writeWhole(file, 'new');
    expect(await readFile(outside, 'utf8')).toBe('kept');
    expect(await readFile(file, 'utf8')).toBe('new');
  });

  test('keeps the earlier file when it fails', async () => {
    await mkdir(path.join(temp.path, 'taken'));
    await temp.write('taken/kept.md', 'kept');
    await expect(writeWhole(path.join(temp.path, 'taken'), 'x')).rejects.toThrow();
    expect(await readFile(path.join(temp.path, 'taken/kept.md'), 'utf8')).toBe('kept');
  });
});
