import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { loadDataset } from '../../../src/edges/dataset/dataset.js';
import { type HubOptions, fetchHubDataset, listUnfetched } from '../../../src/edges/dataset/hub.js';
import { RunError, UsageError } from '../../../src/base/errors.js';
import { ARCHETYPES } from '../../../src/mask/archetype.js';
import {
  CSV_PATH,
  DATASET,
  FILES,
  type HubFile,
  type HubTraits,
  isFileRequest,
  parquetPath,
  redirect,
  refuse,
  say,
  startHub,
} from './hub-server.js';
import { type LocalServer, serve } from '../../local-server.js';
import { LFS_POINTER, makeRow, toCsv } from './rows.js';
import { useTempFolder } from '../temp.js';

const TOKEN = 'hf_simulated';
const DATA_FILES = FILES.filter(({ path: name }) => /\.(parquet|csv)$/.test(name));

const temp = useTempFolder();
let open: LocalServer[] = [];

afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function hubWith(traits: HubTraits = {}): Promise<LocalServer> {
  const hub = await startHub(traits);
  open.push(hub);
  return hub;
}

async function otherHost(listener: RequestListener): Promise<LocalServer> {
  const server = await serve(listener);
  open.push(server);
  return server;
}

function fetchFrom(
  hub: LocalServer,
  { revision = DATASET.revision, ...options }: Partial<HubOptions & { revision: string }> = {},
): Promise<string> {
  const cacheFolder = path.join(temp.path, 'cache');
  return fetchHubDataset(
    { ...DATASET, revision },
    { endpoint: hub.url, token: TOKEN, cacheFolder, ...options },
  );
}

/** Everything below the test's folder, as relative paths. */
async function filesOnDisk(): Promise<readonly string[]> {
  const entries = await readdir(temp.path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(temp.path, path.join(entry.parentPath, entry.name)));
}

