import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import { z } from 'zod';

/** A GitHub-shaped server with one repository, and a switch that refuses comments as a read-only token would. */
export interface GitHubServer {
  readonly apiUrl: string;
  readonly repository: string;
  readonly tokens: { readonly workflow: string; readonly owner: string };
  /** Answers 403 to every request that would write a comment. */
  refuseComments: boolean;
  commit(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  branch(name: string, sha: string): Promise<void>;
  openPullRequest(branch: string): Promise<number>;
  comment(pullRequest: number, body: string, token: string): Promise<void>;
  comments(pullRequest: number): Promise<readonly Comment[]>;
  close(): Promise<void>;
}

const commentSchema = z.object({
  id: z.number(),
  body: z.string(),
  user: z.object({ login: z.string() }),
});

export type Comment = z.infer<typeof commentSchema>;

const OWNER = 'octocat';
const REPO = 'bot';
const TOKENS = { workflow: 'workflow-token', owner: 'owner-token' };

export async function startGitHub(): Promise<GitHubServer> {
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: {
        [TOKENS.workflow]: { login: 'github-actions[bot]', scopes: ['repo'] },
        [TOKENS.owner]: { login: OWNER, scopes: ['repo'] },
      },
      github: {
        users: [{ login: OWNER }, { login: 'github-actions[bot]' }],
        repos: [{ owner: OWNER, name: REPO, auto_init: true }],
      },
    },
  });
  const state = { refuseComments: false };
  const proxy = await startProxy(emulator.url, state);
  const call = createCaller(emulator.url);
  const repo = `/repos/${OWNER}/${REPO}`;

  return Object.assign(state, {
    apiUrl: proxy.url,
    repository: `${OWNER}/${REPO}`,
    tokens: TOKENS,
    async commit(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
      let sha = '';
      for (const [file, text] of Object.entries(files)) {
        const path = `${repo}/contents/${file}`;
        const known = await call('GET', `${path}?ref=${branch}`);
        const existing = z.object({ sha: z.string() }).safeParse(known);
        const reply = await call('PUT', path, {
          message: `Change ${file}`,
          branch,
          content: Buffer.from(text).toString('base64'),
          ...(existing.success && { sha: existing.data.sha }),
        });
        ({ sha } = z.object({ commit: z.object({ sha: z.string() }) }).parse(reply).commit);
      }
      return sha;
    },
    async branch(name: string, sha: string): Promise<void> {
      await call('POST', `${repo}/git/refs`, { ref: `refs/heads/${name}`, sha });
    },
    async openPullRequest(branch: string): Promise<number> {
      const reply = await call('POST', `${repo}/pulls`, {
        title: branch,
        head: branch,
        base: 'main',
      });
      return z.object({ number: z.number() }).parse(reply).number;
    },
    async comment(pullRequest: number, body: string, token: string): Promise<void> {
      await call('POST', `${repo}/issues/${pullRequest}/comments`, { body }, token);
    },
    async comments(pullRequest: number): Promise<readonly Comment[]> {
      const pages = await Promise.all(
        [1, 2].map((page) =>
          call('GET', `${repo}/issues/${pullRequest}/comments?per_page=100&page=${page}`),
        ),
      );
      return pages.flatMap((page) => z.array(commentSchema).parse(page));
    },
    async close(): Promise<void> {
      proxy.server.closeAllConnections();
      await new Promise((resolve) => proxy.server.close(resolve));
      await emulator.close();
    },
  });
}

type Caller = (method: string, path: string, body?: object, token?: string) => Promise<unknown>;

function createCaller(url: string): Caller {
  return async (method, path, body, token = TOKENS.owner) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
}

/** Passes everything on, but for the faults that the emulator can't make. */
async function startProxy(
  target: string,
  state: { readonly refuseComments: boolean },
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readAll(request);
      const { method = 'GET', url = '/' } = request;
      if (state.refuseComments && method !== 'GET' && url.includes('/comments')) {
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: 'Resource not accessible by integration' }));
        return;
      }
      const reply = await fetch(target + url, {
        method,
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': 'application/json',
        },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(reply.status, {
        'content-type': reply.headers.get('content-type') ?? 'text/plain',
      });
      response.end(Buffer.from(await reply.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${portOf(server)}`, server };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
