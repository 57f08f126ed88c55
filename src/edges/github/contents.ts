import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../files/files.js';
import { type Api, orUndefined } from './api.js';

export interface DownloadedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** A link in a folder is not followed; `bytes` are empty. */
  readonly isLink?: true;
}

/** A file or folder at a commit. */
export interface Place {
  readonly path: string;
  readonly ref: string;
}

const entrySchema = z.object({ type: z.string(), path: z.string(), sha: z.string() });
const fileSchema = entrySchema.extend({
  content: z.string().optional(),
  encoding: z.string().optional(),
});
const blobSchema = z.object({ content: z.string() });

/** The text of a file at a commit; undefined when it is not there. */
export async function readFile(api: Api, place: Place): Promise<string | undefined> {
  const data = await getContent(api, place);
  return data === undefined
    ? undefined
    : (await bytesOf(api, fileSchema.parse(data))).toString('utf8');
}

/** Whether a file or folder is there at a commit. */
export async function exists(api: Api, place: Place): Promise<boolean> {
  return (await getContent(api, place)) !== undefined;
}

/** A file, or all files of a folder, at a commit; empty when it is not there. */
export async function download(api: Api, place: Place): Promise<readonly DownloadedFile[]> {
  const data = await getContent(api, place);
  if (data === undefined) return [];
  if (!Array.isArray(data)) {
    const file = fileSchema.parse(data);
    return [{ path: file.path, bytes: await bytesOf(api, file) }];
  }
  const entries = z.array(entrySchema).parse(data);
  const files = await Promise.all(
    entries.map(async (entry): Promise<readonly DownloadedFile[]> =>
      entry.type === 'file' || entry.type === 'dir'
        ? download(api, { ...place, path: entry.path })
        : [{ path: entry.path, bytes: new Uint8Array(), isLink: true }],
    ),
  );
  return files.flat();
}

/** Puts a downloaded file below a folder. A link stays one, to nowhere, so that the reader of the folder names it. */
export async function placeDownload(folder: string, file: DownloadedFile): Promise<void> {
  const target = path.join(folder, file.path);
  if (!file.isLink) return writeWhole(target, file.bytes);
  await mkdir(path.dirname(target), { recursive: true });
  await symlink('not-followed', target);
}

async function getContent({ octokit, repository }: Api, place: Place): Promise<unknown> {
  const response = await orUndefined(octokit.rest.repos.getContent({ ...repository, ...place }));
  return response?.data;
}

/** Contents above 1 MiB come without a body; the blob has it. */
async function bytesOf(api: Api, file: z.infer<typeof fileSchema>): Promise<Buffer> {
  return file.encoding === 'base64' && file.content !== undefined
    ? Buffer.from(file.content, 'base64')
    : readBlob(api, file.sha);
}

/** The bytes of a blob of git. */
export async function readBlob({ octokit, repository }: Api, sha: string): Promise<Buffer> {
  const blob = await octokit.rest.git.getBlob({ ...repository, file_sha: sha });
  return Buffer.from(blobSchema.parse(blob.data).content, 'base64');
}
