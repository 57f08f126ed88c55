import { Agent, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { execute } from './process.js';
import { exchangesOf, makeRows } from './rows.js';
import type { BenchServer } from './server.js';

const CALLS = 10_000;
const SOCKETS = 100;

/** Calls per second that the server answers without latency to a client that does nothing else. */
export async function measureCeiling(
  server: BenchServer,
  node: string,
  self: string,
): Promise<number> {
  server.begin({
    seed: 'ceiling',
    latency: { medianMs: 0, spread: 0 },
    headers: 'full',
    faults: 0,
    requests: { perMinute: 60_000_000 },
  });
  const argv = [node, self, 'ceiling', server.url] as const;
  const { output } = await execute({ argv, cwd: '.', env: {}, limitMs: 60_000 });
  return Math.round(Number(output));
}

/** The client of `measureCeiling`: prints calls per second. */
export async function runCeiling(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const [exchange] = exchangesOf(makeRows(1))[0] ?? [];
  const body = JSON.stringify({ model: 'bench-judge', messages: exchange?.judge });
  let left = CALLS;
  const call = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/chat/completions`, { method: 'POST', agent }, (response) => {
        readText(response).then(resolve, reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: SOCKETS }, worker));
  process.stdout.write(String((CALLS / (performance.now() - start)) * 1000));
  agent.destroy();
}
