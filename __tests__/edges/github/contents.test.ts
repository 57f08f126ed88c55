import { connectGitHub } from '../../../src/edges/github/client.js';
import { type LocalServer, serve } from '../../local-server.js';

/** What GitHub lists of a folder that holds a file, a folder and a link. */
const LISTED: Readonly<Record<string, unknown>> = {
  evals: [
    { type: 'file', path: 'evals/a.csv', sha: '1' },
    { type: 'dir', path: 'evals/within', sha: '2' },
    { type: 'symlink', path: 'evals/link.csv', sha: '3' },
  ],
  'evals/a.csv': fileOf('evals/a.csv', 'one'),
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

test('a folder at a commit is downloaded whole, and its links are told apart', async () => {
  const connected = connectGitHub({
    token: 'a token',
    repository: { owner: 'octocat', repo: 'bot' },
    apiUrl: github.url,
  });
  const files = await connected.download('evals', 'main');
  expect(
    files.map(({ path, bytes, isLink }) => [path, Buffer.from(bytes).toString(), isLink]),
  ).toEqual([
    ['evals/a.csv', 'one', undefined],
    ['evals/within/b.csv', 'two', undefined],
    ['evals/link.csv', '', true],
  ]);
});
