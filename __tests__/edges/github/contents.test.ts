import { type GitHub, connectGitHub } from '../../../src/edges/github/client.js';
import { UsageError } from '../../../src/base/errors.js';
import { type LocalServer, serve } from '../../local-server.js';
import { LFS_POINTER } from '../dataset/rows.js';

/** The entries that GitHub lists for a folder that contains a file, a folder and a link. */
const LISTED: Readonly<Record<string, unknown>> = {
  evals: [
    { type: 'file', path: 'evals/a.csv', sha: '1' },
    { type: 'dir', path: 'evals/within', sha: '2' },
    { type: 'symlink', path: 'evals/link.csv', sha: '3' },
    // Like GitHub: in a list a submodule is a file.
    { type: 'file', path: 'evals/module', sha: '6' },
  ],
  'evals/a.csv': fileOf('evals/a.csv', 'one'),
  'evals/module': { type: 'submodule', path: 'evals/module', sha: '6' },
  'evals/link.csv': { type: 'symlink', path: 'evals/link.csv', sha: '3', target: '/srv' },
  'lfs.csv': fileOf('lfs.csv', LFS_POINTER),
  'evals/within': [{ type: 'file', path: 'evals/within/b.csv', sha: '4' }],
  'evals/within/b.csv': fileOf('evals/within/b.csv', 'two'),
};

function fileOf(path: string, text: string): object {
  const content = Buffer.from(text).toString('base64');
  return { type: 'file', path, sha: '5', encoding: 'base64', content };
}

let github: LocalServer;

beforeAll(async () => {
  github = await serve(({ url = '' }, response) => {
    const path = decodeURIComponent(/\/contents\/([^?]*)/.exec(url)?.[1] ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(LISTED[path] ?? {}));
  });
});

afterAll(() => github.close());

const connect = (): GitHub =>
  connectGitHub({
    token: 'a token',
    repository: { owner: 'octocat', repo: 'bot' },
    apiUrl: github.url,
  });

test('a folder at a commit is downloaded completely, and links and submodules are told apart', async () => {
  const files = await connect().download('evals', 'main');
  expect(
    files.map(({ path, bytes, isLink, pointer }) => [
      path,
      Buffer.from(bytes).toString(),
      isLink ?? pointer?.what,
    ]),
  ).toEqual([
    ['evals/a.csv', 'one', undefined],
    ['evals/within/b.csv', 'two', undefined],
    ['evals/link.csv', '', true],
    ['evals/module', '', 'a submodule'],
  ]);
});

test.each([
  ['evals/module', 'a submodule'],
  ['evals/link.csv', 'a link of git'],
])('%s is downloaded as %s on its own', async (path, what) => {
  expect(await connect().download(path, 'main')).toMatchObject([{ path, pointer: { what } }]);
});

test.each([
  ['evals', 'is a folder; name a file'],
  ['evals/module', 'is a submodule, and not the content.'],
  ['evals/link.csv', 'is a link of git, and not the content.'],
  ['lfs.csv', 'is a Git LFS pointer, and not the content.'],
])('%s is not text at a commit', async (path, words) => {
  const read = connect().readFile(path, 'a'.repeat(40), 'config');
  await expect(read).rejects.toThrow(UsageError);
  await expect(read).rejects.toThrow(`config: "${path}" at aaaaaaaaaaaa ${words}`);
});
