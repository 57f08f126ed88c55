import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DVC, LINK, type Pointer, SUBMODULE, toDvcFile, findPointer } from '../../base/pointer.js';

/** The path that git writes in place of a link: one line without a line end, which names a path relative to the file. */
const BARE_TARGET = /^[^\s/\\][^\s\\]*$/;

/** No path of git's is longer, as systems have it. */
const MAX_TARGET = 4096;

/**
 * Recognises a file whose content is elsewhere, also a link that was checked out as a text and leads to what is there.
 *
 * @param file absolute
 * @param bytes all of its content
 */
export async function findPointerInFile(
  file: string,
  bytes: Uint8Array,
): Promise<Pointer | undefined> {
  const pointer = findPointer(bytes);
  if (pointer || bytes.length > MAX_TARGET) return pointer;
  const text = new TextDecoder().decode(bytes);
  if (!BARE_TARGET.test(text) || text.split('/').includes('..')) return undefined;
  const target = path.join(path.dirname(file), text);
  const isThere = await stat(target).catch(() => undefined);
  return isThere && target !== file ? LINK : undefined;
}

/** What another tool has in the repository for a file or folder that is not in the checkout. */
export interface Keeper {
  /** A file or folder of the repository. */
  readonly place: string;
  readonly pointer: Pointer;
}

/** Finds what represents a file or folder that is not in a checkout: the file of DVC next to it, or a submodule. */
export async function findKeeper({
  root,
  path: name,
}: {
  readonly root: string;
  readonly path: string;
}): Promise<Keeper | undefined> {
  const wanted = path.relative(root, path.resolve(root, name)).split(path.sep).join('/');
  const dvcFile = toDvcFile(wanted);
  const found = await stat(path.join(root, dvcFile)).catch(() => undefined);
  if (found?.isFile()) return { place: dvcFile, pointer: DVC };
  const modules = await readFile(path.join(root, '.gitmodules'), 'utf8').catch(() => '');
  const paths = [...modules.matchAll(/^[ \t]*path[ \t]*=[ \t]*(\S.*?)[ \t\r]*$/gm)];
  const place = paths
    .map(([, one = '']) => one)
    .find((one) => one === wanted || wanted.startsWith(`${one}/`));
  return place === undefined ? undefined : { place, pointer: SUBMODULE };
}
