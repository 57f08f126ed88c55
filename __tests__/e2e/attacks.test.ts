import { once } from 'node:events';
import { mkdir, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { type RequestListener, type Server, createServer } from 'node:http';
import path from 'node:path';
import { useTempFolder } from '../edges/temp.js';
import { type ActionRequest, type ActionRun, runAction } from './action-runner.js';
import { CONFIG, PLAIN, PROMPT } from './fixtures.js';
import { type GitHubServer, startGitHub } from './github-server.js';

const KEY = 'sk-key-of-the-victim';
const CANARY = 'canary-of-the-runner';

let github: GitHubServer;
/** What every endpoint of an attacker leads to, and what came there. */
let attacker: Listener;
const temp = useTempFolder();

interface Listener {
  readonly url: string;
  readonly server: Server;
  readonly received: string[];
}

async function listen(answer: RequestListener): Promise<Listener> {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return { url: `http://127.0.0.1:${address.port}/v1`, server, received };
}

async function stop({ server }: Listener): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

beforeAll(async () => {
  github = await startGitHub();
  attacker = await listen((_, response) => response.writeHead(500).end());
});

afterEach(() => {
  expect(attacker.received.splice(0)).toEqual([]);
});

afterAll(async () => {
  await github.close();
  await stop(attacker);
});

/** A configuration with one provider, `own`; by default no server listens there. */
function config({
  url = 'http://127.0.0.1:9/v1',
  leave = true,
  target = '',
  more = '',
} = {}): string {
  return `
target: { provider: own, model: any, system-prompt: ${PROMPT}${target} }
judge: { provider: own, model: any-judge }
providers:
  own: { base-url: "${url}", allow-private-endpoint: ${leave} }
${more}`;
}

interface Attack {
  /** The files at the base; the configuration alone by default. */
  readonly base?: Readonly<Record<string, string>>;
  /** What the pull request changes. */
  readonly head: Readonly<Record<string, string>>;
  readonly more?: Partial<ActionRequest>;
}

/** Opens a pull request on a base of its own, and runs the Action for it in the workspace as it is there. */
async function attack({ base = { [CONFIG]: config() }, head, more }: Attack): Promise<ActionRun> {
  const baseSha = await github.commit('main', { 'README.md': 'A bot', ...base });
  const branch = `attack-${baseSha}`;
  await github.branch(branch, baseSha);
  const headSha = await github.commit(branch, { 'NOTES.md': 'Harmless', ...head });
  const number = await github.openPullRequest(branch);
  for (const [file, text] of Object.entries({ ...base, ...head })) {
    await temp.write(path.join('workspace', file), text);
  }
  const repo = { full_name: github.repository };
  return runAction({
    workspace: path.join(temp.path, 'workspace'),
    eventName: 'pull_request',
    payload: {
      pull_request: { number, head: { sha: headSha, repo }, base: { sha: baseSha, repo } },
    },
    sha: headSha,
    ref: `refs/pull/${number}/merge`,
    apiUrl: github.apiUrl,
    repository: github.repository,
    inputs: { 'api-key': KEY, 'github-token': github.tokens.workflow },
    ...more,
  });
}

/** Everything that anybody but the runner can see of a run. */
function shownBy(run: ActionRun): string {
  return [run.stdout.replaceAll(/^::add-mask::.*$/gm, ''), run.stderr, run.summary].join('\n');
}

describe('an endpoint of the pull request', () => {
  test('that the head declares and chooses, on loopback, gets no call and no key', async () => {
    const head = config({
      more: `  mine: { base-url: "${attacker.url}", api-key-env: none, allow-private-endpoint: true }`,
    });
    const run = await attack({
      head: { [CONFIG]: head.replace('provider: own', 'provider: mine'), [PROMPT]: PLAIN },
    });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('::error::target.provider');
    expect(shownBy(run)).not.toContain(KEY);
  });

  test('in the very first configuration, which the base has not, is not taken', async () => {
    await github.commit('main', { [CONFIG]: '' });
    const run = await attack({
      base: { [CONFIG]: '' },
      head: { [CONFIG]: config({ url: attacker.url }), [PROMPT]: PLAIN },
    });
    expect(run.code).toBe(2);
    expect(shownBy(run)).not.toContain(attacker.url);
  });

  test('on loopback needs leave in policy, and leave in the head is none', async () => {
    const run = await attack({
      base: { [CONFIG]: config({ url: attacker.url, leave: false }) },
      head: { [CONFIG]: config({ url: attacker.url, leave: true }), [PROMPT]: PLAIN },
    });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('is a private address');
  });

  test('is not reached by a redirect either, with or without the key', async () => {
    const redirecting = await listen((request, response) => {
      response.writeHead(307, { location: `${attacker.url}${request.url ?? ''}` }).end();
    });
    const run = await attack({
      base: { [CONFIG]: config({ url: redirecting.url }) },
      head: { [PROMPT]: PLAIN },
    });
    await stop(redirecting);
    expect(redirecting.received).toContain(`/v1/chat/completions Bearer ${KEY}`);
    expect(run.code).toBeGreaterThan(0);
    expect(run.outputs['verdict']).not.toBe('pass');
  });
});

describe('a path out of the workspace', () => {
  /** Puts a link in the place of a file, as git would from a commit. */
  async function plant(link: string, target: string): Promise<void> {
    const place = path.join(temp.path, 'workspace', link);
    await mkdir(path.dirname(place), { recursive: true });
    await rm(place, { force: true });
    await symlink(target, place);
  }

  test.each([
    ['an absolute link', () => path.join(temp.path, 'runner/secret.txt')],
    ['a link upwards', () => '../../runner/secret.txt'],
    ['a link into .git', () => '../.git/config'],
  ])('%s in place of the prompt is refused, and what it leads to stays unseen', async (_, to) => {
    await temp.write('runner/secret.txt', CANARY);
    await temp.write('workspace/.git/config', CANARY);
    await plant(PROMPT, to());
    const run = await attack({ head: {} });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('::error::target.system-prompt');
    expect(shownBy(run)).not.toContain(CANARY);
  });

  test('a link in place of the configuration is refused', async () => {
    await temp.write('runner/secret.txt', `model: ${CANARY}`);
    const base = { [CONFIG]: config() };
    await github.commit('main', base);
    await plant(CONFIG, path.join(temp.path, 'runner/secret.txt'));
    const run = await attack({ base: {}, head: { [PROMPT]: PLAIN } });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('::error::config');
    expect(shownBy(run)).not.toContain(CANARY);
  });

  test('a link in place of the folder for results is refused, and nothing behind it touched', async () => {
    await temp.write('runner/record.json', CANARY);
    await plant('mask-gate-results', path.join(temp.path, 'runner'));
    const run = await attack({ head: { [PROMPT]: PLAIN } });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('::error::output');
    expect(await readdir(path.join(temp.path, 'runner'))).toEqual(['record.json']);
    expect(await readFile(path.join(temp.path, 'runner/record.json'), 'utf8')).toBe(CANARY);
  });
});

describe('a workflow command', () => {
  test('in what the head may set does not reach the runner', async () => {
    const target = ', reasoning-effort: "low\\n::stop-commands::x\\n##[error]x"';
    const head = config({ target }).replace('model: any,', 'model: "any\\n::set-env name=A::b",');
    const run = await attack({ head: { [CONFIG]: head, [PROMPT]: PLAIN } });
    expect(run.code).toBeGreaterThan(0);
    expect(run.stdout).not.toMatch(/^(::(set-env|stop-commands)|##\[error\])/m);
  });
});

describe('a trigger that is none', () => {
  const isWrite = ({ method }: { readonly method: string }): boolean => method !== 'GET';

  // The others are in action/event.test.ts.
  test('a recording on a pull request ends before anything is measured or written', async () => {
    const payload = {
      before: '0'.repeat(40),
      after: '1'.repeat(40),
      repository: { default_branch: 'main' },
      pull_request: {
        number: 1,
        head: { sha: '1'.repeat(40), repo: { full_name: 'stranger/bot' } },
        base: { sha: '2'.repeat(40), repo: { full_name: github.repository } },
      },
    };
    await temp.write(path.join('workspace', CONFIG), config({ url: attacker.url }));
    await temp.write(path.join('workspace', PROMPT), PLAIN);
    const before = github.sent.filter(isWrite).length;
    const run = await runAction({
      workspace: path.join(temp.path, 'workspace'),
      eventName: 'pull_request',
      payload,
      sha: '1'.repeat(40),
      ref: 'refs/pull/1/merge',
      apiUrl: github.apiUrl,
      repository: github.repository,
      inputs: { 'api-key': KEY, 'github-token': github.tokens.owner, mode: 'record' },
    });
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(/^::error::(event|mode): /m);
    expect(github.sent.filter(isWrite)).toHaveLength(before);
  });
});
