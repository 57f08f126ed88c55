import path from 'node:path';
import { RunError } from '../../base/errors.js';
import { type FileRequest, type Found, TEXT_LIMIT } from '../files/files.js';
import { type Api, orUndefined } from './api.js';
import { readBlob } from './contents.js';
import { type Entry, readTree } from './tree.js';

const FOLDER = '040000';
const REGULAR = ['100644', '100755'];

/**
 * Reads a text of a commit that nobody may check out, as strictly as files of the workspace are read. It goes down the
 * trees of git instead of asking for the content, because GitHub follows links there; and what a tree says of the size
 * keeps a huge file from being fetched at all.
 *
 * @param ref a full commit hash
 * @throws RunError when GitHub can't list a folder on the way
 */
export async function readPlainText(
  api: Api,
  request: Omit<FileRequest, 'root'>,
  ref: string,
): Promise<Found<string>> {
  const refuse = (what: string): Found<string> => ({
    problem: { where: request.setting, message: `"${request.path}" ${what}` },
  });
  const steps = path.posix.normalize(request.path).split('/');
  if (steps.some((step) => ['', '..'].includes(step))) {
    return refuse('leads out of the repository; name a file inside it');
  }
  let tree = ref;
  let entry: Entry | undefined;
  for (const [index, step] of steps.entries()) {
    entry = (await entriesOf(api, tree)).find((one) => one.path === step);
    if (!entry) return { absent: true };
    const isLast = index === steps.length - 1;
    if (!(isLast ? REGULAR.includes(entry.mode) : entry.mode === FOLDER)) {
      return refuse(isLast ? 'is no regular file' : 'does not lie in a plain folder');
    }
    tree = entry.sha;
  }
  const tooLarge = `is larger than ${TEXT_LIMIT / 1024 / 1024} MiB`;
  if ((entry?.size ?? 0) > TEXT_LIMIT) return refuse(tooLarge);
  const bytes = await readBlob(api, tree);
  if (bytes.length > TEXT_LIMIT) return refuse(tooLarge);
  try {
    return { found: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return refuse('can not be read as UTF-8 text');
  }
}

async function entriesOf(api: Api, sha: string): Promise<readonly Entry[]> {
  const entries = await orUndefined(readTree(api, { sha, name: `the tree ${sha}` }));
  if (!entries) throw new RunError(`GitHub shows no tree ${sha}`);
  return entries;
}
