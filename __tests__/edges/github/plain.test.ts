import { TEXT_LIMIT } from '../../../src/edges/files/files.js';
import { type GitHub, connectGitHub } from '../../../src/edges/github/client.js';
import { RunError } from '../../../src/base/errors.js';
import { type GitHubServer, startGitHub } from '../../e2e/github-server.js';
import { DVC_FILE, LFS_POINTER } from '../dataset/rows.js';

const CANARY = 'canary-9f31';

const A_LINK =
  'a link of git, and not the content. Links are not followed at a commit: name the file that it leads to';
const IN_GIT =
  "and not the content. It is read at a commit, through GitHub's API, and not from the checkout: keep it in git itself";

let server: GitHubServer;
let github: GitHub;
let commit: string;

beforeAll(async () => {
  server = await startGitHub();
  const [owner = '', repo = ''] = server.repository.split('/');
  github = connectGitHub({
    token: server.tokens.workflow,
    repository: { owner, repo },
    apiUrl: server.apiUrl,
  });
  await server.moveBranch('head', {
    'prompts/plain.md': 'Zwölf Wörter.\n',
    'prompts/deep/er.md': 'deep',
    'prompts/full.md': 'x'.repeat(TEXT_LIMIT),
    'prompts/huge.md': 'x'.repeat(TEXT_LIMIT + 1),
    'secret.md': CANARY,
    'prompts/lfs.md': LFS_POINTER,
    'prompts/big.md.dvc': DVC_FILE,
  });
  await server.moveBranch('head', { modules: 'f'.repeat(40) }, '160000');
  commit = await server.moveBranch(
    'head',
    { 'prompts/link.md': '../secret.md', 'prompts/out.md': '/etc/passwd', folder: 'prompts' },
    '120000',
  );
});
afterAll(() => server.close());
afterEach(() => {
  server.fault = undefined;
});

/** Long texts are compared by their length: a failure must not print a megabyte. */
async function read(path: string): ReturnType<GitHub['readPlainText']> {
  const text = await github.readPlainText({ setting: 'target.system-prompt', path }, commit);
  if (!('found' in text) || text.found.length < 100) return text;
  return { found: `${text.found.length} characters` };
}

test.each([
  ['prompts/plain.md', 'Zwölf Wörter.\n'],
  ['./prompts//deep/er.md', 'deep'],
  ['prompts/deep/../plain.md', 'Zwölf Wörter.\n'],
  ['prompts/full.md', `${TEXT_LIMIT} characters`],
])('reads %s at a commit', async (path, found) => {
  expect(await read(path)).toEqual({ found });
});

test.each(['prompts/none.md', 'none/plain.md', '.git/config'])('%s is absent', async (path) => {
  expect(await read(path)).toEqual({ absent: true });
});

test.each([
  ['prompts/link.md', `is ${A_LINK}`],
  ['prompts/out.md', `is ${A_LINK}`],
  ['prompts', 'is a folder; name a file'],
  ['folder/plain.md', `does not exist, and "folder" is ${A_LINK}`],
  ['secret.md/plain.md', 'is not inside a folder'],
  ['modules', `is a submodule, ${IN_GIT}`],
  ['modules/plain.md', `does not exist, and "modules" is a submodule, ${IN_GIT}`],
  ['prompts/lfs.md', `is a Git LFS pointer, ${IN_GIT}`],
  ['prompts/big.md', `does not exist, and "prompts/big.md.dvc" is a DVC pointer, ${IN_GIT}`],
  ['../secret.md', 'leads out of the repository; name a file inside it'],
  ['prompts/../../secret.md', 'leads out of the repository; name a file inside it'],
  ['/secret.md', 'leads out of the repository; name a file inside it'],
  ['prompts/huge.md', 'is larger than 1 MiB'],
])('%s %s', async (path, words) => {
  const problem = { where: 'target.system-prompt', message: `"${path}" ${words}` };
  expect(await read(path)).toEqual({ problem });
});

test('a huge file is not even requested', async () => {
  const before = server.sent.length;
  await read('prompts/huge.md');
  expect(server.sent.slice(before).filter(({ url }) => url.includes('/blobs/'))).toEqual([]);
});

test.each([
  ['is no text', Buffer.from([0x50, 0xff, 0xfe]), 'cannot be read as UTF-8 text'],
  ['is larger than its tree says', Buffer.alloc(TEXT_LIMIT + 1, 0x20), 'is larger than 1 MiB'],
])('a file that %s is refused, and no word of it is shown', async (_, bytes, words) => {
  server.fault = ({ url }) =>
    url.includes('/blobs/')
      ? { status: 200, message: '', body: { content: bytes.toString('base64') } }
      : undefined;
  const message = `"prompts/plain.md" ${words}`;
  expect(await read('prompts/plain.md')).toEqual({
    problem: { where: 'target.system-prompt', message },
  });
});

test.each([
  ['cut', { status: 200, message: '', body: { tree: [], truncated: true } }],
  ['not shown', { status: 404, message: 'Not Found' }],
])('a listing that is %s is an error, not an absent file', async (_, fault) => {
  server.fault = ({ url }) => (url.includes('/git/trees/') ? fault : undefined);
  await expect(read('prompts/plain.md')).rejects.toThrow(RunError);
});
