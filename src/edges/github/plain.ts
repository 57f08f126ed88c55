import { explainPointer, findPointer } from '../../base/pointer.js';
import { type FileRequest, type FoundFile, TEXT_LIMIT } from '../files/files.js';
import type { Api } from './api.js';
import { readBlob } from './contents.js';
import { findPlace } from './places.js';

/**
 * Reads a text of a commit that must not be checked out, as strictly as files of the workspace are read. The size in the
 * tree keeps a huge file from being fetched at all.
 *
 * @param ref a full commit hash
 * @throws RunError when GitHub can't list a folder on the way
 */
export async function readPlainText(
  api: Api,
  request: Omit<FileRequest, 'root'>,
  ref: string,
): Promise<FoundFile<string>> {
  const refuse = (what: string): FoundFile<string> => ({
    problem: { where: request.setting, message: `"${request.path}" ${what}` },
  });
  const place = await findPlace(api, { path: request.path, ref });
  switch (place.status) {
    case 'outside':
      return refuse('leads out of the repository; name a file inside it');
    case 'blocked':
      return refuse('is not inside a folder');
    case 'folder':
      return refuse('is a folder; name a file');
    case 'pointer': {
      const reason = explainPointer(place.pointer, 'commit');
      return refuse(place.isLast ? reason : `does not exist, and "${place.place}" ${reason}`);
    }
    case 'absent': {
      const { keeper } = place;
      if (!keeper) return { absent: true };
      const reason = explainPointer(keeper.pointer, 'commit');
      return refuse(`does not exist, and "${keeper.place}" ${reason}`);
    }
    case 'file':
      return readText(api, place.entry, refuse);
  }
}

async function readText(
  api: Api,
  { sha, size = 0 }: { readonly sha: string; readonly size?: number | undefined },
  refuse: (what: string) => FoundFile<string>,
): Promise<FoundFile<string>> {
  const tooLarge = `is larger than ${TEXT_LIMIT / 1024 / 1024} MiB`;
  if (size > TEXT_LIMIT) return refuse(tooLarge);
  const bytes = await readBlob(api, sha);
  if (bytes.length > TEXT_LIMIT) return refuse(tooLarge);
  const pointer = findPointer(bytes);
  if (pointer) return refuse(explainPointer(pointer, 'commit'));
  try {
    return { found: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return refuse('cannot be read as UTF-8 text');
  }
}
