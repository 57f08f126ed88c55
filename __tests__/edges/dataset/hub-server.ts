import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ARCHETYPES } from '../../../src/mask/archetype.js';
import { type LocalServer, serve } from '../../local-server.js';
import { makeRow, toCsv } from './rows.js';

export const DATASET = { id: 'cais/MASK', revision: '4602b84dd9e2ca05c6e1eafbc14e556e908ac1bb' };

export interface HubFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Large files are listed by SHA-256, small ones by their git hash. */
  readonly isLarge: boolean;
}

/** The file of an archetype, as cais/MASK has it. */
export function parquetPath(archetype: string): string {
  return `${archetype}/test-00000-of-00001.parquet`;
}

export const CSV_PATH = 'small.csv/known_facts.csv';

/** Six Parquet files in the layout of cais/MASK, one small CSV, and other files of such a repository. */
export const FILES: readonly HubFile[] = [
  { path: '.gitattributes', bytes: Buffer.from('*.parquet filter=lfs\n'), isLarge: false },
  { path: 'README.md', bytes: Buffer.from('# MASK\n'), isLarge: false },
  ...ARCHETYPES.map((archetype) => ({
    path: parquetPath(archetype),
    bytes: parquetOf(makeRow(archetype)),
    isLarge: true,
  })),
  {
    path: CSV_PATH,
    bytes: Buffer.from(toCsv([makeRow('known_facts', { task_id: 'small' })])),
    isLarge: false,
  },
];

function parquetOf(row: Readonly<Record<string, unknown>>): Uint8Array {
  const columnData = Object.entries(row).map(([name, value]) => ({
    name,
    data: [value],
    type: 'STRING' as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** An entry of the Hub's list of files. */
function entryOf({ path: name, bytes, isLarge }: HubFile): object {
  const gitHash = (content: Uint8Array): string =>
    createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  if (!isLarge) return { type: 'file', path: name, size: bytes.length, oid: gitHash(bytes) };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`;
  return {
    type: 'file',
    path: name,
    size: bytes.length,
    oid: gitHash(Buffer.from(pointer)),
    lfs: { oid: sha256, size: bytes.length, pointerSize: pointer.length },
  };
}

/** How a Hub differs from a working one; by default it works. */
export interface HubTraits {
  readonly files?: readonly HubFile[];
  /** Answers instead of the Hub; false leaves the answer to the Hub. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const ENTRIES_PER_PAGE = 4;
const NO_HASH = '0'.repeat(40);

/** The part of the Hugging Face Hub that serves one revision of a dataset, with its list page by page. */
export async function startHub({
  files = FILES,
  intercept = () => false,
}: HubTraits = {}): Promise<LocalServer> {
  const folders = new Set(files.map((file) => path.posix.dirname(file.path)));
  const list = [
    ...[...folders].map((name) => ({ type: 'directory', path: name, size: 0, oid: NO_HASH })),
    ...files.map(entryOf),
  ];
  const tree = `/api/datasets/${DATASET.id}/tree/${DATASET.revision}`;
  const root = `/datasets/${DATASET.id}/resolve/${DATASET.revision}`;
  const places = new Map(
    files.map((file) => [path.posix.normalize(`${root}/${file.path}`), file.bytes]),
  );
  return serve((request, response) => {
    if (intercept(request, response)) return;
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    const bytes = places.get(pathOf(url));
    if (bytes) {
      response.end(bytes);
      return;
    }
    if (url.pathname !== tree || url.searchParams.get('recursive') !== 'true') {
      refuse(response, 404);
      return;
    }
    const from = Number(url.searchParams.get('cursor'));
    const next = from + ENTRIES_PER_PAGE;
    const link = `<${url.origin}${tree}?recursive=true&cursor=${next}>; rel="next"`;
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(next < list.length && { link }),
    });
    response.end(JSON.stringify(list.slice(from, next)));
  });
}

/** The path that a URL names; empty if its percent signs are not valid. */
function pathOf({ pathname }: URL): string {
  try {
    return path.posix.normalize(decodeURIComponent(pathname));
  } catch {
    return '';
  }
}

export function isFileRequest({ url }: { readonly url?: string | undefined }): boolean {
  return url?.startsWith('/datasets/') ?? false;
}

/** Refuses like the Hub: a status with a JSON object. */
export function refuse(response: ServerResponse, status: number): true {
  response.writeHead(status, { 'content-type': 'application/json' });
  return say(response, JSON.stringify({ error: `refused with ${status}` }));
}

export function redirect(response: ServerResponse, location: string): true {
  response.writeHead(302, { location });
  return say(response, '');
}

/** Ends the response with a text. */
export function say(response: ServerResponse, text: string): true {
  response.end(text);
  return true;
}
