import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Problem, RunError, UsageError, toMessage } from '../../base/errors.js';
import { jsonText } from '../../base/json.js';
import { isDataFile } from './data-folder.js';
import { writeWhole } from '../files/files.js';

export interface HubOptions {
  /** `https://huggingface.co`, or a mirror. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /**
   * Where downloaded datasets are stored on this machine; private data, never part of a portable cache. Undefined where
   * there is no home folder: then no dataset can be fetched.
   */
  readonly cacheFolder: string | undefined;
  /** Limit of one request, body included, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface HubDataset {
  /** `owner/name`. */
  readonly id: string;
  /** The full commit hash, so that the data can't change under a baseline. */
  readonly revision: string;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 5;

/** A file of a revision. Large files are known by the SHA-256 of their content, small ones by their git hash. */
const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int().nonnegative(),
  oid: z.string(),
  lfs: z.object({ oid: z.string(), size: z.int().nonnegative() }).optional(),
});

type HubEntry = z.infer<typeof entrySchema>;

const MANIFEST = 'manifest.json';

const BAD_ENDPOINT =
  'HF_ENDPOINT must be an http or https address without user, password, query or fragment';

const NO_FOLDER =
  'there is no home folder to store a dataset of the Hub in; set XDG_CACHE_HOME to an absolute path';

/**
 * Brings the data files of a pinned revision to this machine, once, and checks every byte against the hashes of
 * the Hub. With a warm disk no request is made.
 *
 * @returns the folder that holds the files in the layout of the repository
 * @throws UsageError when the terms have to be accepted, the revision does not exist, or there is no folder for the files
 * @throws RunError when the Hub can't be reached, or sends files that do not match their hashes
 */
export async function fetchHubDataset(dataset: HubDataset, options: HubOptions): Promise<string> {
  const { cacheFolder, endpoint } = options;
  if (!isPlainAddress(endpoint)) throw new UsageError([toProblem(BAD_ENDPOINT)]);
  if (cacheFolder === undefined) throw new UsageError([toProblem(NO_FOLDER)]);
  const folder = path.join(cacheFolder, dataset.id.replace('/', '--'), dataset.revision);
  if (await isComplete(folder)) return folder;
  const all = await listFiles(dataset, options);
  const entries = all.filter(isData);
  if (entries.length === 0) {
    throw new UsageError([
      toProblem(`${dataset.id} has no Parquet, CSV or JSONL file at this revision`),
    ]);
  }
  for (const entry of entries) {
    const place = resolveInside(folder, entry.path);
    const url = `${options.endpoint}/datasets/${dataset.id}/resolve/${dataset.revision}/${encodePath(entry.path)}`;
    const response = await request(url, dataset, options);
    const bytes = await readBody(response, entry.path);
    if (!isGenuine(entry, bytes)) {
      throw new RunError(
        `${dataset.id}: ${entry.path} does not match its hash (${bytes.length} of ${entry.lfs?.size ?? entry.size} bytes); it was cut or changed on the way, try again`,
      );
    }
    await writeWhole(place, bytes);
  }
  await writeWhole(path.join(folder, MANIFEST), JSON.stringify(all));
  return folder;
}

/** The files of a fetched revision that are not data, and were left on the Hub. */
export async function listUnfetched(folder: string): Promise<readonly string[]> {
  const entries = await readManifest(folder);
  return (entries ?? [])
    .filter((entry) => entry.type === 'file' && !isData(entry))
    .map((entry) => entry.path);
}

/** Whether an address can be asked and named: one with a password would be printed whole. */
function isPlainAddress(address: string): boolean {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return false;
  const { username, password, search, hash } = new URL(address);
  return username + password + search + hash === '';
}

async function readManifest(folder: string): Promise<readonly HubEntry[] | undefined> {
  const manifest = (await readKept(path.join(folder, MANIFEST)))?.toString('utf8') ?? '';
  return jsonText.pipe(z.array(entrySchema)).safeParse(manifest).data;
}

/** Whether every file of the manifest is there and genuine; the manifest is written last. */
async function isComplete(folder: string): Promise<boolean> {
  const entries = await readManifest(folder);
  if (!entries) return false;
  const checks = entries.filter(isData).map(async (entry) => {
    const bytes = await readKept(resolveInside(folder, entry.path));
    return bytes !== undefined && isGenuine(entry, bytes);
  });
  return (await Promise.all(checks)).every(Boolean);
}

