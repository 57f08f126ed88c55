import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { AnswerTooLarge, fetchWithin } from '../../../src/edges/model/response-limit.js';

let server: Server | undefined;

/** Answers every request with one body. */
async function serve(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | number>> = {},
  status = 200,
): Promise<string> {
  server = createServer((_, response) => {
    response.writeHead(status, { 'x-kept': 'yes', ...headers });
    // Two parts, so without a stated length it is sent in chunks.
    response.write(body.slice(0, 1));
    response.end(body.slice(1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://127.0.0.1:${address.port}/`;
}

afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  if (server) await once(server, 'close');
  server = undefined;
});

const TEN = '0123456789';

describe('an answer', () => {
  test.each([
    { name: 'in chunks', headers: {} },
    { name: 'of a stated length', headers: { 'content-length': 10 } },
  ])('$name at the limit is read completely, with status and headers', async ({ headers }) => {
    const response = await fetchWithin(10)(await serve(TEN, headers, 203));
    expect([response.status, response.headers.get('x-kept')]).toEqual([203, 'yes']);
    expect(await response.text()).toBe(TEN);
  });

  test.each([
    { name: 'in chunks', headers: {} },
    { name: 'of a stated length', headers: { 'content-length': 10 } },
  ])('$name above it ends with an error', async ({ headers }) => {
    const response = await fetchWithin(9)(await serve(TEN, headers));
    await expect(response.text()).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  test('is measured after decompression, with any stated length', async () => {
    const packed = gzipSync('x'.repeat(100_000));
    const headers = { 'content-encoding': 'gzip', 'content-length': packed.byteLength };
    const url = await serve(packed, headers);
    expect(packed.byteLength).toBeLessThan(1000);
    await expect((await fetchWithin(1000)(url)).json()).rejects.toBeInstanceOf(AnswerTooLarge);
    expect(await (await fetchWithin(100_000)(url)).text()).toHaveLength(100_000);
  });

  test('without a body is unchanged', async () => {
    server = createServer((_, response) => response.writeHead(204).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    const response = await fetchWithin(1)(`http://127.0.0.1:${address.port}/`);
    expect([response.status, await response.text()]).toEqual([204, '']);
  });
});
