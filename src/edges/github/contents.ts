import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../base/errors.js';
import { LINK, type Pointer, SUBMODULE, explainPointer, findPointer } from '../../base/pointer.js';
import { writeWhole } from '../files/files.js';
import { type Api, orUndefined } from './api.js';

export interface DownloadedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** A link in a folder is not followed; `bytes` are empty. */
  readonly isLink?: true;
  /** Present where this is not a file: a submodule, or the link that was asked for. `bytes` are empty. */
  readonly pointer?: Pointer;
}

/** A file or folder at a commit. */
export interface ContentPlace {
  readonly path: string;
  readonly ref: string;
}

const entrySchema = z.object({ type: z.string(), path: z.string(), sha: z.string() });
const fileSchema = entrySchema.extend({
  content: z.string().optional(),
  encoding: z.string().optional(),
});
const blobSchema = z.object({ content: z.string() });

/** What GitHub's API calls something that is not a file. */
const POINTERS: Readonly<Record<string, Pointer>> = { symlink: LINK, submodule: SUBMODULE };

/**
 * The text of a file at a commit; undefined when it does not exist. GitHub follows a link to a file of the repository.
 *
 * @param setting what names the file, for messages
 * @throws UsageError when it is not a file, or its content is elsewhere
 */
export async function readFile(
  api: Api,
  place: ContentPlace,
  setting: string,
): Promise<string | undefined> {
  const data = await getContent(api, place);
  if (data === undefined) return undefined;
  const refuse = (what: string): UsageError => {
    const message = `"${place.path}" at ${place.ref.slice(0, 12)} ${what}`;
    return new UsageError([{ where: setting, message }]);
  };
  if (Array.isArray(data)) throw refuse('is a folder; name a file');
  const file = fileSchema.parse(data);
  const known = POINTERS[file.type];
  const bytes = known ? Buffer.of() : await readBytes(api, file);
  const pointer = known ?? findPointer(bytes);
  if (pointer) throw refuse(explainPointer(pointer, 'commit'));
  return bytes.toString('utf8');
}

/** Whether a file or folder is there at a commit. */
export async function exists(api: Api, place: ContentPlace): Promise<boolean> {
  return (await getContent(api, place)) !== undefined;
}

/**
 * A file, or all files of a folder, at a commit; empty when it is not there. In the list of a folder GitHub calls a
 * submodule a file; only when it is asked for by itself it says what it is.
 */
export async function download(api: Api, place: ContentPlace): Promise<readonly DownloadedFile[]> {
  const data = await getContent(api, place);
  if (data === undefined) return [];
  if (!Array.isArray(data)) {
    const file = fileSchema.parse(data);
    const pointer = POINTERS[file.type];
    return [
      pointer
        ? { path: place.path, bytes: new Uint8Array(), pointer }
        : { path: place.path, bytes: await readBytes(api, file) },
    ];
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

async function getContent({ octokit, repository }: Api, place: ContentPlace): Promise<unknown> {
  const response = await orUndefined(octokit.rest.repos.getContent({ ...repository, ...place }));
  return response?.data;
}

/** Contents above 1 MiB come without a body; the blob has it. */
async function readBytes(api: Api, file: z.infer<typeof fileSchema>): Promise<Buffer> {
  return file.encoding === 'base64' && file.content !== undefined
    ? Buffer.from(file.content, 'base64')
    : readBlob(api, file.sha);
}

/** The bytes of a blob of git. */
export async function readBlob({ octokit, repository }: Api, sha: string): Promise<Buffer> {
  const blob = await octokit.rest.git.getBlob({ ...repository, file_sha: sha });
  return Buffer.from(blobSchema.parse(blob.data).content, 'base64');
}
