import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';

export interface SeenRequest {
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface LocalServer {
  readonly url: string;
  /** The requests so far, in order. */
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Serves on a free port of this machine and records the requests. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