/** The error of a failed fetch, which must leave nothing that looks complete. */
async function failureOf(fetching: Promise<string>): Promise<Error> {
  const error = await fetching.then(
    () => new Error('the fetch did not fail'),
    (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
  );
  expect((await filesOnDisk()).filter((file) => file.endsWith('manifest.json'))).toEqual([]);
  expect(error.message).not.toContain(TOKEN);
  return error;
}

async function expectRunError(fetching: Promise<string>, message: RegExp): Promise<void> {
  const error = await failureOf(fetching);
  expect(error).toBeInstanceOf(RunError);
  expect(error.message).toMatch(message);
}

async function expectUsageError(
  fetching: Promise<string>,
  ...messages: readonly string[]
): Promise<void> {
  const error = await failureOf(fetching);
  if (!(error instanceof UsageError)) throw error;
  expect(error.problems).toHaveLength(1);
  expect(error.problems[0]?.where).toBe('dataset.source');
  for (const message of messages) expect(error.message).toContain(message);
}

/** A Hub that refuses everything with a status. */
function refusingHub(status: number): Promise<LocalServer> {
  return hubWith({ intercept: (_, response) => refuse(response, status) });
}

function isRequestFor(file: string, url: string | undefined): boolean {
  return url?.endsWith(`/${file}`) ?? false;
}

function changeByte(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
}

describe('a revision', () => {
  test('is fetched completely: all pages of the list, data files only', async () => {
    const hub = await hubWith();
    const folder = await fetchFrom(hub);

    const fetched = hub.seen.filter(isFileRequest).map(({ url }) => url);
    expect(fetched.sort()).toEqual(
      DATA_FILES.map(
        (file) => `/datasets/${DATASET.id}/resolve/${DATASET.revision}/${file.path}`,
      ).sort(),
    );
    for (const file of DATA_FILES) {
      expect(await readFile(path.join(folder, file.path))).toEqual(Buffer.from(file.bytes));
    }
    const { examples, problems, malformed } = await loadDataset('.', folder);
    expect([...problems, ...malformed]).toEqual([]);
    expect(examples).toHaveLength(DATA_FILES.length);
    expect(new Set(examples.map(({ archetype }) => archetype))).toEqual(new Set(ARCHETYPES));
  });

  test('names the files that it left on the Hub, also from disk, and accepts types in any case', async () => {
    const rows = (id: string): Buffer =>
      Buffer.from(toCsv([makeRow('known_facts', { task_id: id, archetype: 'known_facts' })]));
    const files = [
      { path: 'UPPER.CSV', bytes: rows('upper'), isLarge: false },
      { path: '.hidden.csv', bytes: rows('hidden'), isLarge: false },
      { path: 'rows.json', bytes: Buffer.from('[]'), isLarge: false },
      { path: 'README.md', bytes: Buffer.from('# Set'), isLarge: false },
    ];
    const hub = await hubWith({ files });
    const folder = await fetchFrom(hub);
    expect((await loadDataset('.', folder)).examples.map(({ id }) => id)).toEqual(['upper']);
    await hub.close();
    expect(await fetchFrom(hub)).toBe(folder);
    expect([...(await listUnfetched(folder))].sort()).toEqual([
      '.hidden.csv',
      'README.md',
      'rows.json',
    ]);
  });

  test('is read from disk afterwards, without the Hub', async () => {
    const hub = await hubWith();
    const folder = await fetchFrom(hub);
    const asked = hub.seen.length;
    await hub.close();
    expect(await fetchFrom(hub)).toBe(folder);
    expect(await fetchFrom(hub, { token: undefined })).toBe(folder);
    expect(hub.seen).toHaveLength(asked);
    expect((await loadDataset('.', folder)).examples).toHaveLength(DATA_FILES.length);
  });

  test.each<[string, (place: string, file: HubFile) => Promise<void>]>([
    ['changed', (place, { bytes }) => writeFile(place, changeByte(bytes, bytes.length - 1))],
    ['cut', (place, { bytes }) => writeFile(place, bytes.subarray(0, 10))],
    ['gone', (place) => rm(place)],
  ])('is fetched again if a file on disk is %s', async (_, damage) => {
    const hub = await hubWith();
    const folder = await fetchFrom(hub);
    const asked = hub.seen.length;
    for (const file of DATA_FILES) {
      await damage(path.join(folder, file.path), file);
      expect(await fetchFrom(hub)).toBe(folder);
      expect(await readFile(path.join(folder, file.path))).toEqual(Buffer.from(file.bytes));
    }
    expect(hub.seen).toHaveLength(asked * (1 + DATA_FILES.length));
  });

  test.each(['', '{', '[{}]', 'null'])('is fetched again if its manifest is %j', async (text) => {
    const hub = await hubWith();
    const folder = await fetchFrom(hub);
    const asked = hub.seen.length;
    await writeFile(path.join(folder, 'manifest.json'), text);
    await fetchFrom(hub);
    expect(hub.seen).toHaveLength(2 * asked);
  });

  test('has its own folder: another one has another folder', async () => {
    const revision = 'f'.repeat(40);
    const hub = await hubWith({
      intercept: (request) => {
        request.url = request.url?.replace(revision, DATASET.revision);
        return false;
      },
    });
    const one = await fetchFrom(hub);
    const other = await fetchFrom(hub, { revision });
    expect(other).not.toBe(one);
    expect(await readdir(other)).toEqual(await readdir(one));
  });

  test('that failed once is fetched by the next attempt', async () => {
    let isDown = true;
    const hub = await hubWith({
      intercept: ({ url }, response) =>
        isDown && isRequestFor(parquetPath('statistics'), url) && refuse(response, 503),
    });
    await expectRunError(fetchFrom(hub), /answered 503/);
    isDown = false;
    const folder = await fetchFrom(hub);
    expect((await loadDataset('.', folder)).examples).toHaveLength(DATA_FILES.length);
  });
});

describe('the token', () => {
  /** A host that has the bytes, as the Hub's storage does, and one Hub that redirects all requests there. */
  async function hubAndStorage(): Promise<{ hub: LocalServer; storage: LocalServer }> {
    const source = await hubWith();
    const storage = await otherHost((request, response) => {
      void fetch(source.url + (request.url ?? ''))
        .then((reply) => reply.arrayBuffer())
        .then((bytes) => response.end(Buffer.from(bytes)));
    });
    const hub = await hubWith({
      intercept: (request, response) =>
        isFileRequest(request) && redirect(response, storage.url + (request.url ?? '')),
    });
    return { hub, storage };
  }

  test('is sent to the Hub, but not to the host that it redirects to', async () => {
    const { hub, storage } = await hubAndStorage();
    const folder = await fetchFrom(hub);
    expect((await loadDataset('.', folder)).examples).toHaveLength(DATA_FILES.length);
    expect(new Set(hub.seen.map((each) => each.authorization))).toEqual(
      new Set([`Bearer ${TOKEN}`]),
    );
    expect(storage.seen).toHaveLength(DATA_FILES.length);
    expect(storage.seen.map((each) => each.authorization)).toEqual(DATA_FILES.map(() => undefined));
  });

  test('is kept if the Hub redirects to itself, as for a dataset that moved', async () => {
    const hub = await hubWith({
      intercept: (request, response) => {
        const moved = request.url?.replace('/new/', '/');
        if (moved === request.url) return redirect(response, `/new${request.url ?? ''}`);
        request.url = moved;
        return false;
      },
    });
    await fetchFrom(hub);
    expect(hub.seen.some(({ url }) => url.startsWith('/new/'))).toBe(true);
    expect(hub.seen.every((each) => each.authorization === `Bearer ${TOKEN}`)).toBe(true);
  });

  test('is not sent to a host that the list names as its next page', async () => {
    const stranger = await otherHost((_, response) => {
      response.end('[]');
    });
    const hub = await hubWith({
      intercept: (request, response) => {
        if (isFileRequest(request)) return false;
        response.setHeader('link', `<${stranger.url}/page>; rel="next"`);
        return say(response, '[]');
      },
    });
    await expectUsageError(fetchFrom(hub), 'no Parquet, CSV or JSONL file');
    expect(stranger.seen).toEqual([{ url: '/page', authorization: undefined }]);
  });

  test('is not invented if there is none', async () => {
    const hub = await hubWith();
    await fetchFrom(hub, { token: undefined });
    expect(new Set(hub.seen.map((each) => each.authorization))).toEqual(new Set([undefined]));
  });
});

describe('the message for a refusal says how to fix it', () => {
  test('401 without a token', async () => {
    const hub = await refusingHub(401);
    const termsPage = `${hub.url}/datasets/cais/MASK`;
    await expectUsageError(
      fetchFrom(hub, { token: undefined }),
      'gated (401)',
      termsPage,
      'HF_TOKEN',
    );
  });

  test.each([401, 403])('%d with a token', async (status) => {
    const hub = await refusingHub(status);
    const termsPage = `${hub.url}/datasets/cais/MASK`;
    await expectUsageError(
      fetchFrom(hub),
      `gated (${status})`,
      termsPage,
      'the token is not valid or its account has not accepted them',
    );
  });

  test('403 for the files of a public list', async () => {
    const hub = await hubWith({
      intercept: (request, response) => isFileRequest(request) && refuse(response, 403),
    });
    await expectUsageError(fetchFrom(hub), 'gated (403)', `${hub.url}/datasets/cais/MASK`);
  });

  test('404 for a revision that does not exist', async () => {
    await expectUsageError(fetchFrom(await refusingHub(404)), DATASET.id, DATASET.revision);
  });

  test('a dataset without a data file', async () => {
    const files = FILES.filter((file) => !DATA_FILES.includes(file));
    await expectUsageError(fetchFrom(await hubWith({ files })), 'no Parquet, CSV or JSONL file');
  });
});

describe('incomplete downloads are refused', () => {
  /** The file that the server sends in another form than the list says. */
  function hubThatSpoils(name: string, listener: RequestListener): Promise<LocalServer> {
    return hubWith({
      intercept: (request, response) => {
        if (!isRequestFor(name, request.url)) return false;
        listener(request, response);
        return true;
      },
    });
  }

  test('a body that is shorter than its length says', async () => {
    const hub = await hubThatSpoils(CSV_PATH, (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('task_id,', () => response.destroy());
    });
    await expectRunError(fetchFrom(hub), /known_facts\.csv was not received completely/);
  });

  test('a body that is cut and has no length', async () => {
    const hub = await hubThatSpoils(CSV_PATH, (_, response) => {
      response.end('task_id,');
    });
    await expectRunError(fetchFrom(hub), /known_facts\.csv does not match its hash \(8 of \d+/);
  });

  test.each([CSV_PATH, parquetPath('continuations')])(
    '%s with other bytes of the same length',
    async (name) => {
      const bytes = FILES.find((file) => file.path === name)?.bytes ?? Buffer.alloc(0);
      const hub = await hubThatSpoils(name, (_, response) => {
        response.end(changeByte(bytes, 40));
      });
      await expectRunError(fetchFrom(hub), /does not match its hash/);
      expect((await filesOnDisk()).filter((file) => file.endsWith(name))).toEqual([]);
    },
  );

  test('a body that does not end within the time limit', async () => {
    const hub = await hubThatSpoils(CSV_PATH, (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('task_id,');
    });
    await expectRunError(fetchFrom(hub, { timeoutMs: 3000 }), /known_facts\.csv.*timeout/);
  });

  test('a Hub that does not answer within the time limit', async () => {
    const hub = await hubWith({ intercept: () => true });
    await expectRunError(fetchFrom(hub, { timeoutMs: 50 }), /cannot be reached:.*timeout/);
  });

  test('a Hub that is unreachable', async () => {
    const hub = await hubWith();
    await hub.close();
    await expectRunError(fetchFrom(hub), /^127\.0\.0\.1:\d+ cannot be reached/);
  });

  test('a redirect without end', async () => {
    const hub = await hubWith({
      intercept: ({ url = '' }, response) => redirect(response, url),
    });
    await expectRunError(fetchFrom(hub), /redirects cais\/MASK without end/);
    expect(hub.seen.length).toBeLessThan(10);
  });

  test.each(['http://[', 'file:///etc/passwd'])('a redirect to %s', async (location) => {
    const hub = await hubWith({ intercept: (_, response) => redirect(response, location) });
    await expectRunError(fetchFrom(hub), /./);
  });

  test('a next page whose address is not valid', async () => {
    const hub = await hubWith({
      intercept: (_, response) => {
        response.setHeader('link', '<http://[>; rel="next"');
        return say(response, '[]');
      },
    });
    await expectRunError(fetchFrom(hub), /./);
  });

  test.each([
    ['no JSON', '<html>Welcome to the hotel</html>'],
    ['nothing', ''],
    ['an object', '{"error":"later"}'],
    ['a list of other items', '["known_facts.parquet"]'],
    ['entries without a hash', '[{"type":"file","path":"known_facts.csv","size":1}]'],
  ])('a list of files that is %s', async (_, text) => {
    const hub = await hubWith({ intercept: (__, response) => say(response, text) });
    await expectRunError(fetchFrom(hub), /gave no list of the files of cais\/MASK/);
  });
});

describe('names of files', () => {
  test.each([
    ['climbs out', () => '../../evil.parquet'],
    ['climbs out from within', () => 'data/../../../../evil.parquet'],
    ['climbs to a sibling with the same beginning', () => `../${DATASET.revision}-evil.parquet`],
    ['is absolute', () => path.join(temp.path, 'evil.parquet')],
  ])('a name that %s is refused and nothing is written outside', async (_, nameOf) => {
    const evil: HubFile = { path: nameOf(), bytes: Buffer.from('PAR1 evil'), isLarge: true };
    const hub = await hubWith({ files: [...FILES, evil] });
    await expectRunError(fetchFrom(hub), /leads out of its folder/);
    const folder = path.join('cache', 'cais--MASK', DATASET.revision) + path.sep;
    const written = await filesOnDisk();
    expect(written.filter((file) => !file.startsWith(folder) || file.includes('evil'))).toEqual([]);
  });

  test.each(['50% off.csv', 'why?/known_facts.csv', 'part #1.csv', 'größe & co.csv', 'a%20b.csv'])(
    'the name "%s" is fetched',
    async (name) => {
      const files = DATA_FILES.slice(-1).map((file) => ({ ...file, path: name }));
      const folder = await fetchFrom(await hubWith({ files }));
      expect(await readdir(folder, { recursive: true })).toContain(name);
    },
  );
});

test('a file that the Hub has resolved is content, and a pointer that was uploaded as a file is refused', async () => {
  const sound = await fetchFrom(await hubWith());
  expect((await loadDataset('.', sound, 'hub')).problems).toEqual([]);
  const pointer = { path: 'known_facts.csv', bytes: Buffer.from(LFS_POINTER), isLarge: false };
  const cacheFolder = path.join(temp.path, 'other');
  const bad = await fetchFrom(await hubWith({ files: [pointer] }), { cacheFolder });
  expect((await loadDataset('.', bad, 'hub')).problems).toEqual([
    {
      where: 'dataset.source',
      message: expect.stringMatching(
        /^"known_facts.csv" is a Git LFS pointer, and not the content. The Hub itself/,
      ) as string,
    },
  ]);
});