/** A regular file that is there: reading a pipe in its place would not end. */
async function readKept(place: string): Promise<Buffer | undefined> {
  const status = await lstat(place).catch(() => undefined);
  return status?.isFile() ? readFile(place).catch(() => undefined) : undefined;
}

/** Names come from outside: none may lead out of the folder. */
function resolveInside(folder: string, name: string): string {
  const place = path.resolve(folder, name);
  if (!place.startsWith(path.resolve(folder) + path.sep)) {
    throw new RunError(
      `the dataset holds a file with the name "${name}", which leads out of its folder`,
    );
  }
  return place;
}

function isData({ type, path: name }: HubEntry): boolean {
  return type === 'file' && isDataFile(name);
}

function isGenuine({ oid, lfs, size }: HubEntry, bytes: Buffer): boolean {
  if (bytes.length !== (lfs?.size ?? size)) return false;
  if (lfs) return createHash('sha256').update(bytes).digest('hex') === lfs.oid;
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === oid;
}

/** All entries of the revision, page by page. */
async function listFiles(dataset: HubDataset, options: HubOptions): Promise<readonly HubEntry[]> {
  const entries: HubEntry[] = [];
  const seen = new Set<string>();
  const first = `${options.endpoint}/api/datasets/${dataset.id}/tree/${dataset.revision}?recursive=true`;
  for (let url: string | undefined = first; url !== undefined;) {
    const response: Response = await request(url, dataset, options);
    const text = (await readBody(response, 'the list of files')).toString('utf8');
    const page = jsonText.pipe(z.array(entrySchema)).safeParse(text);
    if (!page.success)
      throw new RunError(`${options.endpoint} gave no list of the files of ${dataset.id}`);
    entries.push(...page.data);
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    url = next === undefined ? undefined : follow(next, new URL(url)).href;
    if (url !== undefined && seen.has(url))
      throw new RunError(`${options.endpoint} returned too many pages of files`);
    seen.add(url ?? '');
  }
  return entries;
}

/** One GET that follows redirects by itself: the token goes to the Hub's own origin and to no other. */
async function request(url: string, dataset: HubDataset, options: HubOptions): Promise<Response> {
  const home = new URL(options.endpoint).origin;
  const signal = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let target = new URL(url);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const isHome = target.origin === home;
    const headers = isHome && options.token ? { authorization: `Bearer ${options.token}` } : {};
    const response = await fetch(target, { headers, redirect: 'manual', signal }).catch(
      (error: unknown) => {
        throw new RunError(`${target.host} cannot be reached: ${toMessage(error)}`, {
          cause: error,
        });
      },
    );
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      return checkStatus(response, dataset, options);
    }
    target = follow(location, target);
  }
  throw new RunError(`${options.endpoint} redirects ${dataset.id} without end`);
}

/** Names of files may hold any character. */
function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

function follow(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) {
    throw new RunError(`${from.host} redirects to an address that is not valid`);
  }
  return new URL(location, from);
}

function checkStatus(
  response: Response,
  dataset: HubDataset,
  { endpoint, token }: HubOptions,
): Response {
  if (response.ok) return response;
  const { status } = response;
  if (status === 401 || status === 403) {
    const account = token
      ? 'the token is not valid or its account has not accepted them'
      : 'there is no token; set HF_TOKEN (command line) or the input hf-token (Action)';
    throw new UsageError([
      toProblem(
        `${dataset.id} is gated (${status}): accept its terms at ${endpoint}/datasets/${dataset.id} and pass a token of that account; ${account}`,
      ),
    ]);
  }
  if (status === 404) {
    throw new UsageError([
      toProblem(`the Hub has no dataset ${dataset.id} at revision ${dataset.revision} (404)`),
    ]);
  }
  throw new RunError(`${endpoint} answered ${status} for ${dataset.id}`);
}

async function readBody(response: Response, what: string): Promise<Buffer> {
  try {
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new RunError(`${what} was not received completely: ${toMessage(error)}`, {
      cause: error,
    });
  }
}

function toProblem(message: string): Problem {
  return { where: 'dataset.source', message };
}
